//! Clearings that were done: who manages the exchange sees all of them, a company what became of its own trades.

use domain::kernel::{ClearingId, OrganisationId, PortalId, Refusal};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::exchange::past_clearing::{self, MadeRow, SummaryRow};

use super::dto::{ClearedContractDto, ClearingSummary, PastClearingDto};
use crate::contract::dto::number;
use crate::exchange::{access, rights};
use crate::http::dto::MoneyDto;
use crate::http::principal::Principal;

/// The clearings of a portal, the newest first.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    page: &Page,
) -> Result<List<ClearingSummary>, Failure> {
    let (portal, of) = scope(connection, by, portal).await?;
    Ok(past_clearing::list(connection, portal, of, page).await?.map(|row| ClearingSummary::from(&row)))
}

/// A clearing with its contracts.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: ClearingId,
) -> Result<PastClearingDto, Failure> {
    let (portal, of) = scope(connection, by, portal).await?;
    let found = past_clearing::find(connection, portal, id, of).await?;
    let found = found.ok_or_else(|| Refusal::not_found("clearing"))?;
    let made = past_clearing::contracts(connection, id, of).await?;
    let contracts = made.into_iter().map(|row| contract(row, by)).collect();
    Ok(PastClearingDto { summary: ClearingSummary::from(&found), contracts })
}

/// The portal, and whose clearings are seen; none where all are.
async fn scope(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
) -> Result<(PortalId, Option<OrganisationId>), Failure> {
    let seen = access::seen(connection, Some(by), portal).await?;
    if by.operator {
        return Ok((seen.id, None));
    }
    let own = by.require(rights::READ)?;
    Ok((seen.id, Some(own).filter(|_| access::may_manage(by, &seen).is_err())))
}

/// Who has traded with whom, and for how much, is told to the two and to the operator.
fn contract(row: MadeRow, by: &Principal) -> ClearedContractDto {
    let of_own = by.organisation_id().is_some_and(|own| own == row.buyer_id || own == row.seller_id);
    let knows = by.operator || of_own;
    ClearedContractDto {
        contract_id: row.contract_id,
        number: number(row.number),
        instrument_id: row.instrument_id,
        trades: usize::try_from(row.trades).unwrap_or_default(),
        buyer_id: knows.then_some(row.buyer_id),
        seller_id: knows.then_some(row.seller_id),
        total: knows.then(|| MoneyDto::of(row.total, &row.currency)),
    }
}

impl From<&SummaryRow> for ClearingSummary {
    fn from(row: &SummaryRow) -> Self {
        Self {
            id: row.id,
            cleared_at: row.cleared_at.into(),
            cleared_trades: row.trades,
            contract_count: row.contracts,
        }
    }
}
