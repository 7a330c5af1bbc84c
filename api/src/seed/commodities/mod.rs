//! Commodities: an exchange for steel, aluminium, wheat and newsprint with ten invented companies, the trades of its last trading day,
//! and a book to trade with at once.
//!
//! The day is told as it would have happened: on a node whose clock stands at each moment of the day, through the use cases of the API,
//! with phases by the trading schedule and clearing when the session is over. Equal days have equal prices and quantities.

mod companies;
mod day;
mod instruments;
mod stage;
mod walk;

use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::kernel::{PortalId, Timestamp};
use infra::Failure;

use super::cast::{Player, body};
use super::{PASSWORD, founding};
use crate::app::App;
use crate::auth::password;
use crate::config::Config;
use crate::portal::dto::PortalData;
use crate::portal::usecase as portal;
use crate::server;
use stage::Stage;

/// The portal's name in addresses.
pub const PORTAL: &str = "commodities";

/// A member to log in as: Zhana Astyk Mills, which buys wheat.
pub const TRADER: &str = "owner@zhana-astyk-mills.example";

/// What was loaded.
#[derive(Debug)]
pub struct Loaded {
    pub companies: usize,
    pub instruments: usize,
    pub trades: usize,
    pub day: NaiveDate,
}

/// Loads all of it on a node of its own, which is gone afterwards: whoever serves next hosts the market at once. Nobody may serve
/// meanwhile, or that node would host it, at the time of today.
pub async fn load(config: &Config) -> Result<Loaded, Failure> {
    let shared = server::prepare_migrated(config.clone()).await?;
    let app = server::on_thread(&shared)?;
    let loaded = tell(&app).await;
    app.floor.markets.close().await;
    app.pool.close();
    loaded
}

async fn tell(app: &App) -> Result<Loaded, Failure> {
    let now = app.clock.now();
    let data = instruments::schedule(now.year());
    let schedule = instruments::checked(&data)?;
    let day = stage::last_trading_day(&schedule, now);
    let eve = stage::local(&schedule, day, 0, 0)? - TimeDelta::hours(6);
    app.clock.stand_at(eve);
    let hash = password::hash(PASSWORD.to_owned(), app.config.password_cost).await?;
    let operator = founding::operator(app, &hash, eve).await?;
    let portal = open(app, &operator, eve).await?;
    let mut stage = Stage::open(app, portal, schedule).await?;
    let companies = companies::load(app, &operator, &hash, eve).await?;
    let instruments = instruments::list(app, &operator, &data, day, eve).await?;
    stage.look_after().await?;
    companies::allow(&mut stage, &companies, &instruments).await?;
    day::trade(&mut stage, &companies, &instruments, day).await?;
    stage.pass_to(now).await?;
    stage.open_on_holiday(&instruments).await?;
    Ok(Loaded { companies: companies.len(), instruments: instruments.len(), trades: stage.trades, day })
}

async fn open(app: &App, operator: &Player, at: Timestamp) -> Result<PortalId, Failure> {
    let texts = |en: &str, ru: &str| [("en", en), ("ru", ru)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let data = PortalData {
        slug: PORTAL.to_owned(),
        name: texts("Commodities", "Товарная биржа"),
        description: texts("Steel, aluminium, wheat and newsprint.", "Сталь, алюминий, пшеница и газетная бумага."),
        visibility: "open".to_owned(),
        functions: vec!["exchange".to_owned()],
    };
    let opened = operator.act_alone(app, at, async |tx, command| portal::open(tx, command, &data, &[]).await).await?;
    Ok(PortalId(body(opened)?.id))
}
