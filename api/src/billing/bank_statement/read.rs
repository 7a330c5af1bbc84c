//! Reading bank statements.

use domain::billing::bank_statement::EntryState;
use domain::kernel::{BankStatementId, Kind, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::billing::bank_statement::{self as store, StatementRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use uuid::Uuid;

use super::dto::{BankStatementDto, EntryDto, EntryQuery};
use crate::billing::rights;
use crate::http::principal::Principal;
use crate::ordering::sight;

fn unknown() -> Refusal {
    Refusal::not_found("bank statement")
}

pub fn unknown_entry() -> Refusal {
    Refusal::not_found("bank statement entry")
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    page: &Page,
    at: Timestamp,
) -> Result<List<BankStatementDto>, Failure> {
    let own = reader(connection, by, at).await?;
    let found = store::list(connection, own, page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.id).collect();
    let counts = store::counts(connection, &ids).await?;
    Ok(found.map(|row| BankStatementDto::of(&row, &counts)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: BankStatementId,
    at: Timestamp,
) -> Result<BankStatementDto, Failure> {
    let row = own_statement(connection, by, id, at).await?;
    let counts = store::counts(connection, &[row.id]).await?;
    Ok(BankStatementDto::of(&row, &counts))
}

pub async fn entries(
    connection: &mut Connection,
    by: &Principal,
    id: BankStatementId,
    query: &EntryQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<EntryDto>, Failure> {
    let state = query.state.as_deref().map(EntryState::parse).transpose();
    let state = state.map_err(|odd| Refusal::new(Kind::InvalidQuery, odd.detail))?;
    let row = own_statement(connection, by, id, at).await?;
    let (own, state) = (OrganisationId(row.organisation_id), state.map(EntryState::code));
    Ok(store::entries(connection, own, id, state, page).await?.map(|row| EntryDto::from(&row)))
}

/// Others do not know of it, and of its organisation those who may not read it do.
async fn own_statement(
    connection: &mut Connection,
    by: &Principal,
    id: BankStatementId,
    at: Timestamp,
) -> Result<StatementRow, Failure> {
    let own = by.member()?.id;
    let row = store::find(connection, own, id).await?.ok_or_else(unknown)?;
    reader(connection, by, at).await?;
    Ok(row)
}

async fn reader(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<OrganisationId, Failure> {
    let own = by.require(rights::STATEMENTS)?;
    sight::check_all(connection, by, at, "Bank statements tell").await?;
    Ok(own)
}
