//! A request for quotation as a document: for those who may know of it, as far as they may know of it.

use chrono::Timelike;
use domain::contract::Side;
use domain::kernel::language::{Texts, pick};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, OrganisationId, Quantity, Refusal, RfqId, Unit};
use infra::Failure;
use infra::db::Connection;

use super::parties::{load, told, written};
use crate::catalogue::attribute::dto::{AttributeValueDto, Attributes};
use crate::http::principal::Principal;
use crate::integration::ubl::LocalText;
use crate::integration::ubl::delivery::{Delivery, DeliveryTerms, Period};
use crate::integration::ubl::item::Item;
use crate::integration::ubl::request_for_quotation::{self, RequestForQuotation, RequestLine};
use crate::sourcing::rfq::dto::{LineDto, RfqData, RfqTermsDto};
use crate::sourcing::rfq::read;
use crate::sourcing::rfq::show::RfqDto;

/// A request that the caller may know of, as a document; and its file name.
pub async fn document(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    languages: &[String],
) -> Result<(String, String), Failure> {
    let (found, _) = read::find(connection, by, id).await?;
    let Some(published) = found.published_at else {
        return Err(Refusal::wrong_state("request", &found.state, "sent as a document").into());
    };
    let buyer = told(&load(connection, OrganisationId(found.buyer_id)).await?, Side::Buyer)?;
    // It is addressed to whoever reads it as one who may quote.
    let seller = match by.organisation_id().filter(|own| *own != found.buyer_id) {
        Some(own) => Some(told(&load(connection, OrganisationId(own)).await?, Side::Seller)?),
        None => None,
    };
    let RfqDto { data, .. } = &found;
    let titles = [pick(&data.title, languages), pick(&data.description, languages)];
    let note = titles.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let optional = data.procedure.partial_quotes.unwrap_or(false);
    let lines = data.lines.iter().zip(1..).map(|(line, place)| request_line(line, place, optional, languages));
    let request = RequestForQuotation {
        id: found.id.to_string(),
        issued_on: published.0.date_naive(),
        issued_at: published.0.time().with_nanosecond(0).unwrap_or_default(),
        answer_by: data.deadlines.quotes.map(|end| end.0.date_naive()),
        note: Some(note),
        currency: data.currencies.first().map(|code| Currency::parse(code)).transpose()?,
        validity: None,
        seller,
        buyer,
        delivery: None,
        delivery_terms: Some(delivery_terms(&data.terms)),
        lines: lines.collect::<Result<_, Failure>>()?,
    };
    Ok((format!("rfq-{}.xml", found.id), written(request_for_quotation::write(&request))?))
}

pub fn delivery_terms(of: &RfqTermsDto) -> DeliveryTerms {
    DeliveryTerms { incoterm: Some(of.incoterm.clone()), special: None, place: Some(of.place.clone()) }
}

fn request_line(line: &LineDto, place: u16, is_optional: bool, languages: &[String]) -> Result<RequestLine, Failure> {
    let required = line.required_on.map(Period::on);
    Ok(RequestLine {
        id: line_number(line, place),
        note: None,
        is_optional,
        quantity: Quantity::new(parse_decimal(&line.quantity)?, Unit::parse(&line.unit)?)?,
        delivery: required.map(|required| Delivery { requested: Some(required), ..Delivery::default() }),
        item: item(line, languages),
    })
}

/// The number that a line keeps through all versions.
pub fn line_number(line: &LineDto, place: u16) -> String {
    line.number.unwrap_or(place).to_string()
}

/// What a line asks for.
pub fn item(line: &LineDto, languages: &[String]) -> Item {
    Item { name: local(&line.name, languages), properties: properties(&line.specification), ..Item::default() }
}

fn local(names: &Texts, languages: &[String]) -> Option<LocalText> {
    let text = pick(names, languages).to_owned();
    let language = names.iter().find(|(_, other)| **other == text).map(|(tag, _)| tag.clone());
    (!text.is_empty()).then_some(LocalText { language, text })
}

fn properties(of: &Attributes) -> Vec<(String, String)> {
    let text = |value: &AttributeValueDto| match value {
        AttributeValueDto::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        AttributeValueDto::Text(text) => text.clone(),
        AttributeValueDto::Number(number) => match &number.unit {
            Some(unit) => format!("{} {unit}", number.value),
            None => number.value.clone(),
        },
    };
    of.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// The request in the version that a quote answers, as quoters see it.
pub async fn version(connection: &mut Connection, of: RfqId, number: i32) -> Result<RfqData, Failure> {
    let found = infra::sourcing::version::find(connection, of, number).await?;
    let found = found.ok_or_else(|| Failure::broken("a quote answers a version that is none"))?;
    Ok(RfqData::of(&found.terms()?.for_quoters()))
}
