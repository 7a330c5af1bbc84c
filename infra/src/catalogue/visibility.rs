//! Which offers a reader may see: one condition for every query of offers that is not their seller's own.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{blocked_buyer, buyer_group_member, offer_buyer_group, offer_organisation};

/// A condition on the table `offer`: it is published at the moment, for everyone or for the reader, and its seller has neither
/// blocked the reader nor lost the right to sell on the portal. It does not ask whether the seller may trade at all.
///
/// In a query of diesel it is a filter; in SQL of one's own it is written by [`QueryFragment::walk_ast`].
#[derive(Debug, Clone, Copy)]
pub struct SeenBy {
    /// Nil for anybody: no organisation has that id, so only what is for everyone is left.
    reader: Uuid,
    at: Timestamp,
    today: Date,
}

/// What an organisation, or somebody without one, sees at a moment.
pub fn seen_by(reader: Option<OrganisationId>, at: Timestamp) -> SeenBy {
    SeenBy { reader: reader.map(|id| id.0).unwrap_or_default(), at, today: at.date_naive() }
}

impl SeenBy {
    /// The day of the moment: what has expired before it is not to be had.
    pub(crate) fn today(&self) -> &Date {
        &self.today
    }
}

impl QueryFragment<Pg> for SeenBy {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(offer.state = 'published' AND (offer.publish_at IS NULL OR offer.publish_at <= ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(") AND (offer.withdraw_at IS NULL OR offer.withdraw_at > ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        // Uncorrelated, so the sellers that are left out are looked up once a query, not once an offer.
        out.push_sql(") AND offer.seller_id <> ALL (ARRAY(SELECT b.seller_id FROM blocked_buyer b WHERE b.buyer_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.reader)?;
        out.push_sql(
            ")) AND (offer.portal_id, offer.seller_id) NOT IN (SELECT m.portal_id, m.organisation_id FROM portal_member m
                WHERE m.barred_seller) AND (offer.audience = 'everyone' OR EXISTS (SELECT FROM offer_organisation o
                WHERE o.offer_id = offer.id AND o.organisation_id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.reader)?;
        out.push_sql(
            ") OR EXISTS (SELECT FROM offer_buyer_group g JOIN buyer_group_member m ON m.buyer_group_id = g.buyer_group_id
                WHERE g.offer_id = offer.id AND m.organisation_id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.reader)?;
        out.push_sql(")))");
        Ok(())
    }
}

impl QueryId for SeenBy {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Expression for SeenBy {
    type SqlType = Bool;
}

impl<Source> AppearsOnTable<Source> for SeenBy {}

impl<Source> SelectableExpression<Source> for SeenBy {}

impl<GroupBy> ValidGrouping<GroupBy> for SeenBy {
    type IsAggregate = is_aggregate::No;
}

/// Which of these offers the reader may see.
pub async fn among(connection: &Connection, offers: &[Uuid], seen: SeenBy) -> Result<Vec<Uuid>, Failure> {
    Ok(Among { offers, seen }.load(&mut &*connection).await?)
}

/// The ids are unnested, since otherwise PostgreSQL estimates by their number, finds each call cheaper than any, and plans it anew: that
/// takes ten times as long as the query, at every order.
struct Among<'a> {
    offers: &'a [Uuid],
    seen: SeenBy,
}

impl QueryFragment<Pg> for Among<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT offer.id FROM offer WHERE offer.id = ANY (ARRAY(SELECT unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(self.offers)?;
        out.push_sql("))) AND ");
        self.seen.walk_ast(out)
    }
}

impl QueryId for Among<'_> {
    type QueryId = Among<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Among<'_> {
    type SqlType = SqlUuid;
}

impl<C> diesel::RunQueryDsl<C> for Among<'_> {}

/// Whether the organisation sees anything else than everybody does: it is blocked, or among the chosen of some offer.
pub async fn sees_otherwise(connection: &Connection, reader: OrganisationId) -> Result<bool, Failure> {
    let blocked = blocked_buyer::table.filter(blocked_buyer::buyer_id.eq(reader.0));
    let chosen = offer_organisation::table.filter(offer_organisation::organisation_id.eq(reader.0));
    let grouped = buyer_group_member::table
        .inner_join(
            offer_buyer_group::table.on(offer_buyer_group::buyer_group_id.eq(buyer_group_member::buyer_group_id)),
        )
        .filter(buyer_group_member::organisation_id.eq(reader.0));
    let any = diesel::dsl::exists(blocked).or(diesel::dsl::exists(chosen)).or(diesel::dsl::exists(grouped));
    Ok(diesel::select(any).get_result(&mut &*connection).await?)
}
