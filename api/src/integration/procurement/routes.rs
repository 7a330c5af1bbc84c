//! Documents of procurement systems over HTTP.

use actix_web::{HttpResponse, get, post, web};
use domain::kernel::{DeliveryId, OrderId, QuoteId, RfqId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PortalQuery, UblOrder, UblOrderResponse};
use super::{answer_in, answer_out, despatch_out, order_in, order_out, quote_out, rfq_out};
use crate::app::App;
use crate::command::{command, command_text};
use crate::http::answer::file;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::http::xml_body::XmlBody;
use crate::integration::ubl::{order_read, order_response};
use crate::integration::xml::Limits;
use crate::ordering::dto::OrderDto;
use crate::ordering::rights;

const XML: &str = "application/xml";

/// Place an order as a UBL document. The answer is an order response: `AB` and 201 for an order that was taken, 200 for one that you have sent
/// before under the same number, as it stands by now; `RE` and 200 where lines cannot be ordered (unknown goods, another price, another
/// unit, too little in stock), each named with its reason, and nothing is ordered. The same number with another content is 409. What else is
/// wrong with the document is a problem whose pointers are paths of elements.
#[utoipa::path(tag = "integration", params(PortalQuery), request_body(content = UblOrder, content_type = "application/xml"),
    security(("person" = []), ("client" = ["orders:write"])), responses(
    (status = 201, description = "It is ordered: a UBL order response", content_type = "application/xml", body = String,
        headers(("Location" = String))),
    (status = 200, description = "It was ordered before, or is refused by its lines: a UBL order response", content_type = "application/xml",
        body = String)))]
#[post("/v1/integration/orders")]
pub async fn order_by_document(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PortalQuery>,
    body: XmlBody,
) -> Reply {
    by.require(rights::BUY)?;
    let order = order_read::read(&body.0, &Limits::default())?;
    let work = async |tx: &mut _, command: &_| order_in::take(tx, &app, command, &query.portal, &order).await;
    match command_text(&app, &call, &by, XML, work).await {
        Err(problem) if problem.is_refusal() => {
            let text = order_in::refused(&order, problem, app.clock.now())?;
            Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).content_type(XML).body(text))
        }
        other => other,
    }
}

/// Answer an order to you with a UBL order response: accept it, accept it with changes, or decline it. What changes for the worse waits for the
/// buyer's acceptance, as ever.
#[utoipa::path(tag = "integration", request_body(content = UblOrderResponse, content_type = "application/xml"),
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "The order as it is now", body = OrderDto)))]
#[post("/v1/integration/order-responses")]
pub async fn answer_by_document(app: web::Data<App>, call: Call, by: Principal, body: XmlBody) -> Reply {
    by.require(rights::SELL)?;
    let (response, languages) = (order_response::read(&body.0, &Limits::default())?, call.languages());
    let work = async |tx: &mut _, command: &_| answer_in::take(tx, &app, command, &response, &languages).await;
    command(&app, &call, &by, work).await
}

/// A placed order as a UBL order. Its number is the buyer's own, or else ours, which stands in `CustomerReference`.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The order", content_type = "application/xml", body = String)))]
#[get("/v1/orders/{id}.xml")]
pub async fn exchange_order(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let (at, languages) = (app.clock.now(), call.languages());
    let (name, xml) = order_out::document(&mut *app.pool.get().await?, &by, *id, at, &languages).await?;
    Ok(file(&name, XML, xml.into_bytes()))
}

/// What became of an order, as a UBL order response: `AB` as long as the seller has not answered, `AP`, `CA` or `RE` once it has.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The answer", content_type = "application/xml", body = String)))]
#[get("/v1/orders/{id}/response.xml")]
pub async fn exchange_order_response(app: web::Data<App>, by: Principal, id: web::Path<OrderId>) -> Reply {
    let (name, xml) = answer_out::document(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    Ok(file(&name, XML, xml.into_bytes()))
}

/// A delivery as a UBL despatch advice.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "The despatch advice", content_type = "application/xml", body = String)))]
#[get("/v1/deliveries/{id}.xml")]
pub async fn exchange_delivery(app: web::Data<App>, call: Call, by: Principal, id: web::Path<DeliveryId>) -> Reply {
    let (at, languages) = (app.clock.now(), call.languages());
    let (name, xml) = despatch_out::document(&mut *app.pool.get().await?, &by, *id, at, &languages).await?;
    Ok(file(&name, XML, xml.into_bytes()))
}

/// A published request for quotation as a UBL document.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The request", content_type = "application/xml", body = String)))]
#[get("/v1/rfqs/{id}.xml")]
pub async fn exchange_rfq(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let (name, xml) = rfq_out::document(&mut *app.pool.get().await?, &by, *id, &call.languages()).await?;
    Ok(file(&name, XML, xml.into_bytes()))
}

/// A quote as a UBL quotation: your own, or one whose prices are open to you.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The quotation", content_type = "application/xml", body = String)))]
#[get("/v1/quotes/{id}.xml")]
pub async fn exchange_quote(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let (name, xml) = quote_out::document(&mut *app.pool.get().await?, &app, &by, *id, &call.languages()).await?;
    Ok(file(&name, XML, xml.into_bytes()))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(order_by_document).service(answer_by_document).service(exchange_order);
    config.service(exchange_order_response).service(exchange_delivery).service(exchange_rfq).service(exchange_quote);
}
