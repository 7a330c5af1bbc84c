//! Applications and invitations over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{OrganisationId, RfqId};
use domain::sourcing::QualificationStep;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ApplicationDto, InvitationDto, RfqApplicationData, RfqApplicationDecision, RfqDeclination};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Apply to quote, where the buyer admits who may; or once more after you were rejected.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = RfqApplicationData,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "The buyer decides", body = ApplicationDto)))]
#[post("/v1/rfqs/{id}/applications")]
pub async fn apply_to_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RfqApplicationData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::apply(tx, command, *id, &body.0).await).await
}

/// The applications to a request: for its buyer all of them, for anybody else their own.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of applications", body = Items<ApplicationDto>)))]
#[get("/v1/rfqs/{id}/applications")]
pub async fn list_rfq_applications(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Admit a company to quote to a request of yours. It stays admitted.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = RfqApplicationDecision,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It may quote", body = ApplicationDto)))]
#[post("/v1/rfqs/{id}/applications/{organisation}/admit")]
pub async fn admit_rfq_applicant(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(RfqId, OrganisationId)>,
    body: Body<RfqApplicationDecision>,
) -> Reply {
    let (of, how) = (path.into_inner(), (QualificationStep::Admit, "rfq.application_admitted"));
    command(&app, &call, &by, async |tx, command| usecase::decide(tx, command, of, how, &body.0).await).await
}

/// Reject a company's application to quote to a request of yours.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = RfqApplicationDecision,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It may not quote", body = ApplicationDto)))]
#[post("/v1/rfqs/{id}/applications/{organisation}/reject")]
pub async fn reject_rfq_applicant(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(RfqId, OrganisationId)>,
    body: Body<RfqApplicationDecision>,
) -> Reply {
    let (of, how) = (path.into_inner(), (QualificationStep::Reject, "rfq.application_rejected"));
    command(&app, &call, &by, async |tx, command| usecase::decide(tx, command, of, how, &body.0).await).await
}

/// Whom you have invited to a request of yours, and who of them does not quote.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of invitations", body = Items<InvitationDto>)))]
#[get("/v1/rfqs/{id}/invitations")]
pub async fn list_rfq_invitations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::invitations(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Say that you do not quote to a request that came to you.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = RfqDeclination,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "The buyer knows", body = InvitationDto)))]
#[post("/v1/rfqs/{id}/decline")]
pub async fn decline_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RfqDeclination>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::decline(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(apply_to_rfq).service(list_rfq_applications).service(admit_rfq_applicant);
    config.service(reject_rfq_applicant).service(list_rfq_invitations).service(decline_rfq);
}
