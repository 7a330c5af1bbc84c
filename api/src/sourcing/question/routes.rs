//! Questions over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{RfqId, RfqQuestionId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{QuestionDto, RfqAnswerData, RfqQuestionData};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Questions about a request, with their answers. Those that nobody has answered are shown to its buyer and to who asked.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of questions", body = Items<QuestionDto>)))]
#[get("/v1/rfqs/{id}/questions")]
pub async fn list_rfq_questions(
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

/// Ask about a request that you may quote to, until the end of questions. Nobody learns who asked, not even the buyer.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = RfqQuestionData,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 201, description = "The buyer is asked", body = QuestionDto, headers(("Location" = String)))))]
#[post("/v1/rfqs/{id}/questions")]
pub async fn ask_about_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RfqQuestionData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::ask(tx, command, *id, &body.0).await).await
}

/// Answer a question about a request of yours, once: all who know of the request read it.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("question" = Uuid, Path)), request_body = RfqAnswerData,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It is answered", body = QuestionDto)))]
#[post("/v1/rfqs/{id}/questions/{question}/answer")]
pub async fn answer_rfq_question(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(RfqId, RfqQuestionId)>,
    body: Body<RfqAnswerData>,
) -> Reply {
    let of = path.into_inner();
    command(&app, &call, &by, async |tx, command| usecase::answer(tx, command, of, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_rfq_questions).service(ask_about_rfq).service(answer_rfq_question);
}
