//! What runs beside the requests: each worker looks for itself what is due, does it, and sleeps. All of them may run on every
//! node at once. They share one thread and few connections of their own, and who works off a backlog rests in between, so that a
//! backlog of thousands holds up neither the requests nor the other workers.

mod housekeeping;
mod leased;
mod mails;
mod publications;
mod standing_orders;
mod timers;

use std::time::{Duration, Instant};

use infra::Failure;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::auction::{self, settlement};
use crate::catalogue::import::{file, run};
use crate::catalogue::{listing, lot, media};
use crate::exchange::{clearing, clerk};
use crate::integration::export;
use crate::integration::webhook::sender::Sender;

/// How long a backlog is worked off before a rest.
const STRETCH: Duration = Duration::from_millis(200);

/// How often a worker looks for work: after a pause, or after a rest where that is longer.
#[derive(Clone, Copy)]
struct Pace {
    pause: Duration,
    /// How many times as long as it worked it rests. What takes longer because the machine is busy is thereby done less often.
    rest: u32,
}

impl From<Duration> for Pace {
    fn from(pause: Duration) -> Self {
        Self { pause, rest: 0 }
    }
}

impl Pace {
    fn after(self, work: Duration) -> Duration {
        self.pause.max(work * self.rest)
    }
}

/// Does one piece of work after the other until there is none, or it is time for a rest.
async fn for_a_stretch(one: impl AsyncFn() -> Result<bool, Failure>) -> Result<(), Failure> {
    let begun = Instant::now();
    while one().await? && begun.elapsed() < STRETCH {}
    Ok(())
}

/// The workers of this node, running on the current thread.
pub struct Workers {
    stop: CancellationToken,
    running: TaskTracker,
    /// None where it could not be started.
    sender: Option<Sender>,
}

impl Workers {
    /// Starts them; `app` has a pool of its own for them.
    pub fn start(app: &App) -> Self {
        let sender =
            Sender::start(&app.shared).map_err(|failure| tracing::error!(%failure, "webhooks are not sent")).ok();
        let workers = Self { stop: CancellationToken::new(), running: TaskTracker::new(), sender };
        workers.every(Pace { pause: Duration::from_millis(200), rest: 1 }, app, "timers", timers::work_off);
        workers.every(Duration::from_millis(500), app, "mails", mails::send_due);
        workers.every(
            Pace { pause: Duration::from_millis(100), rest: 3 },
            app,
            "publications",
            publications::publish_next,
        );
        workers.every(
            Pace { pause: Duration::from_millis(200), rest: 3 },
            app,
            "letters",
            publications::print_next_letter,
        );
        workers.every(Duration::from_millis(500), app, "standing orders", standing_orders::order_next);
        // Two sellers' files at a time; those of one seller come one after the other.
        for name in ["imports", "more imports"] {
            workers.every(Duration::from_millis(200), app, name, run::run_next);
        }
        workers.every(Duration::from_millis(200), app, "exports", export::run::run_next);
        workers.every(Duration::from_secs(10), app, "files of imports and exports", file::remove);
        workers.every(Duration::from_millis(200), app, "previews", media::prepare::prepare_next);
        workers.every(Duration::from_secs(1), app, "files of media", media::file::remove_left);
        workers.every(Duration::from_secs(1), app, "markets", clerk::look_after_all);
        // Each time it reads all that is running; what is decided meanwhile the host is told at once.
        workers.every(
            Pace { pause: Duration::from_secs(1), rest: 20 },
            app,
            "auctions",
            auction::clerk::look_after_all,
        );
        workers.every(Duration::from_millis(50), app, "sealed bids", auction::opening::open_all);
        workers.every(Duration::from_secs(1), app, "clearing", clearing::run::clear_ended);
        workers.every(
            Pace { pause: Duration::from_millis(250), rest: 1 },
            app,
            "ended auctions",
            settlement::run::settle_closed,
        );
        workers.every(Duration::from_secs(5), app, "clock", housekeeping::read_clock);
        workers.every(Duration::from_secs(5), app, "timer watch", housekeeping::watch_timers);
        workers.every(Duration::from_secs(60), app, "keys", housekeeping::refresh_keys);
        workers.every(Duration::from_secs(60), app, "old", housekeeping::forget_old);
        workers.every(Duration::from_secs(60), app, "expired lots", lot::movement::write_off_expired);
        workers.every(Duration::from_secs(60), app, "words of offers", listing::suggestion::keep_time);
        let (news, principals) = (app.news.clone(), app.principals.clone());
        let stop = workers.stop.clone();
        workers.running.spawn_local(async move {
            tokio::select! { () = news.listen(&principals) => {}, () = stop.cancelled() => {} }
        });
        workers
    }

    /// Lets what is running finish.
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.close();
        self.running.wait().await;
        if let Some(sender) = self.sender {
            sender.stop().await;
        }
    }

    /// Runs `work` at once and then again and again, at its pace. A failure is logged and changes nothing.
    fn every<F>(&self, pace: impl Into<Pace>, app: &App, name: &'static str, work: impl Fn(App) -> F + 'static)
    where
        F: Future<Output = Result<(), Failure>> + 'static,
    {
        let (pace, app, stop) = (pace.into(), app.clone(), self.stop.clone());
        self.running.spawn_local(async move {
            while !stop.is_cancelled() {
                let begun = Instant::now();
                if let Err(failure) = work(app.clone()).await {
                    metrics::counter!("torg_worker_failures_total", "worker" => name).increment(1);
                    tracing::warn!(worker = name, %failure, "a worker failed");
                }
                tokio::select! { () = tokio::time::sleep(pace.after(begun.elapsed())) => {}, () = stop.cancelled() => {} }
            }
        });
    }
}
