//! Setting and reading approval policies.

use std::collections::HashSet;

use domain::kernel::{Faults, OrganisationId, Refusal};
use domain::ordering::approval::Policy;
use infra::Failure;
use infra::db::Connection;
use infra::ordering::approval::{self, PolicyRow};
use infra::ordering::cost_centre;
use serde_json::json;
use uuid::Uuid;

use super::policy_dto::{ApprovalPolicyData, ApprovalPolicyDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::ordering::rights;
use crate::party::bank_account::usecase::own;

/// The policy in force, or a version of it.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    version: Option<i64>,
) -> Result<(ApprovalPolicyDto, i64), Failure> {
    let own = own(by, of, rights::POLICY_READ)?;
    let dto = match approval::policy(connection, own, version.filter(|version| *version != 0)).await? {
        Some(row) if version != Some(0) => ApprovalPolicyDto::of(&row)?,
        None if version.is_some_and(|version| version != 0) => {
            return Err(Refusal::not_found("version of the policy").into());
        }
        _ => ApprovalPolicyDto::none(),
    };
    let version = dto.version;
    Ok((dto, version))
}

/// Sets a new version. Orders that wait go on under theirs.
pub async fn set(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    expected: i64,
    data: &ApprovalPolicyData,
) -> Result<Answer<ApprovalPolicyDto>, Failure> {
    let own = own(&command.by, of, rights::POLICY)?;
    command.by.person()?;
    let before = approval::policy(tx, own, None).await?.map_or(0, |row| row.version);
    check_version(before, expected)?;
    let policy = data.parse()?;
    check_named(tx, own, &policy).await?;
    policy.check(&approval::staff(tx, own, command.at).await?.members)?;
    let row = PolicyRow {
        organisation_id: own.0,
        version: before + 1,
        document: json!(data),
        created_by: command.by.actor_id().unwrap_or_default(),
        created_at: command.at,
    };
    approval::set_policy(tx, &row).await?;
    let subject = Subject { kind: "approval_policy", id: own.0, version: row.version };
    command.event("approval_policy.set", subject, None, &[own.0], json!({"rules": data.rules.len()}));
    Ok(Answer::ok(ApprovalPolicyDto::of(&row)?).version(row.version))
}

/// A condition on what is not there would never hold, and let orders pass.
async fn check_named(tx: &mut Connection, own: OrganisationId, policy: &Policy) -> Result<(), Failure> {
    let conditions = || policy.rules.iter().map(|rule| &rule.when).enumerate();
    let centres: Vec<Uuid> = conditions().flat_map(|(_, when)| when.cost_centres.iter().map(|id| id.0)).collect();
    let categories: Vec<Uuid> = conditions().flat_map(|(_, when)| when.categories.iter().map(|id| id.0)).collect();
    let sellers: Vec<Uuid> = conditions().flat_map(|(_, when)| when.sellers.iter().map(|id| id.0)).collect();
    let usable = cost_centre::usable(tx, own, &centres).await?;
    let (known_categories, known_sellers) = approval::known(tx, &categories, &sellers).await?;
    let usable: HashSet<Uuid> = usable.into_iter().map(|row| row.id).collect();
    let (known_categories, known_sellers): (HashSet<Uuid>, HashSet<Uuid>) =
        (known_categories.into_iter().collect(), known_sellers.into_iter().collect());
    let mut faults = Faults::default();
    let mut check = |rule: usize, name: &str, ids: Vec<Uuid>, known: &HashSet<Uuid>, what: &str| {
        for (index, _) in ids.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
            let pointer = format!("/rules/{rule}/when/{name}/{index}");
            faults.add(pointer, "unknown", format!("There is no such {what}."));
        }
    };
    for (rule, when) in conditions() {
        check(rule, "cost_centres", when.cost_centres.iter().map(|id| id.0).collect(), &usable, "cost centre");
        check(rule, "categories", when.categories.iter().map(|id| id.0).collect(), &known_categories, "category");
        check(rule, "sellers", when.sellers.iter().map(|id| id.0).collect(), &known_sellers, "organisation");
    }
    Ok(faults.result()?)
}
