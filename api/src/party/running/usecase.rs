//! Shows what an organisation has running.

use domain::kernel::OrganisationId;
use infra::Failure;
use infra::db::Connection;
use infra::party::running::{self, RunningRow};

use super::dto::{Running, RunningItem};
use crate::http::principal::Principal;
use crate::party::organisation;
use crate::{contract, ordering};

/// How many of each kind are shown.
const MOST: usize = 200;

/// What is open of an organisation, for the operator and its own people.
pub async fn find(connection: &mut Connection, by: &Principal, of: OrganisationId) -> Result<Running, Failure> {
    organisation::usecase::inside(connection, by, of).await?;
    let rows = i64::try_from(MOST + 1).map_err(Failure::broken)?;
    let orders = running::orders(connection, of, rows, ordering::dto::number).await?;
    let contracts = running::contracts(connection, of, rows, contract::dto::number).await?;
    let invoices = running::invoices(connection, of, rows).await?;
    let more = [&orders, &contracts, &invoices].iter().any(|found| found.len() > MOST);
    let items = |rows: Vec<RunningRow>| rows.into_iter().take(MOST).map(|row| RunningItem::of(row, of.0)).collect();
    Ok(Running { orders: items(orders), contracts: items(contracts), invoices: items(invoices), more })
}
