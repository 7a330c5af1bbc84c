//! Bulk changes over HTTP.

use actix_web::{post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PriceBatch, PriceResults, StockBatch, StockResults};
use super::{prices, stock};
use crate::app::App;
use crate::command::command;
use crate::http::body::Bulk;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Set the stock of up to 10,000 products, by their numbers: what was counted, or by how much it has changed. Each row has its result, in
/// order, and one that is refused stops no other, unless `atomic` asks for all or nothing. A row that changes nothing makes no event.
/// What is kept by warehouse and lot follows the total; where goods lie is recorded by stock movements. The body may have 8 MiB.
#[utoipa::path(tag = "catalogue", request_body = StockBatch, security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "What became of each row", body = StockResults)))]
#[post("/v1/products/stock/batch")]
pub async fn count_stocks(app: web::Data<App>, call: Call, by: Principal, body: Bulk<StockBatch>) -> Reply {
    let work = async |tx: &mut _, command: &_| stock::count(tx, command, &body.0, call.path()).await;
    command(&app, &call, &by, work).await
}

/// Set the prices of up to 10,000 of your offers on the portal, by the numbers of their products. Each row has its result, in order, and
/// one that is refused stops no other, unless `atomic` asks for all or nothing. A row with the prices that the offer has changes nothing.
/// The body may have 8 MiB.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug")), request_body = PriceBatch,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "What became of each row", body = PriceResults)))]
#[post("/v1/portals/{portal}/offers/prices/batch")]
pub async fn reprice_offers(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Bulk<PriceBatch>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| prices::reprice(tx, command, &portal, &body.0, call.path()).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(count_stocks).service(reprice_offers);
}
