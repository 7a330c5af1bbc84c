//! Surplus: a portal with an auction of every format that has ended, one of every format that runs, and one that is announced.
//!
//! The days before are told as they would have happened: on a node whose clock stands at each moment, through the use cases of the API and
//! the workers. Equal histories have equal winners and prices.

mod companies;
mod finished;
mod lots;
mod running;
mod stage;

use chrono::TimeDelta;
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
pub const PORTAL: &str = "surplus";

/// A member to log in as: Altai Farm Supply, which bids.
pub const BIDDER: &str = "owner@altai-farm-supply.example";

/// What was loaded.
#[derive(Debug)]
pub struct Loaded {
    pub companies: usize,
    pub auctions: usize,
}

/// Loads all of it on a node of its own, which is gone afterwards: whoever serves next hosts the auctions at once. Nobody may serve
/// meanwhile, or that node would host them, at the time of today.
pub async fn load(config: &Config) -> Result<Loaded, Failure> {
    let shared = server::prepare_migrated(config.clone()).await?;
    let app = server::on_thread(&shared)?;
    let loaded = tell(&app).await;
    app.hall.auctions.close().await;
    app.pool.close();
    loaded
}

async fn tell(app: &App) -> Result<Loaded, Failure> {
    let now = app.clock.now();
    let eve = now - TimeDelta::hours(48);
    app.clock.stand_at(eve);
    let hash = password::hash(PASSWORD.to_owned(), app.config.password_cost).await?;
    let operator = founding::operator(app, &hash, eve).await?;
    let portal = open(app, &operator, eve).await?;
    let cast = companies::load(app, operator, &hash, eve).await?;
    let mut stage = Stage::open(app, portal).await?;
    let mut plays = finished::announce(&mut stage, &cast, now).await?;
    plays.extend(running::announce(&mut stage, &cast, now).await?);
    stage.play(plays).await?;
    stage.pass_to(now).await?;
    stage.review().await?;
    Ok(Loaded { companies: cast.len(), auctions: stage.auctions.len() })
}

async fn open(app: &App, operator: &Player, at: Timestamp) -> Result<PortalId, Failure> {
    let texts = |en: &str, ru: &str| [("en", en), ("ru", ru)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let data = PortalData {
        slug: PORTAL.to_owned(),
        name: texts("Surplus", "Излишки и остатки"),
        description: texts(
            "Surplus stock and used machines by auction.",
            "Складские остатки и бывшие в работе машины на торгах.",
        ),
        visibility: "open".to_owned(),
        functions: vec!["auction".to_owned()],
    };
    let opened = operator.act_alone(app, at, async |tx, command| portal::open(tx, command, &data, &[]).await).await?;
    Ok(PortalId(body(opened)?.id))
}
