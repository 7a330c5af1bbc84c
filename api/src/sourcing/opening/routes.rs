//! Openings over HTTP.

use actix_web::{post, web};
use domain::kernel::RfqId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{OpenedDto, OpeningData};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Open the quotes to a request of yours, once it is closed; only a person may. Where two have to open, the second one is somebody else. Of
/// two envelopes the technical one comes first; of quotes that you exclude after it the prices stay sealed. Who opened what and when stays
/// on record for all who know of the request.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = OpeningData, security(("person" = [])),
    responses((status = 200, description = "It is open, or waits for the second person", body = OpenedDto, headers(("ETag" = String)))))]
#[post("/v1/rfqs/{id}/open")]
pub async fn open_quotes(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<OpeningData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::open(tx, command, &app, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(open_quotes);
}
