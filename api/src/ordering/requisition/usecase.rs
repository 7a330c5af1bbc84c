//! What is done with requisition lists. Private ones exist for their owner alone.

use domain::kernel::{Currency, Findings, OrganisationId, Refusal, RequisitionListId};
use domain::party::Role;
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::requisition::{self, ListRow, RequisitionLineRow, RequisitionList};
use serde_json::json;
use uuid::Uuid;

use super::dto::{RequisitionListData, RequisitionListDto};
use crate::app::App;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::ordering::dto::{LineData, OrderData};
use crate::ordering::listed::{self, Listed};
use crate::ordering::quick_dto::DraftedAgain;
use crate::ordering::{again, rights};

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    page: &Page,
) -> Result<List<RequisitionListDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = requisition::list(connection, own, by.person()?.0, page).await?;
    Ok(found.map(|list| RequisitionListDto::from(&list)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: RequisitionListId,
) -> Result<(RequisitionListDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = requisition::find(connection, own, by.person()?.0, id).await?.ok_or_else(unknown)?;
    Ok((RequisitionListDto::from(&found), found.row.version))
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &RequisitionListData,
) -> Result<Answer<RequisitionListDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let person = command.by.person()?.0;
    let id = command.id::<RequisitionListId>().0;
    let lines = check(tx, command, own, id, data).await?;
    let row = ListRow {
        id,
        organisation_id: own.0,
        owner_id: person,
        name: data.name.trim().to_owned(),
        shared: data.shared,
        portal_id: data.portal_id,
        currency: data.currency.clone(),
        version: 1,
        created_at: command.at,
    };
    let new = RequisitionList { row, lines };
    requisition::insert(tx, &new).await?;
    tell(command, "requisition_list.made", &new);
    Ok(Answer::created(format!("/v1/requisition-lists/{id}"), RequisitionListDto::from(&new)).version(1))
}

/// Changes a list. Only its owner makes it private or shares it.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: RequisitionListId,
    expected: i64,
    patch: &Patch<RequisitionListData>,
) -> Result<Answer<RequisitionListDto>, Failure> {
    let (own, held) = lock(tx, command, id).await?;
    check_version(held.row.version, expected)?;
    let data = patch.apply(&RequisitionListData::of(&held))?;
    if data.portal_id != held.row.portal_id {
        return Err(Refusal::fault("/portal_id", "fixed", "A list stays on its portal.").into());
    }
    if data.shared != held.row.shared {
        check_owner(command, &held)?;
    }
    let lines = check(tx, command, own, id.0, &data).await?;
    let row = ListRow {
        name: data.name.trim().to_owned(),
        shared: data.shared,
        currency: data.currency.clone(),
        version: held.row.version + 1,
        ..held.row
    };
    let changed = RequisitionList { row, lines };
    requisition::update(tx, &changed).await?;
    tell(command, "requisition_list.changed", &changed);
    Ok(Answer::ok(RequisitionListDto::from(&changed)).version(changed.row.version))
}

pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: RequisitionListId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (_, held) = lock(tx, command, id).await?;
    check_version(held.row.version, expected)?;
    check_owner(command, &held)?;
    requisition::delete(tx, id).await?;
    tell(command, "requisition_list.deleted", &held);
    Ok(Answer::no_content())
}

/// Drafts an order of what the list holds.
pub async fn order(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: RequisitionListId,
    languages: &[String],
) -> Result<Answer<DraftedAgain>, Failure> {
    let own = command.by.member()?.id;
    let person = command.by.person()?.0;
    let found = requisition::find(tx, own, person, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::BUY)?;
    let lines = RequisitionListData::of(&found).lines.into_iter().map(LineData::from).collect();
    let data = OrderData { lines, ..OrderData::new(found.row.portal_id, found.row.currency) };
    again::draft(tx, app, command, data, languages).await
}

async fn lock(
    tx: &mut Connection,
    command: &Command,
    id: RequisitionListId,
) -> Result<(OrganisationId, RequisitionList), Failure> {
    let own = command.by.member()?.id;
    let person = command.by.person()?.0;
    let held = requisition::lock(tx, own, person, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::BUY)?;
    Ok((own, held))
}

/// The list's owner, or an owner or admin of the company.
fn check_owner(command: &Command, list: &RequisitionList) -> Result<(), Failure> {
    let roles = &command.by.member()?.roles;
    let is_for_all = roles.iter().any(|role| matches!(role, Role::Owner | Role::Admin));
    if list.row.owner_id != command.by.person()?.0 && !is_for_all {
        return Err(Refusal::forbidden("Only the owner of a list does this.").into());
    }
    Ok(())
}

/// The lines as they are kept.
async fn check(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    list: Uuid,
    data: &RequisitionListData,
) -> Result<Vec<RequisitionLineRow>, Failure> {
    let mut findings = Findings::default();
    findings.keep("/name", text(&data.name, 200));
    findings.keep("/currency", Currency::parse(&data.currency));
    let lines = listed::check(tx, command, own, data.portal_id, &data.lines, &mut findings).await?;
    findings.result()?;
    let row = |line: Listed| RequisitionLineRow {
        list_id: list,
        position: line.position,
        offer_id: line.offer_id,
        quantity: line.quantity.value(),
        unit: line.quantity.unit().code().to_owned(),
        note: line.note,
    };
    Ok(lines.into_iter().map(row).collect())
}

fn unknown() -> Refusal {
    Refusal::not_found("requisition list")
}

fn tell(command: &Command, kind: &'static str, list: &RequisitionList) {
    let row = &list.row;
    // The company hears of what it shares.
    if row.shared {
        let subject = Subject { kind: "requisition_list", id: row.id, version: row.version };
        command.event(kind, subject, Some(row.portal_id), &[row.organisation_id], json!({"name": row.name}));
    }
}
