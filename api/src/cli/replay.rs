//! `torg replay`.

use api::config::Config;
use api::server;
use infra::db::pool;
use infra::exchange::replay::{self, Named, Replayed, Trouble};

/// Replays all markets, or that of one portal, and says of each whether what is kept of it is what its journal says.
pub async fn run(config: Config, portal: Option<&str>) -> Result<(), String> {
    let url = server::database_url(&config).map_err(|failure| failure.to_string())?;
    let mut connection = pool::connect(url.clone()).await.map_err(|error| error.to_string())?;
    let markets = replay::markets(&mut connection, portal).await.map_err(|failure| failure.to_string())?;
    drop(connection);
    if markets.is_empty() {
        return match portal {
            Some(portal) => Err(format!("the portal {portal} has no market")),
            None => {
                println!("there are no markets");
                Ok(())
            }
        };
    }
    let mut differing = 0;
    for market in &markets {
        differing += u32::from(!agrees(&url, market).await?);
    }
    match differing {
        0 => Ok(()),
        _ => Err(format!("{differing} of {} markets are kept otherwise than their journals say", markets.len())),
    }
}

/// Prints a line on one market.
async fn agrees(url: &str, market: &Named) -> Result<bool, String> {
    let slug = &market.slug;
    match replay::check(url, market.stream).await {
        Ok(Replayed { entries, commands, snapshots, rows, live_orders }) => {
            println!(
                "{slug}: {entries} entries with {commands} commands replayed; {rows} rows, {live_orders} live orders and \
                 {snapshots} snapshots agree"
            );
            Ok(true)
        }
        Err(Trouble::Differs(difference)) => {
            println!("{slug}: {difference}");
            Ok(false)
        }
        Err(Trouble::Failed(failure)) => Err(format!("{slug}: {failure}")),
    }
}
