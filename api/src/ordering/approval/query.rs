//! What waits for whom, and what was decided.

use std::collections::HashMap;

use domain::kernel::{OrderId, OrganisationId, PersonId, Refusal, Timestamp};
use domain::ordering::approval::Staff;
use domain::party::Role;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::approval::{self, Approval};
use infra::ordering::order::{self, Order};
use infra::ordering::sight::stands_for;
use uuid::Uuid;

use super::dto::{ApprovalDto, OrderApprovals, WaitingApproval};
use crate::http::principal::{Membership, Principal};
use crate::ordering::dto::OrderDto;
use crate::ordering::usecase::unknown;
use crate::ordering::{rights, sight};

/// All runs of an order that the caller's organisation buys.
pub async fn of_order(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    at: Timestamp,
) -> Result<OrderApprovals, Failure> {
    let own = by.require(rights::READ)?;
    let order = order::find(connection, own, id).await?.filter(|order| order.row.buyer_id == own.0);
    let order = order.ok_or_else(unknown)?;
    sight::check(connection, by, at, &order).await?;
    let found = approval::of_order(connection, order.row.id, order.row.split_from).await?;
    let staff = if found.is_empty() { Staff::default() } else { approval::staff(connection, own, at).await? };
    let rounds: Result<Vec<_>, _> = found.iter().map(|one| ApprovalDto::of(one, &staff)).collect();
    Ok(OrderApprovals { rounds: rounds? })
}

/// What waits for the caller; or all that waits in the organisation, for its owners and admins.
pub async fn waiting(
    connection: &mut Connection,
    by: &Principal,
    mine: bool,
    page: &Page,
    at: Timestamp,
    languages: &[String],
) -> Result<List<WaitingApproval>, Failure> {
    let own = by.require(rights::READ)?;
    let member = by.member()?;
    let person = by.person()?;
    let is_owner = member.roles.contains(&Role::Owner);
    if !mine && !is_owner && !member.roles.contains(&Role::Admin) {
        return Err(Refusal::forbidden("Only owners and admins see all that waits.").into());
    }
    let staff = approval::staff(connection, own, at).await?;
    let (persons, roles) = names(connection, member, person, at).await?;
    // Owners may be asked about anything that too few others are left for.
    let is_owner = is_owner || roles.iter().any(|role| role == Role::Owner.code());
    let asked = (mine && !is_owner).then_some((persons.as_slice(), roles.as_slice()));
    let mut found: Vec<(Approval, Option<PersonId>)> = Vec::new();
    let mut after = page.after_id();
    let wanted = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    while found.len() < wanted {
        let steps = approval::open_steps(connection, own, asked, after, page.rows()).await?;
        let more = steps.len() >= wanted;
        after = steps.last().and_then(|one| one.steps.first()).map(|step| step.id);
        for one in steps {
            let round = one.round()?;
            let may = round.steps.first().and_then(|step| round.may(step, person, &staff, at));
            if may.is_some() || !mine {
                found.push((one, may));
            }
        }
        if !more {
            break;
        }
    }
    let list = page.cut_by_id(found, |(one, _)| one.steps.first().map(|step| step.id).unwrap_or_default());
    complete(connection, by, own, list, languages).await
}

/// The people and roles by which the caller may be asked.
async fn names(
    connection: &mut Connection,
    member: &Membership,
    person: PersonId,
    at: Timestamp,
) -> Result<(Vec<Uuid>, Vec<String>), Failure> {
    let roles: Vec<&str> = member.roles.iter().map(|role| role.code()).collect();
    stands_for(connection, member.id, person, &roles, at).await
}

async fn complete(
    connection: &mut Connection,
    by: &Principal,
    own: OrganisationId,
    list: List<(Approval, Option<PersonId>)>,
    languages: &[String],
) -> Result<List<WaitingApproval>, Failure> {
    let ids: Vec<Uuid> = list.items.iter().map(|(one, _)| one.row.order_id).collect();
    let found: HashMap<Uuid, Order> =
        order::find_all(connection, own, &ids).await?.into_iter().map(|order| (order.row.id, order)).collect();
    let mut items = Vec::new();
    for (one, may) in &list.items {
        let (Some(order), Some(step)) = (found.get(&one.row.order_id), one.steps.first()) else { continue };
        items.push(WaitingApproval {
            step_id: step.id,
            step: step.name.clone(),
            on_behalf_of: may.map(|person| person.0),
            submitted_at: one.row.submitted_at.into(),
            expires_at: one.row.expires_at.into(),
            order: OrderDto::of(order, by, languages)?,
        });
    }
    Ok(List { items, next: list.next })
}
