//! A quote as a document, once its prices are open to the caller.

use chrono::Timelike;
use domain::contract::Side;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Kind, Money, OrganisationId, Quantity, QuoteId, Refusal, RfqId, Unit, UnitPrice};
use infra::Failure;
use infra::db::Connection;
use rust_decimal::Decimal;

use super::parties::{load, told, written};
use super::rfq_out;
use crate::app::App;
use crate::http::principal::Principal;
use crate::integration::ubl::delivery::{DeliveryTerms, Period};
use crate::integration::ubl::item::Item;
use crate::integration::ubl::price::{Allowance, Price};
use crate::integration::ubl::quotation::{self, LineOffer, Quotation, QuotationLine};
use crate::integration::ubl::{LocalText, Measure};
use crate::sourcing::quote::dto::{QuoteData, QuoteOfferDto};
use crate::sourcing::quote::read;
use crate::sourcing::rfq::dto::{LineDto, RfqData};

/// A quote that the caller may see whole, as a document; and its file name. Of others the JSON tells as much as is open.
pub async fn document(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    id: QuoteId,
    languages: &[String],
) -> Result<(String, String), Failure> {
    let (found, _) = read::find(connection, app, by, id).await?;
    let Some(content) = &found.content else {
        return Err(match found.technical {
            Some(_) => Refusal::new(Kind::StillSealed, "Its prices are not open yet."),
            None => Refusal::wrong_state("quote", &found.state, "sent as a document"),
        }
        .into());
    };
    let request = rfq_out::version(connection, RfqId(found.rfq_id), found.answers).await?;
    let (known, _) = crate::sourcing::rfq::read::find(connection, by, RfqId(found.rfq_id)).await?;
    let seller = told(&load(connection, OrganisationId(found.quoter_id)).await?, Side::Seller)?;
    let buyer = told(&load(connection, OrganisationId(known.buyer_id)).await?, Side::Buyer)?;
    let currency = Currency::parse(&content.currency)?;
    let lines = lines(content, &request, currency, languages)?;
    let issued = found.submitted_at.unwrap_or(found.created_at).0;
    let (incoterm, place) = (content.incoterm.clone(), content.place.clone());
    let own_terms = incoterm.map(|incoterm| DeliveryTerms { incoterm: Some(incoterm), special: None, place });
    let sums = sums(&lines, content, currency)?;
    let quotation = Quotation {
        id: found.id.to_string(),
        issued_on: issued.date_naive(),
        issued_at: issued.time().with_nanosecond(0),
        note: note(content),
        currency,
        valid: Some(Period { from: None, to: Some(content.valid_until) }),
        request_id: Some(found.rfq_id.to_string()),
        seller,
        buyer,
        delivery: None,
        delivery_terms: Some(own_terms.unwrap_or_else(|| rfq_out::delivery_terms(&request.terms))),
        allowances: sums.freight.map(freight).into_iter().collect(),
        tax: Some(sums.tax),
        lines_total: Some(sums.lines),
        payable: sums.payable,
        lines,
    };
    Ok((format!("quote-{}.xml", found.id), written(quotation::write(&quotation))?))
}

/// What is said in words, and what the document has no place for.
fn note(of: &QuoteData) -> Option<String> {
    let least = of.least_lines_percent.as_ref().map(|share| format!("At least {share} % of the lines."));
    let whole = of.whole_discount_percent.as_ref().map(|share| format!("{share} % off if all of it is awarded."));
    let all: Vec<String> = [of.remarks.clone(), least, whole].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

fn freight(amount: Money) -> Allowance {
    Allowance {
        is_charge: true,
        reason_code: Some("FC".to_owned()),
        reason: Some("Freight".to_owned()),
        percent: None,
        amount,
        base: None,
        tax: None,
    }
}

/// What it costs if the first offer of each line is taken.
struct Sums {
    lines: Money,
    freight: Option<Money>,
    tax: Money,
    payable: Money,
}

fn sums(lines: &[QuotationLine], of: &QuoteData, currency: Currency) -> Result<Sums, Failure> {
    let net: Decimal = lines.iter().filter_map(|line| line.offer.amount).map(Money::amount).sum();
    let freight = of.freight.as_deref().map(parse_decimal).transpose()?.filter(|freight| !freight.is_zero());
    let freight = freight.map(|freight| Money::rounded(freight, currency));
    let base = net + freight.map_or(Decimal::ZERO, Money::amount);
    let tax = currency.round(base * parse_decimal(&of.tax_rate)? / Decimal::ONE_HUNDRED);
    Ok(Sums {
        lines: Money::rounded(net, currency),
        freight,
        tax: Money::rounded(tax, currency),
        payable: Money::rounded(base + tax, currency),
    })
}

/// Per line of the request what is offered for it: what was asked for before anything else.
fn lines(
    of: &QuoteData,
    request: &RfqData,
    currency: Currency,
    languages: &[String],
) -> Result<Vec<QuotationLine>, Failure> {
    let mut lines = Vec::new();
    for (asked, place) in request.lines.iter().zip(1_u16..) {
        let number = asked.number.unwrap_or(place);
        let mut offers: Vec<&QuoteOfferDto> = of.offers.iter().filter(|offer| offer.line == number).collect();
        offers.sort_by_key(|offer| offer.kind.as_deref().unwrap_or("as_asked") != "as_asked");
        let told = offers.iter().zip(1..).map(|(offer, id)| line_offer(offer, id, asked, currency, languages));
        let mut told = told.collect::<Result<Vec<LineOffer>, Failure>>()?.into_iter();
        let Some(offer) = told.next() else { continue };
        lines.push(QuotationLine {
            id: number.to_string(),
            request_line: Some(number.to_string()),
            note: None,
            offer,
            alternatives: told.collect(),
        });
    }
    Ok(lines)
}

fn line_offer(
    offer: &QuoteOfferDto,
    id: u32,
    asked: &LineDto,
    currency: Currency,
    languages: &[String],
) -> Result<LineOffer, Failure> {
    let asked_unit = Unit::parse(&asked.unit)?;
    let unit = offer.unit.as_deref().map(Unit::parse).transpose()?.unwrap_or(asked_unit);
    let value = match &offer.quantity {
        Some(quantity) => parse_decimal(quantity)?,
        None => {
            let ratio = asked_unit.ratio_to(unit).and_then(|ratio| ratio.apply(parse_decimal(&asked.quantity).ok()?));
            ratio.ok_or_else(|| Failure::broken("a quote is in a unit that does not convert"))?
        }
    };
    let least = offer.least_quantity.as_deref().map(parse_decimal).transpose()?;
    let price = UnitPrice::new(parse_decimal(&offer.unit_price)?, currency)?;
    Ok(LineOffer {
        id: id.to_string(),
        note: words(offer),
        quantity: Quantity::new(value, unit)?,
        amount: Some(price.line_amount(value, Decimal::ZERO)?),
        minimum: least.map(|value| Measure { value, unit: Some(unit) }),
        delivery: None,
        allowances: Vec::new(),
        price: Some(Price { amount: price.amount(), currency, base: None }),
        item: offered(offer, asked, languages),
    })
}

/// What the document has no place for: time of delivery, prices by quantity, remarks.
fn words(offer: &QuoteOfferDto) -> Option<String> {
    let days = format!("{} days from the contract to the delivery.", offer.lead_time_days);
    let tiers = offer.tiers.iter().map(|tier| format!("From {}: {}.", tier.from, tier.unit_price));
    let all: Vec<String> = std::iter::once(days).chain(tiers).chain(offer.remarks.clone()).collect();
    Some(all.join("\n"))
}

fn offered(offer: &QuoteOfferDto, asked: &LineDto, languages: &[String]) -> Item {
    let mut item = rfq_out::item(asked, languages);
    if let Some(text) = offer.description.clone().filter(|text| !text.is_empty()) {
        item.descriptions.push(LocalText { language: None, text });
    }
    if offer.kind.as_deref() == Some("alternative") {
        // It differs from what was asked for.
        item.properties.clear();
    }
    item
}
