//! One PostgreSQL cluster for the run, a migrated template in it, and a copy of that for every test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use infra::db::cluster::{Cluster, Options};
use infra::db::migration;
use secrecy::SecretString;
use tokio::sync::OnceCell;

const TEMPLATE: &str = "template_torg";
const NORTHWIND: &str = "template_northwind";
const DEMONSTRATION: &str = "template_demonstration";

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

/// The one number that a query gives.
pub async fn count(url: &str, query: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let found: Count = diesel::sql_query(query).get_result(&mut connect(url).await).await.expect("the query runs");
    found.count
}

/// The one text that a query gives.
pub async fn text(url: &str, query: &str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Given {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    let found: Given = diesel::sql_query(query).get_result(&mut connect(url).await).await.expect("the query runs");
    found.text
}

/// The address of a new, migrated, empty database.
pub async fn fresh() -> String {
    create(&format!("TEMPLATE {TEMPLATE} STRATEGY wal_log")).await
}

/// The address of a new database with the demonstration data, which is loaded once per run.
pub async fn northwind() -> String {
    northwind_is_loaded().await;
    create(&format!("TEMPLATE {NORTHWIND} STRATEGY file_copy")).await
}

/// The address of a new database with all that `make run` loads: Northwind, the exchange of commodities, the auctions of surplus, and the
/// tenders. What is sealed in it is opened by the key that comes with it.
pub async fn demonstration() -> (String, SecretString) {
    static KEY: OnceCell<String> = OnceCell::const_new();
    northwind_is_loaded().await;
    let key = KEY.get_or_init(load_demonstration).await;
    (create(&format!("TEMPLATE {DEMONSTRATION} STRATEGY file_copy")).await, SecretString::from(key.as_str()))
}

async fn northwind_is_loaded() {
    static LOADED: OnceCell<()> = OnceCell::const_new();
    LOADED.get_or_init(load_northwind).await;
}

async fn load_northwind() {
    create_named(NORTHWIND, &format!("TEMPLATE {TEMPLATE}")).await;
    let folder = tempfile::tempdir().expect("a directory");
    let config = crate::app::config(folder.path(), &run().cluster.url(NORTHWIND));
    let shared = api::server::prepare_migrated(config).await.expect("the server can be set up");
    let app = api::server::on_thread(&shared).expect("a pool");
    api::seed::northwind::load(&app).await.expect("the data is loaded");
    app.pool.close();
    make_template(NORTHWIND).await;
}

/// Returns the secret key of who loaded it.
async fn load_demonstration() -> String {
    create_named(DEMONSTRATION, &format!("TEMPLATE {NORTHWIND} STRATEGY file_copy")).await;
    let folder = tempfile::tempdir().expect("a directory");
    let mut config = crate::app::config(folder.path(), &run().cluster.url(DEMONSTRATION));
    let key = api::secret::SecretKey::generate().expect("a key");
    config.secret_key = Some(SecretString::from(key.as_str()));
    api::seed::commodities::load(&config).await.expect("the data is loaded");
    api::seed::surplus::load(&config).await.expect("the data is loaded");
    api::seed::sourcing::load(&config).await.expect("the data is loaded");
    make_template(DEMONSTRATION).await;
    key
}

/// Makes a database fit to be copied for servers with keys of their own.
async fn make_template(database: &str) {
    let run = run();
    // Every server under test has a secret key of its own, which cannot open the signing keys of another one.
    connect(&run.cluster.url(database)).await.batch_execute("DELETE FROM signing_key").await.expect("forgotten");
    // Copying needs that nobody is connected any more.
    let mut connection = connect(&run.cluster.url("postgres")).await;
    let gone = format!(
        "DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{database}') LOOP
            PERFORM pg_sleep(0.01); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$"
    );
    connection.batch_execute(&gone).await.expect("the connections end");
}

/// The address of a new database without any tables.
pub async fn bare() -> String {
    create("TEMPLATE template0").await
}

async fn create(from: &str) -> String {
    let run = run();
    let name = format!("test_{}_{}", std::process::id(), run.copies.fetch_add(1, Ordering::Relaxed));
    create_named(&name, from).await;
    run.cluster.url(&name)
}

async fn create_named(name: &str, from: &str) {
    let run = run();
    let _turn = COPYING.lock().await;
    let mut connection = connect(&run.cluster.url("postgres")).await;
    connection.batch_execute(&format!("CREATE DATABASE {name} {from}")).await.expect("the database is created");
}
