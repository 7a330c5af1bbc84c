//! Transactions: begun here and nowhere else.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::SimpleAsyncConnection;
use diesel_async::pooled_connection::deadpool::Object;
use futures::FutureExt;

use super::Connection;
use super::pool::{Pool, PooledConnection};
use crate::Failure;

/// How often a transaction that collided with another one is run in all.
const ATTEMPTS: u32 = 6;

/// The longest a whole transaction may take before the caller is told to come back.
const PATIENCE: Duration = Duration::from_secs(25);

/// Runs `work` in a transaction that is committed if it succeeds. Collisions (serialization failures, deadlocks) are
/// retried a few times; `work` must therefore do nothing but talk to this connection.
pub async fn transaction<T>(
    pool: &Pool,
    work: impl AsyncFn(&mut Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut attempt = 1;
    loop {
        let mut lent = Lent(Some(pool.get().await?));
        let result = match tokio::time::timeout(PATIENCE, run(lent.connection()?, &work)).await {
            Ok((ended, Connected(true))) => {
                lent.give_back();
                ended
            }
            Ok((ended, Connected(false))) => ended,
            Err(_) => Err(Failure::Unavailable("the transaction took too long".to_owned())),
        };
        match result {
            Err(Failure::Database(error)) if is_collision(&error) && attempt < ATTEMPTS => {
                tracing::debug!(attempt, %error, "transaction collided");
                tokio::time::sleep(Duration::from_millis(u64::from(2_u32.pow(attempt)))).await;
                attempt += 1;
            }
            other => return other,
        }
    }
}

/// Runs `work` in a transaction on this connection, once. If it is abandoned halfway, so must the connection be.
pub async fn once<T>(
    connection: &mut Connection,
    work: &impl AsyncFn(&mut Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    run(connection, work).await.0
}

/// Begins a transaction that sees one state of the tables throughout, changes nothing, and lasts as long as the connection. It gets no
/// number of its own, so that readers of the feed do not wait for its end.
pub async fn look(connection: &mut Connection) -> Result<(), Failure> {
    let begin = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
         BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    Ok(connection.batch_execute(begin).await?)
}

/// From here on in this transaction prepared statements are planned once a connection, whatever they ask for. PostgreSQL would plan those
/// that take a list of ids anew at each call, since it takes each for cheaper than any; for an order that costs more than the rest.
/// For searches it is the other way round: this is for transactions that go by ids alone.
pub async fn plan_once(tx: &Connection) -> Result<(), Failure> {
    (&*tx).batch_execute("SET LOCAL plan_cache_mode = force_generic_plan").await?;
    Ok(())
}

/// Whether the transaction ended with the database knowing of it, so that the connection can serve the next one.
struct Connected(bool);

async fn run<T>(
    connection: &mut Connection,
    work: &impl AsyncFn(&mut Connection) -> Result<T, Failure>,
) -> (Result<T, Failure>, Connected) {
    // It goes out with the first statement of the work instead of in a round trip of its own: polled once it is sent, and
    // its answer tells nothing, since what fails it later, a lost connection, fails the next statement as well.
    if let Some(Err(error)) = (&*connection).batch_execute("BEGIN").now_or_never() {
        return (Err(error.into()), Connected(false));
    }
    match work(connection).await {
        Ok(value) => match connection.batch_execute("COMMIT").await {
            Ok(()) => (Ok(value), Connected(true)),
            Err(error) => (Err(error.into()), Connected(false)),
        },
        Err(failure) => {
            // If the connection is gone so is the transaction.
            let ended = connection.batch_execute("ROLLBACK").await;
            (Err(failure), Connected(ended.is_ok()))
        }
    }
}

/// A connection with a transaction in it: dropped before that ended it is closed, so that nobody else gets it with the
/// transaction still open.
struct Lent(Option<PooledConnection>);

impl Lent {
    fn connection(&mut self) -> Result<&mut Connection, Failure> {
        let lent = self.0.as_mut().ok_or_else(|| Failure::broken("a connection was given back twice"))?;
        Ok(&mut *lent)
    }

    fn give_back(mut self) {
        self.0.take();
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0.take() {
            drop(Object::take(abandoned));
        }
    }
}

/// Two transactions were in each other's way; run again, either may pass.
fn is_collision(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
            // The same key came twice at the same instant: the second run finds the first one's answer.
            info.constraint_name() == Some("idempotency_pkey")
        }
        Error::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

/// The fault lies with the connection or with waiting, not with the statement: the same call may pass later.
pub fn is_passing(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
        | Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, info) => [
            "connection closed",
            "error communicating with the server",
            "canceling statement due to",
            "terminating connection",
            "the database system is",
            "too many clients",
        ]
        .iter()
        .any(|sign| info.message().contains(sign)),
        _ => is_collision(error),
    }
}
