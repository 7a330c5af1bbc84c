//! An organisation's own books. They tell of all that it buys: who does not see all of that does not read them.

use domain::kernel::{AccountId, EntryId, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::billing::ledger;
use infra::db::Connection;
use infra::db::page::{List, Page};

use super::payment_dto::{AccountDto, LedgerEntryDto, LedgerPostingDto, PostingDto};
use super::rights;
use crate::http::principal::Principal;
use crate::ordering::sight;

/// All accounts with their balances.
pub async fn list(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<Vec<AccountDto>, Failure> {
    let own = may_read(connection, by, at).await?;
    let found = ledger::accounts(connection, own).await?;
    found.iter().map(|(row, sum)| AccountDto::of(row, *sum)).collect()
}

/// One account with its balance.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: AccountId,
    at: Timestamp,
) -> Result<AccountDto, Failure> {
    let found = list(connection, by, at).await?.into_iter().find(|account| account.id == id.0);
    Ok(found.ok_or_else(|| Refusal::not_found("account"))?)
}

/// An entry with its postings to all accounts.
pub async fn entry(
    connection: &mut Connection,
    by: &Principal,
    id: EntryId,
    at: Timestamp,
) -> Result<LedgerEntryDto, Failure> {
    let own = may_read(connection, by, at).await?;
    let found = ledger::entry(connection, own, id).await?;
    let posting = |(row, account): (ledger::PostingRow, ledger::AccountRow)| LedgerPostingDto {
        account_id: account.id,
        posting: PostingDto::of(row, &account.currency),
    };
    Ok(LedgerEntryDto { id: id.0, postings: found.into_iter().map(posting).collect() })
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
