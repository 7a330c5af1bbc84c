//! Suppliers over HTTP.

use actix_web::{get, web};
use domain::kernel::RfqId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::RfqSupplier;
use super::usecase;
use crate::app::App;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Companies that could quote to a request of yours: those that may quote on its portal and have offers there in the categories that you ask for,
/// or in those of the products that you ask for. Who covers most of them comes first.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of suppliers", body = Items<RfqSupplier>)))]
#[get("/v1/rfqs/{id}/suppliers")]
pub async fn list_rfq_suppliers(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::suggest(&mut *app.pool.get().await?, &by, *id, app.clock.now(), &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_rfq_suppliers);
}
