//! Which of their company's orders people see who do not see all of them.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PersonId, Timestamp};
use uuid::Uuid;

use super::cost_centre;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{approval_delegation, member, purchase_order};

/// What somebody sees of the orders that their company places: their own, those charged to their cost centres, those they may decide
/// on, themselves or for others, and those they have decided on.
#[derive(Debug, Clone)]
pub struct Sight {
    pub organisation: Uuid,
    pub person: Uuid,
    pub centres: Vec<Uuid>,
    /// They and those they stand in for.
    pub persons: Vec<Uuid>,
    /// Their roles and those of whom they stand in for.
    pub roles: Vec<String>,
}

/// What somebody sees: the cost centres that keep them, and all else.
pub async fn load(
    connection: &mut Connection,
    of: OrganisationId,
    person: PersonId,
    own_roles: &[&str],
    at: Timestamp,
) -> Result<(Vec<Uuid>, Sight), Failure> {
    let (member_of, owned) = cost_centre::of_person(connection, of, person).await?;
    let (persons, roles) = stands_for(connection, of, person, own_roles, at).await?;
    let centres = [member_of.clone(), owned].concat();
    Ok((member_of, Sight { organisation: of.0, person: person.0, centres, persons, roles }))
}

/// Somebody with all whom they stand in for at this moment, and the roles of all of them.
pub async fn stands_for(
    connection: &mut Connection,
    of: OrganisationId,
    person: PersonId,
    own_roles: &[&str],
    at: Timestamp,
) -> Result<(Vec<Uuid>, Vec<String>), Failure> {
    let found: Vec<(Uuid, Vec<String>)> = approval_delegation::table
        .inner_join(
            member::table.on(member::person_id
                .eq(approval_delegation::from_id)
                .and(member::organisation_id.eq(approval_delegation::organisation_id))),
        )
        .filter(approval_delegation::to_id.eq(person.0).and(approval_delegation::organisation_id.eq(of.0)))
        .filter(approval_delegation::revoked_at.is_null())
        .filter(approval_delegation::starts_at.le(at).and(approval_delegation::ends_at.gt(at)))
        .select((member::person_id, member::roles))
        .load(connection)
        .await?;
    let persons = std::iter::once(person.0).chain(found.iter().map(|(id, _)| *id)).collect();
    let own = own_roles.iter().map(|role| (*role).to_owned());
    let roles = own.chain(found.into_iter().flat_map(|(_, roles)| roles)).collect();
    Ok((persons, roles))
}

/// Whether somebody sees an order of their company.
pub async fn sees(connection: &mut Connection, sight: &Sight, order: Uuid) -> Result<bool, Failure> {
    let found = purchase_order::table.filter(purchase_order::id.eq(order)).filter(visible(sight));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection).await?)
}

/// The condition on `purchase_order` that lets through what somebody sees, and all that their company does not buy.
pub(super) struct Visible(Sight);

pub(super) fn visible(sight: &Sight) -> Visible {
    Visible(sight.clone())
}

impl QueryFragment<Pg> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Sight { organisation, person, centres, persons, roles } = &self.0;
        out.push_sql("(purchase_order.buyer_id <> ");
        out.push_bind_param::<SqlUuid, _>(organisation)?;
        out.push_sql(" OR purchase_order.created_by = ");
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql(" OR purchase_order.cost_centre_id = ANY(");
        out.push_bind_param::<Array<SqlUuid>, _>(centres)?;
        out.push_sql(
            ") OR EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = purchase_order.id AND l.cost_centre_id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(centres)?;
        out.push_sql(
            ")) OR EXISTS (SELECT 1 FROM approval a JOIN approval_step s ON s.approval_id = a.id
                LEFT JOIN approval_decision d ON d.step_id = s.id
                WHERE a.order_id IN (purchase_order.id, purchase_order.split_from) AND (d.decided_by = ",
        );
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql(" OR a.requesters @> ARRAY[");
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql("] OR s.state = 'open' AND (s.persons && ");
        out.push_bind_param::<Array<SqlUuid>, _>(persons)?;
        out.push_sql(" OR s.roles && ");
        out.push_bind_param::<Array<Text>, _>(roles)?;
        out.push_sql("))))");
        Ok(())
    }
}

impl QueryId for Visible {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Expression for Visible {
    type SqlType = Bool;
}

impl AppearsOnTable<purchase_order::table> for Visible {}
impl SelectableExpression<purchase_order::table> for Visible {}

impl ValidGrouping<()> for Visible {
    type IsAggregate = is_aggregate::Never;
}
