//! Connections to PostgreSQL.

use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::pooled_connection::deadpool::{self, Object};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures::FutureExt;

use super::Connection;
use crate::Failure;

/// How long a call waits for a free connection, and for a new one to be opened.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same for work that nobody waits for: it comes late rather than not at all.
const PATIENCE_OF_WORKERS: Duration = Duration::from_secs(60);

/// Bounds for a statement, a lock and a transaction left open, so that nothing waits for ever. No plan is compiled: where rows are
/// overestimated, that takes longer than the query.
const SESSION_LIMITS: &str = "SET statement_timeout = '20s'; SET lock_timeout = '5s';
     SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'; SET client_min_messages = 'warning'; SET jit = off";

/// A pool of connections. Connections live on the runtime that opened them, so each server thread has a pool of its own.
#[derive(Clone)]
pub struct Pool {
    connections: deadpool::Pool<AsyncPgConnection>,
    patience: Duration,
}

pub type PooledConnection = Object<AsyncPgConnection>;

impl Pool {
    /// Opens no connection yet.
    pub fn new(url: &str, size: usize) -> Result<Self, Failure> {
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        // A test query at every checkout would cost a round trip; closed connections are noticed without it.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| connect(url.to_owned()).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url, config);
        let connections = deadpool::Pool::builder(manager).max_size(size).build().map_err(Failure::broken)?;
        Ok(Self { connections, patience: PATIENCE })
    }

    /// The same pool for work that nobody waits for.
    pub fn for_workers(self) -> Self {
        Self { patience: PATIENCE_OF_WORKERS, ..self }
    }

    pub async fn get(&self) -> Result<PooledConnection, Failure> {
        match tokio::time::timeout(self.patience, self.connections.get()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(Failure::Unavailable(error.to_string())),
            Err(_) => Err(Failure::Unavailable("none became free in time".to_owned())),
        }
    }

    /// Connections open, free, and calls waiting for one.
    pub fn status(&self) -> (usize, usize, usize) {
        let status = self.connections.status();
        (status.size, status.available, status.waiting)
    }

    pub fn close(&self) {
        self.connections.close();
    }
}

/// One connection outside any pool, with the same limits.
pub async fn connect(url: String) -> Result<Connection, ConnectionError> {
    let mut connection = AsyncPgConnection::establish(&url).await?;
    connection
        .batch_execute(SESSION_LIMITS)
        .await
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    Ok(connection)
}
