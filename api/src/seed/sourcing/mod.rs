//! Tenders: a portal with requests for quotation in every state, of every preset; among them one for rolled steel with
//! eight quotes to compare.
//!
//! The weeks before are told as they would have happened: on a node whose clock stands at each moment, through the use
//! cases of the API, and with what the deadlines bring about by themselves. Equal histories have equal quotes and
//! awards.

mod acts;
mod categories;
mod companies;
mod decided;
mod evaluated;
mod framework;
mod quoting;
mod running;
mod setting;
mod stage;
mod steel;
mod steel_quotes;
mod words;

use chrono::TimeDelta;
use domain::kernel::Timestamp;
use infra::Failure;
use infra::db::tx;

use super::cast::Player;
use super::{PASSWORD, founding};
use crate::app::App;
use crate::auth::password;
use crate::config::Config;
use crate::portal::dto::PortalData;
use crate::portal::usecase as portal;
use crate::server;
use crate::sourcing::subscription::dto::SubscriptionData;
use crate::sourcing::subscription::usecase as subscription;
use companies::Who;
use setting::Setting;
use stage::Stage;

/// The portal's name in addresses.
pub const PORTAL: &str = "tenders";

/// A member to log in as: Aare Apparatebau, which asks for quotes.
pub const BUYER: &str = "owner@aare-apparatebau.example";

/// Another one: Klodnica Blachy, which quotes.
pub const QUOTER: &str = "owner@klodnica-blachy.example";

/// How long ago the history begins.
const DAYS: i64 = 60;

/// What was loaded.
#[derive(Debug)]
pub struct Loaded {
    pub companies: usize,
    pub requests: usize,
    pub quotes: usize,
}

/// Loads all of it on a node of its own, which is gone afterwards. Nobody may serve meanwhile, or that node would work
/// off the deadlines, at the time of today.
pub async fn load(config: &Config) -> Result<Loaded, Failure> {
    let shared = server::prepare_migrated(config.clone()).await?;
    let app = server::on_thread(&shared)?;
    let loaded = tell(&app).await;
    app.pool.close();
    loaded
}

async fn tell(app: &App) -> Result<Loaded, Failure> {
    let now = app.clock.now();
    let eve = now - TimeDelta::days(DAYS);
    app.clock.stand_at(eve);
    let hash = password::hash(PASSWORD.to_owned(), app.config.password_cost).await?;
    let operator = founding::operator(app, &hash, eve).await?;
    open(app, &operator, eve).await?;
    let categories = categories::load(app, &operator, eve).await?;
    let cast = companies::load(app, &operator, &hash, eve).await?;
    let companies = cast.companies();
    let setting = Setting { now, cast, categories };
    subscribe(app, &setting, eve).await?;
    let stories = [
        running::draft(&setting),
        running::published(&setting),
        running::ranked(&setting),
        running::questions_closed(&setting),
        running::second_round(&setting),
        evaluated::waiting(&setting),
        evaluated::two_envelopes(&setting),
        steel::steel(&setting),
        decided::split(&setting),
        decided::standstill(&setting),
        decided::cancelled(&setting),
        framework::framework(&setting),
    ];
    let requests = stories.len();
    let mut stage = Stage::new(app, &setting.cast);
    stage.play(stories.into_iter().flatten().collect()).await?;
    stage.pass_to(now).await?;
    Ok(Loaded { companies, requests, quotes: stage.quotes() })
}

async fn open(app: &App, operator: &Player, at: Timestamp) -> Result<(), Failure> {
    let texts = |en: &str, ru: &str| [("en", en), ("ru", ru)].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let data = PortalData {
        slug: PORTAL.to_owned(),
        name: texts("Tenders", "Закупки"),
        description: texts(
            "What makers of plant and wagons ask for: steel, parts, packaging.",
            "Что запрашивают машиностроители и вагоностроители: прокат, детали, тара.",
        ),
        visibility: "open".to_owned(),
        functions: vec!["sourcing".to_owned(), "auction".to_owned()],
    };
    operator.act_alone(app, at, async |tx, command| portal::open(tx, command, &data, &[]).await).await.map(drop)
}

/// Some suppliers want to hear of new requests: of all, or of those for what they make.
async fn subscribe(app: &App, setting: &Setting, at: Timestamp) -> Result<(), Failure> {
    let categories = &setting.categories;
    let wishes = [
        (Who::Ruhrort, vec![categories.metals]),
        (Who::Ostravice, vec![categories.flat, categories.long]),
        (Who::Norrsken, vec![categories.flat]),
        (Who::Klodnica, Vec::new()),
        (Who::Vogtland, vec![categories.packaging]),
        (Who::Kaszuby, vec![categories.packaging]),
    ];
    tx::transaction(&app.pool, async |tx| {
        for (who, category_ids) in &wishes {
            let data = SubscriptionData { category_ids: category_ids.clone() };
            let keep = async |tx: &mut _, command: &_| subscription::keep(tx, command, PORTAL, 0, &data).await;
            setting.cast.player(*who).act(tx, at, keep).await?;
        }
        Ok(())
    })
    .await
}
