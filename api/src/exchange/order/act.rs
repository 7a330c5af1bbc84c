//! The one place where a call meets a market: forwards it to the node that hosts it, claims the idempotency key, has the commands done,
//! and answers. The kept answer is written in the journal's own transaction.

use std::sync::Arc;

use actix_web::HttpResponse;
use domain::exchange::{Answer as MarketAnswer, Command, Event, Market, Rejection};
use domain::kernel::{Kind, Refusal};
use infra::Failure;
use infra::idempotency::{self, Answer as Kept, Claim, Key};
use infra::journal::{self, Handle, Keep, Kept as KeptWithKey, Running};
use serde::Serialize;
use uuid::Uuid;

use super::super::clerk;
use super::super::floor::{self, Hosted};
use super::super::forward::forward;
use crate::app::App;
use crate::command::keepable;
use crate::http::answer::{self, Answer};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

pub type Outcome = Result<MarketAnswer, Rejection>;
pub type Done = journal::Done<Outcome, Event>;

/// Has commands done by a market, and renders what came of them. `render` is called once for the answer, and once more for the one that is
/// kept with an idempotency key; a refusal is not kept, so that its key stays usable.
pub async fn act<T: Serialize>(
    app: &App,
    call: &Call,
    by: &Principal,
    stream: Uuid,
    commands: Vec<Command>,
    render: impl Fn(&Done) -> Result<Answer<T>, Refusal> + Clone + Send + 'static,
) -> Reply {
    let market = match floor::market(app, stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return forward(app, call, &address).await,
    };
    let Some(key) = call.idempotency_key(by.scope())? else {
        let done = settled(app, &market, commands, || None).await?;
        return Ok(answer::changed(&keepable(render(&done)?, by)?, false));
    };
    // Claimed before it is looked for: whoever comes second finds the first one running, or its answer.
    let in_progress = || Refusal::new(Kind::RequestInProgress, "The first request with this key is still running.");
    let running = market.claim(&key).ok_or_else(in_progress)?;
    if let Some(told) = known(app, &key).await? {
        return Ok(told);
    }
    let kept = render.clone();
    let keep = || Some(keep(app, by, (key.clone(), running.clone()), kept.clone()));
    let done = settled(app, &market, commands, keep).await?;
    Ok(answer::changed(&keepable(render(&done)?, by)?, false))
}

/// Has the commands done. Where the market lacks the member or the instrument, it is told what the tables say and asked once more.
pub async fn settled(
    app: &App,
    market: &Handle<Market>,
    commands: Vec<Command>,
    keep: impl Fn() -> Option<Keep<Market>>,
) -> Result<Done, Failure> {
    let done = market.submit(commands.clone(), keep()).await?;
    let lacks = |outcome: &Outcome| {
        matches!(outcome, Err(Rejection::UnknownMember | Rejection::MemberSuspended | Rejection::UnknownInstrument))
    };
    if !done.outcomes.iter().all(lacks) || done.outcomes.is_empty() {
        return Ok(done);
    }
    clerk::look_after(app, market).await?;
    market.submit(commands, keep()).await
}

/// The answer that a known key gets; none for a new one.
async fn known(app: &App, key: &Key) -> Result<Option<HttpResponse>, Failure> {
    match idempotency::look(&mut *app.pool.get().await?, key).await? {
        Claim::Replay(kept) => {
            let kept = Kept { body: app.secret.open(&kept.body)?, ..kept };
            Ok(Some(answer::changed(&kept, true)))
        }
        Claim::Mismatch => {
            Err(Refusal::new(Kind::IdempotencyKeyReused, "This key was used with another request.").into())
        }
        Claim::New | Claim::Running => Ok(None),
    }
}

fn keep<T: Serialize>(
    app: &App,
    by: &Principal,
    (key, running): (Key, Arc<Running>),
    render: impl Fn(&Done) -> Result<Answer<T>, Refusal> + Send + 'static,
) -> Keep<Market> {
    let (shared, by) = (app.shared.clone(), by.clone());
    Box::new(move |done| {
        let kept = keepable(render(done).ok()?, &by).ok()?;
        let answer = Kept { body: shared.secret.seal(&kept.body).ok()?, ..kept };
        Some(KeptWithKey { key, answer, running })
    })
}
