//! What price lists say to a buyer: read for the very offers that are asked for, never computed ahead.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{buyer_group_member, price_list, price_list_buyer, price_list_group};

/// A price or a discount that a list in force gives a buyer for an offer. Those of one list for one offer follow each other, the
/// most specific part first and its quantities ascending.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ListedTier {
    pub price_list_id: Uuid,
    pub offer_id: Uuid,
    /// How the list comes to be for the buyer: 0 names it, 1 names a group of it, 2 is for everyone.
    pub audience: i32,
    pub priority: i32,
    /// 0 for the offer, 1 for the nearest category, 2 for all offers.
    pub part: i32,
    pub currency: Option<String>,
    pub from_quantity: Decimal,
    pub unit_price: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
}

/// What lists in force give a buyer (or anybody) for these offers.
pub async fn listed_prices(
    connection: &Connection,
    buyer: Option<OrganisationId>,
    offers: &[Uuid],
    at: Timestamp,
) -> Result<Vec<ListedTier>, Failure> {
    let query = Listed { buyer: buyer.map(|id| id.0).unwrap_or_default(), offers: offers.to_vec(), at };
    Ok(query.load(&mut &*connection).await?)
}

/// Whether any list in force on the portal is for the buyer (or for anybody).
pub async fn has_lists(
    connection: &Connection,
    portal: PortalId,
    buyer: Option<OrganisationId>,
    at: Timestamp,
) -> Result<bool, Failure> {
    let buyer = buyer.map(|id| id.0).unwrap_or_default();
    let named = price_list_buyer::table
        .filter(price_list_buyer::price_list_id.eq(price_list::id).and(price_list_buyer::organisation_id.eq(buyer)));
    let grouped = price_list_group::table
        .inner_join(
            buyer_group_member::table.on(buyer_group_member::buyer_group_id.eq(price_list_group::buyer_group_id)),
        )
        .filter(price_list_group::price_list_id.eq(price_list::id).and(buyer_group_member::organisation_id.eq(buyer)));
    let lists = price_list::table
        .filter(price_list::portal_id.eq(portal.0).and(price_list::archived_at.is_null()))
        .filter(price_list::valid_from.le(at))
        .filter(price_list::valid_until.is_null().or(price_list::valid_until.gt(at)))
        .filter(price_list::everyone.or(diesel::dsl::exists(named)).or(diesel::dsl::exists(grouped)));
    Ok(diesel::select(diesel::dsl::exists(lists)).get_result(&mut &*connection).await?)
}

/// What lists gave a buyer at a moment that is over, by what was kept of them.
pub async fn listed_prices_then(
    connection: &Connection,
    buyer: Option<OrganisationId>,
    offers: &[Uuid],
    at: Timestamp,
) -> Result<Vec<ListedTier>, Failure> {
    let query = Listed { buyer: buyer.map(|id| id.0).unwrap_or_default(), offers: offers.to_vec(), at };
    Ok(ListedThen(query).load(&mut &*connection).await?)
}

/// A price of an offer as it was.
#[derive(Debug, Clone, QueryableByName)]
pub struct PastTier {
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Numeric)]
    pub from_quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    pub unit_price: Decimal,
}

/// An offer's own prices at a moment that is over; none before it had any.
pub async fn offer_tiers_then(connection: &Connection, offer: Uuid, at: Timestamp) -> Result<Vec<PastTier>, Failure> {
    let query = diesel::sql_query(
        "SELECT coalesce((SELECT p.currency FROM offer_currency_past p WHERE p.offer_id = o.id AND p.until > $2 ORDER BY p.until LIMIT 1),
             o.currency) AS currency, t.from_quantity, t.unit_price
         FROM offer o JOIN (
             SELECT offer_id, from_quantity, unit_price FROM offer_tier WHERE since <= $2
             UNION ALL SELECT offer_id, from_quantity, unit_price FROM offer_tier_past WHERE since <= $2 AND until > $2
         ) t ON t.offer_id = o.id WHERE o.id = $1 ORDER BY t.from_quantity",
    );
    let query = query.bind::<SqlUuid, _>(offer).bind::<Timestamptz, _>(at);
    Ok(query.load(&mut &*connection).await?)
}

/// The lists that are for the buyer, and what they say: those of today from their own tables.
struct Listed {
    /// Nil for anybody.
    buyer: Uuid,
    offers: Vec<Uuid>,
    at: Timestamp,
}

/// [`Listed`] from the rows that held at the time, be they changed since or not.
struct ListedThen(Listed);

impl Listed {
    fn walk<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>, then: bool) -> QueryResult<()> {
        out.push_sql("WITH wanted AS (SELECT id, portal_id, seller_id, product_id FROM offer WHERE id = ANY (");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.offers)?;
        out.push_sql(")), lists AS (SELECT l.id, l.edition_id, l.portal_id, l.seller_id, l.priority, l.currency, l.discount_percent,");
        out.push_sql(" min(a.audience) AS audience FROM (SELECT b.price_list_id, 0 AS audience FROM ");
        self.table(&mut out, then, "price_list_buyer", "price_list_id, organisation_id")?;
        out.push_sql(" b WHERE b.organisation_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.buyer)?;
        out.push_sql(" UNION ALL SELECT g.price_list_id, 1 FROM ");
        self.table(&mut out, then, "buyer_group_member", "buyer_group_id, organisation_id")?;
        out.push_sql(" m JOIN ");
        self.table(&mut out, then, "price_list_group", "price_list_id, buyer_group_id")?;
        out.push_sql(" g ON g.buyer_group_id = m.buyer_group_id WHERE m.organisation_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.buyer)?;
        out.push_sql(" UNION ALL SELECT e.id, 2 FROM (SELECT DISTINCT portal_id, seller_id FROM wanted) w JOIN ");
        self.table(&mut out, then, "price_list", HEAD)?;
        out.push_sql(" e ON e.portal_id = w.portal_id AND e.seller_id = w.seller_id WHERE e.everyone) a JOIN ");
        self.table(&mut out, then, "price_list", HEAD)?;
        out.push_sql(" l ON l.id = a.price_list_id WHERE l.archived_at IS NULL AND l.valid_from <= ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(" AND (l.valid_until IS NULL OR l.valid_until > ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(
            ") AND (l.portal_id, l.seller_id) IN (SELECT portal_id, seller_id FROM wanted)
             GROUP BY l.id, l.edition_id, l.portal_id, l.seller_id, l.priority, l.currency, l.discount_percent),
             pairs AS (SELECT l.*, w.id AS offer_id, w.product_id FROM lists l
                JOIN wanted w ON w.portal_id = l.portal_id AND w.seller_id = l.seller_id)
             SELECT p.id AS price_list_id, p.offer_id, p.audience, p.priority, 0 AS part, p.currency, t.from_quantity, t.unit_price,
                t.discount_percent FROM pairs p JOIN ",
        );
        self.table(&mut out, then, "price_list_tier", TIER)?;
        out.push_sql(
            " t ON t.edition_id = p.edition_id AND t.offer_id = p.offer_id
             UNION ALL (SELECT DISTINCT ON (p.id, p.offer_id) p.id, p.offer_id, p.audience, p.priority, 1, p.currency, 0, NULL,
                d.discount_percent FROM ",
        );
        self.table(&mut out, then, "price_list_category", "price_list_id, category_id, discount_percent")?;
        out.push_sql(
            " d JOIN pairs p ON p.id = d.price_list_id JOIN product ON product.id = p.product_id
                JOIN category k ON k.id = product.category_id AND d.category_id = ANY (k.path)
                ORDER BY p.id, p.offer_id, array_position(k.path, d.category_id) DESC)
             UNION ALL SELECT p.id, p.offer_id, p.audience, p.priority, 2, p.currency, 0, NULL, p.discount_percent
             FROM pairs p WHERE p.discount_percent IS NOT NULL
             ORDER BY offer_id, price_list_id, part, from_quantity",
        );
        Ok(())
    }

    /// A table as it is, or the rows of it that held at the time.
    fn table<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Pg>,
        then: bool,
        name: &'static str,
        columns: &'static str,
    ) -> QueryResult<()> {
        if !then {
            out.push_sql(name);
            return Ok(());
        }
        for (index, part) in ["(SELECT ", " UNION ALL SELECT "].into_iter().enumerate() {
            out.push_sql(part);
            out.push_sql(columns);
            out.push_sql(" FROM ");
            out.push_sql(name);
            out.push_sql(if index == 0 { " WHERE since <= " } else { "_past WHERE since <= " });
            out.push_bind_param::<Timestamptz, _>(&self.at)?;
        }
        out.push_sql(" AND until > ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(")");
        Ok(())
    }
}

const HEAD: &str = "id, portal_id, seller_id, currency, valid_from, valid_until, archived_at, edition_id, everyone, priority, discount_percent";
const TIER: &str = "edition_id, offer_id, from_quantity, unit_price, discount_percent";

impl QueryFragment<Pg> for Listed {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(out, false)
    }
}

impl QueryFragment<Pg> for ListedThen {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk(out, true)
    }
}

impl QueryId for Listed {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryId for ListedThen {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

type Columns =
    (SqlUuid, SqlUuid, Integer, Integer, Integer, Nullable<Text>, Numeric, Nullable<Numeric>, Nullable<Numeric>);

impl diesel::query_builder::Query for Listed {
    type SqlType = Columns;
}

impl diesel::query_builder::Query for ListedThen {
    type SqlType = Columns;
}

impl<C> diesel::RunQueryDsl<C> for Listed {}

impl<C> diesel::RunQueryDsl<C> for ListedThen {}
