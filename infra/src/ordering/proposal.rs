//! Price proposals with their rounds, always for one of the two sides.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PriceProposalId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{price_proposal, price_proposal_round};

/// A negotiation as it stands.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = price_proposal, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ProposalRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub offer_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub state: String,
    pub currency: String,
    /// Quantity and price of the last round.
    pub quantity: Decimal,
    pub unit: String,
    /// The quantity in the product's base unit, as the pack was when it was named.
    pub base_quantity: Decimal,
    pub unit_price: Decimal,
    pub rounds: i32,
    /// Until when it can be answered, and once it is accepted, ordered at.
    pub expires_at: Timestamp,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
}

/// An offer or counter-offer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_proposal_round, treat_none_as_default_value = false)]
pub struct RoundRow {
    pub proposal_id: Uuid,
    pub number: i32,
    /// `buyer` or `seller`.
    pub side: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub note: Option<String>,
    pub expires_at: Timestamp,
    pub by_id: Uuid,
    pub at: Timestamp,
}

/// A negotiation with its rounds, first to last.
#[derive(Debug, Clone)]
pub struct Negotiation {
    pub row: ProposalRow,
    pub rounds: Vec<RoundRow>,
}

pub async fn insert(tx: &mut Connection, new: &Negotiation) -> Result<(), Failure> {
    diesel::insert_into(price_proposal::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(price_proposal_round::table).values(&new.rounds).execute(tx).await?;
    Ok(())
}

pub async fn insert_round(tx: &Connection, new: &RoundRow) -> Result<(), Failure> {
    diesel::insert_into(price_proposal_round::table).values(new).execute(&mut &*tx).await?;
    Ok(())
}

pub async fn update(tx: &Connection, changed: &ProposalRow) -> Result<(), Failure> {
    diesel::update(price_proposal::table.find(changed.id)).set(changed).execute(&mut &*tx).await?;
    Ok(())
}

/// Prices that are held are ordered at: they are used up, in one statement.
pub async fn use_up(tx: &Connection, ids: &[Uuid], at: Timestamp) -> Result<(), Failure> {
    diesel::update(price_proposal::table.filter(price_proposal::id.eq_any(ids)))
        .set((
            price_proposal::state.eq("used"),
            price_proposal::decided_at.eq(at),
            price_proposal::version.eq(price_proposal::version + 1),
        ))
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

/// A negotiation that this organisation is a side of.
#[diesel::dsl::auto_type(no_type_alias)]
fn of_party(by: Uuid, id: Uuid) -> _ {
    let is_party = price_proposal::buyer_id.eq(by).or(price_proposal::seller_id.eq(by));
    price_proposal::table.filter(price_proposal::id.eq(id)).filter(is_party)
}

/// A negotiation of this organisation, on either side.
pub async fn find(
    connection: &mut Connection,
    by: OrganisationId,
    id: PriceProposalId,
) -> Result<Option<Negotiation>, Failure> {
    let query = of_party(by.0, id.0).select(ProposalRow::as_select());
    let row: Option<ProposalRow> = query.first(connection).await.optional()?;
    Ok(complete(connection, row.into_iter().collect()).await?.pop())
}

/// [`find`], held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    by: OrganisationId,
    id: PriceProposalId,
) -> Result<Option<Negotiation>, Failure> {
    let query = of_party(by.0, id.0).select(ProposalRow::as_select()).for_update();
    let row: Option<ProposalRow> = query.first(tx).await.optional()?;
    Ok(complete(tx, row.into_iter().collect()).await?.pop())
}

/// A negotiation, whoever's it is, held until the transaction ends: for timers.
pub async fn lock_any(tx: &mut Connection, id: PriceProposalId) -> Result<Option<ProposalRow>, Failure> {
    let query = price_proposal::table.find(id.0).select(ProposalRow::as_select()).for_update();
    Ok(query.first(tx).await.optional()?)
}

/// Those of a buyer's among the named ones, held until the transaction ends, in the order of their ids.
pub async fn lock_of_buyer(
    tx: &Connection,
    buyer: OrganisationId,
    named: &[Uuid],
) -> Result<Vec<ProposalRow>, Failure> {
    let query = price_proposal::table
        .filter(price_proposal::buyer_id.eq(buyer.0).and(price_proposal::id.eq_any(named)))
        .order(price_proposal::id)
        .select(ProposalRow::as_select())
        .for_update();
    Ok(query.load(&mut &*tx).await?)
}

/// The negotiations of an organisation, newest first, perhaps on one side or in one state only; with `maker`, of what it buys only those
/// that this person began.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    as_buyer: Option<bool>,
    state: Option<&str>,
    maker: Option<Uuid>,
    page: &Page,
) -> Result<List<Negotiation>, Failure> {
    let mut query = price_proposal::table
        .order(price_proposal::id.desc())
        .limit(page.rows())
        .select(ProposalRow::as_select())
        .into_boxed();
    query = match as_buyer {
        Some(true) => query.filter(price_proposal::buyer_id.eq(by.0)),
        Some(false) => query.filter(price_proposal::seller_id.eq(by.0)),
        None => query.filter(price_proposal::buyer_id.eq(by.0).or(price_proposal::seller_id.eq(by.0))),
    };
    if let Some(state) = state {
        query = query.filter(price_proposal::state.eq(state.to_owned()));
    }
    if let Some(maker) = maker {
        let first = price_proposal_round::table
            .filter(price_proposal_round::proposal_id.eq(price_proposal::id).and(price_proposal_round::number.eq(1)))
            .filter(price_proposal_round::by_id.eq(maker));
        query = query.filter(price_proposal::buyer_id.ne(by.0).or(diesel::dsl::exists(first)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(price_proposal::id.lt(after));
    }
    let list = page.cut_by_id(query.load(connection).await?, |row: &ProposalRow| row.id);
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

async fn complete(connection: &mut Connection, rows: Vec<ProposalRow>) -> Result<Vec<Negotiation>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let rounds: Vec<RoundRow> = price_proposal_round::table
        .filter(price_proposal_round::proposal_id.eq_any(&ids))
        .order((price_proposal_round::proposal_id, price_proposal_round::number))
        .select(RoundRow::as_select())
        .load(connection)
        .await?;
    let of = |row: ProposalRow| Negotiation {
        rounds: rounds.iter().filter(|round| round.proposal_id == row.id).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}
