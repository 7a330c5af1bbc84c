//! The host of one stream: takes what has arrived, applies it, writes it as one entry, answers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use domain::kernel::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::entry::{self, Appended, Entry, Writer};
use super::handle::{Committed, Message, Question, Shared, unavailable};
use super::lease;
use super::machine::Machine;
use super::recovery::Replay;
use super::snapshot;
use super::thread;
use super::work::Work;
use crate::Failure;
use crate::db::{Connection, pool};

/// How many commands make an entry full.
const FULL: i32 = 4_096;

/// How many calls are heard at a time.
const HEARD: usize = 4_096;

/// How long a commit may take before it is in doubt.
const COMMIT: Duration = Duration::from_secs(5);

/// How long callers wait for a doubt to be resolved.
const DOUBT: Duration = Duration::from_secs(3);

/// After which time without use a connection is given up: there are two for each stream, and most streams rest.
pub const UNUSED: Duration = Duration::from_secs(60);

/// After how many commands a snapshot is made: at most so many are done again when a host begins after a kill.
const SNAPSHOT_EVERY: u64 = 500_000;

pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub async fn connect(url: &str) -> Result<Connection, Failure> {
    pool::connect(url.to_owned()).await.map_err(|error| Failure::Unavailable(error.to_string()))
}

/// How an entry ended.
enum Ended {
    Durable,
    /// It was not written and never will be.
    Void,
    /// Another host writes this journal.
    Lost,
}

pub struct Host<M: Machine> {
    pub url: String,
    pub shared: Arc<Shared<M>>,
    pub inbox: mpsc::Receiver<Message<M>>,
    pub tables: mpsc::UnboundedSender<Arc<Committed<M::Event>>>,
    pub state: Replay<M>,
    pub epoch: i64,
    pub now: Now,
    pub stop: CancellationToken,
    pub connection: Option<Connection>,
    /// For what is not to hold up commits.
    pub threads: tokio::runtime::Handle,
    /// Heard and not yet worked on.
    pub waiting: VecDeque<Message<M>>,
}

impl<M: Machine> Host<M> {
    /// Hosts until the lease is lost or the node stops.
    pub async fn run(mut self) {
        let stream = self.shared.stream;
        let mut is_sound = true;
        while self.hear().await {
            let (mut work, questions) = self.gather();
            let was_written = !work.is_empty();
            if was_written && !self.keep(&mut work).await {
                Work::<M>::refuse(work.end(), "another node hosts this stream");
                // The state holds what the journal has not: nobody may get it.
                is_sound = false;
                break;
            }
            // What was written is the truth, whoever hosts the stream by now; what was only looked at or refused may be out of date.
            if was_written || self.is_leased() {
                Work::<M>::answer(work.end());
            } else {
                Work::<M>::refuse(work.end(), "the lease of the stream has run out");
            }
            if !questions.is_empty() && self.is_leased() {
                questions.into_iter().for_each(|question| question(&self.state.machine, self.state.number));
            }
        }
        // Whoever still waits is told by the channel's end.
        self.inbox.close();
        if is_sound && self.stop.is_cancelled() {
            self.hand_over().await;
        }
        tracing::info!(%stream, epoch = self.epoch, "the host has ended");
    }

    /// Waits until there is something to do; false when it is over.
    async fn hear(&mut self) -> bool {
        if !self.waiting.is_empty() {
            return !self.stop.is_cancelled();
        }
        let due = self.state.machine.due().map(|due| (due - (self.now)()).to_std().unwrap_or_default());
        let is_due = async {
            match due {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        let is_unused = async {
            match &self.connection {
                Some(_) => tokio::time::sleep(UNUSED).await,
                None => std::future::pending().await,
            }
        };
        let mut heard = Vec::new();
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            count = self.inbox.recv_many(&mut heard, HEARD) => {
                self.waiting.extend(heard);
                count > 0
            }
            () = is_due => true,
            () = is_unused => {
                self.connection = None;
                true
            }
        }
    }

    /// Applies what was heard, as much as makes one entry. Time never goes back, whatever the clocks of the nodes say.
    fn gather(&mut self) -> (Work<M>, Vec<Question<M>>) {
        let mut work = Work::at((self.now)().max(self.state.at));
        let mut questions = Vec::new();
        work.do_due(&mut self.state.machine);
        while work.count < FULL
            && let Some(message) = self.waiting.pop_front()
        {
            match message {
                Message::Do(request) => work.apply(&mut self.state.machine, request),
                Message::Ask(question) => questions.push(question),
            }
        }
        (work, questions)
    }

    /// Makes the work durable and public. Where that cannot be, its callers are told, and the state is what the journal says. False if
    /// the stream is another's.
    async fn keep(&mut self, work: &mut Work<M>) -> bool {
        let entry = Entry {
            stream_id: self.shared.stream,
            number: self.state.number + 1,
            epoch: self.epoch,
            at: work.at,
            version: M::VERSION,
            count: work.count,
            commands: std::mem::take(&mut work.commands),
        };
        let ended = match self.append(&entry, work).await {
            Some(ended) => ended,
            None => self.resolve(&entry, work).await,
        };
        match ended {
            Ended::Durable => {
                self.publish(&entry, work);
                self.snapshot_now_and_then();
                true
            }
            Ended::Void => {
                Work::<M>::refuse(work.end(), "the journal could not be written");
                self.reload(&entry).await
            }
            Ended::Lost => false,
        }
    }

    /// Nothing if it is in doubt.
    async fn append(&mut self, entry: &Entry, work: &Work<M>) -> Option<Ended> {
        // A connection whose answer was not waited for is not used again.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.url).await.ok()?,
        };
        match tokio::time::timeout(COMMIT, entry::append(&mut connection, entry, &work.kept)).await {
            Ok(Appended::Done) => {
                self.connection = Some(connection);
                Some(Ended::Durable)
            }
            Ok(Appended::Taken) => Some(self.whose(&mut connection, entry).await.ok()?),
            Ok(Appended::InDoubt(error)) => {
                tracing::warn!(stream = %entry.stream_id, number = entry.number, %error, "an entry is in doubt");
                None
            }
            Err(_) => None,
        }
    }

    /// Finds out what became of an entry by trying to take its number. Who calls meanwhile is refused at once.
    async fn resolve(&mut self, entry: &Entry, work: &mut Work<M>) -> Ended {
        let since = Instant::now();
        loop {
            match self.try_to_resolve(entry).await {
                Ok(ended) => return ended,
                Err(failure) => {
                    tracing::warn!(stream = %entry.stream_id, number = entry.number, %failure, "still in doubt");
                }
            }
            if since.elapsed() >= DOUBT {
                Work::<M>::refuse(std::mem::take(&mut work.calls), "whether it was done is not known yet");
            }
            self.refuse_new();
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(100)) => {},
                () = self.stop.cancelled() => return Ended::Lost,
            }
        }
    }

    async fn try_to_resolve(&mut self, entry: &Entry) -> Result<Ended, Failure> {
        let mut connection = connect(&self.url).await?;
        let taken = entry::fence(&mut connection, entry.stream_id, entry.number, self.epoch, entry.at).await?;
        let ended = if taken { Ended::Void } else { self.whose(&mut connection, entry).await? };
        self.connection = Some(connection);
        Ok(ended)
    }

    /// The number is taken: by this very entry, by an attempt to resolve the doubt whose answer was lost, or by another host.
    async fn whose(&self, connection: &mut Connection, entry: &Entry) -> Result<Ended, Failure> {
        Ok(match entry::writer(connection, entry.stream_id, entry.number, self.epoch).await? {
            Writer::Own => Ended::Durable,
            Writer::Fence => Ended::Void,
            Writer::Another => Ended::Lost,
        })
    }

    fn refuse_new(&mut self) {
        while let Ok(message) = self.inbox.try_recv() {
            self.waiting.push_back(message);
        }
        for message in self.waiting.drain(..) {
            if let Message::Do(request) = message {
                drop(request.answer.send(Err(unavailable("the database does not answer"))));
            }
        }
    }

    fn publish(&mut self, entry: &Entry, work: &mut Work<M>) {
        (self.state.number, self.state.at) = (entry.number, entry.at);
        self.state.commands += u64::try_from(entry.count).unwrap_or_default();
        let events = std::mem::take(&mut work.events);
        self.shared.behind.fetch_add(events.len(), Ordering::Relaxed);
        let committed = Arc::new(Committed { number: entry.number, at: entry.at, events });
        drop(self.tables.send(committed.clone()));
        self.shared.publish(committed);
    }

    /// Makes the state again up to the entry that was voided; false if the node stops meanwhile.
    async fn reload(&mut self, voided: &Entry) -> bool {
        loop {
            match self.state_of_journal(voided).await {
                Ok(state) => {
                    self.state = state;
                    let empty = Arc::new(Committed { number: voided.number, at: voided.at, events: Vec::new() });
                    drop(self.tables.send(empty.clone()));
                    self.shared.publish(empty);
                    return true;
                }
                Err(failure) => {
                    tracing::error!(stream = %voided.stream_id, %failure, "the state cannot be made again");
                    self.connection = None;
                }
            }
            self.refuse_new();
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(500)) => {},
                () = self.stop.cancelled() => return false,
            }
        }
    }

    async fn state_of_journal(&mut self, voided: &Entry) -> Result<Replay<M>, Failure> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.url).await?),
        };
        let mut state = Replay::from_snapshot(connection, voided.stream_id).await?;
        while !state.step(connection, Some(voided.number)).await?.is_empty() {}
        Ok(state)
    }

    /// A node that was frozen must not tell what another one has gone on with.
    fn is_leased(&self) -> bool {
        self.shared.leased_until.lock().is_ok_and(|until| Instant::now() < *until)
    }

    fn snapshot_now_and_then(&mut self) {
        if self.state.commands < SNAPSHOT_EVERY {
            return;
        }
        self.state.commands = 0;
        let (url, stream, number) = (self.url.clone(), self.state.stream, self.state.number);
        let threads = self.threads.clone();
        let begun = thread::behind_others(move || {
            if let Err(failure) = thread::alone(&threads, snapshot_of::<M>(&url, stream, number)) {
                tracing::warn!(%stream, number, %failure, "a snapshot was not kept");
            }
        });
        if let Err(error) = begun {
            tracing::warn!(%stream, number, %error, "a snapshot could not be begun");
        }
    }

    /// Leaves a snapshot and gives the lease back, so that the next host is there at once.
    async fn hand_over(&mut self) {
        let handed = async {
            let mut connection = connect(&self.url).await?;
            if self.state.commands > 0 {
                snapshot::keep(&mut connection, &self.state.snapshot()).await?;
            }
            lease::release(&mut connection, self.shared.stream, self.epoch).await
        };
        if let Err(failure) = handed.await {
            tracing::warn!(stream = %self.shared.stream, %failure, "the stream was not handed over");
        }
    }
}

/// Keeps the state after an entry. It is made from the last snapshot and the journal, beside the host: while that wrote down a large market no
/// caller would be answered.
async fn snapshot_of<M: Machine>(url: &str, stream: Uuid, number: i64) -> Result<(), Failure> {
    let mut connection = connect(url).await?;
    let mut state = Replay::<M>::from_snapshot(&mut connection, stream).await?;
    while !state.step(&mut connection, Some(number)).await?.is_empty() {}
    snapshot::keep(&mut connection, &state.snapshot()).await
}
