//! An organisation's own books.

use domain::kernel::{AccountId, Refusal};
use infra::Failure;
use infra::billing::ledger;
use infra::db::Connection;
use infra::db::page::{List, Page};

use super::payment_dto::{AccountDto, PostingDto};
use super::rights;
use crate::http::principal::Principal;

/// All accounts with their balances.
pub async fn list(connection: &mut Connection, by: &Principal) -> Result<Vec<AccountDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = ledger::accounts(connection, own).await?;
    found.iter().map(|(row, sum)| AccountDto::of(row, *sum)).collect()
}

/// The postings to one account, newest first.
pub async fn postings(
    connection: &mut Connection,
    by: &Principal,
    id: AccountId,
    page: &Page,
) -> Result<List<PostingDto>, Failure> {
    let own = by.require(rights::READ)?;
    let account = ledger::find_account(connection, own, id).await?.ok_or_else(|| Refusal::not_found("account"))?;
    let found = ledger::postings(connection, id, page).await?;
    Ok(found.map(|row| PostingDto::of(row, &account.currency)))
}
