//! Migrations: embedded in the binary, run under an advisory lock.

use diesel_async::{AsyncMigrationHarness, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Connection;
use crate::Failure;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Any number will do, as long as all nodes use the same.
const LOCK: i64 = 0x746f_7267;

/// Brings the database to the newest schema and returns what was applied. Several nodes may start at once: one migrates, the
/// others wait for it.
pub async fn run(connection: Connection) -> Result<Vec<String>, Failure> {
    with_lock(connection, |harness| {
        let applied = harness.run_pending_migrations(MIGRATIONS).map_err(Failure::broken)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Takes all migrations back. Only tests do this.
pub async fn revert_all(connection: Connection) -> Result<(), Failure> {
    with_lock(connection, |harness| harness.revert_all_migrations(MIGRATIONS).map(|_| ()).map_err(Failure::broken))
        .await
}

/// Whether the database has all migrations of this binary.
pub async fn is_current(connection: &mut Connection) -> Result<bool, Failure> {
    use diesel::{ExpressionMethods, QueryDsl};
    diesel::table! {
        __diesel_schema_migrations (version) { version -> Text, }
    }
    let newest = newest_version()?;
    let found: i64 = __diesel_schema_migrations::table
        .filter(__diesel_schema_migrations::version.eq(newest))
        .count()
        .get_result(connection)
        .await?;
    Ok(found == 1)
}

fn newest_version() -> Result<String, Failure> {
    use diesel::migration::{Migration, MigrationSource};
    let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> = MIGRATIONS.migrations().map_err(Failure::broken)?;
    let newest = all.iter().map(|m| m.name().version().to_string()).max();
    newest.ok_or_else(|| Failure::broken("the binary has no migrations"))
}

/// The harness is synchronous, so it runs on a thread of its own.
async fn with_lock<T: Send + 'static>(
    mut connection: Connection,
    work: impl FnOnce(&mut AsyncMigrationHarness<Connection>) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    connection.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0").await?;
    connection.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    // The lock goes with the connection, which ends with the harness.
    tokio::task::spawn_blocking(move || work(&mut AsyncMigrationHarness::new(connection)))
        .await
        .map_err(Failure::broken)?
}
