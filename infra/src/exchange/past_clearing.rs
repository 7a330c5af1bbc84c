//! Clearings as they were done: for each, what the trades of two companies in an instrument came to.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{ClearingId, OrganisationId, PortalId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{contract, exchange_cleared_pair, exchange_clearing};

/// A clearing without what it brought about.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = exchange_clearing)]
pub struct ClearingRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub cleared_at: Timestamp,
}

/// What the trades of two companies in an instrument came to.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = exchange_cleared_pair, treat_none_as_default_value = false)]
pub struct PairRow {
    pub clearing_id: Uuid,
    /// Counted within the clearing.
    pub position: i32,
    pub instrument_id: Uuid,
    /// The two, the one with the smaller identifier first.
    pub first_id: Uuid,
    pub second_id: Uuid,
    /// How many trades.
    pub trades: i32,
    /// None where they have offset each other and nothing is left.
    pub contract_id: Option<Uuid>,
}

/// A clearing in a list, as far as the reader sees it.
#[derive(Debug, Clone, QueryableByName)]
pub struct SummaryRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub cleared_at: Timestamp,
    /// How many trades.
    #[diesel(sql_type = BigInt)]
    pub trades: i64,
    /// How many contracts.
    #[diesel(sql_type = BigInt)]
    pub contracts: i64,
}

/// A contract that a clearing made.
#[derive(Debug, Clone, Queryable)]
pub struct MadeRow {
    pub contract_id: Uuid,
    pub number: i64,
    pub instrument_id: Uuid,
    pub trades: i32,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub total: Decimal,
    pub currency: String,
}

/// Keeps a clearing.
pub async fn insert(tx: &mut Connection, new: &ClearingRow, pairs: &[PairRow]) -> Result<(), Failure> {
    diesel::insert_into(exchange_clearing::table).values(new).execute(tx).await?;
    // As many as one statement can hold.
    for part in pairs.chunks(1000) {
        diesel::insert_into(exchange_cleared_pair::table).values(part).execute(tx).await?;
    }
    Ok(())
}

/// The clearings of a portal, the newest first: all of them, or those in which trades of a company were cleared, which are counted alone.
pub async fn list(
    connection: &mut Connection,
    portal: PortalId,
    of: Option<OrganisationId>,
    page: &Page,
) -> Result<List<SummaryRow>, Failure> {
    let own = match of {
        None => "",
        Some(_) => {
            "AND id IN (SELECT clearing_id FROM exchange_cleared_pair WHERE first_id = $4
                 UNION ALL SELECT clearing_id FROM exchange_cleared_pair WHERE second_id = $4)"
        }
    };
    let query = format!(
        "SELECT c.id, c.cleared_at, p.trades, p.contracts
         FROM (SELECT id, cleared_at FROM exchange_clearing WHERE portal_id = $1 AND id < $2 {own} ORDER BY id DESC LIMIT $3) c
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(trades), 0) AS trades, count(contract_id) AS contracts FROM exchange_cleared_pair
             WHERE clearing_id = c.id AND ($4 IS NULL OR $4 IN (first_id, second_id))) p
         ORDER BY c.id DESC"
    );
    let rows: Vec<SummaryRow> = diesel::sql_query(query)
        .bind::<SqlUuid, _>(portal.0)
        .bind::<SqlUuid, _>(page.after_id().unwrap_or(Uuid::max()))
        .bind::<BigInt, _>(page.rows())
        .bind::<Nullable<SqlUuid>, _>(of.map(|of| of.0))
        .load(connection)
        .await?;
    Ok(page.cut_by_id(rows, |row| row.id))
}

/// A clearing of a portal; for a company, if trades of it were cleared.
pub async fn find(
    connection: &mut Connection,
    portal: PortalId,
    id: ClearingId,
    of: Option<OrganisationId>,
) -> Result<Option<SummaryRow>, Failure> {
    let query = diesel::sql_query(
        "SELECT c.id, c.cleared_at, sum(p.trades) AS trades, count(p.contract_id) AS contracts
         FROM exchange_clearing c JOIN exchange_cleared_pair p ON p.clearing_id = c.id
         WHERE c.portal_id = $1 AND c.id = $2 AND ($3 IS NULL OR $3 IN (p.first_id, p.second_id))
         GROUP BY c.id",
    )
    .bind::<SqlUuid, _>(portal.0)
    .bind::<SqlUuid, _>(id.0)
    .bind::<Nullable<SqlUuid>, _>(of.map(|of| of.0));
    Ok(query.get_result(connection).await.optional()?)
}

/// The contracts that a clearing made, in their order; for a company, its own.
pub async fn contracts(
    connection: &mut Connection,
    id: ClearingId,
    of: Option<OrganisationId>,
) -> Result<Vec<MadeRow>, Failure> {
    use exchange_cleared_pair as p;
    let mut query = p::table
        .inner_join(contract::table.on(p::contract_id.eq(contract::id.nullable())))
        .filter(p::clearing_id.eq(id.0))
        .order(p::position)
        .select((
            contract::id,
            contract::number,
            p::instrument_id,
            p::trades,
            contract::buyer_id,
            contract::seller_id,
            contract::total,
            contract::currency,
        ))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(p::first_id.eq(of.0).or(p::second_id.eq(of.0)));
    }
    Ok(query.load(connection).await?)
}
