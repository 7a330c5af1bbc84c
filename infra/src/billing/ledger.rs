//! The ledger: append-only, double entry; the database refuses an entry that does not balance.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::billing::Entry;
use domain::kernel::{AccountId, EntryId, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{account, ledger_entry, ledger_posting};

/// What an entry is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// `invoice` (credit notes are invoices of their kind), `payment`, `commission`, `deposit_payment`, `deposit_hold`, `deposit_release` or
    /// `deposit_taking`.
    pub kind: &'static str,
    pub id: Uuid,
}

/// An account of an organisation.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = account)]
pub struct AccountRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub kind: String,
    pub currency: String,
}

/// A posting to one account, with the entry it belongs to. Debits are positive.
#[derive(Debug, Clone, Queryable)]
pub struct PostingRow {
    pub entry_id: Uuid,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub at: Timestamp,
    pub amount: Decimal,
}

/// Posts entries about one subject. `new_id` gives identifiers; accounts come into being with their first posting.
pub async fn post(
    tx: &mut Connection,
    entries: &[Entry],
    about: Subject,
    at: Timestamp,
    new_id: impl Fn() -> Uuid,
) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let accounts = open_accounts(tx, entries, &new_id).await?;
    let ids: Vec<Uuid> = entries.iter().map(|_| new_id()).collect();
    let rows: Vec<_> = entries.iter().zip(&ids).map(|(entry, id)| entry_values(entry, *id, about, at)).collect();
    diesel::insert_into(ledger_entry::table).values(rows).execute(tx).await?;
    let mut postings = Vec::new();
    for (entry, id) in entries.iter().zip(&ids) {
        for (kind, amount) in entry.postings() {
            let same = |one: &&AccountRow| {
                one.organisation_id == entry.organisation().0
                    && one.kind == kind.code()
                    && one.currency == entry.currency().code()
            };
            let to = accounts.iter().find(same).ok_or_else(|| Failure::broken("an account is missing"))?;
            postings.push((
                ledger_posting::entry_id.eq(*id),
                ledger_posting::account_id.eq(to.id),
                ledger_posting::amount.eq(*amount),
            ));
        }
    }
    diesel::insert_into(ledger_posting::table).values(postings).execute(tx).await?;
    Ok(())
}

type EntryValues = (
    diesel::dsl::Eq<ledger_entry::id, Uuid>,
    diesel::dsl::Eq<ledger_entry::organisation_id, Uuid>,
    diesel::dsl::Eq<ledger_entry::subject_kind, &'static str>,
    diesel::dsl::Eq<ledger_entry::subject_id, Uuid>,
    diesel::dsl::Eq<ledger_entry::at, Timestamp>,
);

fn entry_values(entry: &Entry, id: Uuid, about: Subject, at: Timestamp) -> EntryValues {
    (
        ledger_entry::id.eq(id),
        ledger_entry::organisation_id.eq(entry.organisation().0),
        ledger_entry::subject_kind.eq(about.kind),
        ledger_entry::subject_id.eq(about.id),
        ledger_entry::at.eq(at),
    )
}

/// The accounts that the entries need. Missing ones are made; one that somebody else makes at the same time is waited for
/// and then seen by the second statement.
async fn open_accounts(
    tx: &mut Connection,
    entries: &[Entry],
    new_id: &impl Fn() -> Uuid,
) -> Result<Vec<AccountRow>, Failure> {
    let mut wanted: Vec<(Uuid, &str, &str)> = entries
        .iter()
        .flat_map(|entry| {
            let of = (entry.organisation().0, entry.currency().code());
            entry.postings().iter().map(move |(kind, _)| (of.0, kind.code(), of.1))
        })
        .collect();
    // One order for all, so that two transactions never wait for each other in a circle.
    wanted.sort_unstable();
    let values: Vec<_> = wanted
        .iter()
        .map(|(organisation, kind, currency)| {
            (
                account::id.eq(new_id()),
                account::organisation_id.eq(*organisation),
                account::kind.eq(*kind),
                account::currency.eq(*currency),
            )
        })
        .collect();
    diesel::insert_into(account::table).values(values).on_conflict_do_nothing().execute(tx).await?;
    let organisations: Vec<Uuid> = entries.iter().map(|entry| entry.organisation().0).collect();
    let query = account::table.filter(account::organisation_id.eq_any(organisations)).select(AccountRow::as_select());
    Ok(query.load(tx).await?)
}

/// The accounts of an organisation with the sums of their postings. There are as many as kinds and currencies.
pub async fn accounts(connection: &mut Connection, of: OrganisationId) -> Result<Vec<(AccountRow, Decimal)>, Failure> {
    let rows: Vec<(AccountRow, Option<Decimal>)> = account::table
        .left_join(ledger_posting::table.on(ledger_posting::account_id.eq(account::id)))
        .filter(account::organisation_id.eq(of.0))
        .group_by((account::id, account::organisation_id, account::kind, account::currency))
        .order((account::currency, account::kind))
        .select((AccountRow::as_select(), diesel::dsl::sum(ledger_posting::amount.nullable())))
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(|(row, sum)| (row, sum.unwrap_or_default())).collect())
}

/// An account of this organisation.
pub async fn find_account(
    connection: &mut Connection,
    of: OrganisationId,
    id: AccountId,
) -> Result<Option<AccountRow>, Failure> {
    let query = account::table.filter(account::id.eq(id.0).and(account::organisation_id.eq(of.0)));
    Ok(query.select(AccountRow::as_select()).first(connection).await.optional()?)
}

/// The postings of an entry of this organisation, each with its account; none if there is no such entry.
pub async fn entry(
    connection: &mut Connection,
    of: OrganisationId,
    id: EntryId,
) -> Result<Vec<(PostingRow, AccountRow)>, Failure> {
    let query = ledger_posting::table
        .inner_join(ledger_entry::table.on(ledger_entry::id.eq(ledger_posting::entry_id)))
        .inner_join(account::table.on(account::id.eq(ledger_posting::account_id)))
        .filter(ledger_posting::entry_id.eq(id.0).and(ledger_entry::organisation_id.eq(of.0)))
        .order(account::id)
        .select((
            (
                ledger_posting::entry_id,
                ledger_entry::subject_kind,
                ledger_entry::subject_id,
                ledger_entry::at,
                ledger_posting::amount,
            ),
            AccountRow::as_select(),
        ));
    Ok(query.load(connection).await?)
}

/// The postings to an account, newest first. Whoever asks was found to be its owner before.
pub async fn postings(connection: &mut Connection, to: AccountId, page: &Page) -> Result<List<PostingRow>, Failure> {
    let mut query = ledger_posting::table
        .inner_join(ledger_entry::table.on(ledger_entry::id.eq(ledger_posting::entry_id)))
        .filter(ledger_posting::account_id.eq(to.0))
        .order(ledger_posting::entry_id.desc())
        .limit(page.rows())
        .select((
            ledger_posting::entry_id,
            ledger_entry::subject_kind,
            ledger_entry::subject_id,
            ledger_entry::at,
            ledger_posting::amount,
        ))
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(ledger_posting::entry_id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &PostingRow| row.entry_id))
}
