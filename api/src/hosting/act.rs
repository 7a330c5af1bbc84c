//! The one place where a call meets a machine: forwards it to the node that hosts it, claims the idempotency key, has the commands done,
//! and answers. The kept answer is written in the journal's own transaction.

use std::sync::Arc;

use actix_web::HttpResponse;
use domain::kernel::{Kind, Refusal};
use infra::Failure;
use infra::idempotency::{self, Answer as Kept, Claim, Key};
use infra::journal::{self, Handle, Keep, Kept as KeptWithKey, Machine, Running};
use serde::Serialize;
use uuid::Uuid;

use super::forward::forward;
use super::{Hosted, Served, of_stream};
use crate::app::App;
use crate::command::keepable;
use crate::http::answer::{self, Answer};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What a machine did for a call.
pub type Done<M> = journal::Done<<M as Machine>::Outcome, <M as Machine>::Event>;

/// Has commands done by a machine, and renders what came of them. `render` is called once for the answer, and once more for the one that is
/// kept with an idempotency key; a refusal is not kept, so that its key stays usable.
pub async fn act<M: Served, T: Serialize>(
    app: &App,
    call: &Call,
    by: &Principal,
    stream: Uuid,
    commands: Vec<M::Command>,
    render: impl Fn(&Done<M>) -> Result<Answer<T>, Refusal> + Clone + Send + 'static,
) -> Reply {
    let machine = match of_stream::<M>(app, stream).await? {
        Hosted::Here(machine) => machine,
        Hosted::There(address) => return forward(app, call, &address).await,
    };
    let Some(key) = call.idempotency_key(by.scope())? else {
        let done = settled(app, &machine, commands, || None).await?;
        return Ok(answer::changed(&keepable(render(&done)?, by)?, false));
    };
    // Claimed before it is looked for: whoever comes second finds the first one running, or its answer.
    let in_progress = || Refusal::new(Kind::RequestInProgress, "The first request with this key is still running.");
    let running = machine.claim(&key).ok_or_else(in_progress)?;
    if let Some(told) = known(app, &key).await? {
        return Ok(told);
    }
    let kept = render.clone();
    let keep = || Some(keep::<M, T>(app, by, (key.clone(), running.clone()), kept.clone()));
    let done = settled(app, &machine, commands, keep).await?;
    Ok(answer::changed(&keepable(render(&done)?, by)?, false))
}

/// Has the commands done. Where the machine lacks what the tables say, it is told, and asked once more.
pub async fn settled<M: Served>(
    app: &App,
    machine: &Handle<M>,
    commands: Vec<M::Command>,
    keep: impl Fn() -> Option<Keep<M>>,
) -> Result<Done<M>, Failure> {
    let done = machine.submit(commands.clone(), keep()).await?;
    if M::supply(app, machine, &commands, &done.outcomes).await? {
        return machine.submit(commands, keep()).await;
    }
    Ok(done)
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

fn keep<M: Served, T: Serialize>(
    app: &App,
    by: &Principal,
    (key, running): (Key, Arc<Running>),
    render: impl Fn(&Done<M>) -> Result<Answer<T>, Refusal> + Send + 'static,
) -> Keep<M> {
    let (shared, by) = (app.shared.clone(), by.clone());
    Box::new(move |done| {
        let kept = keepable(render(done).ok()?, &by).ok()?;
        let answer = Kept { body: shared.secret.seal(&kept.body).ok()?, ..kept };
        Some(KeptWithKey { key, answer, running })
    })
}
