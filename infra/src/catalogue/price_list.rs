//! Price lists: other prices for some buyers, or for everyone, for a period.

use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, PriceListId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::price_list_edition::{self as edition, ListTierRow};
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{offer, price_list, price_list_buyer, price_list_category, price_list_group};

/// A price list without its audience and prices.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = price_list, treat_none_as_default_value = false)]
pub struct PriceListRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub seller_id: Uuid,
    pub name: String,
    /// Of its prices; none for a list that has only discounts.
    pub currency: Option<String>,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub edition_id: Uuid,
    pub everyone: bool,
    pub priority: i32,
    /// On all offers.
    pub discount_percent: Option<Decimal>,
}

/// A price list with all that belongs to it.
#[derive(Debug, Clone)]
pub struct PriceList {
    pub row: PriceListRow,
    pub buyers: Vec<Uuid>,
    pub groups: Vec<Uuid>,
    /// Discounts in percent by category.
    pub categories: Vec<(Uuid, Decimal)>,
    /// None if there are too many to have at once.
    pub tiers: Option<Vec<ListTierRow>>,
}

pub async fn insert(tx: &mut Connection, new: &PriceList) -> Result<(), Failure> {
    let row = &new.row;
    edition::insert(tx, row.edition_id, PriceListId(row.id), row.created_at, Some(row.created_at)).await?;
    diesel::insert_into(price_list::table).values(row).execute(tx).await?;
    add_parts(tx, new).await?;
    edition::add(tx, row.edition_id, new.tiers.as_deref().unwrap_or_default()).await?;
    Ok(())
}

/// Keeps all that can change of a price list. Only what differs is written, so that the past holds what has changed.
pub async fn update(tx: &mut Connection, changed: &PriceList) -> Result<(), Failure> {
    use price_list_buyer as b;
    use price_list_category as c;
    use price_list_group as g;
    update_row(tx, &changed.row).await?;
    let id = changed.row.id;
    let categories: Vec<Uuid> = changed.categories.iter().map(|(category, _)| *category).collect();
    diesel::delete(b::table.filter(b::price_list_id.eq(id).and(b::organisation_id.ne_all(&changed.buyers))))
        .execute(tx)
        .await?;
    diesel::delete(g::table.filter(g::price_list_id.eq(id).and(g::buyer_group_id.ne_all(&changed.groups))))
        .execute(tx)
        .await?;
    diesel::delete(c::table.filter(c::price_list_id.eq(id).and(c::category_id.ne_all(&categories))))
        .execute(tx)
        .await?;
    let percents: Vec<Decimal> = changed.categories.iter().map(|(_, percent)| *percent).collect();
    diesel::sql_query(
        "UPDATE price_list_category c SET discount_percent = n.percent FROM unnest($2, $3) AS n (category_id, percent)
         WHERE c.price_list_id = $1 AND c.category_id = n.category_id AND c.discount_percent <> n.percent",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<SqlUuid>, _>(categories)
    .bind::<Array<Numeric>, _>(percents)
    .execute(tx)
    .await?;
    add_parts(tx, changed).await?;
    match &changed.tiers {
        Some(tiers) => edition::set(tx, changed.row.edition_id, tiers).await,
        None => Ok(()),
    }
}

/// Keeps the row alone.
pub async fn update_row(tx: &mut Connection, row: &PriceListRow) -> Result<(), Failure> {
    diesel::update(price_list::table.find(row.id))
        .set((
            price_list::name.eq(&row.name),
            price_list::currency.eq(&row.currency),
            price_list::valid_from.eq(row.valid_from),
            price_list::valid_until.eq(row.valid_until),
            price_list::archived_at.eq(row.archived_at),
            price_list::version.eq(row.version),
            price_list::edition_id.eq(row.edition_id),
            price_list::everyone.eq(row.everyone),
            price_list::priority.eq(row.priority),
            price_list::discount_percent.eq(row.discount_percent),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

async fn add_parts(tx: &mut Connection, list: &PriceList) -> Result<(), Failure> {
    use price_list_buyer as b;
    use price_list_category as c;
    use price_list_group as g;
    let id = list.row.id;
    let buyers: Vec<_> = list.buyers.iter().map(|one| (b::price_list_id.eq(id), b::organisation_id.eq(*one))).collect();
    let groups: Vec<_> = list.groups.iter().map(|one| (g::price_list_id.eq(id), g::buyer_group_id.eq(*one))).collect();
    let category = |(one, percent): &(Uuid, Decimal)| {
        (c::price_list_id.eq(id), c::category_id.eq(*one), c::discount_percent.eq(*percent))
    };
    let categories: Vec<_> = list.categories.iter().map(category).collect();
    if !buyers.is_empty() {
        diesel::insert_into(b::table).values(buyers).on_conflict_do_nothing().execute(tx).await?;
    }
    if !groups.is_empty() {
        diesel::insert_into(g::table).values(groups).on_conflict_do_nothing().execute(tx).await?;
    }
    if !categories.is_empty() {
        diesel::insert_into(c::table).values(categories).on_conflict_do_nothing().execute(tx).await?;
    }
    Ok(())
}

/// The row of a price list of this seller, held until the transaction ends.
pub async fn lock_row(
    tx: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceListRow>, Failure> {
    let row = price_list::table
        .filter(price_list::id.eq(id.0).and(price_list::portal_id.eq(portal.0)).and(price_list::seller_id.eq(seller.0)))
        .select(PriceListRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?;
    Ok(row)
}

/// A price list of this seller, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceList>, Failure> {
    match lock_row(tx, portal, seller, id).await? {
        Some(row) => Ok(Some(complete(tx, row).await?)),
        None => Ok(None),
    }
}

pub async fn find_row(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceListRow>, Failure> {
    let row = price_list::table
        .filter(price_list::id.eq(id.0).and(price_list::portal_id.eq(portal.0)).and(price_list::seller_id.eq(seller.0)))
        .select(PriceListRow::as_select())
        .first(connection)
        .await
        .optional()?;
    Ok(row)
}

pub async fn find(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: PriceListId,
) -> Result<Option<PriceList>, Failure> {
    match find_row(connection, portal, seller, id).await? {
        Some(row) => Ok(Some(complete(connection, row).await?)),
        None => Ok(None),
    }
}

async fn complete(connection: &mut Connection, row: PriceListRow) -> Result<PriceList, Failure> {
    let connection = &*connection;
    let buyers = price_list_buyer::table
        .filter(price_list_buyer::price_list_id.eq(row.id))
        .order(price_list_buyer::organisation_id)
        .select(price_list_buyer::organisation_id);
    let groups = price_list_group::table
        .filter(price_list_group::price_list_id.eq(row.id))
        .order(price_list_group::buyer_group_id)
        .select(price_list_group::buyer_group_id);
    let categories = price_list_category::table
        .filter(price_list_category::price_list_id.eq(row.id))
        .order(price_list_category::category_id)
        .select((price_list_category::category_id, price_list_category::discount_percent));
    let handles = (&mut &*connection, &mut &*connection, &mut &*connection);
    let (buyers, groups, categories) =
        futures::try_join!(buyers.load(handles.0), groups.load(handles.1), categories.load(handles.2))?;
    let tiers = edition::all(connection, row.edition_id).await?;
    Ok(PriceList { row, buyers, groups, categories, tiers })
}

/// The price lists of a seller on a portal, without those put away.
pub async fn list(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<PriceListRow>, Failure> {
    let mut query = price_list::table
        .filter(price_list::portal_id.eq(portal.0).and(price_list::seller_id.eq(seller.0)))
        .filter(price_list::archived_at.is_null())
        .order(price_list::id)
        .limit(page.rows())
        .select(PriceListRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(price_list::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &PriceListRow| row.id))
}

/// Which of these offers are this seller's on this portal.
pub async fn own_offers(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Failure> {
    let found = offer::table
        .filter(offer::portal_id.eq(portal.0).and(offer::seller_id.eq(seller.0)).and(offer::id.eq_any(ids)))
        .select(offer::id)
        .load(connection)
        .await?;
    Ok(found)
}

/// The names of these lists.
pub async fn names(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, Failure> {
    let query = price_list::table.filter(price_list::id.eq_any(ids)).select((price_list::id, price_list::name));
    Ok(query.load(connection).await?)
}

/// Holds the lists of a seller on a portal against each other until the transaction ends: of two that are written at once, one sees the other.
pub async fn hold_all(tx: &mut Connection, portal: Uuid, seller: Uuid) -> Result<(), Failure> {
    let query =
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('price lists ' || $1 || ' ' || $2, 0))");
    query.bind::<SqlUuid, _>(portal).bind::<SqlUuid, _>(seller).execute(tx).await?;
    Ok(())
}

/// Another list of the seller between which and this one no priority decides: equal priority and rank of audience, a common
/// buyer, a common time, a common offer. Prices in different currencies are for different orders; discounts are for all.
pub async fn overlapping(tx: &mut Connection, id: Uuid) -> Result<Option<(Uuid, String)>, Failure> {
    #[derive(QueryableByName)]
    struct Other {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let found: Option<Other> = diesel::sql_query(OVERLAPPING).bind::<SqlUuid, _>(id).get_result(tx).await.optional()?;
    Ok(found.map(|other| (other.id, other.name)))
}

const OVERLAPPING: &str = "
    SELECT o.id, o.name FROM price_list m
        JOIN price_list o ON o.seller_id = m.seller_id AND o.portal_id = m.portal_id AND o.id <> m.id AND o.priority = m.priority
    WHERE m.id = $1 AND m.archived_at IS NULL AND o.archived_at IS NULL
        AND tstzrange(o.valid_from, o.valid_until) && tstzrange(m.valid_from, m.valid_until)
        AND (o.everyone AND m.everyone
            OR EXISTS (SELECT FROM price_list_buyer a JOIN price_list_buyer b ON b.organisation_id = a.organisation_id
                WHERE a.price_list_id = m.id AND b.price_list_id = o.id)
            OR EXISTS (SELECT FROM price_list_group a JOIN price_list_group b ON b.buyer_group_id = a.buyer_group_id
                WHERE a.price_list_id = m.id AND b.price_list_id = o.id)
            OR EXISTS (SELECT FROM price_list_group a JOIN buyer_group_member am ON am.buyer_group_id = a.buyer_group_id
                JOIN buyer_group_member bm ON bm.organisation_id = am.organisation_id
                JOIN price_list_group b ON b.buyer_group_id = bm.buyer_group_id
                WHERE a.price_list_id = m.id AND b.price_list_id = o.id))
        AND (m.discount_percent IS NOT NULL OR o.discount_percent IS NOT NULL
            OR EXISTS (SELECT FROM price_list_tier a JOIN price_list_tier b ON b.offer_id = a.offer_id
                WHERE a.edition_id = m.edition_id AND b.edition_id = o.edition_id
                    AND (a.unit_price IS NULL OR b.unit_price IS NULL OR m.currency = o.currency))
            OR EXISTS (
                WITH RECURSIVE below AS (
                    SELECT c.category_id AS id, c.price_list_id AS list FROM price_list_category c WHERE c.price_list_id IN (m.id, o.id)
                    UNION SELECT k.id, below.list FROM below JOIN category k ON k.parent_id = below.id)
                SELECT FROM below WHERE
                    EXISTS (SELECT FROM price_list_category c WHERE c.category_id = below.id AND c.price_list_id <> below.list
                        AND c.price_list_id IN (m.id, o.id))
                    OR EXISTS (SELECT FROM product p JOIN offer f ON f.product_id = p.id JOIN price_list_tier t ON t.offer_id = f.id
                        WHERE p.category_id = below.id AND p.seller_id = m.seller_id
                            AND t.edition_id = CASE WHEN below.list = m.id THEN o.edition_id ELSE m.edition_id END)))
    LIMIT 1";
