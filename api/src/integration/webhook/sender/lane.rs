//! Sends to one endpoint, one event at a time, under a lease, until nothing is due.
//!
//! What came of the events is written together with taking the next ones, so that a fast receiver costs one transaction for many events.
//! An event is marked when that is committed, and not before: whoever is killed in between leaves it to be sent again.

use std::rc::Rc;
use std::time::{Duration, Instant};

use domain::integration::webhook::endpoint::{Reason, State};
use domain::integration::webhook::health::{Health, Outcome};
use domain::integration::webhook::{schedule, signing};
use domain::kernel::{Timestamp, WebhookId};
use infra::Failure;
use infra::db::{Connection, tx};
use infra::integration::webhook::attempt::AttemptRow;
use infra::integration::webhook::lease;
use infra::integration::webhook::turn::{self, DueRow, Sent, TargetRow};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::call::{Calls, Reply};
use super::dispatch::LEASE;
use super::places::Places;
use super::request;
use crate::app::App;
use crate::command::by_service;
use crate::integration::webhook::{signature, switch};
use crate::secret;

/// How many events are taken at once, at least and at most: about twice as many as were sent in the turn before.
const FEWEST: i64 = 4;
const MOST: i64 = 100;

/// Of those that are sent again so many are taken at most. They and the new ones go in turn, so that neither wait for all of the others.
const AGAIN: i64 = 20;

/// How long a turn lasts before what was sent is written.
const TURN: Duration = Duration::from_millis(200);

/// After so many turns a lane gives its lease up if others wait for a place.
const TURNS: u32 = 20;

/// A leased endpoint.
pub struct Lane {
    pub app: App,
    pub calls: Rc<Calls>,
    pub places: Rc<Places>,
    pub id: WebhookId,
    pub lease: Uuid,
    pub stop: CancellationToken,
}

/// What is to be sent in a turn.
struct Turn {
    url: String,
    secrets: Vec<Vec<u8>>,
    due: Vec<DueRow>,
    health: Health,
}

/// What came of a turn.
#[derive(Default)]
struct Done {
    sent: Vec<Sent>,
    /// None before the first turn.
    health: Option<Health>,
    /// Why the endpoint is to be given up.
    end: Option<Reason>,
    /// Where it was sent.
    url: String,
}

impl Lane {
    pub async fn run(self) -> Result<(), Failure> {
        let (mut done, mut size, mut turns) = (Done::default(), FEWEST * 4, 0);
        while let Some(turn) = self.next(&done, size, turns).await? {
            done = self.send(turn).await?;
            turns += 1;
            size = i64::try_from(done.sent.len() * 2).unwrap_or(MOST).clamp(FEWEST, MOST);
        }
        Ok(())
    }

    /// Writes what came of the last turn, and takes what is due next; none at the end, when the lease is given back.
    async fn next(&self, done: &Done, size: i64, turns: u32) -> Result<Option<Turn>, Failure> {
        let (is_held, turn) = tx::transaction(&self.app.pool, async |tx| {
            let at = self.app.clock.now();
            let held = lease::hold(tx, self.id, self.lease).await?;
            turn::record(tx, &done.sent, held.is_some()).await?;
            // Somebody else goes on where the lease has ended, and judges by what that one sees.
            let Some(before) = held else { return Ok((false, None)) };
            let health = done.health.unwrap_or(before);
            Ok((true, self.go_on(tx, done.end.is_some(), health, (size, turns), at).await?))
        })
        .await?;
        if let Some(reason) = done.end.filter(|_| is_held) {
            let given_up = async |tx: &mut _, command: &_| {
                switch::give_up(tx, &self.app, command, (self.id, &done.url), reason).await
            };
            by_service(&self.app, given_up).await?;
        }
        Ok(turn)
    }

    async fn go_on(
        &self,
        tx: &mut Connection,
        is_over: bool,
        health: Health,
        (size, turns): (i64, u32),
        at: Timestamp,
    ) -> Result<Option<Turn>, Failure> {
        let (target, (again, new)) =
            futures::try_join!(turn::target(tx, self.id), turn::due(tx, self.id, at, AGAIN.min(size), size))?;
        let target = target.filter(|target| target.state == State::Enabled.code().0);
        let Some(target) = target.filter(|_| !is_over) else {
            lease::end(tx, self.id, &health, None).await?;
            return Ok(None);
        };
        let is_others_turn = turns >= TURNS && self.places.is_full();
        if self.stop.is_cancelled() || is_others_turn || health.rests(at) {
            lease::end(tx, self.id, &health, health.rests_until.or(Some(at))).await?;
            return Ok(None);
        }
        // Who sends only one in a turn begins with the one kind as often as with the other.
        let due = if (turns + health.failures).is_multiple_of(2) { mixed(new, again) } else { mixed(again, new) };
        if due.is_empty() {
            let next = turn::next_due(tx, self.id).await?;
            lease::end(tx, self.id, &health, next).await?;
            return Ok(None);
        }
        lease::go_on(tx, self.id, &health, at + LEASE).await?;
        let secrets = self.secrets(&target, at)?;
        Ok(Some(Turn { url: target.url, secrets, due, health }))
    }

    fn secrets(&self, target: &TargetRow, at: Timestamp) -> Result<Vec<Vec<u8>>, Failure> {
        let old = target.old_secret_sealed.as_ref().zip(target.old_secret_until);
        let signers = signing::signers(&target.secret_sealed, old, at);
        signers.into_iter().map(|sealed| self.app.secret.open(sealed)).collect()
    }

    /// Sends what is due, until all of it was, the turn has lasted long enough, or the endpoint is to be left alone.
    async fn send(&self, turn: Turn) -> Result<Done, Failure> {
        let begun = Instant::now();
        let mut done = Done { health: Some(turn.health), ..Done::default() };
        let mut health = turn.health;
        for due in turn.due {
            let Some((sent, outcome, exhausted)) = self.attempt(&turn.url, &turn.secrets, due).await? else { break };
            health.note(outcome, sent.attempt.at);
            done.end = health.end(outcome, exhausted.then_some(sent.first_attempt_at));
            let at = sent.attempt.at;
            done.sent.push(sent);
            if done.end.is_some() || health.rests(at) || begun.elapsed() >= TURN {
                break;
            }
        }
        (done.health, done.url) = (Some(health), turn.url);
        Ok(done)
    }

    /// Sends an event once; none where the service stops before an answer has come.
    async fn attempt(
        &self,
        url: &str,
        secrets: &[Vec<u8>],
        due: DueRow,
    ) -> Result<Option<(Sent, Outcome, bool)>, Failure> {
        let (at, begun) = (self.app.clock.now(), Instant::now());
        let (event, delivery, number) = (due.event.id, due.id, due.attempts_in_all + 1);
        let round = due.round;
        let (attempts, first) = (due.attempts + 1, due.first_attempt_at.unwrap_or(at));
        let body = request::body(due.event)?;
        let signature = signature::sign(secrets, &event.to_string(), at.timestamp(), &body);
        let headers = request::headers(event, at.timestamp(), &signature);
        let reply = tokio::select! {
            reply = self.calls.post(url, &headers, body, at) => reply,
            () = self.stop.cancelled() => return Ok(None),
        };
        let outcome = outcome_of(&reply);
        let now = self.app.clock.now();
        let next = match outcome {
            Outcome::Failed { retry_after } => {
                schedule::next_attempt(attempts.unsigned_abs(), first, now, secret::below_a_thousand()?, retry_after)
            }
            Outcome::Taken | Outcome::Gone => None,
        };
        let state = match (outcome, next) {
            (Outcome::Taken, _) => "delivered",
            (_, Some(_)) => "retrying",
            (_, None) => "failed",
        };
        metrics::counter!("torg_webhook_attempts_total", "outcome" => state).increment(1);
        let attempt = AttemptRow {
            number,
            at,
            duration_ms: i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX),
            signature,
            status: reply.status.and_then(|status| i16::try_from(status).ok()),
            error: reply.error,
            response_headers: reply.headers,
            response_body: reply.body,
        };
        let ended_at = next.is_none().then_some(now);
        let sent = Sent {
            delivery_id: delivery,
            round,
            state,
            attempts,
            first_attempt_at: first,
            next_attempt_at: next,
            ended_at,
            attempt,
        };
        let exhausted = matches!(outcome, Outcome::Failed { .. }) && next.is_none();
        Ok(Some((sent, outcome, exhausted)))
    }
}

/// One of each in turn, as long as there are both.
fn mixed(first: Vec<DueRow>, second: Vec<DueRow>) -> Vec<DueRow> {
    let mut all = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        let next = [first.next(), second.next()];
        if next.iter().all(Option::is_none) {
            return all;
        }
        all.extend(next.into_iter().flatten());
    }
}

fn outcome_of(reply: &Reply) -> Outcome {
    match reply.status {
        Some(status) => Outcome::of_status(status, reply.retry_after),
        None => Outcome::Failed { retry_after: None },
    }
}
