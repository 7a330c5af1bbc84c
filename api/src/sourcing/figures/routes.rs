//! Figures over HTTP.

use actix_web::{get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{FiguresQuery, SourcingFigures};
use super::read;
use crate::app::App;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Of the requests that came to you, or of the companies to which yours came: how many were quoted, how fast, and how many were won; by category
/// and month, and all together.
#[utoipa::path(tag = "sourcing", params(FiguresQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The figures", body = SourcingFigures)))]
#[get("/v1/sourcing/figures")]
pub async fn read_sourcing_figures(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<FiguresQuery>,
) -> Reply {
    let found = read::figures(&mut *app.pool.get().await?, &by, &query, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read_sourcing_figures);
}
