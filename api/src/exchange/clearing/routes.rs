//! Clearing over HTTP.

use actix_web::{get, post, web};
use domain::exchange::Market;
use domain::kernel::ClearingId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ClearingDto, ClearingSummary, PastClearingDto};
use super::{past, run, usecase};
use crate::app::App;
use crate::command::command;
use crate::exchange::access;
use crate::hosting::forward::forward;
use crate::hosting::{self, Hosted};
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Clear the trades of a portal's exchange now (who manages the portal); otherwise they are when their session has ended. What two
/// companies have traded in an instrument is netted and becomes a contract, which both sign.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug")),
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 200, description = "The contracts that were made", body = ClearingDto)))]
#[post("/v1/portals/{portal}/exchange/clearing")]
pub async fn clear_trades(app: web::Data<App>, call: Call, by: Principal, portal: web::Path<String>) -> Reply {
    let stream = {
        let mut connection = app.pool.get().await?;
        let seen = access::seen(&mut connection, Some(&by), &portal).await?;
        access::may_manage(&by, &seen)?;
        hosting::stream_of::<Market>(&app, &mut connection, seen.id).await?
    };
    let market = match hosting::of_stream::<Market>(&app, stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    let trades = run::unsettled(&market).await?;
    let work = async |tx: &mut _, command: &_| usecase::on_demand(tx, command, stream, &trades).await;
    let done = command(&app, &call, &by, work).await?;
    run::settle_now(&app, &market).await;
    Ok(done)
}

/// What was cleared on a portal's exchange, the newest first: all of it for who manages the portal, or else what your organisation had a
/// part in.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), PageQuery),
    security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "A page of clearings", body = Items<ClearingSummary>)))]
#[get("/v1/portals/{portal}/exchange/clearings")]
pub async fn list_clearings(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = past::list(&mut *app.pool.get().await?, &by, &portal, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// A clearing with its contracts: all of them for who manages the portal, or else your organisation's own.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "The clearing", body = PastClearingDto)))]
#[get("/v1/portals/{portal}/exchange/clearings/{id}")]
pub async fn find_clearing(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, ClearingId)>,
) -> Reply {
    let (portal, id) = path.into_inner();
    let found = past::find(&mut *app.pool.get().await?, &by, &portal, id).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(clear_trades).service(list_clearings).service(find_clearing);
}
