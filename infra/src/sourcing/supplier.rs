//! Suppliers that could be asked for a quote.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};

/// A company that offers on the portal what is asked for.
#[derive(Debug, Clone, QueryableByName)]
pub struct SuggestedRow {
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub legal_name: String,
    /// Of the categories that are asked for those in which, or below which, it offers something.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub categories: Vec<Uuid>,
    /// How many offers it has there.
    #[diesel(sql_type = BigInt)]
    pub offers: i64,
}

/// What suppliers are looked for by.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub categories: Vec<Uuid>,
    /// Their categories count as asked for, too.
    pub products: Vec<Uuid>,
}

/// A page of the companies that may quote on the portal and have offers for everyone at this moment in the categories that are asked for, or
/// below them: first those that cover most categories, then those with most offers.
pub async fn suggested(
    connection: &mut Connection,
    on: PortalId,
    buyer: OrganisationId,
    wanted: &Wanted,
    at: Timestamp,
    page: &Page,
) -> Result<List<SuggestedRow>, Failure> {
    let (covered, offers, id) = page.after.as_ref().and_then(position).unwrap_or((i64::MAX, i64::MAX, Uuid::nil()));
    let query = diesel::sql_query(
        "WITH asked AS (
             SELECT DISTINCT id FROM (
                 SELECT id FROM unnest($3) given (id)
                 UNION ALL SELECT category_id FROM product WHERE id = ANY ($4) AND category_id IS NOT NULL
             ) named
         ), found AS (
             SELECT o.id AS organisation_id, o.legal_name, array_agg(DISTINCT asked.id) AS categories,
                 count(DISTINCT asked.id) AS covered, count(DISTINCT e.id) AS offers
             FROM asked
             JOIN catalogue_entry e ON e.portal_id = $1 AND e.category_path @> ARRAY[asked.id] AND e.state = 'published'
                 AND e.audience = 'everyone' AND (e.publish_at IS NULL OR e.publish_at <= $5) AND (e.withdraw_at IS NULL OR e.withdraw_at > $5)
             JOIN organisation o ON o.id = e.seller_id AND o.state = 'verified' AND o.id <> $2
             JOIN portal_member m ON m.portal_id = $1 AND m.organisation_id = o.id AND m.state = 'active' AND 'quote' = ANY (m.capabilities)
             GROUP BY o.id, o.legal_name
         )
         SELECT organisation_id, legal_name, categories, offers FROM found
         WHERE covered < $6 OR (covered = $6 AND (offers < $7 OR (offers = $7 AND organisation_id > $8)))
         ORDER BY covered DESC, offers DESC, organisation_id
         LIMIT $9",
    )
    .bind::<SqlUuid, _>(on.0)
    .bind::<SqlUuid, _>(buyer.0)
    .bind::<Array<SqlUuid>, _>(&wanted.categories)
    .bind::<Array<SqlUuid>, _>(&wanted.products)
    .bind::<Timestamptz, _>(at)
    .bind::<BigInt, _>(covered)
    .bind::<BigInt, _>(offers)
    .bind::<SqlUuid, _>(id)
    .bind::<BigInt, _>(page.rows());
    let ended =
        |row: &SuggestedRow| After { key: format!("{} {}", row.categories.len(), row.offers), id: row.organisation_id };
    Ok(page.cut(query.load(connection).await?, ended))
}

/// Where a page ended: how many categories the last company covers, how many offers it has there, and which one it is.
fn position(after: &After) -> Option<(i64, i64, Uuid)> {
    let (covered, offers) = after.key.split_once(' ')?;
    Some((covered.parse().ok()?, offers.parse().ok()?, after.id))
}

/// Which of these products a buyer may ask for on the portal: those that somebody offers there to everyone, and its own.
pub async fn products(
    connection: &mut Connection,
    on: PortalId,
    buyer: OrganisationId,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Failure> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let query = diesel::sql_query(
        "SELECT p.id FROM product p WHERE p.id = ANY ($3) AND (p.seller_id = $2 OR EXISTS (
             SELECT FROM catalogue_entry e
             WHERE e.portal_id = $1 AND e.product_id = p.id AND e.state = 'published' AND e.audience = 'everyone'))",
    )
    .bind::<SqlUuid, _>(on.0)
    .bind::<SqlUuid, _>(buyer.0)
    .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<Found> = query.load(connection).await?;
    Ok(rows.into_iter().map(|one| one.id).collect())
}
