//! The database as such: connections, transactions, pages, constraints.

pub mod clock;
pub mod cluster;
pub mod constraint;
pub(crate) mod job_queue;
pub mod migration;
pub mod page;
pub mod pool;
pub mod prepared;
pub mod tx;
pub mod unnest;

/// The connection that all queries take. The caller owns the transaction.
pub use diesel_async::AsyncPgConnection as Connection;
