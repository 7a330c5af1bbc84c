//! One PostgreSQL cluster for the run, a migrated template in it, and a copy of that for every test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use infra::db::cluster::{Cluster, Options};
use infra::db::migration;

const TEMPLATE: &str = "template_torg";

/// The cluster of this run. It ends with the process, however that ends.
struct Run {
    cluster: Cluster,
    copies: AtomicU32,
}

/// Copying a template needs that nobody is connected to it, so copies are made one after the other.
static COPYING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        // A thread and a runtime of its own: tests may come here from inside theirs.
        std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let cluster = Cluster::start(&Options::throw_away()).await.expect("PostgreSQL starts");
                cluster.create_database(TEMPLATE).await.expect("the template is created");
                migration::run(connect(&cluster.url(TEMPLATE)).await).await.expect("the template is migrated");
                Run { cluster, copies: AtomicU32::new(0) }
            })
        })
        .join()
        .expect("the cluster starts")
    })
}

/// A connection of the test's own.
pub async fn connect(url: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(url).await.expect("the database answers")
}

/// The address of a new, migrated, empty database.
pub async fn fresh() -> String {
    create(&format!("TEMPLATE {TEMPLATE} STRATEGY wal_log")).await
}

/// The address of a new database without any tables.
pub async fn bare() -> String {
    create("TEMPLATE template0").await
}

async fn create(from: &str) -> String {
    let run = run();
    let name = format!("test_{}_{}", std::process::id(), run.copies.fetch_add(1, Ordering::Relaxed));
    let _turn = COPYING.lock().await;
    let mut connection = connect(&run.cluster.url("postgres")).await;
    connection.batch_execute(&format!("CREATE DATABASE {name} {from}")).await.expect("the database is created");
    run.cluster.url(&name)
}
