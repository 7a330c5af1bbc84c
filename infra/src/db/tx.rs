//! Transactions: begun here and nowhere else.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AnsiTransactionManager, TransactionManager};

use super::Connection;
use super::pool::Pool;
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
        let mut connection = pool.get().await?;
        let result = tokio::time::timeout(PATIENCE, once(&mut connection, &work))
            .await
            .unwrap_or_else(|_| Err(Failure::Unavailable("the transaction took too long".to_owned())));
        match result {
            Err(Failure::Database(error)) if is_collision(&error) && attempt < ATTEMPTS => {
                tracing::debug!(attempt, %error, "transaction collided");
                drop(connection);
                tokio::time::sleep(Duration::from_millis(u64::from(2_u32.pow(attempt)))).await;
                attempt += 1;
            }
            other => return other,
        }
    }
}

/// Runs `work` in a transaction on this connection, once.
pub async fn once<T>(
    connection: &mut Connection,
    work: &impl AsyncFn(&mut Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    AnsiTransactionManager::begin_transaction(connection).await?;
    match work(connection).await {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(connection).await?;
            Ok(value)
        }
        Err(failure) => {
            // If the connection is gone so is the transaction; the pool sees it and drops the connection.
            let _ = AnsiTransactionManager::rollback_transaction(connection).await;
            Err(failure)
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
