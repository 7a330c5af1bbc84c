//! The service itself: health, keys, the API document and the explanations of problems.

use actix_web::http::header::ALLOW;
use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::kernel::Kind;
use serde_json::{Value, json};

use super::problem::{Problem, Reply};
use super::problem_table::row;
use crate::app::App;

/// Is the process alive?
#[utoipa::path(tag = "service", responses((status = 200, description = "It is", body = Value)))]
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// Can it answer: is the database there, with the schema of this binary?
#[utoipa::path(tag = "service", responses((status = 200, description = "It can", body = Value)))]
#[get("/readyz")]
pub async fn readyz(app: web::Data<App>) -> Reply {
    let mut connection = app.pool.get().await?;
    if infra::db::migration::is_current(&mut connection).await? {
        return Ok(HttpResponse::Ok().json(json!({"database": "ok", "migrations": "ok"})));
    }
    Err(Problem::unavailable(&"the database does not have the schema of this binary"))
}

/// The keys that verify access tokens (JWKS, RFC 7517).
#[utoipa::path(tag = "service", responses((status = 200, description = "The key set", body = Value)))]
#[get("/.well-known/jwks.json")]
pub async fn jwks(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(app.keys.jwks())
}

/// This API as an OpenAPI 3.1 document.
#[utoipa::path(tag = "service", responses((status = 200, description = "The document", body = Value)))]
#[get("/openapi.json")]
pub async fn openapi(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(app.openapi)
}

/// All types of problems.
#[utoipa::path(tag = "service", responses((status = 200, description = "The list", body = Value)))]
#[get("/problems")]
pub async fn problems() -> HttpResponse {
    let all: Vec<Value> = Kind::ALL.iter().map(|kind| explanation(*kind)).collect();
    HttpResponse::Ok().json(json!({"items": all}))
}

/// What a type of problem means and what to do about it.
#[utoipa::path(tag = "service", responses((status = 200, description = "The explanation", body = Value)))]
#[get("/problems/{slug}")]
pub async fn problem(slug: web::Path<String>) -> Reply {
    let kind = Kind::ALL.iter().find(|kind| row(**kind).slug == slug.as_str());
    let kind = kind.ok_or_else(|| Problem::new(Kind::NotFound, "There is no such type of problem."))?;
    Ok(HttpResponse::Ok().json(explanation(*kind)))
}

fn explanation(kind: Kind) -> Value {
    let row = row(kind);
    json!({"type": format!("/problems/{}", row.slug), "status": row.status, "title": row.title, "explanation": row.explanation})
}

/// What no handler took: 405 with the methods that the path has, or 404.
pub async fn fallback(request: HttpRequest, app: web::Data<App>) -> Reply {
    let allow = methods(app.openapi, request.path());
    if allow.is_empty() {
        return Err(Problem::new(Kind::NotFound, "There is nothing here."));
    }
    let allow = allow.join(", ");
    if request.method() == actix_web::http::Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((ALLOW, allow)).finish());
    }
    let detail = format!("This path has: {allow}.");
    Err(Problem { allow: Some(allow), ..Problem::new(Kind::MethodNotAllowed, detail) })
}

/// The methods that the document has for a path; more than one template may fit it.
fn methods(document: &Value, path: &str) -> Vec<String> {
    let fits = |template: &str| {
        let (mut wanted, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(w), Some(g)) if w == g || (segment_fits(w, g)) => {}
                _ => return false,
            }
        }
    };
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut methods: Vec<String> = paths
        .filter(|(template, _)| fits(template))
        .flat_map(|(_, item)| item.as_object().into_iter().flat_map(|item| item.keys()))
        .map(|method| method.to_uppercase())
        .collect();
    methods.sort();
    methods.dedup();
    methods
}

/// `{id}` and `{id}.pdf` against a segment.
fn segment_fits(template: &str, given: &str) -> bool {
    let Some(rest) = template.strip_prefix('{') else { return false };
    let Some((_, suffix)) = rest.split_once('}') else { return false };
    given.len() > suffix.len() && given.ends_with(suffix)
}

/// The endpoints of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config.service(healthz).service(readyz).service(jwks).service(openapi).service(problems).service(problem);
}
