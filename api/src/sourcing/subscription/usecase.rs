//! Subscribing to requests. Who is invited to one hears of it without that.

use std::collections::BTreeSet;

use domain::kernel::{Faults, Refusal};
use domain::portal::Capability;
use infra::Failure;
use infra::catalogue::category;
use infra::db::Connection;
use infra::sourcing::subscription::{self, SubscriptionRow};
use serde_json::json;
use uuid::Uuid;

use super::dto::{SubscriptionData, SubscriptionDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::portal::access::may;
use crate::sourcing::{access, rights};

/// What the caller's company hears of on a portal, with its version: 0 where it has not subscribed.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
) -> Result<(SubscriptionDto, i64), Failure> {
    let portal = access::portal(connection, Some(by), portal).await?;
    let own = by.require(rights::READ)?;
    let found = subscription::find(connection, portal.id, own).await?;
    let version = found.as_ref().map_or(0, |row| row.version);
    Ok((found.map(SubscriptionDto::from).unwrap_or_default(), version))
}

/// A company that may quote on the portal says what it wants to hear of, in place of what it said before.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    expected: i64,
    data: &SubscriptionData,
) -> Result<Answer<SubscriptionDto>, Failure> {
    let portal = access::portal(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::SUBSCRIBE)?;
    may(&portal, Capability::Quote)?;
    let before = subscription::lock(tx, portal.id, own).await?.map_or(0, |row| row.version);
    check_version(before, expected)?;
    let row = SubscriptionRow {
        portal_id: portal.id.0,
        organisation_id: own.0,
        categories: check(tx, &data.category_ids).await?,
        version: before + 1,
        changed_at: command.at,
    };
    subscription::put(tx, &row).await?;
    tell(command, &row, true);
    Ok(Answer::ok(row.clone().into()).version(row.version))
}

/// It wants to hear of nothing any more. That needs no capability: who has lost it may have done with it.
pub async fn remove(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let portal = access::portal(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::SUBSCRIBE)?;
    let found = subscription::lock(tx, portal.id, own).await?;
    let row = found.ok_or_else(|| Refusal::not_found("subscription"))?;
    check_version(row.version, expected)?;
    subscription::delete(tx, portal.id, own).await?;
    tell(command, &row, false);
    Ok(Answer::no_content())
}

/// The categories, each once, or a fault for each one that does not exist.
async fn check(tx: &mut Connection, named: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let known: BTreeSet<Uuid> =
        if named.is_empty() { BTreeSet::new() } else { category::known(tx, named).await?.into_iter().collect() };
    let mut faults = Faults::default();
    for (index, id) in named.iter().enumerate() {
        if !known.contains(id) {
            faults.add(format!("/category_ids/{index}"), "unknown", "There is no such category.");
        }
    }
    faults.result()?;
    Ok(known.into_iter().collect())
}

/// The record of it, for the company alone.
fn tell(command: &Command, row: &SubscriptionRow, subscribed: bool) {
    let subject = Subject { kind: "rfq_subscription", id: row.portal_id, version: row.version };
    let told = json!({"subscribed": subscribed, "category_ids": row.categories});
    command.event("rfq_subscription.changed", subject, Some(row.portal_id), &[row.organisation_id], told);
}
