//! Lots over HTTP.

use actix_web::{get, web};
use domain::auction::{Auctions, LotNumber};
use domain::kernel::{AuctionId, OrganisationId};
use infra::auction::{history, lot};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{EntryDto, LotDto, ResultDto};
use super::{look, result, show, stream};
use crate::app::App;
use crate::hosting::forward::forward;
use crate::hosting::stream::{Opened, Token};
use crate::hosting::{self, Hosted};
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Viewer;
use crate::http::problem::Reply;
use crate::http::sse;

/// The lots of an auction as they stand now, by number.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), PageQuery), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "A page of lots", body = Items<LotDto>)))]
#[get("/v1/auctions/{id}/lots")]
pub async fn list_auction_lots(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    id: web::Path<AuctionId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let (called, _) = look::seen(&app, viewer.principal(), *id).await?;
    let context = cursor::context(&call, viewer.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let auctions = match hosting::of_stream::<Auctions>(&app, called.stream).await? {
        Hosted::Here(auctions) => auctions,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    look::listing(&app, &auctions, *id).await?;
    let company = viewer.organisation_id().map(OrganisationId);
    let lots = look::lots(&app, &auctions, &called, company, None).await?.into_iter();
    let rows = lots.filter(|lot| i64::from(lot.number) > page.after_number()).collect();
    answer::list(&app, &call, viewer.organisation_id(), page.cut_by_number(rows, |lot: &LotDto| lot.number.into()))
}

/// One lot as it stands now, with the server's time, and what your organisation has in it.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("number" = u16, Path)), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The lot", body = LotDto)))]
#[get("/v1/auctions/{id}/lots/{number}")]
pub async fn find_lot(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    path: web::Path<(AuctionId, LotNumber)>,
) -> Reply {
    let (id, number) = path.into_inner();
    let (called, _) = look::seen(&app, viewer.principal(), id).await?;
    let auctions = match hosting::of_stream::<Auctions>(&app, called.stream).await? {
        Hosted::Here(auctions) => auctions,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    look::listing(&app, &auctions, id).await?;
    let company = viewer.organisation_id().map(OrganisationId);
    let lots = look::lots(&app, &auctions, &called, company, Some(number)).await?;
    let found = lots.into_iter().next().ok_or_else(look::unknown)?;
    answer::read(&call, viewer.organisation_id(), &found, None)
}

/// The history of a lot: every act in its order, each bound to all before it by its hash, so that anybody can check that nothing was changed
/// or left out. Bidders stand in it by the names under which they bid here.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("number" = u16, Path), PageQuery),
    security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "A page of the history, from the beginning", body = Items<EntryDto>)))]
#[get("/v1/auctions/{id}/lots/{number}/history")]
pub async fn list_lot_history(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    path: web::Path<(AuctionId, LotNumber)>,
    query: web::Query<PageQuery>,
) -> Reply {
    let (id, number) = path.into_inner();
    let (called, _) = look::seen(&app, viewer.principal(), id).await?;
    let context = cursor::context(&call, viewer.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    hosting::caught_up::<Auctions>(&app, called.stream).await?;
    let mut connection = app.pool.get().await?;
    lot::one(&mut connection, id, number).await?.ok_or_else(look::unknown)?;
    let rows = history::of_lot(&mut connection, id, number, &page).await?;
    let found = page.cut_by_number(rows, |row| row.number.into()).map(|row| show::entry(row, &called));
    answer::list(&app, &call, viewer.organisation_id(), found)
}

/// How a lot closed. Who won at what price you learn as the auction's `disclosure` says, and always what you won yourself.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("number" = u16, Path)), security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The result", body = ResultDto)))]
#[get("/v1/auctions/{id}/lots/{number}/result")]
pub async fn read_lot_result(
    app: web::Data<App>,
    call: Call,
    viewer: Viewer,
    path: web::Path<(AuctionId, LotNumber)>,
) -> Reply {
    let (id, number) = path.into_inner();
    let (called, is_own) = look::seen(&app, viewer.principal(), id).await?;
    let found = result::of(&app, viewer.principal(), (&called, is_own), number).await?;
    answer::read(&call, viewer.organisation_id(), &found, None)
}

/// The lots of an auction as Server-Sent Events: first a `snapshot` of all of them, then each change with its number in its lot and the
/// server's time in `now`: `listed`, `phase`, `price` (it has fallen), `entry` (an act was taken, and what stands after it), `opened` (the
/// sealed bids) and `closed`. A reader that falls behind is sent a new `snapshot`. Connect again with the last `id` in `Last-Event-ID` and
/// you miss nothing that is still remembered.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("Last-Event-ID" = Option<String>, Header)),
    security((), ("person" = []), ("client" = [])),
    responses((status = 200, description = "The changes as they happen", content_type = "text/event-stream", body = String)))]
#[get("/v1/auctions/{id}/stream")]
pub async fn stream_auction(app: web::Data<App>, call: Call, viewer: Viewer, id: web::Path<AuctionId>) -> Reply {
    let token = Token::of(call.token());
    let last = call.last_event_id().and_then(|text| text.parse().ok());
    match stream::open(&app, viewer.principal(), token, *id, last).await? {
        Opened::Here(parts) => Ok(sse::answer(parts)),
        Opened::There(address) => forward(&app, &call, &address).await,
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_auction_lots).service(find_lot).service(list_lot_history).service(read_lot_result);
    config.service(stream_auction);
}
