//! A company's own trades.

use domain::kernel::{InstrumentId, Refusal, TradeId};
use infra::Failure;
use infra::exchange::trade;

use super::dto::OwnTradeDto;
use super::show;
use crate::app::App;
use crate::exchange::{floor, rights};
use crate::http::principal::Principal;

/// A trade of the caller's company.
pub async fn find(app: &App, by: &Principal, id: TradeId) -> Result<OwnTradeDto, Failure> {
    let company = by.require(rights::READ)?;
    let found = trade::one(&mut *app.pool.get().await?, company, id).await?;
    let row = found.ok_or_else(|| Refusal::not_found("trade"))?;
    let listed = floor::listed(app, InstrumentId(row.instrument_id)).await?;
    Ok(show::own_trade(&row, company.0, &listed))
}
