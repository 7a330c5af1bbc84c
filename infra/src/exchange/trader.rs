//! The companies that may trade on a portal.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// A company, and the top of the group of legal entities that it belongs to: itself where it has no parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Trader {
    #[diesel(sql_type = SqlUuid)]
    pub company: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub top: Uuid,
}

/// The verified members with the capability `trade` that have accepted the portal's rules; nobody where there is no exchange.
pub async fn of_portal(connection: &mut Connection, portal: PortalId) -> Result<Vec<Trader>, Failure> {
    let found = diesel::sql_query(
        "WITH RECURSIVE trader AS (
             SELECT m.organisation_id AS id
             FROM portal_member m JOIN portal p ON p.id = m.portal_id JOIN organisation o ON o.id = m.organisation_id
             WHERE m.portal_id = $1 AND m.state = 'active' AND 'trade' = ANY (m.capabilities)
                 AND m.accepted_rules >= p.rules_version AND o.state = 'verified'
                 AND p.archived_at IS NULL AND 'exchange' = ANY (p.functions)),
         chain AS (
             SELECT id AS company, id AS top FROM trader
             UNION
             SELECT c.company, o.parent_id FROM chain c JOIN organisation o ON o.id = c.top
             WHERE o.parent_id IS NOT NULL AND o.parent_confirmed_at IS NOT NULL)
         SELECT company, top FROM chain
         WHERE NOT EXISTS (SELECT FROM organisation o WHERE o.id = top AND o.parent_confirmed_at IS NOT NULL)
         ORDER BY company",
    )
    .bind::<SqlUuid, _>(portal.0)
    .load(connection)
    .await?;
    Ok(found)
}
