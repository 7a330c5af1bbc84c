//! Limits, holdings, bilateral credit and positions in JSON.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto};

/// For how much a member may buy in a currency, open orders and purchases that are not settled together. It binds on instruments with the
/// guarantee `limit` or `full`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"limit": {"amount": "500000.00", "currency": "EUR"}}))]
pub struct TradingLimit {
    pub limit: MoneyDto,
}

/// What a member has deposited of an instrument; with the guarantee `full` nothing else can be sold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"quantity": {"value": "1000", "unit": "TNE"}}))]
pub struct HoldingData {
    pub quantity: QuantityDto,
}

/// For how much you trade with one company: what is traded and not settled between you, in either direction, stays within it. Zero: not
/// at all. Null takes the word back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"currency": "EUR", "limit": "250000.00"}))]
pub struct CounterpartyLimit {
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub limit: Option<String>,
}

/// Whether you trade only with companies for which you have set a limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refuse_others": true}))]
pub struct CounterpartyPolicy {
    pub refuse_others: bool,
}

/// Of which portal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PositionQuery {
    /// Id or slug; without it, all portals.
    pub portal: Option<String>,
}

/// What your organisation may do, and has bound, by portal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PositionList {
    pub items: Vec<PositionsDto>,
}

/// What your organisation may do, and has bound, on the exchange of a portal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PositionsDto {
    pub portal_id: Uuid,
    pub accounts: Vec<AccountDto>,
    pub positions: Vec<PositionDto>,
}

/// What it may buy in a currency.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TradingAccount)]
pub struct AccountDto {
    pub limit: MoneyDto,
    /// What its open buy orders could cost at most.
    pub reserved: MoneyDto,
    /// Its purchases that are not settled.
    pub unsettled: MoneyDto,
}

/// What it has in an instrument.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangePosition)]
pub struct PositionDto {
    pub instrument_id: Uuid,
    pub live_orders: u32,
    /// What of its orders may still trade, both sides.
    pub open_quantity: QuantityDto,
    /// What it has traded in this session, both sides.
    pub traded_quantity: QuantityDto,
    /// What it has deposited.
    pub deposited: QuantityDto,
    /// Of that, what its open sell orders could take.
    pub reserved: QuantityDto,
    /// Of that, what is sold and not settled.
    pub sold: QuantityDto,
}
