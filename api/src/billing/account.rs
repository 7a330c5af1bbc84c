//! An organisation's own books. They tell of all that it buys: who does not see all of that does not read them.

use domain::kernel::{AccountId, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::billing::ledger;
use infra::db::Connection;
use infra::db::page::{List, Page};

use super::payment_dto::{AccountDto, PostingDto};
use super::rights;
use crate::http::principal::Principal;
use crate::ordering::sight;

/// All accounts with their balances.
pub async fn list(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<Vec<AccountDto>, Failure> {
    let own = may_read(connection, by, at).await?;
    let found = ledger::accounts(connection, own).await?;
    found.iter().map(|(row, sum)| AccountDto::of(row, *sum)).collect()
}

/// The postings to one account, newest first.
pub async fn postings(
    connection: &mut Connection,
    by: &Principal,
    id: AccountId,
    page: &Page,
    at: Timestamp,
) -> Result<List<PostingDto>, Failure> {
    let own = may_read(connection, by, at).await?;
    let account = ledger::find_account(connection, own, id).await?.ok_or_else(|| Refusal::not_found("account"))?;
    let found = ledger::postings(connection, id, page).await?;
    Ok(found.map(|row| PostingDto::of(row, &account.currency)))
}

async fn may_read(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<OrganisationId, Failure> {
    let own = by.require(rights::READ)?;
    sight::check_all(connection, by, at, "The books tell").await?;
    Ok(own)
}
