//! Questions over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{AuctionId, AuctionQuestionId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuctionAnswerData, AuctionQuestionData, QuestionDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// Questions about an auction, with their answers. Those that nobody has answered are shown to its holder and to who asked.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, description = "A page of questions", body = Items<QuestionDto>)))]
#[get("/v1/auctions/{id}/questions")]
pub async fn list_questions(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    id: web::Path<AuctionId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, by.principal(), *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Ask about an auction on a portal where you may bid. Nobody learns who asked, not even the holder.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = AuctionQuestionData,
    security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 201, description = "The holder is asked", body = QuestionDto, headers(("Location" = String)))))]
#[post("/v1/auctions/{id}/questions")]
pub async fn ask_question(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<AuctionQuestionData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::ask(tx, command, *id, &body.0).await).await
}

/// Answer a question about an auction of yours, once: all who see the auction read it.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("question" = Uuid, Path)), request_body = AuctionAnswerData,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is answered", body = QuestionDto)))]
#[post("/v1/auctions/{id}/questions/{question}/answer")]
pub async fn answer_question(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, AuctionQuestionId)>,
    body: Body<AuctionAnswerData>,
) -> Reply {
    let of = path.into_inner();
    command(&app, &call, &by, async |tx, command| usecase::answer(tx, command, of, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_questions).service(ask_question).service(answer_question);
}
