//! Which of their company's orders a caller sees. Owners, admins and machines see all of them. Who is a member of a cost centre sees
//! the orders on their cost centres; who has no role but approver, those they are asked about. Both see their own orders and those
//! they have decided on. Orders to the company are not concerned. Contracts, their deliveries and invoices are seen by those who see the
//! order that they were made of.

use domain::kernel::{Refusal, Timestamp};
use domain::party::Role;
use infra::Failure;
use infra::db::Connection;
use infra::ordering::order::Order;
use infra::ordering::sight::{self, Sight};
use uuid::Uuid;

use super::cost_centre::usecase::is_unbound;
use super::usecase::unknown;
use crate::http::principal::{Actor, Principal};

/// What the caller sees; none where it is all.
pub async fn of(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<Option<Sight>, Failure> {
    let (Actor::Person { person, .. }, Some(member)) = (by.actor, &by.organisation) else { return Ok(None) };
    if is_unbound(by) {
        return Ok(None);
    }
    let roles: Vec<&str> = member.roles.iter().map(|role| role.code()).collect();
    let (member_of, sight) = sight::load(connection, member.id, person.into(), &roles, at).await?;
    let is_bound = !member_of.is_empty() || member.roles.iter().all(|role| *role == Role::Approver);
    Ok(is_bound.then_some(sight))
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

/// Refuses an order that the caller does not see, as if it did not exist.
pub async fn check(connection: &mut Connection, by: &Principal, at: Timestamp, order: &Order) -> Result<(), Failure> {
    if by.organisation_id() != Some(order.row.buyer_id) {
        return Ok(());
    }
    match of(connection, by, at).await? {
        Some(seen) if !sight::sees(connection, &seen, order.row.id).await? => Err(unknown().into()),
        _ => Ok(()),
    }
}
