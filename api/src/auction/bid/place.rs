//! The way of a bid: to the node that hosts the auction, into one entry of its journal, and back with a receipt.

use std::sync::Arc;

use domain::auction::{Answer as MachineAnswer, Auctions, Command, Digest, Rejection};
use domain::kernel::{AuctionId, Kind, OrganisationId, Refusal};
use domain::portal::Capability;
use infra::Failure;
use infra::portal::company;

use super::dto::{LotChoice, NewAuctionBid, ReceiptDto};
use super::read::{self, Asked};
use crate::app::App;
use crate::auction::hall::{self, Called, Done};
use crate::auction::{access, rights};
use crate::hosting::act::act;
use crate::hosting::forward::forward;
use crate::hosting::{self, Hosted};
use crate::http::answer::{Answer, Status};
use crate::http::body::Quick;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};
use crate::portal::access::may;

/// Places a bid in the form that the auction takes now.
pub async fn bid(app: &App, call: &Call, by: &Principal, id: AuctionId, body: &Quick<NewAuctionBid>) -> Reply {
    let company = by.require(rights::BID)?;
    let called = hall::called(app, id).await?;
    let placed = placed(app, call, by, &called, company, body).await;
    or_hidden(app, by, &called, placed).await
}

async fn placed(
    app: &App,
    call: &Call,
    by: &Principal,
    called: &Arc<Called>,
    company: OrganisationId,
    body: &Quick<NewAuctionBid>,
) -> Reply {
    let auctions = match hosting::of_stream::<Auctions>(app, called.stream).await? {
        Hosted::Here(auctions) => auctions,
        Hosted::There(address) => return forward(app, call, &address).await,
    };
    let part = read::part(&auctions, called, body.data.lot).await?;
    match read::read(&app.secret, called, part, company, &body.data) {
        Ok(Asked { command, nonce }) => taken(app, call, by, called, command, nonce).await,
        // The faults that the schema finds come first.
        Err(failure) => body.judged(app).and(Err(failure.into())),
    }
}

/// Buys a lot at once.
pub async fn buy_now(app: &App, call: &Call, by: &Principal, id: AuctionId, choice: &LotChoice) -> Reply {
    let company = by.require(rights::BID)?;
    let called = hall::called(app, id).await?;
    let command = Command::BuyNow { auction: id, lot: choice.lot, company, currency: called.currency() };
    let bought = taken(app, call, by, &called, command, None).await;
    or_hidden(app, by, &called, bought).await
}

/// Takes a sealed bid back.
pub async fn withdraw(app: &App, call: &Call, by: &Principal, id: AuctionId, choice: &LotChoice) -> Reply {
    let company = by.require(rights::BID)?;
    let called = hall::called(app, id).await?;
    let command = Command::Unseal { auction: id, lot: choice.lot, company };
    let withdrawn = taken(app, call, by, &called, command, None).await;
    or_hidden(app, by, &called, withdrawn).await
}

/// Has an act taken, and answers with its receipt.
async fn taken(
    app: &App,
    call: &Call,
    by: &Principal,
    called: &Arc<Called>,
    command: Command,
    nonce: Option<Digest>,
) -> Reply {
    let of = called.clone();
    let location = Some(format!("/v1/auctions/{}/bids", called.id));
    let render = move |done: &Done| match done.outcomes.first() {
        Some(Ok(MachineAnswer::Receipt(receipt))) => {
            let body = Some(ReceiptDto::of(receipt, done, &of, nonce));
            Ok(Answer { status: Status::CREATED, location: location.clone(), version: None, body })
        }
        Some(Err(rejection)) => Err((*rejection).into()),
        _ => Err(access::unknown()),
    };
    act::<Auctions, _>(app, call, by, called.stream, vec![command], render).await
}

/// The answer; but a refusal only for a caller that may know of the auction, and with the reason that lies deepest.
async fn or_hidden(app: &App, by: &Principal, called: &Called, answered: Reply) -> Reply {
    match answered {
        Err(problem) if problem.is_refusal() => Err(hidden(app, by, called, problem.refusal).await?.into()),
        other => other,
    }
}

async fn hidden(app: &App, by: &Principal, called: &Called, refusal: Refusal) -> Result<Refusal, Problem> {
    let is_admitted = !matches!(refusal.kind, Kind::NotQualified | Kind::Suspended);
    if !is_admitted {
        // Whether it is over the tables tell.
        hosting::caught_up::<Auctions>(app, called.stream).await?;
    }
    let mut connection = app.pool.get().await?;
    let seen = access::seen(&mut connection, Some(by), called.id).await?;
    // Who comes too late is told that, not that it was never admitted, or that the machine has forgotten the auction.
    if !seen.row.is_running() && (!is_admitted || refusal.kind == Kind::NotFound) {
        return Ok(Rejection::TooLate.into());
    }
    if is_admitted {
        return Ok(refusal);
    }
    if is_sellers(&mut connection, by, called).await? {
        return Ok(Rejection::OwnAuction.into());
    }
    Ok(may(&seen.portal, Capability::Bid).err().unwrap_or(refusal))
}

/// Whether the caller's company is of the group that holds the auction: it is never admitted.
async fn is_sellers(connection: &mut infra::db::Connection, by: &Principal, called: &Called) -> Result<bool, Failure> {
    let company = by.organisation_id().unwrap_or_default();
    let tops = company::tops(connection, &[company, called.seller.0]).await?;
    Ok(tops.get(&company) == tops.get(&called.seller.0))
}
