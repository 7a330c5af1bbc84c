//! Portals and memberships in JSON.

use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::portal::store::{MemberRow, PortalRow, RulesRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::category::texts;
use crate::http::dto::Time;

/// A portal as given by who opens or edits it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "slug": "northwind", "name": {"en": "Northwind", "ru": "Северный ветер"}, "visibility": "open", "functions": ["catalogue"]
}))]
pub struct PortalData {
    /// The name in addresses.
    #[schema(min_length = 2, max_length = 63)]
    pub slug: String,
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description: Texts,
    /// `open`: anyone may look; `closed`: for others than its members it does not exist.
    #[schema(pattern = "^(open|closed)$")]
    pub visibility: String,
    /// `catalogue`, `exchange`, `auction`, `sourcing`, `community`.
    #[schema(min_items = 1, max_items = 5)]
    pub functions: Vec<String>,
}

/// A portal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Portal)]
pub struct PortalDto {
    pub id: Uuid,
    pub slug: String,
    /// In the reader's language.
    pub title: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description: Texts,
    #[schema(example = "open")]
    pub visibility: String,
    pub functions: Vec<String>,
    /// The version of the rules in force; 0 where there are none.
    pub rules_version: i32,
    pub created_at: Time,
}

impl PortalDto {
    pub fn of(row: &PortalRow, languages: &[String]) -> Result<Self, Failure> {
        let name = texts(row.name.clone())?;
        Ok(Self {
            id: row.id,
            slug: row.slug.clone(),
            title: pick(&name, languages).to_owned(),
            name,
            description: texts(row.description.clone())?,
            visibility: row.visibility.clone(),
            functions: row.functions.clone(),
            rules_version: row.rules_version,
            created_at: row.created_at.into(),
        })
    }
}

impl PortalData {
    pub fn of(row: &PortalRow) -> Result<Self, Failure> {
        Ok(Self {
            slug: row.slug.clone(),
            name: texts(row.name.clone())?,
            description: texts(row.description.clone())?,
            visibility: row.visibility.clone(),
            functions: row.functions.clone(),
        })
    }
}

/// A new version of a portal's rules.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": {"en": "Deliver what you offer."}}))]
pub struct NewRules {
    /// Per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub text: Texts,
}

/// A version of a portal's rules.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rules)]
pub struct RulesDto {
    pub version: i32,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub text: Texts,
    pub published_at: Time,
}

impl RulesDto {
    pub fn of(row: RulesRow) -> Result<Self, Failure> {
        Ok(Self { version: row.version, text: texts(row.text)?, published_at: row.published_at.into() })
    }
}

/// An application for membership.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"capabilities": ["buy"], "accepted_rules": 1}))]
pub struct Application {
    /// `buy`, `sell`, `trade`, `bid`, `quote`.
    #[schema(min_items = 1, max_items = 7)]
    pub capabilities: Vec<String>,
    /// The version of the rules that you accept; needed where the portal has rules.
    pub accepted_rules: Option<i32>,
}

/// An invitation of an organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_id": "0190b5a0-0000-7000-8000-000000000001", "capabilities": ["buy"]}))]
pub struct MemberInvitation {
    pub organisation_id: Uuid,
    #[schema(min_items = 1, max_items = 7)]
    pub capabilities: Vec<String>,
}

/// What a member may do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"capabilities": ["buy", "sell"]}))]
pub struct MemberCapabilities {
    #[schema(min_items = 1, max_items = 7)]
    pub capabilities: Vec<String>,
}

/// The portal's answer to an application.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"capabilities": ["buy"]}))]
pub struct Approval {
    /// Others than were applied for.
    #[schema(max_items = 7)]
    pub capabilities: Option<Vec<String>>,
}

/// A membership.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalMember)]
pub struct PortalMemberDto {
    pub organisation_id: Uuid,
    pub legal_name: String,
    /// `invited`, `applied`, `active`, `suspended` or `ended`.
    #[schema(example = "active")]
    pub state: String,
    pub capabilities: Vec<String>,
    /// The version of the rules that it accepted; 0 for none.
    pub accepted_rules: i32,
    pub created_at: Time,
}

impl PortalMemberDto {
    pub fn of(row: MemberRow, legal_name: String) -> Self {
        Self {
            organisation_id: row.organisation_id,
            legal_name,
            state: row.state,
            capabilities: row.capabilities,
            accepted_rules: row.accepted_rules,
            created_at: row.created_at.into(),
        }
    }
}

/// Which members to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemberQuery {
    /// For those who manage the portal: `invited`, `applied`, `active`, `suspended` or `ended`; others see active ones.
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}
