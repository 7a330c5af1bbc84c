//! The server under test: the real thing on a port of its own, over a database of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use api::app::Shared;
use api::auth::password::Cost;
use api::config::Config;
use api::secret::SecretKey;
use api::server;
use api::worker::Workers;
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::client::Client;
use crate::database;

/// A running server.
pub struct TestApp {
    pub address: SocketAddr,
    pub database_url: String,
    pub shared: Arc<Shared>,
    /// Made once, since each new one reads all root certificates.
    anonymous: Client,
    directory: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// A server over a new database.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server over a new database, configured otherwise.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let url = database::fresh().await;
        Self::start_on(url, change).await
    }

    /// A server over a new database with the demonstration data.
    pub async fn northwind() -> Self {
        Self::start_on(database::northwind().await, |_| {}).await
    }

    /// A server over a new database with all of the demonstration data: exchange, auctions and tenders included.
    pub async fn demonstration() -> Self {
        let (url, key) = database::demonstration().await;
        Self::start_on(url, |config| config.secret_key = Some(key)).await
    }

    /// A server over a database that is there already.
    pub async fn start_on(database_url: String, change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut config = config(directory.path(), &database_url);
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        config.node_url = Some(format!("http://{address}"));
        let (stop, stopped) = oneshot::channel();
        let (ready, shared) = mpsc::channel();
        let thread = std::thread::spawn(move || actix_web_run(config, listener, &ready, stopped));
        let shared =
            tokio::task::spawn_blocking(move || shared.recv()).await.expect("joined").expect("the server starts");
        let anonymous = Client::new(format!("http://{address}"));
        Self { address, database_url, shared, anonymous, directory, stop: Some(stop), thread: Some(thread) }
    }

    /// What the server was started with.
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Client {
        self.anonymous.clone()
    }

    /// Waits for a condition that the workers bring about; fails the test when it does not come true within ten seconds.
    pub async fn until(&self, condition: impl AsyncFn() -> bool) {
        let patience = tokio::time::timeout(std::time::Duration::from_secs(10), async {
            while !condition().await {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        });
        patience.await.expect("the condition comes true in time");
    }

    /// The mails sent so far: recipient and text, in the order of their files' names.
    pub fn mail_directory(&self) -> std::path::PathBuf {
        self.directory.path().join("mail")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The configuration of a server under test, with its files in this directory.
pub(crate) fn config(directory: &Path, database_url: &str) -> Config {
    Config {
        database_url: Some(SecretString::from(database_url.to_owned())),
        secret_key: Some(SecretString::from(SecretKey::generate().expect("a key"))),
        files_directory: directory.join("files"),
        mail_directory: directory.join("mail"),
        workers: 1,
        connections_per_worker: 4,
        rate_per_address: 1_000_000,
        rate_per_credential: 1_000_000,
        rate_log_in: 1_000_000,
        grace_seconds: 2,
        // Receivers of webhooks under test are here.
        webhook_allowed_networks: vec!["127.0.0.0/8".into()],
        password_cost: CHEAP,
        ..Config::default()
    }
}

/// A third of the time of all tests went into passwords.
pub(crate) const CHEAP: Cost = Cost(8);

/// Runs the server on this thread until it is told to stop.
fn actix_web_run(
    config: Config,
    listener: TcpListener,
    ready: &mpsc::Sender<Arc<Shared>>,
    stopped: oneshot::Receiver<()>,
) {
    actix_web::rt::System::new().block_on(async move {
        let shared = server::prepare_migrated(config).await.expect("the server can be set up");
        let app = server::on_thread(&shared).expect("a pool");
        let workers = Workers::start(&app);
        let running = server::serve(shared.clone(), listener).expect("the server runs");
        let handle = running.handle();
        actix_web::rt::spawn(running);
        let _ = ready.send(shared);
        let _ = stopped.await;
        handle.stop(false).await;
        app.floor.markets.close().await;
        app.hall.auctions.close().await;
        workers.stop().await;
    });
}
