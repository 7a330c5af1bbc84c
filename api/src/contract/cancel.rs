//! Giving up a contract: who may do so, and whether the other side must agree, is written down in `domain::ordering::cancellation`.

use domain::contract::{ContractState, ContractStep, Side};
use domain::kernel::{ContractId, Kind, Refusal};
use domain::ordering::{Leave, OrderState, OrderStep, Standing, leave};
use infra::Failure;
use infra::contract::store::Contract;
use infra::db::Connection;
use infra::ordering::order;
use serde_json::json;

use super::dto::{ContractDto, Grounds};
use super::ending::settle_budgets;
use super::rights;
use super::usecase::{finish, lock, party, release, step};
use crate::auction::settlement::followed;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::ordering::credit::exposure;
use crate::ordering::usecase::tell as tell_order;

/// Why the contract of a winner ended who did not sign it.
const IN_DEFAULT: &str = "The winner of the auction did not sign in time.";

/// Either side gives the contract up, or asks for it and the other consents by doing the same; the stock is free again.
pub async fn cancel(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    grounds: &Grounds,
    languages: &[String],
) -> Result<Answer<ContractDto>, Failure> {
    let (held, side) = lock(tx, command, id).await?;
    command.by.require(rights::steer(side))?;
    let (held, kind) = give_up(tx, command, held, side, Some(grounds.reason.clone())).await?;
    finish(tx, command, held, kind, languages).await
}

/// [`cancel`] from the order that the contract was made of. The right was looked at there.
pub(crate) async fn cancel_of_order(
    tx: &mut Connection,
    command: &Command,
    id: ContractId,
    reason: Option<String>,
) -> Result<(), Failure> {
    let (held, side) = lock(tx, command, id).await?;
    let (held, kind) = give_up(tx, command, held, side, reason).await?;
    finish(tx, command, held, kind, &[]).await.map(drop)
}

/// The winner of an auction is in default: its contract, which is held, ends. Whether it may was looked at there.
pub(crate) async fn by_default(tx: &mut Connection, command: &Command, held: &mut Contract) -> Result<(), Failure> {
    step(held, ContractStep::Cancel, Some(IN_DEFAULT.to_owned()))?;
    held.row.cancel_asked_by = None;
    finish(tx, command, held.clone(), "contract.cancelled", &[]).await.map(drop)
}

/// The contract as it is then, not saved, and what happened.
async fn give_up(
    tx: &mut Connection,
    command: &Command,
    mut held: Contract,
    side: Side,
    reason: Option<String>,
) -> Result<(Contract, &'static str), Failure> {
    let state = ContractState::parse(&held.row.state)?;
    state.after(ContractStep::Cancel)?;
    let despatched = held.lines.iter().any(|line| !line.despatched.is_zero());
    let standing = Standing::of_contract(state, held.row.created_at, despatched, command.at);
    let own = party(&held.row, side).0;
    let consent = held.row.cancel_asked_by.is_some_and(|asked| asked != own);
    match leave(standing, side) {
        Leave::Never => {
            let detail = "Something was despatched: ask for a return, or dispute the contract.";
            return Err(Refusal::new(Kind::WrongState, detail).into());
        }
        Leave::WithConsent if held.row.cancel_asked_by == Some(own) => {
            let detail = "Your side has asked for that: the other side has to consent.";
            return Err(Refusal::new(Kind::WrongState, detail).into());
        }
        Leave::WithConsent if !consent => {
            held.row.cancel_asked_by = Some(own);
            held.row.state_reason = reason;
            held.row.version += 1;
            return Ok((held, "contract.cancellation_asked"));
        }
        Leave::WithConsent | Leave::Freely => {}
    }
    step(&mut held, ContractStep::Cancel, reason)?;
    let first = held.row.cancel_asked_by.take().unwrap_or(own);
    release(tx, &mut held).await?;
    cancel_order(tx, command, &held).await?;
    followed::given_up(tx, command, &held.row, first).await?;
    Ok((held, "contract.cancelled"))
}

/// The order that the contract was made of ends with it.
async fn cancel_order(tx: &mut Connection, command: &Command, of: &Contract) -> Result<(), Failure> {
    let Some(mut held) = settle_budgets(tx, of).await? else { return Ok(()) };
    held.row.state = OrderState::parse(&held.row.state)?.after(OrderStep::CancelConfirmed)?.code().to_owned();
    held.row.reason.clone_from(&of.row.state_reason);
    held.row.version += 1;
    order::update(tx, &held.row).await?;
    exposure::ended(tx, command, &held).await?;
    tell_order(command, "order.cancelled", &held, json!({"reason": held.row.reason, "contract_id": of.row.id}));
    Ok(())
}
