//! Orders on the exchange over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::exchange::{Answer as MarketAnswer, Command, Market, order_id};
use domain::kernel::{ExchangeOrderId, InstrumentId, Refusal};
use utoipa_actix_web::service_config::ServiceConfig;

use super::batch;
use super::dto::{
    BatchResult, Cancelled, NewExchangeOrder, OrderAmendment, OrderBatch, OrderDto, OrderQuery, OrderReportDto,
    StepsDto,
};
use super::report::{self, Fills};
use super::usecase;
use crate::app::App;
use crate::exchange::floor::{self, Done};
use crate::exchange::rights;
use crate::hosting::act::act;
use crate::hosting::forward::forward;
use crate::hosting::{self, Hosted};
use crate::http::answer::{self, Answer, Items};
use crate::http::body::{Patch, Quick};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Place an order. It is durable, and has met the book, when this answers; the answer says what it traded.
///
/// `client_order_id` makes retries safe, with or without an `Idempotency-Key`.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), request_body = NewExchangeOrder,
    security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 201, description = "It is placed", body = OrderReportDto, headers(("Location" = String))),
        (status = 200, description = "It was placed before by the same client_order_id", body = OrderReportDto)))]
#[post("/v1/instruments/{id}/orders")]
pub async fn place_exchange_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InstrumentId>,
    body: Quick<NewExchangeOrder>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let listed = floor::listed(&app, *id).await?;
    let placed = match usecase::place(&app, company, &listed, &body.data) {
        Ok(command) => {
            let of = listed.clone();
            let render = move |done: &Done| match first(done)? {
                MarketAnswer::Order(placed) => {
                    let location = format!("/v1/exchange/orders/{}", order_id(of.stream, placed.order));
                    let body = report::of(&placed, &of, &Fills::of(&done.events));
                    let answer = Answer::created(location, body);
                    Ok(if placed.replayed { Answer { status: answer::Status::OK, ..answer } } else { answer })
                }
                _ => Err(Refusal::fault("", "invalid", "The market does not say what became of the order.")),
            };
            act::<Market, _>(&app, &call, &by, listed.stream, vec![command], render).await
        }
        Err(refusal) => body.judged(&app).and(Err(refusal.into())),
    };
    match placed {
        Err(problem) if problem.is_refusal() => Err(usecase::hidden(&app, &by, &listed, problem.refusal).await?.into()),
        other => other,
    }
}

fn first(done: &Done) -> Result<MarketAnswer, Refusal> {
    match done.outcomes.first() {
        Some(Ok(answer)) => Ok(*answer),
        Some(Err(rejection)) => Err((*rejection).into()),
        None => Err(Refusal::fault("", "invalid", "Nothing was asked of the market.")),
    }
}

/// Cancel all orders of your organisation in an instrument.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 200, description = "They are cancelled", body = Cancelled)))]
#[delete("/v1/instruments/{id}/orders")]
pub async fn cancel_all_exchange_orders(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InstrumentId>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let listed = floor::listed(&app, *id).await?;
    let render = |done: &Done| match first(done)? {
        MarketAnswer::Ended(cancelled) => Ok(Answer::ok(Cancelled { cancelled })),
        _ => Ok(Answer::ok(Cancelled { cancelled: 0 })),
    };
    let command = Command::CancelAll { company, instrument: Some(*id) };
    match act::<Market, _>(&app, &call, &by, listed.stream, vec![command], render).await {
        Err(problem) if problem.is_refusal() => Err(usecase::hidden(&app, &by, &listed, problem.refusal).await?.into()),
        other => other,
    }
}

/// Place up to 1,000 orders, for instruments of one portal, in one call. Each has a result of its own, in their order.
#[utoipa::path(tag = "exchange", request_body = OrderBatch,
    security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 200, description = "What became of each", body = BatchResult)))]
#[post("/v1/exchange/orders/batch")]
pub async fn place_exchange_orders(app: web::Data<App>, call: Call, by: Principal, body: Quick<OrderBatch>) -> Reply {
    batch::place(&app, &call, &by, &body).await
}

/// Your organisation's orders on exchanges, the last one first.
#[utoipa::path(tag = "exchange", params(OrderQuery), security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "A page of orders", body = Items<OrderDto>)))]
#[get("/v1/exchange/orders")]
pub async fn list_exchange_orders(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<OrderQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&app, &by, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One of your organisation's orders.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "The order", body = OrderDto)))]
#[get("/v1/exchange/orders/{id}")]
pub async fn find_exchange_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ExchangeOrderId>,
) -> Reply {
    let found = usecase::find(&app, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// What happened to one of your organisation's orders, step by step.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "Its steps", body = StepsDto)))]
#[get("/v1/exchange/orders/{id}/steps")]
pub async fn list_exchange_order_steps(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ExchangeOrderId>,
) -> Reply {
    let items = usecase::steps(&app, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &StepsDto { items }, None)
}

/// Change a live order. It stays in its place in the queue only if nothing but its quantity becomes less.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), request_body = OrderAmendment,
    security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 200, description = "It is changed", body = OrderReportDto)))]
#[patch("/v1/exchange/orders/{id}")]
pub async fn amend_exchange_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ExchangeOrderId>,
    body: Patch<OrderAmendment>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let (stream, order) = usecase::named(&app, *id).await?;
    let found = match hosting::of_stream::<Market>(&app, stream).await? {
        Hosted::Here(market) => market.ask(move |market| market.order(company, order)).await?,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    let listed = floor::listed(&app, found.ok_or_else(usecase::unknown)?.instrument).await?;
    let change = usecase::amendment(&listed, &body.apply(&OrderAmendment::default())?)?;
    let command = Command::Amend { company, order, change };
    act::<Market, _>(&app, &call, &by, stream, vec![command], reported(listed)).await
}

/// Cancel a live order.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 200, description = "It is cancelled", body = OrderReportDto)))]
#[delete("/v1/exchange/orders/{id}")]
pub async fn cancel_exchange_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ExchangeOrderId>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let (stream, order) = usecase::named(&app, *id).await?;
    let found = match hosting::of_stream::<Market>(&app, stream).await? {
        Hosted::Here(market) => market.ask(move |market| market.order(company, order)).await?,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    let listed = floor::listed(&app, found.ok_or_else(usecase::unknown)?.instrument).await?;
    let command = Command::Cancel { company, order };
    act::<Market, _>(&app, &call, &by, stream, vec![command], reported(listed)).await
}

/// Renders what became of the one order that the call is about.
fn reported(
    listed: std::sync::Arc<floor::Listed>,
) -> impl Fn(&Done) -> Result<Answer<OrderReportDto>, Refusal> + Clone + Send + 'static {
    move |done| match first(done)? {
        MarketAnswer::Order(order) => Ok(Answer::ok(report::of(&order, &listed, &Fills::of(&done.events)))),
        _ => Err(usecase::unknown()),
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(place_exchange_order).service(place_exchange_orders).service(cancel_exchange_order);
    config.service(amend_exchange_order).service(cancel_all_exchange_orders).service(find_exchange_order);
    config.service(list_exchange_orders).service(list_exchange_order_steps);
}
