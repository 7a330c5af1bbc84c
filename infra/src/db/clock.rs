//! The clock of the database, which all nodes share.

use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;

use super::Connection;
use crate::Failure;

diesel::define_sql_function! {
    /// The time of day, also within a transaction.
    fn clock_timestamp() -> diesel::sql_types::Timestamptz;
}

/// What time it is.
pub async fn now(connection: &mut Connection) -> Result<Timestamp, Failure> {
    Ok(diesel::select(clock_timestamp()).get_result(connection).await?)
}
