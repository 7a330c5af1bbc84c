//! Editions: the prices of a list as a whole. One is filled while another is in force, and adopted by a single write.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{PriceListId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{price_list_edition, price_list_tier};

/// A list of more prices than this is not read as a whole.
const MOST_AT_ONCE: i64 = 10_000;

/// How many prices are forgotten by one statement.
const DISCARDED_AT_ONCE: i32 = 50_000;

/// A price or a discount for an offer, from a quantity on.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = price_list_tier)]
pub struct ListTierRow {
    pub offer_id: Uuid,
    pub from_quantity: Decimal,
    pub unit_price: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
}

/// A line of prices sent by a seller: the offer by its id, or by its product's sku.
#[derive(Debug, Clone)]
pub struct SentTier {
    pub sku: Option<String>,
    pub offer_id: Option<Uuid>,
    pub from_quantity: Decimal,
    pub unit_price: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
}

/// Opens an edition; one that is not adopted is being filled.
pub async fn insert(
    tx: &mut Connection,
    id: Uuid,
    list: PriceListId,
    at: Timestamp,
    adopted_at: Option<Timestamp>,
) -> Result<(), Failure> {
    use price_list_edition as e;
    let row = (e::id.eq(id), e::price_list_id.eq(list.0), e::created_at.eq(at), e::adopted_at.eq(adopted_at));
    diesel::insert_into(e::table).values(row).execute(tx).await?;
    Ok(())
}

/// Marks an edition as one that is or was in force.
pub async fn adopt(tx: &mut Connection, id: Uuid, at: Timestamp) -> Result<(), Failure> {
    use price_list_edition as e;
    diesel::update(e::table.find(id)).set(e::adopted_at.eq(at)).execute(tx).await?;
    Ok(())
}

/// Some editions that were opened before and never adopted, the oldest first.
pub async fn abandoned(connection: &mut Connection, opened_before: Timestamp) -> Result<Vec<Uuid>, Failure> {
    use price_list_edition as e;
    let old = e::table.filter(e::adopted_at.is_null().and(e::created_at.lt(opened_before)));
    Ok(old.order(e::created_at).select(e::id).limit(100).load(connection).await?)
}

/// Forgets so many prices of an edition that was never adopted, and with the last ones the edition. True if there are more: a million at
/// once would take longer than a statement may.
pub async fn discard_some(tx: &mut Connection, id: Uuid) -> Result<bool, Failure> {
    use price_list_edition as e;
    let unadopted = e::table.filter(e::id.eq(id).and(e::adopted_at.is_null())).select(e::id).for_update();
    if unadopted.first::<Uuid>(tx).await.optional()?.is_none() {
        return Ok(false);
    }
    let some = "DELETE FROM price_list_tier WHERE ctid = ANY (ARRAY(SELECT ctid FROM price_list_tier WHERE edition_id = $1 LIMIT $2))";
    let query = diesel::sql_query(some).bind::<SqlUuid, _>(id).bind::<Integer, _>(DISCARDED_AT_ONCE);
    if query.execute(tx).await? == usize::try_from(DISCARDED_AT_ONCE).map_err(Failure::broken)? {
        return Ok(true);
    }
    diesel::delete(e::table.find(id)).execute(tx).await?;
    Ok(false)
}

/// All prices of an edition by offer and quantity; none if there are too many.
pub async fn all(connection: &Connection, id: Uuid) -> Result<Option<Vec<ListTierRow>>, Failure> {
    let tiers: Vec<ListTierRow> = price_list_tier::table
        .filter(price_list_tier::edition_id.eq(id))
        .order((price_list_tier::offer_id, price_list_tier::from_quantity))
        .limit(MOST_AT_ONCE + 1)
        .select(ListTierRow::as_select())
        .load(&mut &*connection)
        .await?;
    Ok(Some(tiers).filter(|tiers| i64::try_from(tiers.len()).is_ok_and(|count| count <= MOST_AT_ONCE)))
}

/// A page of the prices of an edition, with the products' skus.
pub async fn page(connection: &mut Connection, id: Uuid, page: &Page) -> Result<List<(ListTierRow, String)>, Failure> {
    use crate::schema::{offer, product};
    let mut query = price_list_tier::table
        .inner_join(offer::table.on(offer::id.eq(price_list_tier::offer_id)))
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .filter(price_list_tier::edition_id.eq(id))
        .order((price_list_tier::offer_id, price_list_tier::from_quantity))
        .limit(page.rows())
        .select((ListTierRow::as_select(), product::sku))
        .into_boxed();
    if let Some(after) = &page.after {
        let from: Decimal = after.key.parse().unwrap_or_default();
        let beyond = price_list_tier::offer_id
            .gt(after.id)
            .or(price_list_tier::offer_id.eq(after.id).and(price_list_tier::from_quantity.gt(from)));
        query = query.filter(price_list_tier::offer_id.ge(after.id)).filter(beyond);
    }
    let rows = query.load(connection).await?;
    Ok(page
        .cut(rows, |(row, _): &(ListTierRow, String)| After { key: row.from_quantity.to_string(), id: row.offer_id }))
}

/// Adds prices that are not there.
pub async fn add(tx: &mut Connection, id: Uuid, tiers: &[ListTierRow]) -> Result<(), Failure> {
    if !tiers.is_empty() {
        with_tiers(ADD, id, tiers).execute(tx).await?;
    }
    Ok(())
}

/// Makes these the prices of an edition; those that stay are not touched.
pub async fn set(tx: &mut Connection, id: Uuid, tiers: &[ListTierRow]) -> Result<(), Failure> {
    with_tiers(REMOVE_OTHERS, id, tiers).execute(tx).await?;
    add(tx, id, tiers).await
}

const ADD: &str = "
    INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price, discount_percent)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::numeric[]) n ON CONFLICT DO NOTHING";

const REMOVE_OTHERS: &str = "
    DELETE FROM price_list_tier t WHERE t.edition_id = $1 AND NOT EXISTS (
        SELECT FROM unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::numeric[]) AS n (offer_id, from_quantity, price, discount)
        WHERE n.offer_id = t.offer_id AND n.from_quantity = t.from_quantity AND n.price IS NOT DISTINCT FROM t.unit_price
            AND n.discount IS NOT DISTINCT FROM t.discount_percent)";

type TextQuery<'a> = diesel::query_builder::BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>;

fn with_tiers<'a>(text: &'a str, id: Uuid, tiers: &'a [ListTierRow]) -> TextQuery<'a> {
    diesel::sql_query(text)
        .into_boxed()
        .bind::<SqlUuid, _>(id)
        .bind::<Array<SqlUuid>, _>(tiers.iter().map(|one| one.offer_id).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(tiers.iter().map(|one| one.from_quantity).collect::<Vec<_>>())
        .bind::<Array<Nullable<Numeric>>, _>(tiers.iter().map(|one| one.unit_price).collect::<Vec<_>>())
        .bind::<Array<Nullable<Numeric>>, _>(tiers.iter().map(|one| one.discount_percent).collect::<Vec<_>>())
}

/// Why a line of sent prices was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amiss {
    Unknown,
    Twice,
}

/// Adds sent prices to an edition that is being filled, and says which lines (by their place) could not be taken.
pub async fn stage(tx: &mut Connection, id: Uuid, sent: &[SentTier]) -> Result<Vec<(usize, Amiss)>, Failure> {
    let taken = stage_query(STAGE, id, sent).execute(tx).await?;
    if taken == sent.len() {
        return Ok(Vec::new());
    }
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Integer)]
        line: i32,
        #[diesel(sql_type = diesel::sql_types::Bool)]
        known: bool,
    }
    let lines: Vec<Line> = stage_query(MISSED, id, sent).load(tx).await?;
    let amiss = |line: Line| {
        let why = if line.known { Amiss::Twice } else { Amiss::Unknown };
        Some((usize::try_from(line.line).ok()?, why))
    };
    Ok(lines.into_iter().filter_map(amiss).collect())
}

const STAGE: &str = "
    INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price, discount_percent)
    SELECT l.edition_id, o.id, n.from_quantity, n.unit_price, n.discount_percent
    FROM (SELECT e.id AS edition_id, l.portal_id, l.seller_id FROM price_list_edition e JOIN price_list l ON l.id = e.price_list_id
            WHERE e.id = $1) l
        CROSS JOIN unnest($2::text[], $3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[])
            AS n (sku, offer_id, from_quantity, unit_price, discount_percent)
        LEFT JOIN product p ON p.seller_id = l.seller_id AND p.sku = n.sku
        JOIN offer o ON o.id = coalesce(n.offer_id, (SELECT f.id FROM offer f WHERE f.product_id = p.id AND f.portal_id = l.portal_id))
            AND o.portal_id = l.portal_id AND o.seller_id = l.seller_id
    ON CONFLICT DO NOTHING";

/// A line is amiss if its offer is none of the seller's, or if an earlier line has its place.
const MISSED: &str = "
    SELECT n.line::int - 1 AS line, o.id IS NOT NULL AS known
    FROM (SELECT e.id AS edition_id, l.portal_id, l.seller_id FROM price_list_edition e JOIN price_list l ON l.id = e.price_list_id
            WHERE e.id = $1) l
        CROSS JOIN unnest($2::text[], $3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[]) WITH ORDINALITY
            AS n (sku, offer_id, from_quantity, unit_price, discount_percent, line)
        LEFT JOIN product p ON p.seller_id = l.seller_id AND p.sku = n.sku
        LEFT JOIN offer o ON o.id = coalesce(n.offer_id, (SELECT f.id FROM offer f WHERE f.product_id = p.id AND f.portal_id = l.portal_id))
            AND o.portal_id = l.portal_id AND o.seller_id = l.seller_id
        LEFT JOIN price_list_tier t ON t.edition_id = l.edition_id AND t.offer_id = o.id AND t.from_quantity = n.from_quantity
    WHERE o.id IS NULL OR t.unit_price IS DISTINCT FROM n.unit_price OR t.discount_percent IS DISTINCT FROM n.discount_percent
    ORDER BY n.line LIMIT 100";

fn stage_query<'a>(text: &'a str, id: Uuid, sent: &'a [SentTier]) -> TextQuery<'a> {
    diesel::sql_query(text)
        .into_boxed()
        .bind::<SqlUuid, _>(id)
        .bind::<Array<Nullable<Text>>, _>(sent.iter().map(|one| one.sku.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(sent.iter().map(|one| one.offer_id).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(sent.iter().map(|one| one.from_quantity).collect::<Vec<_>>())
        .bind::<Array<Nullable<Numeric>>, _>(sent.iter().map(|one| one.unit_price).collect::<Vec<_>>())
        .bind::<Array<Nullable<Numeric>>, _>(sent.iter().map(|one| one.discount_percent).collect::<Vec<_>>())
}

/// Gives the offers that one edition names the prices they have there, in another one; the others keep theirs.
pub async fn merge(tx: &mut Connection, from: Uuid, into: Uuid) -> Result<(), Failure> {
    for text in [
        "DELETE FROM price_list_tier t WHERE t.edition_id = $2
            AND EXISTS (SELECT FROM price_list_tier n WHERE n.edition_id = $1 AND n.offer_id = t.offer_id)
            AND NOT EXISTS (SELECT FROM price_list_tier n WHERE n.edition_id = $1 AND n.offer_id = t.offer_id
                AND n.from_quantity = t.from_quantity AND n.unit_price IS NOT DISTINCT FROM t.unit_price
                AND n.discount_percent IS NOT DISTINCT FROM t.discount_percent)",
        "INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price, discount_percent)
            SELECT $2, offer_id, from_quantity, unit_price, discount_percent FROM price_list_tier WHERE edition_id = $1
            ON CONFLICT DO NOTHING",
    ] {
        diesel::sql_query(text).bind::<SqlUuid, _>(from).bind::<SqlUuid, _>(into).execute(tx).await?;
    }
    Ok(())
}

/// Copies an edition into another one with all prices changed by so many percent, rounded half to even to so many decimals. Gives
/// how many there are.
pub async fn copy_changed(
    tx: &mut Connection,
    from: Uuid,
    into: Uuid,
    percent: Decimal,
    decimals: i32,
) -> Result<usize, Failure> {
    let query = diesel::sql_query(
        "INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price, discount_percent)
         SELECT $2, offer_id, from_quantity, round((whole + CASE WHEN rest > 0.5 OR (rest = 0.5 AND whole % 2 = 1) THEN 1 ELSE 0 END)
            / 10::numeric ^ $4::numeric, $4), discount_percent
         FROM (SELECT *, trunc(scaled) AS whole, scaled - trunc(scaled) AS rest FROM (
            SELECT *, unit_price * (100 + $3) / 100 * 10::numeric ^ $4::numeric AS scaled FROM price_list_tier WHERE edition_id = $1) s) t",
    );
    let query = query
        .bind::<SqlUuid, _>(from)
        .bind::<SqlUuid, _>(into)
        .bind::<Numeric, _>(percent)
        .bind::<Integer, _>(decimals);
    Ok(query.execute(tx).await?)
}

/// Whether an edition has a price of so much or more.
pub async fn beyond(tx: &mut Connection, id: Uuid, limit: Decimal) -> Result<bool, Failure> {
    let dear =
        price_list_tier::table.filter(price_list_tier::edition_id.eq(id).and(price_list_tier::unit_price.ge(limit)));
    Ok(diesel::select(diesel::dsl::exists(dear)).get_result(tx).await?)
}

/// The numbers of the first offers that have more prices in an edition than so many.
pub async fn crowded(tx: &mut Connection, id: Uuid, most: i64) -> Result<Vec<String>, Failure> {
    #[derive(QueryableByName)]
    struct Crowded {
        #[diesel(sql_type = Text)]
        sku: String,
    }
    let query = diesel::sql_query(
        "SELECT p.sku FROM (SELECT offer_id FROM price_list_tier WHERE edition_id = $1 GROUP BY offer_id HAVING count(*) > $2
             ORDER BY offer_id LIMIT 100) t
         JOIN offer o ON o.id = t.offer_id JOIN product p ON p.id = o.product_id ORDER BY t.offer_id",
    );
    let found: Vec<Crowded> = query.bind::<SqlUuid, _>(id).bind::<BigInt, _>(most).load(tx).await?;
    Ok(found.into_iter().map(|one| one.sku).collect())
}

/// How many editions of a seller's lists are being filled.
pub async fn open(connection: &mut Connection, seller: Uuid) -> Result<i64, Failure> {
    use crate::schema::price_list;
    let open = price_list_edition::table
        .inner_join(price_list::table.on(price_list::id.eq(price_list_edition::price_list_id)))
        .filter(price_list_edition::adopted_at.is_null().and(price_list::seller_id.eq(seller)));
    Ok(open.count().get_result(connection).await?)
}

/// How many prices an edition has.
pub async fn count(tx: &mut Connection, id: Uuid) -> Result<i64, Failure> {
    Ok(price_list_tier::table.filter(price_list_tier::edition_id.eq(id)).count().get_result(tx).await?)
}
