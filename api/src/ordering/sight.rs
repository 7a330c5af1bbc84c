//! Which of their company's orders a caller sees. Owners, admins and machines see all of them. Who is a member of a cost centre sees
//! the orders on their cost centres; who has no role but approver, those they are asked about. Both see their own orders and those
//! they have decided on. Orders to the company are not concerned. Contracts, their deliveries and invoices are seen by those who see the
//! order that they were made of.

use domain::kernel::{OrganisationId, PersonId, Refusal, Timestamp};
use domain::party::Role;
use infra::Failure;
use infra::db::Connection;
use infra::ordering::approval;
use infra::ordering::order::Order;
use infra::ordering::sight::{self, Sight};
use uuid::Uuid;

use super::usecase::unknown;
use crate::http::principal::{Actor, Principal};

/// What the caller sees; none where it is all.
pub async fn of(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<Option<Sight>, Failure> {
    let (Actor::Person { person, .. }, Some(member)) = (by.actor, &by.organisation) else { return Ok(None) };
    if sees_all(by) {
        return Ok(None);
    }
    let roles: Vec<&str> = member.roles.iter().map(|role| role.code()).collect();
    let (member_of, sight) = sight::load(connection, member.id, person.into(), &roles, at).await?;
    Ok(is_bound(by, &member_of).then_some(sight))
}

/// Whether somebody with these cost centres sees, and orders on, only some of what is their company's.
pub fn is_bound(by: &Principal, member_of: &[Uuid]) -> bool {
    let only_approves = || by.organisation.iter().all(|member| member.roles.iter().all(|role| *role == Role::Approver));
    !sees_all(by) && (!member_of.is_empty() || only_approves())
}

/// Owners, admins and machines, whatever their cost centres are.
pub fn sees_all(by: &Principal) -> bool {
    let roles = by.organisation.iter().flat_map(|member| &member.roles);
    !matches!(by.actor, Actor::Person { .. }) || roles.into_iter().any(|role| matches!(role, Role::Owner | Role::Admin))
}

/// Refuses to those who do not see all orders of their company what tells of all of them, such as its books.
pub async fn check_all(connection: &mut Connection, by: &Principal, at: Timestamp, tells: &str) -> Result<(), Failure> {
    if of(connection, by, at).await?.is_some() {
        let detail = format!("{tells} of all orders of your organisation, and you see only some of them.");
        return Err(Refusal::forbidden(detail).into());
    }
    Ok(())
}

/// Refuses a contract that was made of an order that the caller does not see, as if it did not exist, and what hangs on it.
pub async fn check_contract(
    connection: &mut Connection,
    by: &Principal,
    at: Timestamp,
    (buyer, contract): (Uuid, Uuid),
    unknown: fn() -> Refusal,
) -> Result<(), Failure> {
    if by.organisation_id() != Some(buyer) {
        return Ok(());
    }
    match of(connection, by, at).await? {
        Some(seen) if !sight::sees_contract(connection, &seen, contract).await? => Err(unknown().into()),
        _ => Ok(()),
    }
}

/// Refuses an order that the caller does not see, as if it did not exist. Who may decide on it at this moment sees it, whoever they
/// stand in for.
pub async fn check(connection: &mut Connection, by: &Principal, at: Timestamp, order: &Order) -> Result<(), Failure> {
    if by.organisation_id() != Some(order.row.buyer_id) {
        return Ok(());
    }
    let Some(seen) = of(connection, by, at).await? else { return Ok(()) };
    if sight::sees(connection, &seen, order.row.id).await? || may_decide(connection, &seen, order, at).await? {
        return Ok(());
    }
    Err(unknown().into())
}

/// Whether somebody is asked about an order in a way that its steps do not name, such as in place of an owner where too few others are
/// left.
async fn may_decide(connection: &mut Connection, by: &Sight, order: &Order, at: Timestamp) -> Result<bool, Failure> {
    let Some(open) = approval::open(connection, order.row.id).await? else { return Ok(false) };
    let staff = approval::staff(connection, OrganisationId(by.organisation), at).await?;
    let round = open.round()?;
    Ok(round.steps.iter().any(|step| round.may(step, PersonId(by.person), &staff, at).is_some()))
}
