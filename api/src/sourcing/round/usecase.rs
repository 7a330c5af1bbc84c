//! Beginning a round.

use domain::kernel::{OrganisationId, Refusal, RfqId};
use domain::sourcing::{QuoteState, RfqState, RfqStep, Round, RoundKind, next_round};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::{quote, rfq};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::auction;
use super::dto::RoundData;
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::award::held::check_undecided;
use crate::sourcing::rfq::show::RfqDto;
use crate::sourcing::rfq::usecase::end_negotiations;
use crate::sourcing::rfq::{close, read};
use crate::sourcing::tell::{about, tell};

/// The buyer begins the next round. Negotiations end with it.
pub async fn begin(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: RfqId,
    data: &RoundData,
) -> Result<Answer<RfqDto>, Failure> {
    let mut seen = access::lock_own(tx, command, id).await?;
    check_undecided(tx, id).await?;
    let state = RfqState::parse(&seen.row.state)?;
    let earlier = seen.row.rounds()?;
    let standing = standing(tx, id).await?;
    let (round, terms) = next_round(state, &seen.terms, &earlier, &standing, &data.input(), command.at)?;
    check_auction(data, &round)?;
    if round.kind == RoundKind::Auction {
        seen.row.auction_id = Some(auction::announce(tx, command, app, &seen, &round, data).await?);
    }
    end_negotiations(tx, command, id).await?;
    let after = state.after(RfqStep::NextRound)?;
    let row = &mut seen.row;
    row.set_terms(&terms)?;
    row.state = after.code().to_owned();
    row.round = i16::from(round.number);
    row.rounds = json!(earlier.iter().chain([&round]).collect::<Vec<_>>());
    row.version += 1;
    rfq::update(tx, row).await?;
    timer::set(tx, close::DEADLINE, row.id, close::due(row)).await?;
    seen.terms = terms;
    tell_begun(command, &seen, &round);
    let version = seen.row.version;
    Ok(Answer::ok(read::shown(tx, &command.by, &seen).await?).version(version))
}

/// The companies whose quotes stand.
async fn standing(tx: &mut Connection, id: RfqId) -> Result<Vec<OrganisationId>, Failure> {
    let quotes = quote::lock_handed_in(tx, id).await?;
    let competing = quotes.iter().filter(|row| row.state().is_ok_and(QuoteState::competes));
    Ok(competing.map(|row| OrganisationId(row.quoter_id)).collect())
}

/// What is said of an auction belongs to one.
fn check_auction(data: &RoundData, round: &Round) -> Result<(), Refusal> {
    match (round.kind, &data.auction) {
        (RoundKind::Auction, None) => Err(Refusal::fault("/auction", "required", "Say how the auction goes.")),
        (RoundKind::Revision | RoundKind::BestAndFinal, Some(_)) => {
            Err(Refusal::fault("/auction", "not_taken", "Only an auction has these settings."))
        }
        _ => Ok(()),
    }
}

/// Who takes part learns of the round, and that it is in it.
fn tell_begun(command: &Command, seen: &Seen, round: &Round) {
    let mut told = about(&seen.row);
    told["kind"] = json!(round.kind.code());
    told["auction_id"] = json!(seen.row.auction_id);
    let mut to: Vec<Uuid> = round.invited.iter().map(|company| company.0).collect();
    to.push(seen.row.buyer_id);
    tell(command, "rfq.round_begun", &seen.row, &to, told);
}

/// The auction that is the last round of a request, if there is one.
pub async fn auction_of(app: &App, id: RfqId) -> Result<Option<Uuid>, Failure> {
    let found = rfq::of_id(&mut *app.pool.get().await?, id).await?;
    Ok(found.and_then(|row| row.auction_id))
}
