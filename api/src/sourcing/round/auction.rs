//! The reverse auction that is the last round of a request: its quoters undercut each other's totals, and what each bid last lowers the prices
//! of its quote. Contracts come of the award alone, as without an auction.

use domain::auction::decimal_of;
use domain::kernel::{AuctionId, Kind, Money, OrganisationId, QuoteId, Refusal, RfqId};
use domain::sourcing::{Round, RoundKind};
use infra::Failure;
use infra::auction::store::{self, AuctionRow};
use infra::auction::{history, lot};
use infra::db::Connection;
use infra::sourcing::rfq::RfqRow;
use infra::sourcing::{quote, rfq};
use serde_json::json;
use uuid::Uuid;

use super::dto::{RoundAuctionDto, RoundData};
use crate::app::App;
use crate::auction::bidder::dto::AuctionInvitations;
use crate::auction::bidder::usecase::invite;
use crate::auction::listing::dto::{AuctionCancellation, AuctionData, AuctionTermsDto, LotData, SoftCloseDto};
use crate::auction::listing::usecase as listing;
use crate::catalogue::product::dto::TaxDto;
use crate::command::Command;
use crate::sourcing::access::Seen;
use crate::sourcing::comparison::entrants::{SideBySide, compare_all};
use crate::sourcing::quote::hand_in::{Way, keep};
use crate::sourcing::tell::tell_both;

/// Pieces (UN/ECE Rec 20): what is asked for as a whole.
const ONE: &str = "C62";

/// Announces the auction to those who take part in the round.
pub async fn announce(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    seen: &Seen,
    round: &Round,
    data: &RoundData,
) -> Result<Uuid, Failure> {
    let how =
        data.auction.clone().ok_or_else(|| Refusal::fault("/auction", "required", "Say how the auction goes."))?;
    let (compared, _) = compare_all(tx, app, &seen.row, &seen.terms).await?;
    let auction = auction_data(seen, &compared, data, how)?;
    let portal = seen.row.portal_id.to_string();
    let made = listing::create(tx, command, &app.secret, &portal, &auction, &[]).await?;
    let id =
        made.body.map(|auction| AuctionId(auction.id)).ok_or_else(|| Failure::broken("an auction without a body"))?;
    let organisation_ids = round.invited.iter().map(|company| company.0).collect();
    invite(tx, command, id, &AuctionInvitations { organisation_ids }).await?;
    listing::publish(tx, command, id, &[]).await?;
    Ok(id.0)
}

/// One lot: all lines together, at the total that a quote is compared by.
fn auction_data(
    seen: &Seen,
    compared: &SideBySide,
    data: &RoundData,
    how: RoundAuctionDto,
) -> Result<AuctionData, Failure> {
    let terms = &seen.terms;
    let lowest = compared.comparison.matrix.columns.iter().filter_map(|column| column.total).map(Money::amount).min();
    let start = how.start_price.or(lowest.map(|total| total.to_string()));
    let start_price = start.ok_or_else(|| {
        Refusal::fault("/auction/start_price", "required", "No quote is complete: say from which price on is bid.")
    })?;
    let lot = LotData {
        name: terms.titles.clone(),
        units: 1,
        content: "1".to_owned(),
        unit: ONE.to_owned(),
        start_price,
        reserve_price: None,
        buy_now_price: None,
        floor_price: None,
        price_step: None,
    };
    Ok(AuctionData {
        name: terms.titles.clone(),
        preset: None,
        format: Some("reverse_english".to_owned()),
        pricing: None,
        currency: terms.comparison_currency().code().to_owned(),
        opens_at: how.opens_at,
        closes_at: Some(data.deadline),
        stagger_seconds: None,
        increments: Some(how.increments),
        proxy: Some(false),
        soft_close: how.soft_close_seconds.map(|seconds| SoftCloseDto { seconds, final_end: None }),
        interval_seconds: None,
        sealed_seconds: None,
        topping_seconds: None,
        undersubscribed: None,
        disclosure: Some("parties".to_owned()),
        access: Some("invited".to_owned()),
        deposit: None,
        lots: vec![lot],
        terms: AuctionTermsDto {
            incoterm: terms.delivery.incoterm.code().to_owned(),
            place: terms.delivery.place.clone(),
            payment_days: terms.payment_days,
            delivery_date: None,
        },
        tax: TaxDto { category: "Z".to_owned(), rate: "0".to_owned() },
    })
}

/// Whether the request waits for an auction whose lots have not all been settled. Before its host has listed it there are none.
pub async fn is_awaited(tx: &mut Connection, row: &RfqRow) -> Result<bool, Failure> {
    let last = row.rounds()?.last().map(|round| round.kind);
    let Some(id) = row.auction_id.filter(|_| last == Some(RoundKind::Auction)).map(AuctionId) else { return Ok(false) };
    let lots = lot::of_auction(tx, id).await?;
    if !lots.is_empty() {
        return Ok(lots.iter().any(|lot| lot.settled_at.is_none()));
    }
    Ok(store::of_id(tx, id).await?.is_some_and(|auction| auction.cancelled_at.is_none()))
}

/// The request was cancelled, and with it the auction that is its last round, unless that is over already.
pub async fn cancel(tx: &mut Connection, command: &Command, row: &RfqRow, reason: &str) -> Result<(), Failure> {
    let Some(auction) = row.auction_id else { return Ok(()) };
    let why = AuctionCancellation { reason: reason.to_owned() };
    match listing::cancel(tx, command, AuctionId(auction), &why, &[]).await {
        Err(Failure::Refused(refusal)) if refusal.kind == Kind::WrongState => Ok(()),
        other => other.map(drop),
    }
}

/// The request whose last round an auction is; held, if there is one.
pub async fn lock_request(tx: &mut Connection, auction: &AuctionRow) -> Result<Option<RfqRow>, Failure> {
    match rfq::of_auction(tx, auction.id).await? {
        Some(id) => rfq::lock(tx, RfqId(id)).await,
        None => Ok(None),
    }
}

/// The auction is over: what each company bid last lowers the prices of its quote, if that still competes.
pub async fn take_over(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    request: RfqRow,
    auction: &AuctionRow,
) -> Result<(), Failure> {
    let terms = request.terms()?;
    let (compared, _) = compare_all(tx, app, &request, &terms).await?;
    let bids = history::lowest_of_bidders(tx, AuctionId(auction.id), 1).await?;
    for (company, price) in bids {
        let Some(mut row) = quote::lock_own(tx, RfqId(request.id), OrganisationId(company)).await? else { continue };
        let Some(lower) = undercut(&compared, &row, price)? else { continue };
        let state = row.state()?;
        keep(tx, command, &app.secret, (&request, &terms), &mut row, (Way::Negotiated, state, lower)).await?;
        let told = json!({"quote_id": row.id, "revision": row.revision, "auction_id": auction.id});
        tell_both(command, "quote.undercut", &request, company, told);
    }
    Ok(())
}

/// The quote at the price that its company bid; none if it does not compete any more, or the bid is not lower.
fn undercut(
    compared: &SideBySide,
    row: &quote::QuoteRow,
    price: i64,
) -> Result<Option<domain::sourcing::Quote>, Failure> {
    let columns = &compared.comparison.matrix.columns;
    let column = columns.iter().find(|column| column.quote == QuoteId(row.id));
    let (Some(column), Some(own)) = (column, compared.quote(QuoteId(row.id))) else { return Ok(None) };
    let Some(total) = column.total.filter(|_| row.state().is_ok_and(|state| state.competes())) else { return Ok(None) };
    let currency = total.currency();
    let bid = Money::new(decimal_of(price, currency), currency)?;
    Ok(own.quote.undercut(total, column.fixed, bid)?)
}
