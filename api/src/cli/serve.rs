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

/// How many connections may wait to be taken. Of the standard library's 128 a partner's pool alone is more, and whoever comes as one more
/// hears nothing and tries again after a second.
const CROWD: i32 = 4_096;

/// Takes the address before anything else is done, so that a second server on it says so at once.
pub fn listen(config: &Config) -> Result<TcpListener, String> {
    let refused = |error: std::io::Error| format!("listen is {}: {error}", config.listen);
    let listener = TcpListener::bind(config.listen).map_err(refused)?;
    rustix::net::listen(&listener, CROWD).map_err(|error| refused(error.into()))?;
    Ok(listener)
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

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn many_may_come_at_once() {
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::default() };
        let listener = listen(&config).unwrap();
        let address = listener.local_addr().unwrap();
        // Nobody is let in here.
        let come = |_| TcpStream::connect_timeout(&address, Duration::from_secs(10));
        let crowd: std::io::Result<Vec<TcpStream>> = (0..500).map(come).collect();
        assert_eq!(crowd.unwrap().len(), 500);
    }
}
