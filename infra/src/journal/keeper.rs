//! The keeper of a node: takes the streams that nobody hosts, holds their leases, and says who hosts which.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use tokio::runtime::Handle as Threads;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::handle::{Handle, Message};
use super::host::{Host, Now, connect};
use super::lease::{self, Node};
use super::machine::{Happened, Machine};
use super::projector::{Projector, cursor};
use super::recovery::Replay;
use super::stream::Stream;
use super::thread::alone;
use super::{stream, unavailable};
use crate::Failure;
use crate::db::Connection;

/// How long a call waits for a stream that nobody hosts yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// Threads for what is small; each stream has two of its own besides.
const THREADS: usize = 1;

/// All of them: what there are too few for would wait for ever. A thread that rests costs some pages of memory.
const MOST_THREADS: usize = 16_384;

pub struct Settings {
    pub url: String,
    /// Who this node is, and where the others reach it.
    pub node: Node,
    pub now: Now,
    pub happened: Happened,
}

/// Who hosts a stream.
pub enum Owner<M: Machine> {
    Here(Handle<M>),
    /// Another node, at that address.
    There(String),
}

struct Shared<M: Machine> {
    settings: Settings,
    hosted: RwLock<HashMap<Uuid, Hosted<M>>>,
    /// Wakes the keeper before its time.
    nudge: Notify,
    stop: CancellationToken,
    running: TaskTracker,
}

/// A stream that this node has a lease of; it can be spoken to once its state is there.
struct Hosted<M: Machine> {
    handle: Handle<M>,
    epoch: i64,
    is_ready: bool,
    stop: CancellationToken,
}

/// A stream is hosted no longer than its host lives, also where that ends by a panic: the lease is renewed no more, and the next host makes
/// the state anew.
struct UntilEnd<'a, M: Machine> {
    shared: &'a Shared<M>,
    stream: Uuid,
}

impl<M: Machine> Drop for UntilEnd<'_, M> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.shared.hosted.write() {
            all.remove(&self.stream);
        }
    }
}

pub struct Keeper<M: Machine> {
    shared: Arc<Shared<M>>,
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
}

impl<M: Machine> Keeper<M> {
    /// Starts to host on threads of its own.
    pub fn start(settings: Settings) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .max_blocking_threads(MOST_THREADS)
            .thread_name("journal")
            .enable_all()
            .build()
            .map_err(Failure::broken)?;
        let shared = Arc::new(Shared {
            settings,
            hosted: RwLock::default(),
            nudge: Notify::new(),
            stop: CancellationToken::new(),
            running: TaskTracker::new(),
        });
        runtime.spawn(shared.clone().keep());
        Ok(Self { shared, runtime: Mutex::new(Some(runtime)) })
    }

    /// Who hosts the stream now. One that nobody hosts yet is waited for.
    pub async fn owner(&self, connection: &mut Connection, stream: Uuid) -> Result<Owner<M>, Failure> {
        let since = Instant::now();
        loop {
            if let Some(handle) = self.here(stream) {
                return Ok(Owner::Here(handle));
            }
            match lease::owner(connection, stream).await? {
                Some(node) if node.id != self.shared.settings.node.id => return Ok(Owner::There(node.address)),
                _ if since.elapsed() > PATIENCE => return Err(unavailable("nobody hosts the stream")),
                _ => {}
            }
            self.shared.nudge.notify_one();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The stream, if this node hosts it.
    pub fn here(&self, stream: Uuid) -> Option<Handle<M>> {
        let hosted = self.shared.hosted.read().ok()?;
        hosted.get(&stream).filter(|hosted| hosted.is_ready).map(|hosted| hosted.handle.clone())
    }

    /// The streams that this node hosts.
    pub fn all_here(&self) -> Vec<Handle<M>> {
        let Ok(hosted) = self.shared.hosted.read() else { return Vec::new() };
        hosted.values().filter(|hosted| hosted.is_ready).map(|hosted| hosted.handle.clone()).collect()
    }

    /// Hands all streams over and ends.
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.running.close();
        self.shared.running.wait().await;
        if let Some(runtime) = self.runtime.lock().ok().and_then(|mut runtime| runtime.take()) {
            runtime.shutdown_background();
        }
    }
}

impl<M: Machine> Drop for Keeper<M> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.lock().ok().and_then(|mut runtime| runtime.take()) {
            runtime.shutdown_background();
        }
    }
}

impl<M: Machine> Shared<M> {
    async fn keep(self: Arc<Self>) {
        let mut connection = None;
        while !self.stop.is_cancelled() {
            if let Err(failure) = self.round(&mut connection).await {
                tracing::warn!(%failure, "leases were not looked after");
                connection = None;
            }
            tokio::select! {
                () = tokio::time::sleep(lease::RENEWED) => {},
                () = self.nudge.notified() => {},
                () = self.stop.cancelled() => {},
            }
        }
    }

    async fn round(self: &Arc<Self>, connection: &mut Option<Connection>) -> Result<(), Failure> {
        let connection = match connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.settings.url).await?),
        };
        self.renew(connection).await?;
        for stream in stream::all(connection, M::KIND).await? {
            let is_held = self.hosted.read().is_ok_and(|hosted| hosted.contains_key(&stream.id));
            if is_held {
                continue;
            }
            let before = Instant::now();
            let at = (self.settings.now)();
            if let Some(lease) = lease::take(connection, stream.id, &self.settings.node, at).await? {
                tracing::info!(stream = %stream.id, epoch = lease.epoch, "hosting");
                self.host(&stream, lease.epoch, before + lease::HOLDS);
            }
        }
        Ok(())
    }

    async fn renew(&self, connection: &mut Connection) -> Result<(), Failure> {
        let held: Vec<_> = match self.hosted.read() {
            Ok(hosted) => hosted.values().map(|one| (one.handle.clone(), one.epoch, one.stop.clone())).collect(),
            Err(_) => Vec::new(),
        };
        for (handle, epoch, stop) in held {
            let before = Instant::now();
            if !lease::renew(connection, handle.stream(), epoch).await? {
                stop.cancel();
            } else if let Ok(mut until) = handle.0.leased_until.lock() {
                *until = before + lease::HOLDS;
            }
        }
        Ok(())
    }

    fn host(self: &Arc<Self>, stream: &Stream, epoch: i64, leased_until: Instant) {
        let (handle, inbox) = Handle::new(stream, leased_until);
        let stream = stream.id;
        let stop = self.stop.child_token();
        let hosted = Hosted { handle: handle.clone(), epoch, is_ready: false, stop: stop.clone() };
        if let Ok(mut all) = self.hosted.write() {
            all.insert(stream, hosted);
        }
        let (shared, threads) = (self.clone(), Threads::current());
        // Hosts have threads of their own: what one market does delays no other.
        self.running
            .spawn_blocking(move || alone(&threads, shared.host_until_end(handle, inbox, epoch, stop, &threads)));
    }

    async fn host_until_end(
        &self,
        handle: Handle<M>,
        inbox: mpsc::Receiver<Message<M>>,
        epoch: i64,
        stop: CancellationToken,
        threads: &Threads,
    ) {
        let stream = handle.stream();
        let _until_end = UntilEnd { shared: self, stream };
        if let Err(failure) = self.begin(&handle, inbox, epoch, stop, threads).await {
            tracing::error!(%stream, %failure, "the stream cannot be hosted");
            // Not at once again, and let another node try.
            tokio::time::sleep(lease::HOLDS).await;
        }
    }

    /// Makes the state, and hosts until the end.
    async fn begin(
        &self,
        handle: &Handle<M>,
        inbox: mpsc::Receiver<Message<M>>,
        epoch: i64,
        stop: CancellationToken,
        threads: &Threads,
    ) -> Result<(), Failure> {
        let stream = handle.stream();
        let mut connection = connect(&self.settings.url).await?;
        let number = cursor(&mut connection, stream).await?;
        let mut state = Replay::<M>::from_snapshot(&mut connection, stream).await?;
        let (tables, entries) = mpsc::unbounded_channel();
        handle.0.projected.send_replace(number);
        let projector = Projector {
            url: self.settings.url.clone(),
            shared: handle.0.clone(),
            entries,
            number,
            happened: self.settings.happened.clone(),
            stop: stop.clone(),
        };
        // On a thread of its own: making rows of many events must not delay a commit.
        let others = threads.clone();
        self.running.spawn_blocking_on(move || alone(&others, projector.run()), threads);
        loop {
            let page = state.step(&mut connection, None).await?;
            if page.is_empty() {
                break;
            }
            for committed in page.into_iter().filter(|committed| committed.number > number) {
                if stop.is_cancelled() {
                    return Ok(());
                }
                handle.0.wait_for_tables(committed.events.len()).await;
                drop(tables.send(Arc::new(committed)));
            }
        }
        handle.0.committed.send_replace(state.number);
        if let Some(hosted) = self.hosted.write().ok().as_mut().and_then(|all| all.get_mut(&stream)) {
            hosted.is_ready = true;
        }
        let host = Host {
            url: self.settings.url.clone(),
            shared: handle.0.clone(),
            inbox,
            tables,
            state,
            epoch,
            now: self.settings.now.clone(),
            stop,
            connection: Some(connection),
            threads: threads.clone(),
            waiting: Default::default(),
        };
        host.run().await;
        Ok(())
    }
}
