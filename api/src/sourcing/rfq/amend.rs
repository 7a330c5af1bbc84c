//! Changing a request: a draft as one likes, a published one by a new version.

use domain::kernel::RfqId;
use domain::sourcing::{Amendment, Change, RfqState, RfqStep, amend};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::document::{self, Audience};
use infra::sourcing::{rfq, version};
use serde_json::{Value, json};

use super::dto::RfqData;
use super::publish::{bring, version_row};
use super::show::RfqDto;
use super::terms::documents_of;
use super::{close, read, terms};
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::sourcing::access;
use crate::sourcing::rfq::usecase::buyer;
use crate::sourcing::tell::{about, tell_all};

/// Changes a draft, or publishes a new version of a request that takes quotes.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: RfqId,
    expected: i64,
    patch: &Patch<RfqData>,
) -> Result<Answer<RfqDto>, Failure> {
    let mut seen = access::lock_own(tx, command, id).await?;
    check_version(seen.row.version, expected)?;
    let state = RfqState::parse(&seen.row.state)?;
    let data = patched(&RfqData::of(&seen.terms), patch)?;
    let before = Some(&seen.terms).filter(|_| state != RfqState::Draft);
    let after = terms::check(tx, &command.by, (&seen.portal, buyer(&seen.row)), &data, before).await?;
    let row = &mut seen.row;
    row.version += 1;
    if state == RfqState::Draft {
        row.state = state.after(RfqStep::Edit)?.code().to_owned();
        row.set_terms(&after)?;
        rfq::update(tx, row).await?;
        tell_all(tx, command, "rfq.changed", row, about(row)).await?;
    } else {
        let current = u32::try_from(row.terms_version).map_err(Failure::broken)?;
        let amendment = amend(state, current, &seen.terms, &after, command.at)?;
        row.state = state.after(amendment.step)?.code().to_owned();
        row.set_terms(&after)?;
        row.terms_version = i32::try_from(amendment.version).map_err(Failure::broken)?;
        if amendment.needs_confirmation {
            row.last_to_confirm = row.terms_version;
        }
        rfq::update(tx, row).await?;
        let changes = changes(&amendment);
        version::insert(tx, &version_row(row, changes.clone(), amendment.needs_confirmation, command.at)).await?;
        bring(tx, row, &after, command.at).await?;
        document::attach(tx, row.id, row.id, &documents_of(&after), Audience::Quoters).await?;
        close::set_timers(tx, row).await?;
        let mut told = about(row);
        told["changes"] = changes;
        told["needs_confirmation"] = json!(amendment.needs_confirmation);
        tell_all(tx, command, "rfq.amended", row, told).await?;
    }
    seen.terms = after;
    let version = seen.row.version;
    Ok(Answer::ok(read::shown(tx, &command.by, &seen).await?).version(version))
}

/// The request after the change. Lines out of a table or a list stand in the place of those that were there.
fn patched(before: &RfqData, patch: &Patch<RfqData>) -> Result<RfqData, Failure> {
    let mut after = patch.apply(before)?;
    if (after.csv.is_some() || after.requisition_list_id.is_some()) && !patch.names("lines") {
        after.lines.clear();
    }
    Ok(after)
}

/// What quoters learn that has changed.
fn changes(amendment: &Amendment) -> Value {
    let told = |change: &Change| json!({"change": change.code(), "line": change.line()});
    amendment.told.iter().map(told).collect()
}
