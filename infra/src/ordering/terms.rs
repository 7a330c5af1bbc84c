//! What binds a buyer at the checkout, read in one statement that is sent with the others: for most there is nothing to find.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::OrganisationId;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// What binds somebody who orders.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The person who counts as the one who orders: for a machine, who made it.
    pub person: Uuid,
    /// The cost centres that this person is a member of.
    pub member_of: Vec<Uuid>,
    /// The version and the document of the approval policy in force, if there is one.
    pub policy: Option<(i64, Value)>,
    /// The credit that the sellers of these offers give.
    pub credit: Vec<CreditTerms>,
}

/// The terms of a relation in one currency.
#[derive(Debug, Clone)]
pub struct CreditTerms {
    pub seller_id: Uuid,
    pub currency: String,
    pub payment_days: i32,
}

/// What binds the person or API client `actor` when ordering these offers for `buyer`.
pub async fn load(
    connection: &Connection,
    buyer: OrganisationId,
    actor: Uuid,
    offers: &[Uuid],
) -> Result<Terms, Failure> {
    type Found = (Uuid, Vec<Uuid>, Option<i64>, Option<Value>, Vec<Uuid>, Vec<String>, Vec<i32>);
    let (person, member_of, version, document, sellers, currencies, days): Found =
        Load { buyer: buyer.0, actor, offers }.get_result(&mut &*connection).await?;
    let credit = sellers.into_iter().zip(currencies).zip(days);
    let credit = credit.map(|((seller_id, currency), payment_days)| CreditTerms { seller_id, currency, payment_days });
    Ok(Terms { person, member_of, policy: version.zip(document), credit: credit.collect() })
}

struct Load<'a> {
    buyer: Uuid,
    actor: Uuid,
    offers: &'a [Uuid],
}

impl QueryFragment<Pg> for Load<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT who.id,
                ARRAY(SELECT m.cost_centre_id FROM cost_centre_member m JOIN cost_centre c ON c.id = m.cost_centre_id
                      WHERE m.person_id = who.id AND c.organisation_id = who.buyer),
                policy.version, policy.document, credit.sellers, credit.currencies, credit.days
             FROM (SELECT coalesce((SELECT created_by FROM api_client WHERE id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.actor)?;
        out.push_sql("), ");
        out.push_bind_param::<SqlUuid, _>(&self.actor)?;
        out.push_sql(") AS id, ");
        out.push_bind_param::<SqlUuid, _>(&self.buyer)?;
        out.push_sql(
            " AS buyer) AS who
             LEFT JOIN LATERAL (SELECT version, document FROM approval_policy WHERE organisation_id = who.buyer
                                ORDER BY version DESC LIMIT 1) AS policy ON true
             CROSS JOIN LATERAL (SELECT coalesce(array_agg(seller_id), '{}') AS sellers,
                                 coalesce(array_agg(currency), '{}') AS currencies, coalesce(array_agg(payment_days), '{}') AS days
                                 FROM credit_line WHERE buyer_id = who.buyer
                                 AND seller_id IN (SELECT seller_id FROM offer WHERE id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(self.offers)?;
        out.push_sql("))) AS credit");
        Ok(())
    }
}

impl QueryId for Load<'_> {
    type QueryId = Load<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Load<'_> {
    type SqlType =
        (SqlUuid, Array<SqlUuid>, Nullable<BigInt>, Nullable<Jsonb>, Array<SqlUuid>, Array<Text>, Array<Integer>);
}

impl<C> diesel::RunQueryDsl<C> for Load<'_> {}
