//! The forms of OCDS 1.1, as far as we fill them. Names of fields are those of the standard in camel case; what is not known is left out.

use domain::kernel::{Date, Money, Timestamp};
use rust_decimal::Decimal;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A file with releases.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// Where this very package is to be had.
    pub uri: String,
    /// Always `1.1`.
    pub version: &'static str,
    pub published_date: Timestamp,
    pub publisher: Publisher,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication_policy: Option<String>,
    pub releases: Vec<Release>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}

/// Where the other packages of a list are to be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Links {
    pub next: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// What is known about a process at one moment.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The same for all releases of a process, and unique in the world.
    pub ocid: String,
    /// Unique within the process; without `#`.
    pub id: String,
    pub date: Timestamp,
    /// `releaseTag`, such as `tender`, `tenderAmendment`, `tenderCancellation`, `award`, `contract`.
    pub tag: Vec<&'static str>,
    /// Always `tender`.
    pub initiation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    pub parties: Vec<Organization>,
    pub buyer: Reference,
    pub tender: Tender,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<Award>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<Contract>,
}

/// A party with its parts in the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Scheme and number, joined by a hyphen, such as `XI-LEI-529900T8BM49AURSDO55`.
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub additional_identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// `partyRole`: `buyer`, `procuringEntity`, `tenderer`, `supplier`.
    pub roles: Vec<&'static str>,
}

/// A number in a register of org-id.guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identifier {
    pub scheme: String,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// A name, or the code of ISO 3166-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_name: Option<String>,
}

/// A party by its [`Organization::id`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tender {
    pub id: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `tenderStatus`
    pub status: &'static str,
    /// `method`: `open`, `selective`, `limited` or `direct`.
    pub procurement_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procurement_method_details: Option<String>,
    /// `procurementCategory`: `goods`, `works` or `services`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_procurement_category: Option<&'static str>,
    /// `awardCriteria`, such as `priceOnly` or `ratedCriteria`.
    pub award_criteria: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award_criteria_details: Option<String>,
    /// Always `electronicSubmission`.
    pub submission_method: Vec<&'static str>,
    /// From the publication to the deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tender_period: Option<Period>,
    /// In which questions are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enquiry_period: Option<Period>,
    pub has_enquiries: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility_criteria: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    pub items: Vec<Item>,
    /// Only once it may be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_tenderers: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenderers: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Award {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `awardStatus`: `pending`, `active`, `cancelled`, `unsuccessful`.
    pub status: &'static str,
    pub date: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    pub suppliers: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_period: Option<Period>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    pub id: String,
    #[serde(rename = "awardID")]
    pub award_id: String,
    /// `contractStatus`: `pending`, `active`, `cancelled`, `terminated`.
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_signed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub id: String,
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    #[serde(serialize_with = "number")]
    pub quantity: Decimal,
    pub unit: Unit,
}

/// A unit, and what one of it costs.
#[derive(Debug, Clone, Serialize)]
pub struct Unit {
    /// Always `UNCEFACT`: the codes are those of Rec 20.
    pub scheme: &'static str,
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Classification {
    /// `itemClassificationScheme`, such as `CPV`, `UNSPSC` or `OKPD2`.
    pub scheme: String,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Value {
    #[serde(serialize_with = "number")]
    pub amount: Decimal,
    /// ISO 4217
    pub currency: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub id: String,
    /// `documentType`, such as `tenderNotice`, `technicalSpecifications` or `awardNotice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_type: Option<String>,
    pub title: String,
    pub url: String,
    pub date_published: Timestamp,
    /// A media type (RFC 6838).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendment {
    pub id: String,
    pub date: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
}

impl Value {
    pub fn of(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency().code() }
    }
}

impl Period {
    /// From the beginning of a day to the end of a day, in UTC; the standard knows instants only.
    pub fn of_days(from: Option<Date>, to: Option<Date>) -> Self {
        Self {
            start_date: from.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|at| at.and_utc()),
            end_date: to.and_then(|day| day.and_hms_opt(23, 59, 59)).map(|at| at.and_utc()),
        }
    }
}

/// A number with exactly its digits.
fn number<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(value.to_string()).map_err(S::Error::custom)?.serialize(serializer)
}
