//! What we tell of a request, and the release that it makes.

use domain::kernel::country::Country;
use domain::kernel::{Date, Money, Quantity, Timestamp, UnitPrice};

use super::schema;
use super::schema::{
    Amendment, Award, Classification, Contract, Document, Identifier, Item, Organization, Package, Period,
};
use super::schema::{Publisher, Reference, Release, Tender, Unit, Value};

/// Who publishes, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// What the Open Contracting Partnership gave to the publisher, such as `ocds-213czf`. From the configuration.
    pub ocid_prefix: String,
    pub publisher: Publisher,
    /// The address of a license.
    pub license: Option<String>,
    pub policy: Option<String>,
}

/// A request of an open portal, with its awards.
#[derive(Debug, Clone)]
pub struct Process {
    /// Ours; with the prefix it makes the `ocid`.
    pub id: String,
    /// Increases with every release.
    pub version: u64,
    pub changed_at: Timestamp,
    pub happened: Happened,
    /// BCP 47, of the texts.
    pub language: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub state: RequestState,
    pub access: Access,
    pub category: Category,
    /// What kind of procedure it is, in words.
    pub procedure: Option<String>,
    /// Whether the lowest price alone decides.
    pub is_price_only: bool,
    /// Criteria and weights, in words.
    pub criteria: Option<String>,
    pub eligibility: Option<String>,
    pub opened_at: Option<Timestamp>,
    pub deadline: Option<Timestamp>,
    pub questions_until: Option<Timestamp>,
    pub has_questions: bool,
    /// What the buyer expects it to cost, if everybody may know.
    pub estimate: Option<Money>,
    pub buyer: Party,
    pub lines: Vec<Line>,
    /// Who quoted; none before everybody may know.
    pub quoters: Option<Vec<Party>>,
    pub documents: Vec<Document>,
    pub amendments: Vec<Amendment>,
    pub awards: Vec<AwardedPart>,
}

/// Why there is a new release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    Published,
    Amended,
    /// Something was corrected or added that changes nothing for quoters.
    Updated,
    Cancelled,
    Awarded,
    ContractSigned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Published, or being evaluated.
    Open,
    Awarded,
    /// It ended without an award.
    Unsuccessful,
    Cancelled,
}

/// Who may quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Everybody,
    /// Those who qualify.
    Qualified,
    Invited,
    /// One that was asked directly.
    Direct,
}

/// What most of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Goods,
    Works,
    Services,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Ours.
    pub id: String,
    pub legal_name: String,
    /// Our scheme and the number; the first that is in a register of org-id.guide becomes the main one.
    pub identifiers: Vec<(String, String)>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<Country>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub id: String,
    pub description: String,
    pub classification: Option<Classification>,
    pub quantity: Quantity,
    /// What was agreed on for one of the unit.
    pub price: Option<UnitPrice>,
}

/// What one supplier got.
#[derive(Debug, Clone)]
pub struct AwardedPart {
    pub id: String,
    pub at: Timestamp,
    /// Whether it was taken back.
    pub is_cancelled: bool,
    pub supplier: Party,
    pub value: Option<Money>,
    pub lines: Vec<Line>,
    pub delivery: Option<(Date, Date)>,
    pub contract: Option<SignedContract>,
}

#[derive(Debug, Clone)]
pub struct SignedContract {
    pub id: String,
    pub state: ContractState,
    pub signed_at: Option<Timestamp>,
    pub value: Option<Money>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractState {
    Unsigned,
    InForce,
    Cancelled,
    /// It ended, in whatever way.
    Ended,
}

/// A package of releases: `uri` is where it is to be had, `at` when it is made.
pub fn package(publication: &Publication, uri: String, at: Timestamp, processes: &[Process]) -> Package {
    Package {
        uri,
        version: "1.1",
        published_date: at,
        publisher: publication.publisher.clone(),
        license: publication.license.clone(),
        publication_policy: publication.policy.clone(),
        releases: processes.iter().map(|process| release(publication, process)).collect(),
        links: None,
    }
}

/// The release of a process as it stands.
pub fn release(publication: &Publication, process: &Process) -> Release {
    Release {
        ocid: format!("{}-{}", publication.ocid_prefix, process.id),
        id: format!("{}-{}", process.id, process.version),
        date: process.changed_at,
        tag: vec![process.happened.tag()],
        initiation_type: "tender",
        language: process.language.clone(),
        parties: parties(process),
        buyer: process.buyer.reference(),
        tender: tender(process),
        awards: process.awards.iter().map(award).collect(),
        contracts: process.awards.iter().filter_map(contract).collect(),
    }
}

fn tender(process: &Process) -> Tender {
    let quoters = process.quoters.as_ref();
    Tender {
        id: process.id.clone(),
        title: process.title.clone(),
        description: process.description.clone(),
        status: process.state.code(),
        procurement_method: process.access.code(),
        procurement_method_details: process.procedure.clone(),
        main_procurement_category: Some(process.category.code()),
        award_criteria: if process.is_price_only { "priceOnly" } else { "ratedCriteria" },
        award_criteria_details: process.criteria.clone(),
        submission_method: vec!["electronicSubmission"],
        tender_period: period(process.opened_at, process.deadline),
        enquiry_period: process.questions_until.and_then(|end| period(process.opened_at, Some(end))),
        has_enquiries: process.has_questions,
        eligibility_criteria: process.eligibility.clone(),
        value: process.estimate.map(Value::of),
        items: process.lines.iter().map(item).collect(),
        number_of_tenderers: quoters.map(|all| u32::try_from(all.len()).unwrap_or(u32::MAX)),
        tenderers: quoters.map(|all| all.iter().map(Party::reference).collect()).unwrap_or_default(),
        documents: process.documents.clone(),
        amendments: process.amendments.clone(),
    }
}

fn period(start_date: Option<Timestamp>, end_date: Option<Timestamp>) -> Option<Period> {
    (start_date.is_some() || end_date.is_some()).then_some(Period { start_date, end_date })
}

fn award(part: &AwardedPart) -> Award {
    Award {
        id: part.id.clone(),
        title: None,
        status: if part.is_cancelled { "cancelled" } else { "active" },
        date: part.at,
        value: part.value.map(Value::of),
        suppliers: vec![part.supplier.reference()],
        items: part.lines.iter().map(item).collect(),
        contract_period: part.delivery.map(|(from, to)| Period::of_days(Some(from), Some(to))),
    }
}

fn contract(part: &AwardedPart) -> Option<Contract> {
    let signed = part.contract.as_ref()?;
    Some(Contract {
        id: signed.id.clone(),
        award_id: part.id.clone(),
        status: signed.state.code(),
        period: part.delivery.map(|(from, to)| Period::of_days(Some(from), Some(to))),
        value: signed.value.map(Value::of),
        date_signed: signed.signed_at,
        items: Vec::new(),
    })
}

fn item(line: &Line) -> Item {
    let price = line.price.map(|price| Value { amount: price.amount(), currency: price.currency().code() });
    let unit = line.quantity.unit();
    Item {
        id: line.id.clone(),
        description: line.description.clone(),
        classification: line.classification.clone(),
        quantity: line.quantity.value(),
        unit: Unit { scheme: "UNCEFACT", id: unit.code().to_owned(), name: unit.name().to_owned(), value: price },
    }
}

/// Everybody once, with all parts: the buyer, those who quoted, those who got something.
fn parties(process: &Process) -> Vec<Organization> {
    let buyer = std::iter::once((&process.buyer, "buyer"));
    let quoters = process.quoters.iter().flatten().map(|party| (party, "tenderer"));
    let suppliers = process.awards.iter().map(|part| (&part.supplier, "supplier"));
    let mut all: Vec<Organization> = Vec::new();
    for (party, role) in buyer.chain(quoters).chain(suppliers) {
        let id = party.reference().id;
        match all.iter_mut().find(|one| one.id == id) {
            Some(known) if known.roles.contains(&role) => {}
            Some(known) => known.roles.push(role),
            None => all.push(party.organization(role)),
        }
    }
    all
}

impl Party {
    /// Identified by the first number that a register of org-id.guide knows, else by ours.
    fn reference(&self) -> Reference {
        let known = self.registered().next();
        let id = known.map_or_else(|| self.id.clone(), |(scheme, number)| format!("{scheme}-{number}"));
        Reference { id, name: self.legal_name.clone() }
    }

    fn registered(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.identifiers.iter().filter_map(|(scheme, number)| Some((register(scheme)?, number.as_str())))
    }

    fn organization(&self, role: &'static str) -> Organization {
        let Reference { id, name } = self.reference();
        let mut numbers = self.registered().map(|(scheme, number)| Identifier {
            scheme: scheme.to_owned(),
            id: number.to_owned(),
            legal_name: Some(self.legal_name.clone()),
        });
        let identifier = numbers.next();
        let address = schema::Address {
            street_address: self.street.clone(),
            locality: self.city.clone(),
            region: self.region.clone(),
            postal_code: self.postal_code.clone(),
            country_name: self.country.map(|country| country.code().to_owned()),
        };
        let address = Some(address).filter(|one| *one != schema::Address::default());
        Organization { id, name, identifier, additional_identifiers: numbers.collect(), address, roles: vec![role] }
    }
}

/// The code of org-id.guide for one of our schemes. It has none for VAT numbers and D-U-N-S numbers in general.
fn register(scheme: &str) -> Option<&'static str> {
    match scheme {
        "lei" => Some("XI-LEI"),
        "ru_inn" => Some("RU-INN"),
        "ru_ogrn" => Some("RU-OGRN"),
        _ => None,
    }
}

impl Happened {
    /// `releaseTag`
    fn tag(self) -> &'static str {
        match self {
            Self::Published => "tender",
            Self::Amended => "tenderAmendment",
            Self::Updated => "tenderUpdate",
            Self::Cancelled => "tenderCancellation",
            Self::Awarded => "award",
            Self::ContractSigned => "contract",
        }
    }
}

impl RequestState {
    /// `tenderStatus`
    fn code(self) -> &'static str {
        match self {
            Self::Open => "active",
            Self::Awarded => "complete",
            Self::Unsuccessful => "unsuccessful",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Access {
    /// `method`
    fn code(self) -> &'static str {
        match self {
            Self::Everybody => "open",
            Self::Qualified => "selective",
            Self::Invited => "limited",
            Self::Direct => "direct",
        }
    }
}

impl Category {
    /// `procurementCategory`
    fn code(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Works => "works",
            Self::Services => "services",
        }
    }
}

impl ContractState {
    /// `contractStatus`
    fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "pending",
            Self::InForce => "active",
            Self::Cancelled => "cancelled",
            Self::Ended => "terminated",
        }
    }
}
