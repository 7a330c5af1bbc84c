//! Templates and copies over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::{RfqId, RfqTemplateId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{RfqCopyData, RfqTemplateData, TemplateDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::sourcing::rfq::show::RfqDto;

/// The templates of your organisation, oldest first.
#[utoipa::path(tag = "sourcing", params(PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of templates", body = Items<TemplateDto>)))]
#[get("/v1/rfq-templates")]
pub async fn list_rfq_templates(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PageQuery>) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Keep a request to be sent again: one that you state, or one that you have sent.
#[utoipa::path(tag = "sourcing", request_body = RfqTemplateData, security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is kept", body = TemplateDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/rfq-templates")]
pub async fn create_rfq_template(app: web::Data<App>, call: Call, by: Principal, body: Body<RfqTemplateData>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One template.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The template", body = TemplateDto, headers(("ETag" = String)))))]
#[get("/v1/rfq-templates/{id}")]
pub async fn find_rfq_template(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqTemplateId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a template.
#[utoipa::path(tag = "sourcing", request_body = RfqTemplateData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "As it is now", body = TemplateDto, headers(("ETag" = String)))))]
#[patch("/v1/rfq-templates/{id}")]
pub async fn edit_rfq_template(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqTemplateId>,
    body: Patch<RfqTemplateData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Throw a template away.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["sourcing:write"])), responses((status = 204, description = "It is gone")))]
#[delete("/v1/rfq-templates/{id}")]
pub async fn delete_rfq_template(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqTemplateId>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

/// Ask for quotes as a template says, by these deadlines.
#[utoipa::path(tag = "sourcing", request_body = RfqCopyData, params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is a draft, or published", body = RfqDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/rfq-templates/{id}/rfqs")]
pub async fn create_rfq_from_template(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqTemplateId>,
    body: Body<RfqCopyData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::send(tx, command, *id, &body.0).await).await
}

/// Ask for quotes as in an earlier request of yours, by these deadlines.
#[utoipa::path(tag = "sourcing", request_body = RfqCopyData, params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is a draft, or published", body = RfqDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/rfqs/{id}/copy")]
pub async fn copy_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RfqCopyData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::copy(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_rfq_templates).service(create_rfq_template).service(find_rfq_template);
    config.service(edit_rfq_template).service(delete_rfq_template).service(create_rfq_from_template).service(copy_rfq);
}
