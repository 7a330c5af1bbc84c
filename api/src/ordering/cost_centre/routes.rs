//! Cost centres and budgets over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::{BudgetId, CostCentreId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BudgetData, BudgetDto, CostCentreData, CostCentreDto};
use super::{budget, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The cost centres of your organisation; if you are bound to some, these.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of cost centres", body = Items<CostCentreDto>)))]
#[get("/v1/organisations/{id}/cost-centres")]
pub async fn list_cost_centres(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Set up a cost centre.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = CostCentreData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "It is set up", body = CostCentreDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/cost-centres")]
pub async fn create_cost_centre(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<CostCentreData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, *id, &body.0).await).await
}

/// One cost centre.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path)),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The cost centre", body = CostCentreDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/cost-centres/{centre}")]
pub async fn find_cost_centre(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a cost centre: its name, owner or members.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = CostCentreData, security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is changed", body = CostCentreDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/cost-centres/{centre}")]
pub async fn edit_cost_centre(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId)>,
    body: Patch<CostCentreData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// Take a cost centre out of use. Orders that name it keep it.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 204, description = "It is out of use")))]
#[delete("/v1/organisations/{id}/cost-centres/{centre}")]
pub async fn archive_cost_centre(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, *path, expected).await).await
}

/// The budgets of a cost centre, with what is left of them.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of budgets", body = Items<BudgetDto>)))]
#[get("/v1/organisations/{id}/cost-centres/{centre}/budgets")]
pub async fn list_budgets(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId)>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = budget::list(&mut *app.pool.get().await?, &by, *path, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Give a cost centre a budget for a period, in one currency. Orders take from it when they are submitted; what would exceed it is
/// refused.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path)), request_body = BudgetData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "It is set", body = BudgetDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/cost-centres/{centre}/budgets")]
pub async fn create_budget(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId)>,
    body: Body<BudgetData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| budget::create(tx, command, *path, &body.0).await).await
}

/// One budget, with what is left of it.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("centre" = Uuid, Path), ("budget" = Uuid, Path)),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The budget", body = BudgetDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/cost-centres/{centre}/budgets/{budget}")]
pub async fn find_budget(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId, BudgetId)>,
) -> Reply {
    let (found, version) = budget::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change the amount or the end of a budget; not below what orders have taken of it.
#[utoipa::path(tag = "ordering",
    params(("id" = Uuid, Path), ("centre" = Uuid, Path), ("budget" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = BudgetData, security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is changed", body = BudgetDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/cost-centres/{centre}/budgets/{budget}")]
pub async fn edit_budget(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CostCentreId, BudgetId)>,
    body: Patch<BudgetData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| budget::edit(tx, command, *path, expected, &body).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_cost_centres).service(create_cost_centre);
    config.service(find_cost_centre).service(edit_cost_centre).service(archive_cost_centre);
    config.service(list_budgets).service(create_budget).service(find_budget).service(edit_budget);
}
