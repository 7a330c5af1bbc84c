//! Keeping templates, and sending requests again.

use domain::kernel::{Faults, OrganisationId, Refusal, RfqId, RfqTemplateId};
use domain::party::registration::text;
use domain::portal::Capability;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::rfq::RfqRow;
use infra::sourcing::template::{self, TemplateRow};

use super::dto::{RfqCopyData, RfqTemplateData, TemplateDto};
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::portal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::rfq::dto::{DeadlinesDto, RfqData};
use crate::sourcing::rfq::show::RfqDto;
use crate::sourcing::rfq::{terms, usecase};
use crate::sourcing::rights;

fn unknown() -> Refusal {
    Refusal::not_found("template")
}

/// Keeps a template. What it says is judged when it is sent.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &RfqTemplateData,
) -> Result<Answer<TemplateDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let request = request_of(tx, command, data).await?;
    let row = TemplateRow {
        id: command.id::<RfqTemplateId>().0,
        organisation_id: own.0,
        name: data.name.trim().to_owned(),
        data: serde_json::to_value(request).map_err(Failure::broken)?,
        version: 1,
        created_at: command.at,
    };
    template::insert(tx, &row).await?;
    Ok(Answer::created(format!("/v1/rfq-templates/{}", row.id), TemplateDto::of(&row)?).version(1))
}

/// Changes a template.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: RfqTemplateId,
    expected: i64,
    patch: &Patch<RfqTemplateData>,
) -> Result<Answer<TemplateDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let mut row = template::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    let before = TemplateDto::of(&row)?;
    let before = RfqTemplateData { name: before.name, request: Some(before.request), rfq_id: None };
    let after = patch.apply(&before)?;
    let request = request_of(tx, command, &after).await?;
    row.name = after.name.trim().to_owned();
    row.data = serde_json::to_value(request).map_err(Failure::broken)?;
    row.version += 1;
    template::update(tx, &row).await?;
    Ok(Answer::ok(TemplateDto::of(&row)?).version(row.version))
}

/// What a template says: what is stated, or what a request of one's own says. Its times are those of the next time.
async fn request_of(tx: &mut Connection, command: &Command, data: &RfqTemplateData) -> Result<RfqData, Failure> {
    let mut faults = Faults::default();
    faults.keep("/name", text(&data.name, 200));
    let stated = match (&data.request, data.rfq_id) {
        (Some(request), None) => Some(request.clone()),
        (None, Some(id)) => {
            let seen = access::seen(tx, &command.by, RfqId(id)).await.ok().filter(|seen| seen.is_own);
            if seen.is_none() {
                faults.add("/rfq_id", "unknown", "There is no such request of yours.");
            }
            seen.map(|seen| RfqData::of(&seen.terms))
        }
        _ => {
            faults.add("/request", "required", "State a request, or name one of yours: not both.");
            None
        }
    };
    faults.result()?;
    let stated = stated.ok_or_else(|| Failure::broken("a template without faults and without a request"))?;
    Ok(RfqData { deadlines: DeadlinesDto::default(), ..stated })
}

/// Throws a template away.
pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: RfqTemplateId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let row = template::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    template::delete(tx, id).await?;
    Ok(Answer::no_content())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: RfqTemplateId,
) -> Result<(TemplateDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let row = template::find(connection, own, id).await?.ok_or_else(unknown)?;
    Ok((TemplateDto::of(&row)?, row.version))
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<TemplateDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = template::list(connection, own, page).await?;
    let items = found.items.iter().map(TemplateDto::of).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// A new request out of a template.
pub async fn send(
    tx: &mut Connection,
    command: &Command,
    id: RfqTemplateId,
    data: &RfqCopyData,
) -> Result<Answer<RfqDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let row = template::find(tx, own, id).await?.ok_or_else(unknown)?;
    let request = data.request(TemplateDto::of(&row)?.request);
    let named = data.portal.as_deref();
    let portal = named.ok_or_else(|| Refusal::fault("/portal", "required", "Name the portal on which to ask."))?;
    usecase::create(tx, command, portal, &request, data.publish).await
}

/// A new request as an earlier one of one's own.
pub async fn copy(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    data: &RfqCopyData,
) -> Result<Answer<RfqDto>, Failure> {
    let earlier = access::seen(tx, &command.by, id).await?;
    access::check_buyer(&command.by, &earlier)?;
    let own_portal = earlier.row.portal_id.to_string();
    let seen = access::portal(tx, Some(&command.by), data.portal.as_deref().unwrap_or(&own_portal)).await?;
    portal::access::may(&seen, Capability::Buy)?;
    let buyer = OrganisationId(earlier.row.buyer_id);
    let request = data.request(RfqData::of(&earlier.terms));
    let checked = terms::check(tx, &command.by, (&seen, buyer), &request, Some(&earlier.terms)).await?;
    let row = RfqRow {
        portal_id: seen.id.0,
        buyer_id: buyer.0,
        copied_from: Some(id.0),
        ..usecase::new_row(command, &checked)?
    };
    usecase::created(tx, command, Seen { row, terms: checked, portal: seen, is_own: true }, data.publish).await
}
