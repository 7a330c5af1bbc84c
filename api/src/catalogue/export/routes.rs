//! Goods as files over HTTP.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, web};
use domain::kernel::{Kind, OrganisationId, PortalId, Refusal};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::import::goods;
use infra::db::Connection;
use utoipa_actix_web::service_config::ServiceConfig;

use super::ExportQuery;
use super::table::{self, Export, Form};
use crate::app::App;
use crate::catalogue::import::reading::SEPARATORS;
use crate::catalogue::rights;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::portal::access;

/// All your products as a table that an import takes: taken in again as it is, it changes nothing. It is written while you read it.
#[utoipa::path(tag = "catalogue", params(ExportQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "CSV in UTF-8", content_type = "text/csv", body = String)))]
#[get("/v1/exports/products.csv")]
pub async fn export_products_as_table(app: web::Data<App>, by: Principal, query: web::Query<ExportQuery>) -> Reply {
    let seller = by.require(rights::READ)?;
    let name = query.separator.as_deref().unwrap_or("comma");
    let known = SEPARATORS.iter().find(|(known, _)| *known == name);
    let unknown = || Refusal::new(Kind::InvalidQuery, "`separator` is comma, semicolon or tab.");
    let (_, separator) = *known.ok_or_else(unknown)?;
    let connection = app.pool.get().await?;
    let portal = portal_of(&connection, seller, query.portal.as_deref()).await?;
    let columns = table::columns(goods::keys(&connection, seller).await?, portal.is_some());
    drop(connection);
    Ok(answer(&app, seller, portal, Form::Table { separator, columns }))
}

/// All your products as lines of JSON that an import takes.
#[utoipa::path(tag = "catalogue", params(ExportQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "NDJSON", content_type = "application/x-ndjson", body = String)))]
#[get("/v1/exports/products.ndjson")]
pub async fn export_products_as_lines(app: web::Data<App>, by: Principal, query: web::Query<ExportQuery>) -> Reply {
    let seller = by.require(rights::READ)?;
    if query.separator.is_some() {
        return Err(Refusal::new(Kind::InvalidQuery, "Only a table has a `separator`.").into());
    }
    let portal = portal_of(&*app.pool.get().await?, seller, query.portal.as_deref()).await?;
    Ok(answer(&app, seller, portal, Form::Lines))
}

async fn portal_of(
    connection: &Connection,
    seller: OrganisationId,
    named: Option<&str>,
) -> Result<Option<PortalId>, Failure> {
    let Some(named) = named else { return Ok(None) };
    Ok(Some(access::look(connection, named, Some(seller.0), Function::Catalogue).await?.id))
}

fn answer(app: &web::Data<App>, seller: OrganisationId, portal: Option<PortalId>, form: Form) -> HttpResponse {
    let (kind, name) = match form {
        Form::Table { .. } => ("text/csv; charset=utf-8", "products.csv"),
        Form::Lines => ("application/x-ndjson", "products.ndjson"),
    };
    let export = Export { seller, portal, at: app.clock.now(), form };
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(table::stream(app.get_ref().clone(), export))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(export_products_as_table).service(export_products_as_lines);
}
