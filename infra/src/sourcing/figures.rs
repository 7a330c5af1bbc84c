//! What became of requests with the companies to which they came.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{CategoryId, OrganisationId, Timestamp};
use domain::sourcing::Handled;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// For whom figures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Of the requests that came to it.
    Supplier,
    /// Of the companies to which its requests came.
    Buyer,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Array<SqlUuid>)]
    categories: Vec<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    received_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    quoted_at: Option<Timestamp>,
    #[diesel(sql_type = Bool)]
    won: bool,
}

/// One record for each request and company to which it came from `since` on until before `until`. A quote counts from its first revision on;
/// one that was taken back is none. Won is what was announced and neither declined nor taken back.
pub async fn handled(
    connection: &mut Connection,
    of: OrganisationId,
    side: Side,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Handled>, Failure> {
    let whose = match side {
        Side::Supplier => "p.organisation_id = $1",
        Side::Buyer => "r.buyer_id = $1",
    };
    let query = diesel::sql_query(format!(
        "SELECT r.categories, p.received_at, first.at AS quoted_at,
             EXISTS (SELECT FROM rfq_award a WHERE a.quote_id = q.id AND a.state IN ('announced', 'concluded')) AS won
         FROM rfq_recipient p
         JOIN rfq r ON r.id = p.rfq_id
         LEFT JOIN quote q ON q.rfq_id = p.rfq_id AND q.quoter_id = p.organisation_id AND q.state NOT IN ('draft', 'withdrawn')
         LEFT JOIN quote_revision first ON first.quote_id = q.id AND first.number = 1
         WHERE {whose} AND p.received_at >= $2 AND p.received_at < $3
         ORDER BY p.received_at, p.rfq_id, p.organisation_id"
    ))
    .bind::<SqlUuid, _>(of.0)
    .bind::<Timestamptz, _>(since)
    .bind::<Timestamptz, _>(until);
    let rows: Vec<Row> = query.load(connection).await?;
    Ok(rows.into_iter().map(handled_of).collect())
}

fn handled_of(row: Row) -> Handled {
    Handled {
        categories: row.categories.into_iter().map(CategoryId).collect(),
        received_at: row.received_at,
        quoted_at: row.quoted_at,
        won: row.won,
    }
}
