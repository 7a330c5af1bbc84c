//! The machines of this node, and where the others are.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use domain::kernel::{PortalId, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::journal::{self, Handle, Keeper, Machine, Node, Owner, Settings};
use uuid::Uuid;

use crate::app::{App, Shared};
use crate::clock::new_id;
use crate::server;

/// How long a read waits for the tables.
const PATIENCE: Duration = Duration::from_secs(5);

/// A machine that this service hosts.
pub trait Served: Machine<Command: Clone> {
    /// Those of this node.
    fn machines(shared: &Shared) -> &Machines<Self>;

    /// Where a machine refused commands because it was not told yet what the tables say: tells it. False if there is nothing to tell, so that
    /// the commands need not be given again.
    fn supply(
        app: &App,
        machine: &Handle<Self>,
        commands: &[Self::Command],
        outcomes: &[Self::Outcome],
    ) -> impl Future<Output = Result<bool, Failure>>;
}

/// The machines of one kind on this node. Nothing is hosted before it is asked for, so that commands without a server host nothing.
pub struct Machines<M: Machine>(OnceLock<Keeper<M>>);

impl<M: Machine> Default for Machines<M> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<M: Machine> Machines<M> {
    /// Begins to host on this node.
    pub fn open(&self, shared: &Arc<Shared>) -> Result<&Keeper<M>, Failure> {
        if let Some(keeper) = self.0.get() {
            return Ok(keeper);
        }
        let started = Keeper::start(settings(shared)?)?;
        Ok(self.0.get_or_init(|| started))
    }

    /// Hands them over to other nodes.
    pub async fn close(&self) {
        if let Some(keeper) = self.0.get() {
            keeper.stop().await;
        }
    }

    /// Those that are hosted here.
    pub fn here(&self) -> Vec<Handle<M>> {
        self.0.get().map(Keeper::all_here).unwrap_or_default()
    }
}

fn settings(shared: &Arc<Shared>) -> Result<Settings, Failure> {
    let (clock, news) = (Arc::downgrade(shared), Arc::downgrade(shared));
    Ok(Settings {
        url: server::database_url(&shared.config)?,
        node: Node { id: new_id(shared.clock.now()), address: shared.config.node_address() },
        // Whoever stops has nothing to date any more.
        now: Arc::new(move || clock.upgrade().map_or(Timestamp::UNIX_EPOCH, |shared| shared.clock.now())),
        happened: Arc::new(move |events| {
            if let Some(shared) = news.upgrade()
                && !events.is_empty()
            {
                shared.news.tell(events, &shared.principals);
            }
        }),
    })
}

/// Where a machine is hosted.
pub enum Hosted<M: Machine> {
    Here(Handle<M>),
    /// Another node, at that address.
    There(String),
}

/// Where the machine of a stream is hosted.
pub async fn of_stream<M: Served>(app: &App, stream: Uuid) -> Result<Hosted<M>, Failure> {
    let keeper = M::machines(app).open(&app.shared)?;
    if let Some(handle) = keeper.here(stream) {
        return Ok(Hosted::Here(handle));
    }
    Ok(match keeper.owner(&mut *app.pool.get().await?, stream).await? {
        Owner::Here(handle) => Hosted::Here(handle),
        Owner::There(address) => Hosted::There(address),
    })
}

/// The stream of a portal, which is made when it is first needed.
pub async fn stream_of<M: Machine>(app: &App, connection: &mut Connection, portal: PortalId) -> Result<Uuid, Failure> {
    match journal::of_portal(connection, M::KIND, portal).await? {
        Some(stream) => Ok(stream.id),
        None => journal::ensure(connection, new_id(app.clock.now()), M::KIND, portal).await,
    }
}

/// Waits until the tables hold what the machine has done so far, so that a caller sees what it just did.
pub async fn caught_up<M: Served>(app: &App, stream: Uuid) -> Result<(), Failure> {
    if let Some(machine) = M::machines(app).here().into_iter().find(|machine| machine.stream() == stream) {
        return machine.projected().await;
    }
    let mut connection = app.pool.get().await?;
    let head = journal::head(&mut connection, stream).await?;
    let since = Instant::now();
    while !journal::is_projected(&mut connection, stream, head).await? {
        if since.elapsed() > PATIENCE {
            return Err(Failure::Unavailable("the tables are behind the journal".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// [`caught_up`] for all machines of a kind, wherever they are hosted.
pub async fn all_caught_up<M: Served>(app: &App) -> Result<(), Failure> {
    for stream in all_streams::<M>(app).await? {
        caught_up::<M>(app, stream.id).await?;
    }
    Ok(())
}

/// The streams of all portals.
pub async fn all_streams<M: Machine>(app: &App) -> Result<Vec<journal::Stream>, Failure> {
    journal::all(&mut *app.pool.get().await?, M::KIND).await
}
