//! A bidder binds its deposit, and frees it.

use chrono::TimeDelta;
use domain::auction::{AuctionState, BidderState, DepositState, LAST_CHANGE_SECONDS, check_release};
use domain::billing::check_covered;
use domain::kernel::{
    AccountId, AuctionDepositId, AuctionId, Currency, Kind, Money, OrganisationId, Refusal, Timestamp,
};
use infra::Failure;
use infra::auction::deposit::{self, DepositRow};
use infra::auction::store::{self, AuctionRow};
use infra::auction::{bidder, outcome};
use infra::billing::deposit::hold_free;
use infra::db::Connection;

use super::books;
use super::dto::AuctionDepositDto;
use crate::auction::holder::check_running;
use crate::auction::settlement::review::binds;
use crate::auction::{access, rights};
use crate::command::Command;
use crate::http::answer::Answer;

/// Binds what the auction asks for of the money that the company has deposited.
pub async fn bind(tx: &mut Connection, command: &Command, id: AuctionId) -> Result<Answer<AuctionDepositDto>, Failure> {
    let (auction, own) = lock(tx, command, id).await?;
    check_running(&auction, "secured by a deposit")?;
    let known = bidder::find(tx, id, own.0).await?;
    let state = known.map(|row| BidderState::parse(&row.state)).transpose()?;
    if !state.is_some_and(BidderState::may_bind_deposit) {
        return Err(Refusal::new(Kind::NotQualified, "Apply to the auction first.").into());
    }
    let currency = Currency::parse(&auction.currency)?;
    let amount = Money::new(auction.deposit, currency)?;
    if amount.amount().is_zero() {
        return Err(Refusal::new(Kind::WrongState, "The auction asks for no deposit.").into());
    }
    if deposit::lock_held(tx, id, own).await?.is_some() {
        return Err(Refusal::new(Kind::AlreadyExists, "Your deposit for the auction is held already.").into());
    }
    check_covered(hold_free(tx, own, currency, command.id::<AccountId>().0).await?, amount)?;
    let row = DepositRow {
        id: command.id::<AuctionDepositId>().0,
        auction_id: id.0,
        organisation_id: own.0,
        amount: amount.amount(),
        currency: currency.code().to_owned(),
        state: DepositState::Held.code().to_owned(),
        held_at: command.at,
        ended_at: None,
    };
    books::hold(tx, command, &auction, &row).await?;
    Ok(Answer::ok((&row).into()))
}

/// Frees it until a minute before the auction opens, or after its end.
pub async fn release(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
) -> Result<Answer<AuctionDepositDto>, Failure> {
    let (auction, own) = lock(tx, command, id).await?;
    let held = deposit::lock_held(tx, id, own).await?;
    let mut row = held.ok_or_else(|| Refusal::not_found("deposit"))?;
    let is_over = outcome::is_over(tx, id).await?;
    let pledges = outcome::pledges(tx, id, Some(own)).await?;
    let mut owes = false;
    for pledge in &pledges {
        owes |= binds(pledge, command.at)?;
    }
    check_release(has_opened(&auction, command.at), is_over, owes)?;
    books::release(tx, command, &auction, &row).await?;
    row.state = DepositState::Released.code().to_owned();
    row.ended_at = Some(command.at);
    Ok(Answer::ok((&row).into()))
}

/// It opens so soon that who runs it may not hear of the release before the first bid, or it has.
fn has_opened(auction: &AuctionRow, at: Timestamp) -> bool {
    let soon = at + TimeDelta::seconds(LAST_CHANGE_SECONDS);
    auction.opens_at <= soon || auction.state != AuctionState::Scheduled.code()
}

/// The auction, held, and the caller's company.
async fn lock(tx: &mut Connection, command: &Command, id: AuctionId) -> Result<(AuctionRow, OrganisationId), Failure> {
    access::seen(tx, Some(&command.by), id).await?;
    let own = command.by.require(rights::DEPOSIT)?;
    let auction = store::lock(tx, id).await?.ok_or_else(access::unknown)?;
    Ok((auction, own))
}
