//! Organisations in JSON.

use domain::party::registration::{Address, NewPerson, Profile};
use infra::party::organisation::{AddressRow, IdentifierRow, Organisation};
use infra::party::verification::VerificationRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;

/// A postal address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Address, example = json!({
    "kind": "legal", "lines": ["Obere Str. 57"], "city": "Berlin", "postal_code": "12209", "country": "DE"
}))]
pub struct AddressDto {
    /// `legal`, `billing` or `delivery`.
    #[schema(pattern = "^(legal|billing|delivery)$")]
    pub kind: String,
    /// Street and what comes before the city.
    #[schema(min_items = 1, max_items = 4)]
    pub lines: Vec<String>,
    #[schema(min_length = 1, max_length = 100)]
    pub city: String,
    #[schema(max_length = 20)]
    pub postal_code: Option<String>,
    #[schema(max_length = 100)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: String,
}

/// An identifier: `lei`, `vat`, `ru_inn`, `ru_kpp`, `ru_ogrn`, `gln` or `duns`, with its check digits.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Identifier, example = json!({"scheme": "lei", "value": "W38RGI023J3WT1HWRP32"}))]
pub struct IdentifierDto {
    #[schema(min_length = 1, max_length = 20)]
    pub scheme: String,
    #[schema(min_length = 1, max_length = 40)]
    pub value: String,
}

/// What an organisation says of itself.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "legal_name": "Alfreds Futterkiste GmbH", "legal_form": "GmbH", "country": "DE",
    "addresses": [{"kind": "legal", "lines": ["Obere Str. 57"], "city": "Berlin", "postal_code": "12209", "country": "DE"}],
    "identifiers": [{"scheme": "gln", "value": "9520000000011"}]
}))]
pub struct OrganisationProfile {
    #[schema(min_length = 1, max_length = 300)]
    pub legal_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub legal_form: String,
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// One of them legal.
    #[schema(min_items = 1, max_items = 20)]
    pub addresses: Vec<AddressDto>,
    /// Each scheme once.
    #[schema(min_items = 1, max_items = 10)]
    pub identifiers: Vec<IdentifierDto>,
}

/// The registration of an organisation together with its first person, who becomes its owner.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "legal_name": "Alfreds Futterkiste GmbH", "legal_form": "GmbH", "country": "DE",
    "addresses": [{"kind": "legal", "lines": ["Obere Str. 57"], "city": "Berlin", "postal_code": "12209", "country": "DE"}],
    "identifiers": [{"scheme": "gln", "value": "9520000000011"}],
    "person": {"name": "Maria Anders", "email": "maria@alfreds.example", "password": "eine lange Redewendung", "language": "de"}
}))]
pub struct Registration {
    #[schema(min_length = 1, max_length = 300)]
    pub legal_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub legal_form: String,
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: String,
    #[schema(min_items = 1, max_items = 20)]
    pub addresses: Vec<AddressDto>,
    #[schema(min_items = 1, max_items = 10)]
    pub identifiers: Vec<IdentifierDto>,
    pub person: NewPersonDto,
}

/// A person who can log in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPerson)]
pub struct NewPersonDto {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// At least 12 characters; common ones are refused.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
    /// BCP 47, `en` by default.
    #[schema(max_length = 10)]
    pub language: Option<String>,
}

/// An organisation as its own people and the operator see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationDto {
    pub id: Uuid,
    pub legal_name: String,
    pub legal_form: String,
    pub country: String,
    /// `pending`, `verified`, `suspended` or `closed`.
    #[schema(example = "verified")]
    pub state: String,
    /// Why it was rejected or suspended. Only its own people and the operator see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<String>,
    pub addresses: Vec<AddressDto>,
    pub identifiers: Vec<IdentifierDto>,
    /// The parent in its group, once that has agreed.
    pub parent_id: Option<Uuid>,
    /// The parent it named, which has not agreed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_parent_id: Option<Uuid>,
    pub created_at: Time,
    pub verified_at: Option<Time>,
}

/// What a registration made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Registered {
    pub id: Uuid,
    pub person_id: Uuid,
    #[schema(example = "pending")]
    pub state: String,
}

/// A decision of the operator.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "The register extract is of this month.", "evidence": ["0190b5a0-0000-7000-8000-000000000001"]}))]
pub struct Decision {
    /// Why; the organisation reads it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// The documents it rests on.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub evidence: Vec<Uuid>,
}

/// A decision as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Verification)]
pub struct VerificationDto {
    pub id: Uuid,
    /// `verified`, `rejected`, `suspended`, `reinstated` or `closed`.
    pub decision: String,
    pub note: Option<String>,
    pub evidence: Vec<Uuid>,
    pub decided_at: Time,
}

/// Which organisations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DirectoryQuery {
    /// Words of the name.
    pub q: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The value of an identifier, in whatever scheme.
    pub identifier: Option<String>,
    /// For the operator: `pending`, `verified`, `suspended` or `closed`.
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl From<&AddressDto> for Address {
    fn from(dto: &AddressDto) -> Self {
        Self {
            kind: dto.kind.clone(),
            lines: dto.lines.clone(),
            city: dto.city.clone(),
            postal_code: dto.postal_code.clone(),
            region: dto.region.clone(),
            country: dto.country.clone(),
        }
    }
}

impl From<&AddressDto> for AddressRow {
    fn from(dto: &AddressDto) -> Self {
        Self {
            kind: dto.kind.clone(),
            lines: dto.lines.clone(),
            city: dto.city.clone(),
            postal_code: dto.postal_code.clone(),
            region: dto.region.clone(),
            country: dto.country.clone(),
        }
    }
}

impl From<AddressRow> for AddressDto {
    fn from(row: AddressRow) -> Self {
        Self {
            kind: row.kind,
            lines: row.lines,
            city: row.city,
            postal_code: row.postal_code,
            region: row.region,
            country: row.country,
        }
    }
}

impl From<IdentifierRow> for IdentifierDto {
    fn from(row: IdentifierRow) -> Self {
        Self { scheme: row.scheme, value: row.value }
    }
}

impl From<&OrganisationProfile> for Profile {
    fn from(dto: &OrganisationProfile) -> Self {
        Self {
            legal_name: dto.legal_name.clone(),
            legal_form: dto.legal_form.clone(),
            country: dto.country.clone(),
            addresses: dto.addresses.iter().map(Address::from).collect(),
            identifiers: dto.identifiers.iter().map(|one| (one.scheme.clone(), one.value.clone())).collect(),
        }
    }
}

impl Registration {
    pub fn profile(&self) -> OrganisationProfile {
        OrganisationProfile {
            legal_name: self.legal_name.clone(),
            legal_form: self.legal_form.clone(),
            country: self.country.clone(),
            addresses: self.addresses.clone(),
            identifiers: self.identifiers.clone(),
        }
    }
}

impl From<&NewPersonDto> for NewPerson {
    fn from(dto: &NewPersonDto) -> Self {
        Self {
            name: dto.name.clone(),
            email: dto.email.trim().to_lowercase(),
            password: dto.password.clone(),
            language: dto.language.clone().unwrap_or_else(|| "en".into()),
        }
    }
}

impl From<&Organisation> for OrganisationProfile {
    fn from(organisation: &Organisation) -> Self {
        Self {
            legal_name: organisation.row.legal_name.clone(),
            legal_form: organisation.row.legal_form.clone(),
            country: organisation.row.country.clone(),
            addresses: organisation.addresses.iter().cloned().map(AddressDto::from).collect(),
            identifiers: organisation.identifiers.iter().cloned().map(IdentifierDto::from).collect(),
        }
    }
}

impl OrganisationDto {
    /// `inside`: for its own people and the operator.
    pub fn of(organisation: Organisation, inside: bool) -> Self {
        let row = organisation.row;
        let confirmed = row.parent_confirmed_at.is_some();
        Self {
            id: row.id,
            legal_name: row.legal_name,
            legal_form: row.legal_form,
            country: row.country,
            state: row.state,
            state_reason: row.state_reason.filter(|_| inside),
            addresses: organisation.addresses.into_iter().map(AddressDto::from).collect(),
            identifiers: organisation.identifiers.into_iter().map(IdentifierDto::from).collect(),
            parent_id: row.parent_id.filter(|_| confirmed),
            proposed_parent_id: row.parent_id.filter(|_| inside && !confirmed),
            created_at: row.created_at.into(),
            verified_at: row.verified_at.map(Time::from),
        }
    }
}

impl From<VerificationRow> for VerificationDto {
    fn from(row: VerificationRow) -> Self {
        Self {
            id: row.id,
            decision: row.decision,
            note: row.note,
            evidence: row.evidence,
            decided_at: row.decided_at.into(),
        }
    }
}
