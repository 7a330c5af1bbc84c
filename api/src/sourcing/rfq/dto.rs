//! A request as it is sent in.

use chrono::NaiveDate;
use domain::kernel::language::Texts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::attribute::dto::Attributes;
use crate::http::dto::Time;

/// What is needed, by when, and how it is decided. What is not said is as the preset of the procedure says it; the lowest price wins unless
/// criteria are named.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": {"en": "Rolled steel for the spring", "ru": "Прокат на весну"},
    "lines": [{"name": {"en": "Hot rolled coil S235JR, 3 mm"}, "quantity": "40", "unit": "TNE", "required_on": "2027-04-15"}],
    "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30},
    "currencies": ["EUR"], "deadlines": {"quotes": "2027-03-01T10:00:00Z"}
}))]
pub struct RfqData {
    /// A title per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub title: Texts,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description: Texts,
    #[serde(default)]
    pub procedure: ProcedureDto,
    /// Or `csv`, or `requisition_list_id`.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub lines: Vec<LineDto>,
    /// The lines as a table under a head that names its columns: `name` or `name.ru`, `category_id`, `product_id`, `quantity`, `unit`,
    /// `target_price`, `required_on`, `specification.thickness`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500000)]
    pub csv: Option<String>,
    /// Takes the lines of a requisition list of yours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requisition_list_id: Option<Uuid>,
    pub terms: RfqTermsDto,
    /// In which may be quoted; quotes are compared in the first one.
    #[schema(min_items = 1, max_items = 20)]
    pub currencies: Vec<String>,
    /// What one of each other currency is worth in the first one.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub rates: Vec<RateDto>,
    pub deadlines: DeadlinesDto,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub criteria: Vec<CriterionDto>,
    /// How long a framework agreement lasts, from `deadlines.start` on.
    #[schema(minimum = 1, maximum = 96)]
    pub framework_months: Option<u32>,
    /// The companies that are asked. On a closed portal they are members.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub invitations: Vec<Uuid>,
    /// Documents of yours that all who know of the request may read, such as a specification.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<Uuid>,
}

/// How the request is run: a preset, and single settings that override it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqProcedure)]
pub struct ProcedureDto {
    #[schema(pattern = "^(mini_tender|sealed_tender|two_envelope|framework)$", default = "mini_tender")]
    pub preset: Option<String>,
    /// Nobody reads a quote before it is opened, or you read them as they come in and each quoter learns its rank.
    #[schema(pattern = "^(sealed|open_ranking)$")]
    pub secrecy: Option<String>,
    /// Two: the technical part is opened before the prices.
    #[schema(minimum = 1, maximum = 2)]
    pub envelopes: Option<u8>,
    /// The most rounds of quotes. One means that quotes stand as they are handed in, and nothing is negotiated.
    #[schema(minimum = 1, maximum = 10)]
    pub rounds: Option<u8>,
    /// Who wants to quote is admitted by you first.
    pub prequalification: Option<bool>,
    /// Two different people have to open the quotes.
    pub two_person_opening: Option<bool>,
    /// The days between an award and its contracts.
    #[schema(maximum = 60)]
    pub standstill_days: Option<u16>,
    /// Lines may be left out, or offered in part.
    pub partial_quotes: Option<bool>,
    /// Something else than was asked for may be offered.
    pub alternatives: Option<bool>,
    /// A reverse auction may follow as the last round.
    pub final_auction: Option<bool>,
    #[schema(pattern = "^(contract|framework)$")]
    pub outcome: Option<String>,
    /// Who may know of the request: all who may quote on the portal, the invited, or both.
    #[schema(pattern = "^(portal|invited|both)$")]
    pub visibility: Option<String>,
}

/// A line: something in words, anything of a category, or a product.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqLine)]
pub struct LineDto {
    /// The next free one if nothing is said. A line keeps it through all versions.
    #[schema(minimum = 1, maximum = 65535)]
    pub number: Option<u16>,
    /// A name per language; not needed for a product.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    pub category_id: Option<Uuid>,
    pub product_id: Option<Uuid>,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    /// A code of UN/ECE Rec 20. Quotes in others are converted into it.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: String,
    /// By attribute; of a category as it defines them.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, crate::catalogue::attribute::dto::AttributeValueDto>)]
    pub specification: Attributes,
    /// For one of the unit, in the currency of comparison.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub target_price: Option<String>,
    /// Whether quoters see the target price.
    #[serde(default)]
    #[schema(default = false)]
    pub show_target: bool,
    pub required_on: Option<NaiveDate>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<Uuid>,
}

/// On which terms is bought.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqTerms)]
pub struct RfqTermsDto {
    /// A rule of Incoterms 2020, such as `DAP`.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub incoterm: String,
    #[schema(min_length = 1, max_length = 200)]
    pub place: String,
    /// Days from the date of an invoice until it is due.
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: i32,
}

/// What a currency is worth.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqRate)]
pub struct RateDto {
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub rate: String,
}

/// Until when something may be asked, quoted and awarded. What comes in exactly at a deadline is late.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqDeadlines)]
pub struct DeadlinesDto {
    /// That of quotes if nothing is said.
    pub questions: Option<Time>,
    pub quotes: Option<Time>,
    /// When you mean to have decided.
    pub award: Option<Time>,
    /// The day on which what is awarded begins.
    pub start: Option<NaiveDate>,
}

/// By what quotes are judged.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqCriterion)]
pub struct CriterionDto {
    #[schema(pattern = "^(price|lead_time|score)$")]
    pub kind: String,
    /// Of what you score: what scores refer to.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: Option<String>,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// In percent; all weights together are 100.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub weight: String,
}

/// What is done with a new request at once.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewRfqQuery {
    /// Publishes it at once.
    #[serde(default)]
    #[param(default = false)]
    pub publish: bool,
}

/// Why a request is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The project was put off."}))]
pub struct RfqCancellation {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Which requests to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RfqQuery {
    /// `draft` (your own), `published`, `questions_closed`, `closed`, `evaluating`, `awarded` or `cancelled`.
    pub state: Option<String>,
    /// Those that ask for something of this category.
    pub category: Option<Uuid>,
    /// Those of this company.
    pub buyer: Option<Uuid>,
    /// Those to which you are invited.
    #[serde(default)]
    #[param(default = false)]
    pub invited: bool,
    /// Those whose deadline for quotes is after.
    #[param(value_type = Option<String>, format = DateTime)]
    pub deadline_after: Option<Time>,
    /// Those whose deadline for quotes is before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub deadline_before: Option<Time>,
    /// `deadline`: those whose deadline is next first; `newest`.
    #[param(pattern = "^(deadline|newest)$", default = "newest")]
    pub sort: Option<String>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}
