//! How the rest of the service speaks to a host.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::kernel::{PortalId, Timestamp};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast, mpsc, oneshot, watch};
use uuid::Uuid;

use super::machine::Machine;
use super::stream::Stream;
use crate::Failure;
use crate::idempotency::{Answer, Key};

/// How many commands may wait at one host.
const ROOM: usize = 65_536;

/// How many events may wait to be projected before no more commands are taken.
const MOST_BEHIND: usize = 2_000_000;

/// How many entries a reader of live events may fall behind.
const LIVE_ENTRIES: usize = 1_024;

/// How many entries are remembered for readers that come back.
const RECENT_ENTRIES: usize = 4_096;

/// How long a reader waits for the projections.
const PATIENCE: Duration = Duration::from_secs(15);

/// An answer to be kept with its idempotency key, in the entry's own transaction.
#[derive(Debug, Clone)]
pub struct Kept {
    pub key: Key,
    pub answer: Answer,
    /// Whoever asks again with the key is told that it is running until the entry is durable or will never be, whether or not somebody
    /// still waits for the answer.
    pub running: Arc<Running>,
}

/// Makes the answer to be kept of what came of the commands; none where nothing is to be kept.
pub type Keep<M> = Box<dyn FnOnce(&DoneBy<M>) -> Option<Kept> + Send>;

/// What an entry brought about, once it is durable.
#[derive(Debug)]
pub struct Committed<E> {
    pub number: i64,
    pub at: Timestamp,
    pub events: Vec<E>,
}

/// What became of the commands of one call, and when.
#[derive(Debug)]
pub struct Done<O, E> {
    pub at: Timestamp,
    pub outcomes: Vec<O>,
    /// What they brought about, for whomever.
    pub events: Vec<E>,
}

/// Whom the commands of a call are answered to.
pub type Waiting<M> = oneshot::Sender<Result<DoneBy<M>, Failure>>;

/// [`Done`] by a machine.
pub type DoneBy<M> = Done<<M as Machine>::Outcome, <M as Machine>::Event>;

pub struct Request<M: Machine> {
    pub commands: Vec<M::Command>,
    pub keep: Option<Keep<M>>,
    pub answer: Waiting<M>,
    /// Makes room again when the answer was given.
    pub room: OwnedSemaphorePermit,
}

/// Asked with the number of the last entry that is in the state.
pub type Question<M> = Box<dyn FnOnce(&M, i64) + Send>;

pub enum Message<M: Machine> {
    Do(Request<M>),
    Ask(Question<M>),
}

/// What a host and those who speak to it share.
pub struct Shared<M: Machine> {
    pub stream: Uuid,
    portal: PortalId,
    pub inbox: mpsc::Sender<Message<M>>,
    room: Arc<Semaphore>,
    pub live: broadcast::Sender<Arc<Committed<M::Event>>>,
    /// The number of the last durable entry, and of the last projected one.
    pub committed: watch::Sender<i64>,
    pub projected: watch::Sender<i64>,
    /// A reader waits for the projections.
    pub wanted: Notify,
    /// Events that wait to be projected.
    pub behind: AtomicUsize,
    /// Until when the lease holds for sure.
    pub leased_until: Mutex<Instant>,
    /// The last entries, for readers that come back.
    recent: Mutex<VecDeque<Arc<Committed<M::Event>>>>,
    running: Arc<Mutex<Keys>>,
}

/// A hosted machine. It may stop being hosted here at any time: then all calls answer that they cannot be answered now.
pub struct Handle<M: Machine>(pub(super) Arc<Shared<M>>);

impl<M: Machine> Clone for Handle<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M: Machine> Shared<M> {
    /// An entry is durable: whoever reads live is told.
    pub fn publish(&self, committed: Arc<Committed<M::Event>>) {
        if let Ok(mut recent) = self.recent.lock() {
            if recent.len() >= RECENT_ENTRIES {
                recent.pop_front();
            }
            recent.push_back(committed.clone());
        }
        self.committed.send_replace(committed.number);
        // Nobody may be listening.
        drop(self.live.send(committed));
    }

    /// How many events wait to be projected.
    pub fn events_behind(&self) -> usize {
        self.behind.load(Ordering::Relaxed)
    }

    /// Counts events that are to be projected, and waits while there are too many.
    pub async fn wait_for_tables(&self, events: usize) {
        while self.events_behind() > MOST_BEHIND / 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.behind.fetch_add(events, Ordering::Relaxed);
    }
}

/// Idempotency keys of calls that are running, by scope.
type Keys = HashSet<(Uuid, String)>;

/// Marks an idempotency key as running until it is dropped.
#[derive(Debug)]
pub struct Running {
    keys: Arc<Mutex<Keys>>,
    key: (Uuid, String),
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut keys) = self.keys.lock() {
            keys.remove(&self.key);
        }
    }
}

pub fn unavailable(why: &str) -> Failure {
    Failure::Unavailable(why.to_owned())
}

impl<M: Machine> Handle<M> {
    /// A handle, and the end at which its host listens.
    pub(super) fn new(stream: &Stream, leased_until: Instant) -> (Self, mpsc::Receiver<Message<M>>) {
        let (inbox, heard) = mpsc::channel(ROOM);
        let shared = Shared {
            stream: stream.id,
            portal: PortalId(stream.portal_id),
            inbox,
            room: Arc::new(Semaphore::new(ROOM)),
            live: broadcast::Sender::new(LIVE_ENTRIES),
            committed: watch::Sender::new(0),
            projected: watch::Sender::new(0),
            wanted: Notify::new(),
            behind: AtomicUsize::new(0),
            leased_until: Mutex::new(leased_until),
            recent: Mutex::default(),
            running: Arc::default(),
        };
        (Self(Arc::new(shared)), heard)
    }

    pub fn stream(&self) -> Uuid {
        self.0.stream
    }

    /// The portal that it belongs to.
    pub fn portal(&self) -> PortalId {
        self.0.portal
    }

    /// Has the commands done, one after the other within one entry, and answers once that is durable. All are done or none, but each may
    /// be refused for itself. A full queue is told at once.
    pub async fn submit(&self, commands: Vec<M::Command>, keep: Option<Keep<M>>) -> Result<DoneBy<M>, Failure> {
        let count = u32::try_from(commands.len()).map_err(Failure::broken)?;
        if self.0.events_behind() > MOST_BEHIND {
            return Err(unavailable("the tables are too far behind the journal"));
        }
        let room = self.0.room.clone().try_acquire_many_owned(count).map_err(|_| unavailable("the queue is full"))?;
        let (answer, answered) = oneshot::channel();
        let message = Message::Do(Request { commands, keep, answer, room });
        self.0.inbox.try_send(message).map_err(|_| unavailable("the queue is full or its host has ended"))?;
        answered.await.map_err(|_| unavailable("the host has ended"))?
    }

    /// Looks at the state after the last durable entry.
    pub async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&M) -> T + Send + 'static) -> Result<T, Failure> {
        self.look(question).await.map(|(_, told)| told)
    }

    /// [`Self::ask`], and the number of the last entry that is in what was told.
    pub async fn look<T: Send + 'static>(
        &self,
        question: impl FnOnce(&M) -> T + Send + 'static,
    ) -> Result<(i64, T), Failure> {
        let (answer, answered) = oneshot::channel();
        let question = Box::new(move |machine: &M, number| drop(answer.send((number, question(machine)))));
        self.0.inbox.try_send(Message::Ask(question)).map_err(|_| unavailable("the host has ended"))?;
        answered.await.map_err(|_| unavailable("the host has ended"))
    }

    /// Waits until what is durable now is projected, so that a caller sees what it just did.
    pub async fn projected(&self) -> Result<(), Failure> {
        let goal = *self.0.committed.borrow();
        let mut projected = self.0.projected.subscribe();
        if *projected.borrow() < goal {
            self.0.wanted.notify_one();
        }
        let reached = tokio::time::timeout(PATIENCE, projected.wait_for(|&number| number >= goal)).await;
        match reached {
            Ok(Ok(_)) => Ok(()),
            _ => Err(unavailable("the tables are behind the journal")),
        }
    }

    /// What is done from now on, entry by entry.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Committed<M::Event>>> {
        self.0.live.subscribe()
    }

    /// The entries from a number on, if all of them are still remembered. Whoever subscribes first misses none.
    pub fn since(&self, number: i64) -> Option<Vec<Arc<Committed<M::Event>>>> {
        let recent = self.0.recent.lock().ok()?;
        let is_known = recent.front().is_some_and(|oldest| oldest.number <= number);
        let is_nothing_missed = number == *self.0.committed.borrow() + 1;
        (is_known || is_nothing_missed).then(|| recent.iter().filter(|one| one.number >= number).cloned().collect())
    }

    /// Follows how far the tables are.
    pub fn follow_tables(&self) -> watch::Receiver<i64> {
        self.0.projected.subscribe()
    }

    /// Marks the key as running; none if it is running already.
    pub fn claim(&self, key: &Key) -> Option<Arc<Running>> {
        let key = (key.scope, key.key.clone());
        let is_new = self.0.running.lock().ok()?.insert(key.clone());
        is_new.then(|| Arc::new(Running { keys: self.0.running.clone(), key }))
    }
}
