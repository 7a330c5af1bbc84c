//! `torg serve` and `torg migrate`.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use api::app::{App, Shared};
use api::config::Config;
use api::server;
use api::worker::Workers;
use infra::db::{migration, pool};
use tokio::signal::unix::{SignalKind, signal};

pub async fn migrate(config: Config) -> Result<(), String> {
    let url = server::database_url(&config).map_err(|failure| failure.to_string())?;
    let connection = pool::connect(url).await.map_err(|error| error.to_string())?;
    let applied = migration::run(connection).await.map_err(|failure| failure.to_string())?;
    for name in &applied {
        println!("applied {name}");
    }
    println!("{} applied; the schema is current", applied.len());
    Ok(())
}

pub async fn run(config: Config) -> Result<(), String> {
    let listener = listen(&config)?;
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    until_stopped(shared, listener).await
}

/// Takes the address before anything else is done, so that a second server on it says so at once.
pub fn listen(config: &Config) -> Result<TcpListener, String> {
    TcpListener::bind(config.listen).map_err(|error| format!("listen is {}: {error}", config.listen))
}

/// Serves until SIGTERM or SIGINT, then lets what is running finish within the grace period.
pub async fn until_stopped(shared: Arc<Shared>, listener: TcpListener) -> Result<(), String> {
    api::telemetry::recorder();
    let app: App = server::for_workers(&shared).map_err(|failure| failure.to_string())?;
    app.floor.markets.open(&app.shared).map_err(|failure| failure.to_string())?;
    app.hall.auctions.open(&app.shared).map_err(|failure| failure.to_string())?;
    let workers = Workers::start(&app);
    let grace = Duration::from_secs(shared.config.grace_seconds);
    let operator = server::serve_operator(&shared).map_err(|error| error.to_string())?;
    let stopping = shared.stopping.clone();
    let running = server::serve(shared, listener).map_err(|error| error.to_string())?;
    let handle = running.handle();
    let serving = actix_web::rt::spawn(running);
    tracing::info!("ready");
    let mut terminated = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    tokio::select! { _ = terminated.recv() => {}, _ = tokio::signal::ctrl_c() => {} }
    tracing::info!("stopping");
    stopping.cancel();
    handle.stop(true).await;
    if let Some(operator) = operator {
        operator.stop(true).await;
    }
    let closed = async { tokio::join!(app.floor.markets.close(), app.hall.auctions.close()) };
    if tokio::time::timeout(grace, closed).await.is_err() {
        tracing::warn!("a market, or an auction, was not handed over in time");
    }
    if tokio::time::timeout(grace, workers.stop()).await.is_err() {
        tracing::warn!("a worker did not finish in time");
    }
    serving.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}
