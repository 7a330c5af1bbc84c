//! Openings in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::sourcing::rfq::show::RfqDto;

/// Which envelope is opened.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"envelope": "whole"}))]
pub struct OpeningData {
    /// The next one, if nothing is said.
    #[schema(pattern = "^(whole|technical|commercial)$")]
    pub envelope: Option<String>,
}

/// What has come of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqOpened)]
pub struct OpenedDto {
    #[schema(example = "whole")]
    pub envelope: String,
    /// It is open; otherwise somebody else has to open as well.
    pub is_open: bool,
    /// How many quotes were opened.
    pub quotes: usize,
    pub rfq: RfqDto,
}
