//! From requests and awards to what everybody may know of them.

use std::collections::{HashMap, HashSet};

use domain::contract::ContractState;
use domain::kernel::country::Country;
use domain::kernel::language::{DEFAULT_LANGUAGE, Texts, pick};
use domain::kernel::{CategoryId, Timestamp};
use domain::sourcing::{AwardedLine, Criterion, CriterionKind, Line, RfqState, Secrecy, Subject, Terms};
use infra::Failure;
use infra::party::organisation::Organisation;
use infra::sourcing::award::AwardRow;
use infra::sourcing::open_data::{ContractRow, ReleasedRow};
use uuid::Uuid;

use crate::integration::ocds::process::{
    self, Access, AwardedPart, Category, Happened, Party, Process, RequestState, SignedContract,
};
use crate::integration::ocds::schema::{Amendment, Classification};

/// What belongs to the requests of a package.
#[derive(Default)]
pub struct Around {
    pub companies: HashMap<Uuid, Organisation>,
    /// Concluded ones alone.
    pub awards: Vec<AwardRow>,
    pub contracts: HashMap<Uuid, ContractRow>,
    pub amendments: Vec<(Uuid, i32, Timestamp)>,
    pub with_answers: HashSet<Uuid>,
    /// Names of products that lines ask for.
    pub products: HashMap<Uuid, Texts>,
    /// Codes and names.
    pub categories: HashMap<Uuid, (String, Texts)>,
}

/// What a request shows. Neither target prices, nor who is invited, nor anything of quotes that did not win.
pub fn process(released: &ReleasedRow, around: &Around) -> Result<Process, Failure> {
    let row = &released.request;
    let terms = row.terms()?;
    let state = RfqState::parse(&row.state)?;
    let language = language(&terms.titles);
    let wanted = [language.clone()];
    let lines = terms.lines.iter().map(|line| self::line(line, around, &wanted)).collect();
    let awards = around.awards.iter().filter(|award| award.rfq_id == row.id);
    let awards = awards.map(|award| awarded(award, &terms, around, &wanted)).collect::<Result<Vec<_>, Failure>>()?;
    let signed = awards.iter().filter_map(|award| award.contract.as_ref()).any(|one| one.signed_at.is_some());
    let amendments = around.amendments.iter().filter(|(id, ..)| *id == row.id);
    let sealed = terms.procedure.secrecy == Secrecy::Sealed;
    Ok(Process {
        id: row.id.to_string(),
        version: u64::try_from(released.number).map_err(Failure::broken)?,
        changed_at: released.changed_at,
        happened: happened(state, row.terms_version, !awards.is_empty(), signed),
        title: pick(&terms.titles, &wanted).to_owned(),
        description: Some(pick(&terms.descriptions, &wanted).to_owned()).filter(|text| !text.is_empty()),
        language: Some(language),
        state: match state {
            RfqState::Awarded => RequestState::Awarded,
            RfqState::Cancelled => RequestState::Cancelled,
            _ => RequestState::Open,
        },
        access: if terms.procedure.prequalification { Access::Qualified } else { Access::Everybody },
        category: Category::Goods,
        procedure: Some(if sealed { "Sealed quotes" } else { "Quotes with an open ranking" }.to_owned()),
        is_price_only: terms.criteria.iter().all(|one| one.kind == CriterionKind::Price),
        criteria: Some(criteria(&terms.criteria, &wanted)).filter(|text| !text.is_empty()),
        eligibility: terms.procedure.prequalification.then(|| "The buyer admits who may quote.".to_owned()),
        opened_at: row.published_at,
        deadline: Some(row.quotes_until),
        questions_until: Some(row.questions_until),
        has_questions: around.with_answers.contains(&row.id),
        estimate: None,
        buyer: party(row.buyer_id, around)?,
        lines,
        quoters: None,
        documents: Vec::new(),
        amendments: amendments
            .map(|(_, number, at)| Amendment { id: number.to_string(), date: *at, rationale: None })
            .collect(),
        awards,
    })
}

/// The language in which a request is told: English where it has it.
fn language(titles: &Texts) -> String {
    let known = titles.contains_key(DEFAULT_LANGUAGE).then_some(DEFAULT_LANGUAGE);
    known.or_else(|| titles.keys().next().map(String::as_str)).unwrap_or(DEFAULT_LANGUAGE).to_owned()
}

/// The last thing that shows.
fn happened(state: RfqState, version: i32, is_awarded: bool, is_signed: bool) -> Happened {
    match state {
        RfqState::Cancelled => Happened::Cancelled,
        _ if is_signed => Happened::ContractSigned,
        _ if is_awarded => Happened::Awarded,
        RfqState::Published | RfqState::QuestionsClosed if version > 1 => Happened::Amended,
        RfqState::Published => Happened::Published,
        _ => Happened::Updated,
    }
}

fn criteria(all: &[Criterion], wanted: &[String]) -> String {
    let one = |criterion: &Criterion| {
        let name = pick(&criterion.names, wanted);
        let name = if name.is_empty() { criterion.key.as_str() } else { name };
        format!("{name} {} %", criterion.weight.normalize())
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn line(line: &Line, around: &Around, wanted: &[String]) -> process::Line {
    let product = match line.subject {
        Subject::Product(id) => around.products.get(&id.0),
        Subject::FreeText | Subject::Category(_) => None,
    };
    let category = match line.subject {
        Subject::Category(CategoryId(id)) => around.categories.get(&id),
        Subject::FreeText | Subject::Product(_) => None,
    };
    let names = if line.names.is_empty() { product } else { Some(&line.names) };
    let names = names.or(category.map(|(_, names)| names));
    process::Line {
        id: line.number.to_string(),
        description: names.map(|names| pick(names, wanted).to_owned()).unwrap_or_default(),
        classification: category.map(|(code, names)| Classification {
            // The categories of this service.
            scheme: "TORG".to_owned(),
            id: code.clone(),
            description: Some(pick(names, wanted).to_owned()),
        }),
        quantity: line.quantity,
        price: None,
    }
}

fn awarded(award: &AwardRow, terms: &Terms, around: &Around, wanted: &[String]) -> Result<AwardedPart, Failure> {
    let part = award.part()?;
    let one = |awarded: &AwardedLine| {
        let asked = terms.line(awarded.line).map(|asked| line(asked, around, wanted));
        let (description, classification) = asked.map(|one| (one.description, one.classification)).unwrap_or_default();
        let (id, price) = (awarded.line.to_string(), Some(awarded.unit_price));
        process::Line { id, description, classification, quantity: awarded.quantity, price }
    };
    let contract = award.contract_id.and_then(|id| around.contracts.get(&id));
    let contract = contract.map(|contract| {
        Ok::<_, Failure>(SignedContract {
            id: contract.id.to_string(),
            state: match ContractState::parse(&contract.state)? {
                ContractState::AwaitingSignatures => process::ContractState::Unsigned,
                ContractState::Active | ContractState::Disputed => process::ContractState::InForce,
                ContractState::Cancelled => process::ContractState::Cancelled,
                ContractState::Fulfilled | ContractState::Closed | ContractState::Terminated => {
                    process::ContractState::Ended
                }
            },
            signed_at: contract.activated_at,
            value: Some(part.net),
        })
    });
    Ok(AwardedPart {
        id: award.id.to_string(),
        at: award.announced_at.ok_or_else(|| Failure::broken("a concluded award that was never announced"))?,
        is_cancelled: false,
        supplier: party(award.quoter_id, around)?,
        value: Some(part.net),
        lines: part.lines.iter().map(one).collect(),
        delivery: None,
        contract: contract.transpose()?,
    })
}

fn party(id: Uuid, around: &Around) -> Result<Party, Failure> {
    let known = around.companies.get(&id).ok_or_else(|| Failure::broken("a request of nobody"))?;
    let address = known.addresses.iter().find(|address| address.kind == "legal");
    let identifiers = known.identifiers.iter().map(|one| (one.scheme.clone(), one.value.clone()));
    let country = address.map_or(known.row.country.as_str(), |address| address.country.as_str());
    Ok(Party {
        id: id.to_string(),
        legal_name: known.row.legal_name.clone(),
        identifiers: identifiers.collect(),
        street: address.map(|address| address.lines.join(", ")).filter(|text| !text.is_empty()),
        city: address.map(|address| address.city.clone()),
        region: address.and_then(|address| address.region.clone()),
        postal_code: address.and_then(|address| address.postal_code.clone()),
        country: Country::parse(country).ok(),
    })
}
