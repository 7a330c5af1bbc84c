//! What binds a buyer at the checkout, read in one statement that is sent with the others: for most there is nothing to find.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Uuid as SqlUuid};
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
}

/// What binds the person or API client `actor` when ordering for `buyer`.
pub async fn load(connection: &Connection, buyer: OrganisationId, actor: Uuid) -> Result<Terms, Failure> {
    type Found = (Uuid, Vec<Uuid>, Option<i64>, Option<Value>);
    let (person, member_of, version, document): Found =
        Load { buyer: buyer.0, actor }.get_result(&mut &*connection).await?;
    Ok(Terms { person, member_of, policy: version.zip(document) })
}

struct Load {
    buyer: Uuid,
    actor: Uuid,
}

impl QueryFragment<Pg> for Load {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT who.id,
                ARRAY(SELECT m.cost_centre_id FROM cost_centre_member m JOIN cost_centre c ON c.id = m.cost_centre_id
                      WHERE m.person_id = who.id AND c.organisation_id = who.buyer),
                policy.version, policy.document
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
                                ORDER BY version DESC LIMIT 1) AS policy ON true",
        );
        Ok(())
    }
}

impl QueryId for Load {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Load {
    type SqlType = (SqlUuid, Array<SqlUuid>, Nullable<BigInt>, Nullable<Jsonb>);
}

impl<C> diesel::RunQueryDsl<C> for Load {}
