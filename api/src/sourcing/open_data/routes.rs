//! Open data over HTTP.

use actix_web::http::header::{CACHE_CONTROL, ETAG, LINK};
use actix_web::{HttpResponse, get, web};
use domain::kernel::{RfqId, Timestamp};
use infra::db::page::{List, Page};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::app::App;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::dto::Time;
use crate::http::principal::Viewer;
use crate::http::problem::{Problem, Reply};
use crate::integration::ocds::process::Process;
use crate::integration::ocds::schema::{Links, Publisher};
use crate::integration::ocds::{Publication, package};

/// How long anybody may keep a package without asking again.
const CACHE: &str = "public, max-age=60";

/// Which releases to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReleaseQuery {
    /// Only processes that changed at this time or later. Ask from some minutes before the last change that you know: what changes at the
    /// same time may show one after the other.
    pub since: Option<Time>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// As in `links.next` of the package before.
    pub cursor: Option<String>,
}

/// A release package of the Open Contracting Data Standard 1.1, whose schema says what is in it.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(value_type = Object, example = json!({
    "uri": "https://torg.example/v1/portals/northwind/ocds", "version": "1.1", "publishedDate": "2026-11-23T08:00:00Z",
    "publisher": {"name": "Torg"}, "releases": []}))]
pub struct OcdsPackage(serde_json::Value);

/// The requests of an open portal, and what was awarded of them, as open data (OCDS 1.1), for anybody: those that changed first come
/// first. Each has one release, which tells how it stands and gets another `id` with each change. Awards are told once they are
/// concluded, when no standstill can undo them any more; quotes that did not win are never told, nor who made them.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug"), ReleaseQuery),
    responses((status = 200, description = "A release package", body = OcdsPackage, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/ocds")]
pub async fn list_open_data(
    app: web::Data<App>,
    call: Call,
    _: Viewer,
    portal: web::Path<String>,
    query: web::Query<ReleaseQuery>,
) -> Reply {
    let context = cursor::context(&call, None);
    let page: Page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let since = query.since.map(|since| since.0);
    let found = read::list(&mut *app.pool.get().await?, &portal, since, &page).await?;
    let next = found.next.as_ref().map(|after| cursor::seal(&app.secret, &context, after));
    published(&app, &call, &found, next.as_deref())
}

/// One request of an open portal, and what was awarded of it, as a release package.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug"), ("rfq" = Uuid, Path)),
    responses((status = 200, description = "A release package", body = OcdsPackage, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/ocds/{rfq}")]
pub async fn find_open_data(app: web::Data<App>, call: Call, _: Viewer, path: web::Path<(String, RfqId)>) -> Reply {
    let (portal, id) = path.into_inner();
    let process = read::find(&mut *app.pool.get().await?, &portal, id).await?;
    published(&app, &call, &List { items: vec![process], next: None }, None)
}

/// A package under a tag that changes with what is in it.
fn published(app: &App, call: &Call, found: &List<Process>, cursor: Option<&str>) -> Reply {
    let base = app.config.issuer.trim_end_matches('/');
    let query = if call.query().is_empty() { String::new() } else { format!("?{}", call.query()) };
    let last: Option<Timestamp> = found.items.iter().map(|process| process.changed_at).max();
    let publication = Publication {
        ocid_prefix: app.config.ocid_prefix.clone(),
        publisher: Publisher {
            name: app.config.publisher.clone(),
            scheme: None,
            uid: None,
            uri: Some(app.config.issuer.clone()),
        },
        license: app.config.open_data_license.clone(),
        policy: None,
    };
    let uri = format!("{base}{}{query}", call.path());
    let mut package = package(&publication, uri, last.unwrap_or_else(|| app.clock.now()), &found.items);
    let link = cursor.map(|cursor| answer::next_link(call, cursor));
    // The same address as in `Link`, without its brackets.
    let next = link.as_deref().and_then(|link| link.strip_prefix('<')?.split_once('>'));
    package.links = next.map(|(path, _)| Links { next: format!("{base}{path}") });
    let bytes = serde_json::to_vec(&package).map_err(|error| Problem::internal(&error))?;
    let tag = answer::etag(1, None, &bytes);
    let is_known = call.if_none_match().is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((CACHE_CONTROL, CACHE)).insert_header((ETAG, tag));
    if let Some(link) = link {
        response.insert_header((LINK, link));
    }
    Ok(if is_known { response.finish() } else { response.content_type("application/json").body(bytes) })
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_open_data).service(find_open_data);
}
