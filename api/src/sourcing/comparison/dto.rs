//! What buyers say of quotes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the buyer says of a quote: nobody else sees it, and the comparison counts with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteEvaluation, example = json!({
    "scores": {"quality": "85"}, "allowance": "120.00", "accepted": [{"line": 2, "variant": 1}], "note": "Good references."
}))]
pub struct EvaluationDto {
    /// 0 to 100, by the keys of the criteria that you score. What is left out counts for nothing.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub scores: BTreeMap<String, String>,
    /// What you reckon for what its prices do not cover: the rest of the way, duties and the like, in the currency of comparison.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub allowance: Option<String>,
    /// The equivalents and alternatives that are as good to you as what you asked for: they compete from then on.
    #[serde(default)]
    #[schema(max_items = 3000)]
    pub accepted: Vec<AcceptedDto>,
    /// For your own people.
    #[schema(max_length = 4000)]
    pub note: Option<String>,
}

/// An offer of the quote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteAcceptedOffer)]
pub struct AcceptedDto {
    #[schema(minimum = 1, maximum = 65535)]
    pub line: u16,
    #[schema(minimum = 0, maximum = 255)]
    pub variant: u8,
}

/// Why a quote does not compete any more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteExclusion, example = json!({"reason": "The offered steel grade does not meet the specification."}))]
pub struct ExclusionData {
    /// The quoter reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}
