//! Negotiations over HTTP.

use actix_web::{get, post, web};
use domain::kernel::QuoteId;
use domain::sourcing::NegotiationStep;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CounterOfferData, NegotiationDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Make an offer for a quote to a request of yours that you evaluate, where there may be more than one round; or answer an offer of the other
/// side by one of your own.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = CounterOfferData,
    security(("person" = []), ("client" = ["sourcing:write"]), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "The other side is to answer", body = NegotiationDto, headers(("Location" = String)))))]
#[post("/v1/quotes/{id}/counter")]
pub async fn counter_quote(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    body: Body<CounterOfferData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::counter(tx, command, &app, *id, &body.0).await).await
}

/// Accept the last offer of the other side: the quote says from now on what was agreed on.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["sourcing:write"]), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "It is agreed on", body = NegotiationDto)))]
#[post("/v1/quotes/{id}/accept")]
pub async fn accept_counter_offer(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let how = (NegotiationStep::Accept, "quote.counter_accepted");
    command(&app, &call, &by, async |tx, command| usecase::conclude(tx, command, &app, *id, how).await).await
}

/// Reject the last offer of the other side: the quote stays as it was.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["sourcing:write"]), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "The quote stands as it was", body = NegotiationDto)))]
#[post("/v1/quotes/{id}/reject-counter")]
pub async fn reject_counter_offer(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let how = (NegotiationStep::Reject, "quote.counter_rejected");
    command(&app, &call, &by, async |tx, command| usecase::conclude(tx, command, &app, *id, how).await).await
}

/// Take back your offer that the other side has not answered: the quote stays as it was.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["sourcing:write"]), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "The quote stands as it was", body = NegotiationDto)))]
#[post("/v1/quotes/{id}/withdraw-counter")]
pub async fn withdraw_counter_offer(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let how = (NegotiationStep::Withdraw, "quote.counter_withdrawn");
    command(&app, &call, &by, async |tx, command| usecase::conclude(tx, command, &app, *id, how).await).await
}

/// The negotiations of a quote with all their versions, newest first.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of negotiations", body = Items<NegotiationDto>)))]
#[get("/v1/quotes/{id}/negotiations")]
pub async fn list_negotiations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(counter_quote).service(accept_counter_offer).service(reject_counter_offer);
    config.service(withdraw_counter_offer).service(list_negotiations);
}
