//! Stock by warehouse and lot over HTTP.

use actix_web::{delete, get, post, put, web};
use domain::kernel::{OfferId, ProductId};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{
    Availability, AvailabilityQuery, BackorderRuleDto, ExpectedReceiptDto, LotDto, MovementDto, Movements,
    NewExpectedReceipt, NewMovement,
};
use super::{movement, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// What of one of your products lies where: its lots by warehouse, emptied ones included. They add up to the stock on hand.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of lots", body = Items<LotDto>)))]
#[get("/v1/products/{id}/lots")]
pub async fn list_lots(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::lots(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// What moved of one of your products, and why; the record only grows.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of movements", body = Items<MovementDto>)))]
#[get("/v1/products/{id}/stock-movements")]
pub async fn list_movements(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::movements(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Record goods that came, went, lie elsewhere now, or were counted. From the first one on the product's stock is kept by warehouse and lot;
/// what was there before is taken to lie in that warehouse.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), request_body = NewMovement,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Recorded", body = Movements, headers(("Location" = String)))))]
#[post("/v1/products/{id}/stock-movements")]
pub async fn record_movement(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<NewMovement>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| movement::record(tx, command, *id, &body.0).await).await
}

/// What you expect of one of your products, the next first; what is overdue as well, though buyers are not told of it.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of what is expected", body = Items<ExpectedReceiptDto>)))]
#[get("/v1/products/{id}/expected-receipts")]
pub async fn list_expected_receipts(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::receipts(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Note goods that you expect: they count for deliveries from that day on.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), request_body = NewExpectedReceipt,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Noted", body = ExpectedReceiptDto, headers(("Location" = String)))))]
#[post("/v1/products/{id}/expected-receipts")]
pub async fn expect_receipt(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<NewExpectedReceipt>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::expect(tx, command, *id, &body.0).await).await
}

/// Expect goods no more.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("receipt" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Forgotten")))]
#[delete("/v1/products/{id}/expected-receipts/{receipt}")]
pub async fn forget_receipt(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ProductId, Uuid)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::forget_expected(tx, command, *path).await).await
}

/// Whether more of one of your products may be ordered than there is. Its ETag is that of the stock.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The rule", body = BackorderRuleDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/backorders")]
pub async fn find_backorder_rule(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::backorder_rule(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Let buyers order more of a product than there is, up to a limit, or no more.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = BackorderRuleDto,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = BackorderRuleDto, headers(("ETag" = String)))))]
#[put("/v1/products/{id}/backorders")]
pub async fn set_backorder_rule(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<BackorderRuleDto>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| {
        usecase::set_backorder_rule(tx, command, *id, expected, &body.0).await
    })
    .await
}

/// What can be had of an offer on a day: what is on hand and still good then, and what is expected by then, less what is promised.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("offer" = Uuid, Path), AvailabilityQuery),
    responses((status = 200, description = "What can be had", body = Availability)))]
#[get("/v1/portals/{portal}/catalogue/{offer}/availability")]
pub async fn availability(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    path: web::Path<(String, OfferId)>,
    query: web::Query<AvailabilityQuery>,
) -> Reply {
    let (reader, now) = (by.organisation_id(), app.clock.now());
    let told = usecase::availability(&mut *app.pool.get().await?, &path.0, reader, path.1, &query, now).await?;
    answer::read(&call, reader, &told, None)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(availability).service(list_lots).service(list_movements).service(record_movement);
    config.service(list_expected_receipts).service(expect_receipt).service(forget_receipt);
    config.service(find_backorder_rule).service(set_backorder_rule);
}
