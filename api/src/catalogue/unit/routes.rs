//! Units over HTTP.

use actix_web::{get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{UnitDto, UnitQuery};
use crate::app::App;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Viewer;
use crate::http::problem::Reply;

/// The units of measure that quantities may be in, by code, with what converts into what.
#[utoipa::path(tag = "catalogue", params(UnitQuery),
    responses((status = 200, description = "A page of units", body = Items<UnitDto>)))]
#[get("/v1/units")]
pub async fn list_units(app: web::Data<App>, call: Call, by: Viewer, query: web::Query<UnitQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    answer::list(&app, &call, by.organisation_id(), super::list(query.dimension.as_deref(), &page))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_units);
}
