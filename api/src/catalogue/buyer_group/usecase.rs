//! What a seller does with buyer groups.

use domain::kernel::{BuyerGroupId, Faults, OrganisationId, Refusal};
use domain::party::registration::text;
use infra::Failure;
use infra::catalogue::buyer_group::{self, BuyerGroup, BuyerGroupRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;

use super::dto::{BuyerGroupData, BuyerGroupDto, BuyerGroupSummaryDto};
use crate::catalogue::rights;
use crate::catalogue::visibility::check_buyers;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::party::bank_account::usecase::own;

fn unknown() -> Refusal {
    Refusal::not_found("buyer group")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &BuyerGroupData,
) -> Result<Answer<BuyerGroupDto>, Failure> {
    let seller = own(&command.by, of, rights::EDIT)?;
    check(tx, seller, data).await?;
    let row = BuyerGroupRow {
        id: command.id::<BuyerGroupId>().0,
        seller_id: seller.0,
        name: data.name.trim().to_owned(),
        version: 1,
        created_at: command.at,
    };
    let group = BuyerGroup { row, members: data.members.clone() };
    buyer_group::insert(tx, &group).await?;
    tell(command, "buyer_group.created", &group);
    let location = format!("/v1/organisations/{seller}/buyer-groups/{}", group.row.id);
    Ok(Answer::created(location, BuyerGroupDto::from(&group)).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, BuyerGroupId),
    expected: i64,
    patch: &Patch<BuyerGroupData>,
) -> Result<Answer<BuyerGroupDto>, Failure> {
    let seller = own(&command.by, of, rights::EDIT)?;
    let mut held = buyer_group::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    let data = patch.apply(&BuyerGroupData::of(&held))?;
    check(tx, seller, &data).await?;
    held.row.name = data.name.trim().to_owned();
    held.row.version += 1;
    held.members = data.members;
    buyer_group::update(tx, &held).await?;
    tell(command, "buyer_group.changed", &held);
    Ok(Answer::ok(BuyerGroupDto::from(&held)).version(held.row.version))
}

/// Removes a group that neither an offer nor a price list names.
pub async fn remove(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, BuyerGroupId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let seller = own(&command.by, of, rights::EDIT)?;
    let held = buyer_group::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    buyer_group::delete(tx, held.row.id).await?;
    tell(command, "buyer_group.removed", &held);
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, BuyerGroupId),
) -> Result<(BuyerGroupDto, i64), Failure> {
    let seller = own(by, of, rights::READ)?;
    let group = buyer_group::find(connection, seller, id).await?.ok_or_else(unknown)?;
    Ok((BuyerGroupDto::from(&group), group.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<BuyerGroupSummaryDto>, Failure> {
    let seller = own(by, of, rights::READ)?;
    Ok(buyer_group::list(connection, seller, page).await?.map(BuyerGroupSummaryDto::from))
}

async fn check(tx: &mut Connection, seller: OrganisationId, data: &BuyerGroupData) -> Result<(), Failure> {
    let mut faults = Faults::default();
    faults.keep("/name", text(&data.name, 200));
    check_buyers(tx, seller, &data.members, "/members", &mut faults).await?;
    Ok(faults.result()?)
}

fn tell(command: &Command, kind: &'static str, group: &BuyerGroup) {
    let subject = Subject { kind: "buyer_group", id: group.row.id, version: group.row.version };
    command.event(kind, subject, None, &[group.row.seller_id], json!({"name": group.row.name}));
}
