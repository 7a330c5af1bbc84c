//! Queues what was committed, and finds out which endpoints have something due.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use infra::Failure;
use infra::db::tx;
use infra::integration::webhook::fan_out;
use infra::integration::webhook::lease::{self, Leased};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::call::Calls;
use super::lane::Lane;
use super::places::{Place, Places};
use crate::app::App;
use crate::clock::new_id;
use crate::integration::webhook::address;

/// How long a lane keeps a place that others wait for.
const KEEPS: Duration = Duration::from_secs(2);

/// How long an endpoint is leased: longer than one attempt takes, and renewed after each that takes long.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Many commits within this time cost one look.
const SHORTEST: Duration = Duration::from_millis(10);

/// How much longer is rested for each endpoint that a look began to send to. What a lane costs beside its requests, its transactions, hardly
/// depends on how many events it sends: those that follow each other closely share them.
const REST: Duration = Duration::from_millis(2);

/// How late is looked without news: other nodes may have none to send, and an older transaction may hide what is committed.
const LONGEST: Duration = Duration::from_millis(250);

/// How often is looked for endpoints that a node which is gone was to wake.
const SWEEP: Duration = Duration::from_secs(60);

struct Dispatch {
    app: App,
    stop: CancellationToken,
    calls: Rc<Calls>,
    places: Rc<Places>,
    running: TaskTracker,
    /// Endpoints for which something was queued while their sending was held: they are woken as soon as it is not.
    asleep: RefCell<BTreeSet<Uuid>>,
    /// When was last looked for those that are forgotten.
    swept: Cell<Option<Instant>>,
    news: watch::Receiver<u64>,
}

/// Sends until it is stopped.
pub async fn run(app: App, stop: CancellationToken) {
    let calls = Rc::new(Calls::new(address::allowed(&app.config)));
    let places = Rc::new(Places::default());
    let news = app.news.reader();
    let (running, asleep) = (TaskTracker::new(), RefCell::default());
    let mut dispatch = Dispatch { app, stop, calls, places, running, asleep, swept: Cell::new(None), news };
    let mut pause = SHORTEST;
    while !dispatch.stop.is_cancelled() {
        dispatch.news.borrow_and_update();
        let mut begun = 0;
        match dispatch.look().await {
            Ok(looked) => {
                begun = looked.begun;
                if looked.queued || begun > 0 {
                    pause = SHORTEST;
                }
            }
            Err(failure) => {
                metrics::counter!("torg_worker_failures_total", "worker" => "webhooks").increment(1);
                tracing::warn!(worker = "webhooks", %failure, "a worker failed");
                pause = LONGEST;
            }
        }
        pause = dispatch.wait(pause, begun).await;
    }
    dispatch.running.close();
    dispatch.running.wait().await;
}

/// What there was to do.
#[derive(Default)]
struct Looked {
    queued: bool,
    /// How many endpoints are sent to since.
    begun: u32,
}

impl Dispatch {
    /// Queues and leases.
    async fn look(&self) -> Result<Looked, Failure> {
        let mut looked = Looked::default();
        loop {
            let waits = fan_out::waits(&mut *self.app.pool.get().await?, self.app.clock.now()).await?;
            let mut more = false;
            if waits.queueing {
                let at = self.app.clock.now();
                let advanced = tx::transaction(&self.app.pool, async |tx| fan_out::advance(tx, at).await).await?;
                self.asleep.borrow_mut().extend(advanced.asleep);
                more = advanced.more;
            }
            let woken = self.wake().await?;
            looked.queued |= waits.queueing;
            if waits.queueing || waits.sending || woken {
                looked.begun += self.lease_all().await?;
            }
            if !more || self.stop.is_cancelled() {
                return Ok(looked);
            }
        }
    }

    /// Wakes whom the queueing passed over; says whether it may have woken somebody.
    async fn wake(&self) -> Result<bool, Failure> {
        let asleep: Vec<Uuid> = self.asleep.borrow().iter().copied().collect();
        if !asleep.is_empty() {
            let woken = fan_out::wake(&mut *self.app.pool.get().await?, &asleep, self.app.clock.now()).await?;
            self.asleep.borrow_mut().retain(|one| !woken.contains(one));
        }
        let sweeps = self.swept.get().is_none_or(|at| at.elapsed() >= SWEEP);
        if sweeps {
            // First, so that nothing else waits for it if it fails.
            self.swept.set(Some(Instant::now()));
            fan_out::wake_forgotten(&mut *self.app.pool.get().await?, self.app.clock.now()).await?;
        }
        Ok(sweeps || !asleep.is_empty())
    }

    /// Leases endpoints as far as there is room, and begins to send to them.
    async fn lease_all(&self) -> Result<u32, Failure> {
        let (at, lease) = (self.app.clock.now(), new_id(self.app.clock.now()));
        let ((well, failing), full) = (self.places.room(), self.places.full());
        let leased = tx::transaction(&self.app.pool, async |tx| {
            let well = lease::take(tx, lease, false, well, &full, (at, at + LEASE)).await?;
            let failing = lease::take(tx, lease, true, failing, &full, (at, at + LEASE)).await?;
            Ok((well, failing))
        })
        .await?;
        let count = u32::try_from(leased.0.len() + leased.1.len()).unwrap_or(u32::MAX);
        leased.0.iter().for_each(|one| self.begin(one, lease, false));
        leased.1.iter().for_each(|one| self.begin(one, lease, true));
        Ok(count)
    }

    fn begin(&self, leased: &Leased, lease: Uuid, failing: bool) {
        let id = leased.endpoint_id.into();
        let (app, calls, places) = (self.app.clone(), self.calls.clone(), self.places.clone());
        let mut place = Place::take(&places, leased.organisation_id, failing);
        let lane = Lane { app, calls, places, id, lease, stop: self.stop.clone() };
        self.running.spawn_local(async move {
            let mut run = pin!(lane.run());
            let ended = match timeout(KEEPS, &mut run).await {
                Ok(ended) => ended,
                Err(_) => {
                    place.make_room();
                    run.await
                }
            };
            if let Err(failure) = ended {
                // Its lease ends by itself.
                tracing::warn!(webhook = %id, %failure, "sending to a webhook broke off");
            }
        });
    }

    /// Until there is news, room, or enough time has passed; gives the pause after the next look. `begun` are the endpoints that the last one
    /// began to send to.
    async fn wait(&mut self, pause: Duration, begun: u32) -> Duration {
        let is_full = self.places.is_full();
        // Where others wait for a place, nobody rests.
        let rest = if is_full { SHORTEST } else { (SHORTEST + REST * begun).min(LONGEST) };
        tokio::select! { () = tokio::time::sleep(rest) => {}, () = self.stop.cancelled() => return pause }
        let is_full = self.places.is_full();
        tokio::select! {
            _ = self.news.changed(), if self.news.has_changed().is_ok() => SHORTEST,
            () = self.places.freed.notified(), if is_full => SHORTEST,
            () = tokio::time::sleep(pause) => (pause * 2).min(LONGEST),
            () = self.stop.cancelled() => pause,
        }
    }
}
