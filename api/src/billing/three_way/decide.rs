//! The buyer's decision about an invoice that is held.

use domain::billing::three_way::{MatchState, MatchStep};
use domain::kernel::{InvoiceId, Kind, Refusal};
use infra::Failure;
use infra::billing::invoice;
use infra::billing::three_way;
use infra::db::Connection;
use serde_json::json;

use crate::billing::dto::InvoiceDto;
use crate::billing::rights;
use crate::billing::usecase::{account_of, tell, unknown};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::ordering::sight;

/// Approves an invoice with its differences, or disputes it. Nobody approves what they ordered or received themselves.
pub async fn decide(
    tx: &mut Connection,
    command: &Command,
    id: InvoiceId,
    (step, reason): (MatchStep, &str),
    languages: &[String],
) -> Result<Answer<InvoiceDto>, Failure> {
    let own = command.by.member()?.id;
    let mut held = invoice::lock_issued_to(tx, own, id).await?.ok_or_else(unknown)?;
    for contract in &held.contracts {
        sight::check_contract(tx, &command.by, command.at, (held.row.buyer_id, *contract), unknown).await?;
    }
    command.by.require(rights::DECIDE)?;
    let person = command.by.person()?;
    let done = if step == MatchStep::Approve { "approved" } else { "disputed" };
    let state = held.row.match_state.as_deref().map(MatchState::parse).transpose()?;
    let not_held = || Refusal::wrong_state("invoice", &held.row.state, done);
    let state = state.ok_or_else(not_held)?.after(step)?;
    if step == MatchStep::Approve && three_way::involved(tx, &held.contracts).await?.contains(&person.0) {
        let detail = "Somebody approves it who neither ordered nor received the goods.";
        return Err(Refusal::new(Kind::OwnOrder, detail).into());
    }
    let (mut row, found) = held.matching.take().ok_or_else(|| Failure::broken("a match without its tolerances"))?;
    row.decided_by = Some(person.0);
    row.decided_at = Some(command.at);
    row.reason = Some(reason.to_owned());
    three_way::update(tx, &row).await?;
    held.row.match_state = Some(state.code().to_owned());
    held.row.version += 1;
    invoice::update(tx, &held.row).await?;
    held.matching = Some((row, found));
    let kind = if step == MatchStep::Approve { "invoice.approved" } else { "invoice.disputed" };
    tell(command, kind, &held.row, None, json!({"reason": reason}));
    let account = account_of(tx, &held.row).await?;
    Ok(Answer::ok(InvoiceDto::of(&held, account, languages)?).version(held.row.version))
}
