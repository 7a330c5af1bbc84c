//! Price proposals over HTTP.

use actix_web::{get, post, web};
use domain::kernel::PriceProposalId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CounterOffer, PriceProposalData, PriceProposalDto, PriceProposalQuery};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::ordering::dto::Reason;

/// Name a price for a quantity of an offer. The seller accepts, counters or declines it.
#[utoipa::path(tag = "ordering", request_body = PriceProposalData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "The seller is asked", body = PriceProposalDto, headers(("Location" = String)))))]
#[post("/v1/price-proposals")]
pub async fn propose_price(app: web::Data<App>, call: Call, by: Principal, body: Body<PriceProposalData>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::propose(tx, command, &body.0).await).await
}

/// Your negotiations about prices, newest first: those you began, and those about your offers.
#[utoipa::path(tag = "ordering", params(PriceProposalQuery), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of price proposals", body = Items<PriceProposalDto>)))]
#[get("/v1/price-proposals")]
pub async fn list_price_proposals(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PriceProposalQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One negotiation of yours about a price.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The price proposal", body = PriceProposalDto, headers(("ETag" = String)))))]
#[get("/v1/price-proposals/{id}")]
pub async fn find_price_proposal(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PriceProposalId>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Accept the price that the other side named. It is good for one order within two weeks: name it at the order's line.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is agreed on", body = PriceProposalDto)))]
#[post("/v1/price-proposals/{id}/accept")]
pub async fn accept_price(app: web::Data<App>, call: Call, by: Principal, id: web::Path<PriceProposalId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::accept(tx, command, *id).await).await
}

/// Name another price, perhaps for another quantity. Then the other side answers.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = CounterOffer,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "The other side is asked", body = PriceProposalDto)))]
#[post("/v1/price-proposals/{id}/counter")]
pub async fn counter_price(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PriceProposalId>,
    body: Body<CounterOffer>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::counter(tx, command, *id, &body.0).await).await
}

/// Decline the price that the other side named.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is declined", body = PriceProposalDto)))]
#[post("/v1/price-proposals/{id}/decline")]
pub async fn decline_price(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PriceProposalId>,
    body: Body<Reason>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::decline(tx, command, *id, &body.0).await).await
}

/// Take back the price that you named, as long as it is not answered.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is withdrawn", body = PriceProposalDto)))]
#[post("/v1/price-proposals/{id}/withdraw")]
pub async fn withdraw_price(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PriceProposalId>,
    body: Body<Reason>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::withdraw(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(propose_price).service(list_price_proposals).service(find_price_proposal);
    config.service(accept_price).service(counter_price).service(decline_price).service(withdraw_price);
}
