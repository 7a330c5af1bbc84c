//! The companies that may do something on a portal, and the groups of legal entities that companies belong to.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use domain::portal::{Capability, Function};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// A company, and the top of the group of legal entities that it belongs to: itself where it has no parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Company {
    #[diesel(sql_type = SqlUuid)]
    pub company: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub top: Uuid,
}

/// From the companies that a statement gives as `id` to the tops of their groups.
fn tops_of(companies: &str) -> String {
    format!(
        "WITH RECURSIVE company AS ({companies}), chain AS (
             SELECT id AS company, id AS top FROM company
             UNION
             SELECT c.company, o.parent_id FROM chain c JOIN organisation o ON o.id = c.top
             WHERE o.parent_id IS NOT NULL AND o.parent_confirmed_at IS NOT NULL)
         SELECT company, top FROM chain
         WHERE NOT EXISTS (SELECT FROM organisation o WHERE o.id = top AND o.parent_confirmed_at IS NOT NULL)
         ORDER BY company"
    )
}

/// The verified members with a capability that have accepted the portal's rules; nobody where the portal has not that function. Where some are
/// named, of those alone.
pub async fn able(
    connection: &mut Connection,
    portal: PortalId,
    (capability, function): (Capability, Function),
    only: Option<&[Uuid]>,
) -> Result<Vec<Company>, Failure> {
    let found = diesel::sql_query(tops_of(
        "SELECT m.organisation_id AS id
         FROM portal_member m JOIN portal p ON p.id = m.portal_id JOIN organisation o ON o.id = m.organisation_id
         WHERE m.portal_id = $1 AND m.state = 'active' AND $2 = ANY (m.capabilities)
             AND m.accepted_rules >= p.rules_version AND o.state = 'verified'
             AND p.archived_at IS NULL AND $3 = ANY (p.functions)
             AND ($4 IS NULL OR m.organisation_id = ANY ($4))",
    ))
    .bind::<SqlUuid, _>(portal.0)
    .bind::<Text, _>(capability.code())
    .bind::<Text, _>(function.code())
    .bind::<Nullable<Array<SqlUuid>>, _>(only)
    .load(connection)
    .await?;
    Ok(found)
}

/// The tops of the groups of those companies.
pub async fn tops(connection: &mut Connection, companies: &[Uuid]) -> Result<HashMap<Uuid, Uuid>, Failure> {
    let found: Vec<Company> = diesel::sql_query(tops_of("SELECT unnest($1) AS id"))
        .bind::<Array<SqlUuid>, _>(companies)
        .load(connection)
        .await?;
    Ok(found.into_iter().map(|Company { company, top }| (company, top)).collect())
}
