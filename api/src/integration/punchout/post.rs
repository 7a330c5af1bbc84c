//! A cXML request and what it is answered with.

use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::idempotency::{Answer as Kept, Key};
use infra::ordering::order;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::credentials::{self, Sender};
use super::setup;
use crate::app::App;
use crate::clock::new_id;
use crate::command::{Command, keyed};
use crate::http::call::Call;
use crate::http::problem::Problem;
use crate::integration::cxml::order_request::{Action, OrderRequest};
use crate::integration::cxml::status::{Status, detail, of_refusal};
use crate::integration::cxml::write::{Body, Profile, Response, Stamp, response};
use crate::integration::cxml::{Envelope, Request, input};
use crate::integration::procurement::intake::{self, Wish};
use crate::integration::procurement::parties::written;
use crate::integration::procurement::places::Places;
use crate::ordering::dto::number;

/// Parts of an order, by their pointers in our form.
const PARTS: &[(&str, &str)] = &[
    ("/buyer_reference", "/cXML/Request/OrderRequest/OrderRequestHeader/@orderID"),
    ("/currency", "/cXML/Request/OrderRequest/OrderRequestHeader/Total/Money/@currency"),
    ("/note", "/cXML/Request/OrderRequest/OrderRequestHeader/Comments"),
    ("/delivery_address", "/cXML/Request/OrderRequest/OrderRequestHeader/ShipTo"),
    ("/lines", "/cXML/Request/OrderRequest/ItemOut"),
];

/// Does what a document of a sender that is known asks for. The same document again is answered as the first time.
pub async fn answer(
    app: &App,
    call: &Call,
    sender: &Sender,
    envelope: &Envelope,
    (portal, bytes): (Option<&str>, &[u8]),
) -> Result<String, Problem> {
    let key = Key {
        scope: sender.by.scope(),
        // With a blank in it, so that it is never the key of another call.
        key: format!("cxml {}", hex::encode(Sha256::digest(&envelope.head.payload_id))),
        request_hash: request_hash(portal, bytes),
    };
    let is_question = matches!(envelope.request, Request::Profile | Request::Other(_));
    let key = Some(&key).filter(|_| !is_question);
    let work = async |tx: &mut Connection, command: &Command| {
        let done = answered(tx, app, command, (envelope, sender.secret), portal).await?;
        let text = text(app, &done, command.at)?;
        Ok(Kept { status: 200, location: None, etag: None, body: text.into_bytes() })
    };
    let (kept, _) = keyed(app, key, &sender.by, &call.request_id(), work).await?;
    String::from_utf8(kept.body).map_err(|error| Problem::internal(&error))
}

/// What must be the same when a document comes again: on another portal it asks for something else.
fn request_hash(portal: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(portal.unwrap_or_default());
    hash.update([0]);
    hash.update(bytes);
    hash.finalize().to_vec()
}

async fn answered(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    (envelope, secret): (&Envelope, Uuid),
    portal: Option<&str>,
) -> Result<Response, Failure> {
    match &envelope.request {
        Request::Profile => Ok(profile(app, portal, command.at)),
        Request::Other(name) => Ok(told(Status::NotImplemented, format!("`{name}` is not understood here."))),
        Request::Setup(request) => {
            let seller = credentials::seller(tx, &envelope.head).await?;
            setup::begin(tx, app, command, (&envelope.head, request), (named(portal)?, seller), secret).await
        }
        Request::Order(request) => {
            let seller = credentials::seller(tx, &envelope.head).await?;
            ordered(tx, app, command, request, (named(portal)?, seller, envelope.head.is_test)).await
        }
    }
}

fn named(portal: Option<&str>) -> Result<&str, Refusal> {
    portal.ok_or_else(|| Refusal::new(Kind::InvalidQuery, "Say on which portal you buy: `/v1/cxml?portal=…`."))
}

async fn ordered(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    request: &OrderRequest,
    (portal, seller, is_test): (&str, Option<OrganisationId>, bool),
) -> Result<Response, Failure> {
    if request.action != Action::New {
        let detail = "Orders are changed and cancelled with `PATCH /v1/orders/{id}` and `POST /v1/orders/{id}/cancel`.";
        return Ok(told(Status::NotImplemented, detail));
    }
    let input = input::order(request)?;
    let wish = Wish { portal, seller, input: &input };
    let places = Places { lines: input.lines.iter().map(|line| line.pointer.clone()).collect(), parts: PARTS };
    let relocated = |failure| match failure {
        Failure::Refused(refusal) => {
            let refusal = places.relocate(refusal);
            tracing::info!(order = %request.id, reasons = %refusal.summary(), "an order as a document was refused");
            Failure::Refused(refusal)
        }
        other => other,
    };
    if is_test {
        intake::check(tx, app, command, &wish).await.map_err(relocated)?;
        return Ok(told(Status::Ok, "This was a test, and nothing was ordered."));
    }
    let taken = intake::take(tx, app, command, &wish).await.map_err(relocated)?;
    let orders = order::find_all(tx, command.by.member()?.id, &taken.orders).await?;
    let numbers: Vec<String> = orders.iter().map(|order| number(order.row.number)).collect();
    Ok(told(Status::Ok, format!("Ordered as {}.", numbers.join(", "))))
}

fn told(status: Status, detail: impl Into<String>) -> Response {
    Response { status, detail: detail.into(), body: Body::None }
}

/// What can be asked for, and where.
fn profile(app: &App, portal: Option<&str>, at: Timestamp) -> Response {
    let query = portal.map(|portal| format!("?portal={portal}")).unwrap_or_default();
    let url = format!("{}/v1/cxml{query}", app.config.issuer.trim_end_matches('/'));
    let all = ["ProfileRequest", "PunchOutSetupRequest", "OrderRequest"];
    let transactions = all.into_iter().map(|name| (name.to_owned(), url.clone())).collect();
    let profile = Profile { effective_at: at, options: Vec::new(), transactions };
    Response { status: Status::Ok, detail: String::new(), body: Body::Profile(profile) }
}

/// What is answered to a document that is refused. Who shows wrong credentials, and why a document was refused, stands in the log; what they
/// showed does not.
pub fn refused(app: &App, problem: &Problem, at: Timestamp) -> Result<String, Failure> {
    let refusal = &problem.refusal;
    let status = of_refusal(refusal);
    if status == Status::Unauthorized {
        tracing::warn!(status = status.code(), "a cXML document with wrong credentials");
    } else {
        tracing::info!(status = status.code(), reasons = %refusal.summary(), "a cXML document was refused");
    }
    text(app, &Response { status, detail: detail(refusal), body: Body::None }, at)
}

fn text(app: &App, done: &Response, at: Timestamp) -> Result<String, Failure> {
    written(response(&stamp(app, at), done))
}

/// What our documents begin with.
pub fn stamp(app: &App, at: Timestamp) -> Stamp {
    let issuer = app.config.issuer.trim_end_matches('/');
    let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
    Stamp { payload_id: format!("{}@{host}", new_id(at)), at, language: "en".to_owned() }
}
