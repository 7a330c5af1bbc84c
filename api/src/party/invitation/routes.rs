//! Invitations over HTTP.

use actix_web::{HttpRequest, delete, get, post, web};
use domain::kernel::{InvitationId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Acceptance, InvitationDto, Joined, NewInvitation};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::{Reply, refused};
use crate::party::session;

/// Invite a person by mail. The link in it works for seven days, once, and for that address alone.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = NewInvitation, security(("person" = [])),
    responses((status = 201, description = "The mail is on its way", body = InvitationDto, headers(("Location" = String)))))]
#[post("/v1/organisations/{id}/invitations")]
pub async fn invite(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<NewInvitation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, &app, command, *id, &body.0).await).await
}

/// The invitations of your organisation, whatever became of them.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of invitations", body = Items<InvitationDto>)))]
#[get("/v1/organisations/{id}/invitations")]
pub async fn list_invitations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One invitation of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("invitation" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "The invitation", body = InvitationDto)))]
#[get("/v1/organisations/{id}/invitations/{invitation}")]
pub async fn find_invitation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, InvitationId)>,
) -> Reply {
    let found = usecase::find(&mut *app.pool.get().await?, &by, *path, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// Revoke an invitation that is still open.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("invitation" = Uuid, Path)), security(("person" = [])),
    responses((status = 204, description = "Its link no longer works")))]
#[delete("/v1/organisations/{id}/invitations/{invitation}")]
pub async fn revoke_invitation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, InvitationId)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::revoke(tx, command, *path).await).await
}

/// Accept an invitation with the token from the mail: as a new person, or with the password of the account that the address has.
#[utoipa::path(tag = "party", request_body = Acceptance, responses(
    (status = 200, description = "You are a member", body = Joined),
    (status = 401, description = "The address has an account with another password")))]
#[post("/v1/invitations/accept")]
pub async fn accept_invitation(app: web::Data<App>, request: HttpRequest, call: Call, body: Body<Acceptance>) -> Reply {
    let wanted = &body.0;
    session::routes::throttle_address(&app, &request).await?;
    let invited = refused(usecase::invited(&mut *app.pool.get().await?, &wanted.token, app.clock.now()).await)?;
    // What is refused here is told in the transaction, which first looks whether this very request was answered before.
    let guest = match invited {
        Ok((email, known)) => {
            session::routes::throttle(&app, &request, &email).await?;
            refused(usecase::admit(&app, wanted, &email, known).await)?
        }
        Err(refusal) => Err(refusal),
    };
    let by = Principal::nobody(app.clock.now());
    command(&app, &call, &by, async |tx, command| usecase::accept(tx, command, &wanted.token, &guest).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(invite).service(list_invitations).service(find_invitation).service(revoke_invitation);
    config.service(accept_invitation);
}
