//! Requisition lists over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::RequisitionListId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{RequisitionListData, RequisitionListDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::ordering::quick_dto::DraftedAgain;

/// Your requisition lists, and those that your company shares.
#[utoipa::path(tag = "ordering", params(PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of lists", body = Items<RequisitionListDto>)))]
#[get("/v1/requisition-lists")]
pub async fn list_requisition_lists(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Make a requisition list.
#[utoipa::path(tag = "ordering", request_body = RequisitionListData, security(("person" = [])),
    responses((status = 201, description = "It is made", body = RequisitionListDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/requisition-lists")]
pub async fn create_requisition_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    body: Body<RequisitionListData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One requisition list.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "The list", body = RequisitionListDto, headers(("ETag" = String)))))]
#[get("/v1/requisition-lists/{id}")]
pub async fn find_requisition_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RequisitionListId>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a requisition list and its lines.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = RequisitionListData, security(("person" = [])),
    responses((status = 200, description = "It is changed", body = RequisitionListDto, headers(("ETag" = String)))))]
#[patch("/v1/requisition-lists/{id}")]
pub async fn edit_requisition_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RequisitionListId>,
    body: Patch<RequisitionListData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Delete a requisition list. Orders made of it stay.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)), security(("person" = [])),
    responses((status = 204, description = "It is gone")))]
#[delete("/v1/requisition-lists/{id}")]
pub async fn delete_requisition_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RequisitionListId>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

/// Draft an order of what a list holds, at today's prices. What is no longer offered is left out and named.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = [])),
    responses((status = 201, description = "The draft", body = DraftedAgain, headers(("Location" = String)))))]
#[post("/v1/requisition-lists/{id}/order")]
pub async fn order_requisition_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RequisitionListId>,
) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| usecase::order(tx, &app, command, *id, &languages).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_requisition_lists).service(create_requisition_list).service(find_requisition_list);
    config.service(edit_requisition_list).service(delete_requisition_list).service(order_requisition_list);
}
