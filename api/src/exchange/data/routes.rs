//! Market data over HTTP.

use actix_web::{get, post, web};
use domain::exchange::{Command, HaltReason, Market, Phase};
use domain::kernel::{InstrumentId, Kind, Refusal, Timestamp};
use infra::db::page::List;
use infra::exchange::{candle, trade};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    BookDto, BookQuery, CandleQuery, CandlesDto, OwnTradeDto, OwnTradeQuery, PhaseChange, TickerDto, TradeDto,
    TradeQuery,
};
use super::look::{listing, seen};
use super::{show, stream};
use crate::app::App;
use crate::exchange::floor::{self, Done};
use crate::exchange::{access, rights};
use crate::hosting::act::act;
use crate::hosting::forward::forward;
use crate::hosting::stream::{Opened, Token};
use crate::hosting::{self, Hosted};
use crate::http::answer::{self, Answer, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::{Problem, Reply};
use crate::http::sse;

const MOST_LEVELS: u32 = 10_000;
const USUAL_LEVELS: u32 = 20;

/// The order book: the best levels of both sides.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), BookQuery), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The book", body = BookDto)))]
#[get("/v1/instruments/{id}/book")]
pub async fn read_book(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    id: web::Path<InstrumentId>,
    query: web::Query<BookQuery>,
) -> Reply {
    let listed = seen(&app, viewer.principal(), *id).await?;
    let depth = query.depth.unwrap_or(USUAL_LEVELS);
    if !(1..=MOST_LEVELS).contains(&depth) {
        return Err(Problem::new(Kind::InvalidQuery, format!("`depth` takes 1 to {MOST_LEVELS}.")));
    }
    let company = match query.tradable {
        Some(true) => {
            let by = viewer.principal().ok_or_else(|| {
                Problem::new(Kind::Unauthenticated, "What you may trade with depends on who you are: send a token.")
            })?;
            Some(by.require(rights::READ)?)
        }
        _ => None,
    };
    let market = match hosting::of_stream::<Market>(&app, listed.stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    listing(&app, &market, *id).await?;
    let (instrument, depth) = (*id, depth as usize);
    let found = market.ask(move |market| match company {
        Some(company) => market.depth_for(company, instrument, depth),
        None => market.depth(instrument, depth),
    });
    let found = found.await?.map_err(Refusal::from)?;
    answer::read(&call, viewer.organisation_id(), &show::book(&found, &listed), None)
}

/// Where the instrument stands: phase, last price, best prices, price band, and the indicative price of a call auction.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The ticker", body = TickerDto)))]
#[get("/v1/instruments/{id}/ticker")]
pub async fn read_ticker(app: web::Data<App>, call: Call, viewer: Viewer, id: web::Path<InstrumentId>) -> Reply {
    let listed = seen(&app, viewer.principal(), *id).await?;
    let market = match hosting::of_stream::<Market>(&app, listed.stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    listing(&app, &market, *id).await?;
    let instrument = *id;
    let found = market.ask(move |market| Ok((market.status(instrument)?, market.depth(instrument, 1)?))).await?;
    let (status, best) = found.map_err(|rejection: domain::exchange::Rejection| Refusal::from(rejection))?;
    answer::read(&call, viewer.organisation_id(), &show::ticker(&status, &best, &listed), None)
}

/// The trades of an instrument, the last one first.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), TradeQuery), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "A page of trades", body = Items<TradeDto>)))]
#[get("/v1/instruments/{id}/trades")]
pub async fn list_trades(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    id: web::Path<InstrumentId>,
    query: web::Query<TradeQuery>,
) -> Reply {
    let listed = seen(&app, viewer.principal(), *id).await?;
    let context = cursor::context(&call, viewer.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    hosting::caught_up::<Market>(&app, listed.stream).await?;
    let rows = trade::of_instrument(&mut *app.pool.get().await?, *id, &page).await?;
    let found = page.cut_by_id(rows, |row| row.id).map(|row| show::trade(row, &listed));
    answer::list(&app, &call, viewer.organisation_id(), found)
}

/// Your organisation's trades, the last one first.
#[utoipa::path(tag = "exchange", params(OwnTradeQuery), security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "A page of trades", body = Items<OwnTradeDto>)))]
#[get("/v1/exchange/trades")]
pub async fn list_own_trades(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<OwnTradeQuery>,
) -> Reply {
    let company = by.require(rights::READ)?;
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    hosting::all_caught_up::<Market>(&app).await?;
    let instrument = query.instrument_id.map(InstrumentId);
    let rows = trade::of_organisation(&mut *app.pool.get().await?, company, instrument, &page).await?;
    let found = page.cut_by_id(rows, |row| row.id);
    let instruments = floor::listed_of(&app, found.items.iter().map(|row| row.instrument_id)).await?;
    let shown = found
        .items
        .iter()
        .filter_map(|row| instruments.get(&row.instrument_id).map(|listed| show::own_trade(row, company.0, listed)));
    answer::list(&app, &call, by.organisation_id(), List { items: shown.collect(), next: found.next })
}

/// Open, high, low and close of the trades of each minute, five minutes, hour or day.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), CandleQuery), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The candles", body = CandlesDto)))]
#[get("/v1/instruments/{id}/candles")]
pub async fn read_candles(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    id: web::Path<InstrumentId>,
    query: web::Query<CandleQuery>,
) -> Reply {
    let listed = seen(&app, viewer.principal(), *id).await?;
    let (limit, resolution) = (query.limit.unwrap_or(200), query.resolution.as_deref().unwrap_or("1h"));
    if !(1..=1_000).contains(&limit) || !["1m", "5m", "1h", "1d"].contains(&resolution) {
        let detail = "`resolution` takes 1m, 5m, 1h or 1d, `limit` 1 to 1000.";
        return Err(Problem::new(Kind::InvalidQuery, detail));
    }
    hosting::caught_up::<Market>(&app, listed.stream).await?;
    let from = query.from.map_or(Timestamp::UNIX_EPOCH, |time| time.0);
    let before =
        query.before.map_or(Timestamp::MAX_UTC, |time| time.0).min(app.clock.now() + chrono::TimeDelta::days(1));
    let rows = candle::within(&mut *app.pool.get().await?, *id, resolution, from, before, limit).await?;
    let items = rows.iter().rev().map(|row| show::candle(row, &listed)).collect();
    let found = CandlesDto { instrument_id: id.0, resolution: resolution.to_owned(), items };
    answer::read(&call, viewer.organisation_id(), &found, None)
}

/// Change the phase of an instrument by hand, or halt it with a reason. After a halt it goes on by an opening or closing auction, at once
/// (`continuous`), or closes. Every change of phase, also one by the schedule or by the market itself, is an event
/// `instrument.phase_changed` (`from`, `to`, and the `reason` of a halt) for those who trade or manage there.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), request_body = PhaseChange,
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 204, description = "It is in that phase")))]
#[post("/v1/instruments/{id}/phase")]
pub async fn change_phase(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InstrumentId>,
    body: Body<PhaseChange>,
) -> Reply {
    let listed = floor::listed(&app, *id).await?;
    {
        let mut connection = app.pool.get().await?;
        let portal = access::seen_of(&mut connection, Some(&by), listed.portal.0, floor::unknown).await?;
        access::may_manage(&by, &portal)?;
    }
    let command = wanted(*id, &body.0)?;
    let render = |done: &Done| match done.outcomes.first() {
        Some(Err(rejection)) => Err((*rejection).into()),
        _ => Ok(Answer::<()>::no_content()),
    };
    act::<Market, _>(&app, &call, &by, listed.stream, vec![command], render).await
}

fn wanted(instrument: InstrumentId, change: &PhaseChange) -> Result<Command, Refusal> {
    let reason = match change.reason.as_deref() {
        Some("news") => Some(HaltReason::News),
        Some("regulatory") => Some(HaltReason::Regulatory),
        Some("technical") => Some(HaltReason::Technical),
        Some("disorderly") => Some(HaltReason::Disorderly),
        Some(_) => Some(HaltReason::Other),
        None => None,
    };
    let to = match change.phase.as_str() {
        "halted" => {
            let detail = "A halt needs a reason.";
            let reason = reason.ok_or_else(|| Refusal::fault("/reason", "required", detail))?;
            return Ok(Command::Halt { instrument, reason });
        }
        "pre_open" => Phase::PreOpen,
        "opening_auction" => Phase::OpeningAuction,
        "continuous" => Phase::Continuous,
        "closing_auction" => Phase::ClosingAuction,
        _ => Phase::Closed,
    };
    match reason {
        Some(_) => Err(Refusal::fault("/reason", "not_applicable", "Only halts have a reason.")),
        None => Ok(Command::ChangePhase { instrument, to }),
    }
}

/// Book, trades and phases as Server-Sent Events: first a `snapshot`, then each change with its number. A reader that falls behind is sent
/// a new `snapshot`. Connect again with the last `id` in `Last-Event-ID` and you miss nothing that is still remembered.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), ("Last-Event-ID" = Option<String>, Header)),
    security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "Events `snapshot`, `book`, `trade`, `indicative`, `phase` and `reference`, each with `data`",
        content_type = "text/event-stream", body = String)))]
#[get("/v1/instruments/{id}/stream")]
pub async fn stream_instrument(app: web::Data<App>, call: Call, viewer: Viewer, id: web::Path<InstrumentId>) -> Reply {
    let token = Token::of(call.token());
    let last = call.last_event_id().and_then(|text| text.parse().ok());
    match stream::open(&app, viewer.principal(), token, *id, last).await? {
        Opened::Here(parts) => Ok(sse::answer(parts)),
        Opened::There(address) => forward(&app, &call, &address).await,
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_book).service(read_ticker).service(list_trades).service(list_own_trades);
    config.service(read_candles).service(change_phase).service(stream_instrument);
}
