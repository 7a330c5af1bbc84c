//! The one place where a change meets the database: transaction, idempotency key, events, answer.

use std::cell::RefCell;

use domain::kernel::{Kind, Timestamp};
use infra::db::{Connection, tx};
use infra::event::Event;
use infra::idempotency::{self, Claim, Key};
use infra::{Failure, idempotency::Answer as Kept};
use serde::Serialize;
use serde_json::Value;
use uuid::{ContextV7, Uuid};

use crate::app::App;
use crate::clock::id_within;
use crate::http::answer::{self, Answer};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What a use case knows of its surroundings: who acts, when, and where new identifiers come from.
pub struct Command {
    pub by: Principal,
    pub at: Timestamp,
    request_id: Option<String>,
    events: RefCell<Vec<Event>>,
    /// Of the identifiers that a command makes each is greater than the one before, so that lists by id keep their order.
    ids: ContextV7,
}

/// What an event is about.
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
    pub version: i64,
}

impl Command {
    pub fn new(by: Principal, at: Timestamp, request_id: Option<String>) -> Self {
        Self { by, at, request_id, events: RefCell::default(), ids: ContextV7::new().with_additional_precision() }
    }

    /// A new identifier of the command's time, greater than those it gave before.
    pub fn id<T: From<Uuid>>(&self) -> T {
        id_within(&self.ids, self.at).into()
    }

    /// The request that this is part of.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What was noted, to be appended.
    pub fn into_events(self) -> Vec<Event> {
        self.events.into_inner()
    }

    /// Notes what happened; it is written with the command's effect. `audience` are the organisations that may know.
    pub fn event(&self, kind: &'static str, subject: Subject, portal: Option<Uuid>, audience: &[Uuid], data: Value) {
        let event = self.unattributed(kind, subject, portal, audience, data);
        let (actor_id, request_id) = (self.by.actor_id(), self.request_id.clone());
        self.events.borrow_mut().push(Event { actor_id, request_id, ..event });
    }

    /// [`Self::event`] of which the record does not say who did it, for what nobody may know before it is opened.
    pub fn unnamed_event(
        &self,
        kind: &'static str,
        subject: Subject,
        portal: Option<Uuid>,
        audience: &[Uuid],
        data: Value,
    ) {
        let event = self.unattributed(kind, subject, portal, audience, data);
        self.events.borrow_mut().push(event);
    }

    fn unattributed(
        &self,
        kind: &'static str,
        subject: Subject,
        portal: Option<Uuid>,
        audience: &[Uuid],
        data: Value,
    ) -> Event {
        Event {
            id: self.id(),
            kind,
            subject_kind: subject.kind,
            subject_id: subject.id,
            subject_version: subject.version,
            portal_id: portal,
            actor_id: None,
            request_id: None,
            audience: audience.to_vec(),
            data,
            at: self.at,
        }
    }
}

/// Runs a use case for a caller: claims the idempotency key, runs it, writes its events, keeps its answer with the key, commits.
pub async fn command<T: Serialize>(
    app: &App,
    call: &Call,
    by: &Principal,
    work: impl AsyncFn(&mut Connection, &Command) -> Result<Answer<T>, Failure>,
) -> Reply {
    let key = call.idempotency_key(by.scope())?;
    let work = async |tx: &mut Connection, command: &Command| keepable(work(tx, command).await?, by);
    let (kept, is_known) = keyed(app, key.as_ref(), by, &call.request_id(), work).await?;
    Ok(answer::changed(&kept, is_known))
}

/// [`command`] for a use case that answers with a text of a media type of its own.
pub async fn command_text(
    app: &App,
    call: &Call,
    by: &Principal,
    media_type: &str,
    work: impl AsyncFn(&mut Connection, &Command) -> Result<Answer<String>, Failure>,
) -> Reply {
    let key = call.idempotency_key(by.scope())?;
    let work = async |tx: &mut Connection, command: &Command| kept_text(work(tx, command).await?);
    let (kept, is_known) = keyed(app, key.as_ref(), by, &call.request_id(), work).await?;
    Ok(answer::changed_as(&kept, is_known, media_type))
}

/// The heart of [`command`], for calls that bring their key in a way of their own: the answer, and whether it was known already.
pub async fn keyed(
    app: &App,
    key: Option<&Key>,
    by: &Principal,
    request_id: &str,
    work: impl AsyncFn(&mut Connection, &Command) -> Result<Kept, Failure>,
) -> Result<(Kept, bool), Failure> {
    let outcome = tx::transaction(&app.pool, async |tx| {
        if let Some(key) = key
            && let Some(told) = claim(app, tx, key).await?
        {
            return Ok((told, true, Vec::new()));
        }
        let at = app.clock.now();
        let command = Command::new(by.clone(), at, Some(request_id.to_owned()));
        let kept = work(tx, &command).await?;
        let events = command.into_events();
        let keep = async {
            let Some(key) = key else { return Ok(()) };
            let sealed = Kept { body: app.secret.seal(&kept.body)?, ..kept.clone() };
            idempotency::keep(tx, key, &sealed, at).await
        };
        // Both go out at once: one round trip.
        futures::try_join!(infra::event::append(tx, &events), keep)?;
        Ok((kept, false, events))
    });
    let (kept, is_known, events) = outcome.await?;
    app.happened(&events);
    Ok((kept, is_known))
}

/// A text in the form in which it is kept and sent.
fn kept_text(answer: Answer<String>) -> Result<Kept, Failure> {
    Ok(Kept {
        status: i16::try_from(answer.status.as_u16()).map_err(Failure::broken)?,
        location: answer.location,
        etag: None,
        body: answer.body.unwrap_or_default().into_bytes(),
    })
}

/// An answer in the form in which it is kept and sent.
pub fn keepable<T: Serialize>(answer: Answer<T>, by: &Principal) -> Result<Kept, Failure> {
    let body =
        answer.body.map(|body| serde_json::to_vec(&body)).transpose().map_err(Failure::broken)?.unwrap_or_default();
    Ok(Kept {
        status: i16::try_from(answer.status.as_u16()).map_err(Failure::broken)?,
        location: answer.location,
        etag: answer.version.map(|version| answer::etag(version, by.organisation_id(), &body)),
        body,
    })
}

/// Runs a use case for the service itself (a timer, a job), in its own transaction.
pub async fn by_service<T>(
    app: &App,
    work: impl AsyncFn(&mut Connection, &Command) -> Result<T, Failure>,
) -> Result<T, Failure> {
    on_behalf(app, &Principal::service(app.clock.now()), None, work).await
}

/// Runs a part of a job for who began it, in its own transaction.
pub async fn on_behalf<T>(
    app: &App,
    by: &Principal,
    request_id: Option<&str>,
    work: impl AsyncFn(&mut Connection, &Command) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (value, events) = tx::transaction(&app.pool, async |tx| {
        let at = app.clock.now();
        let command = Command::new(by.clone(), at, request_id.map(str::to_owned));
        let value = work(tx, &command).await?;
        let events = command.into_events();
        infra::event::append(tx, &events).await?;
        Ok((value, events))
    })
    .await?;
    app.happened(&events);
    Ok(value)
}

/// The answer that a known key gets; none for a new one. Answers are kept sealed: some hold secrets that are shown once.
async fn claim(app: &App, tx: &mut Connection, key: &Key) -> Result<Option<Kept>, Failure> {
    match idempotency::claim(tx, key).await? {
        Claim::New => Ok(None),
        Claim::Replay(kept) => Ok(Some(Kept { body: app.secret.open(&kept.body)?, ..kept })),
        Claim::Mismatch => Err(refused(Kind::IdempotencyKeyReused, "This key was used with another request.")),
        Claim::Running => Err(refused(Kind::RequestInProgress, "The first request with this key is still running.")),
    }
}

fn refused(kind: Kind, detail: &str) -> Failure {
    Failure::Refused(domain::kernel::Refusal::new(kind, detail))
}
