//! The trading floor of this node: its markets, and what their instruments count in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::{Duration, Instant};

use domain::exchange::{Counted, Market, Rules};
use domain::kernel::{Currency, ExchangeOrderId, InstrumentId, PortalId, Refusal, Timestamp, Unit};
use infra::Failure;
use infra::db::Connection;
use infra::exchange::instrument::{self, InstrumentRow};
use infra::journal::{self, Handle, Keeper, Machine, Node, Owner, Settings};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::app::{App, Shared};
use crate::clock::new_id;
use crate::exchange::clearing::run::Looked;
use crate::http::dto::{MoneyDto, QuantityDto};
use crate::server;

/// An instrument as orders need it: of its rules tick, lot and currency are used, which never change, whatever else of it does.
#[derive(Debug)]
pub struct Listed {
    pub id: InstrumentId,
    pub portal: PortalId,
    /// Of its market's journal.
    pub stream: Uuid,
    pub rules: Rules,
    pub unit: Unit,
    pub currency: Currency,
}

impl Listed {
    pub fn counted(&self) -> Counted<'_> {
        Counted { rules: &self.rules, unit: self.unit }
    }

    pub fn price(&self, ticks: i64) -> MoneyDto {
        MoneyDto::price(self.rules.price(ticks), self.currency.code())
    }

    pub fn quantity(&self, lots: u64) -> QuantityDto {
        QuantityDto::of(self.rules.quantity(lots), self.unit.code())
    }

    /// The average price of fills, rounded half to even to six decimals; none without fills.
    pub fn average(&self, turnover: Decimal, filled: u64) -> Option<MoneyDto> {
        let average = turnover.checked_div(Decimal::from(filled))?.checked_mul(self.rules.tick_size)?;
        Some(MoneyDto::price(average.round_dp(6), self.currency.code()))
    }
}

/// The markets of this node. Nothing is hosted before it is asked for, so that commands without a server host nothing.
#[derive(Default)]
pub struct Floor {
    keeper: OnceLock<Keeper<Market>>,
    listed: RwLock<HashMap<InstrumentId, Arc<Listed>>>,
    /// The markets by the first half of their identifiers, which their orders bear.
    streams: RwLock<HashMap<u64, Uuid>>,
    /// Up to which sessions its markets are cleared.
    pub looked: Looked,
}

/// Where a market is hosted.
pub enum Hosted {
    Here(Handle<Market>),
    /// Another node, at that address.
    There(String),
}

impl Floor {
    /// Begins to host on this node.
    pub fn open(&self, shared: &Arc<Shared>) -> Result<&Keeper<Market>, Failure> {
        if let Some(keeper) = self.keeper.get() {
            return Ok(keeper);
        }
        let started = Keeper::start(settings(shared)?)?;
        Ok(self.keeper.get_or_init(|| started))
    }

    /// Hands the markets over to other nodes.
    pub async fn close(&self) {
        if let Some(keeper) = self.keeper.get() {
            keeper.stop().await;
        }
    }

    /// The markets that are hosted here.
    pub fn here(&self) -> Vec<Handle<Market>> {
        self.keeper.get().map(Keeper::all_here).unwrap_or_default()
    }
}

fn settings(shared: &Arc<Shared>) -> Result<Settings, Failure> {
    let (clock, news) = (Arc::downgrade(shared), Arc::downgrade(shared));
    Ok(Settings {
        url: server::database_url(&shared.config)?,
        node: Node { id: new_id(shared.clock.now()), address: shared.config.node_address() },
        // Whoever stops has nothing to date any more.
        now: Arc::new(move || clock.upgrade().map_or(Timestamp::UNIX_EPOCH, |shared| shared.clock.now())),
        happened: Arc::new(move |events| {
            if let Some(shared) = news.upgrade()
                && !events.is_empty()
            {
                shared.news.tell(events, &shared.principals);
            }
        }),
    })
}

/// Where the market is hosted.
pub async fn market(app: &App, stream: Uuid) -> Result<Hosted, Failure> {
    let keeper = app.floor.open(&app.shared)?;
    if let Some(handle) = keeper.here(stream) {
        return Ok(Hosted::Here(handle));
    }
    Ok(match keeper.owner(&mut *app.pool.get().await?, stream).await? {
        Owner::Here(handle) => Hosted::Here(handle),
        Owner::There(address) => Hosted::There(address),
    })
}

/// The market of a portal, which is made when it is first needed.
pub async fn stream_of(app: &App, connection: &mut Connection, portal: PortalId) -> Result<Uuid, Failure> {
    match journal::of_portal(connection, Market::KIND, portal).await? {
        Some(stream) => Ok(stream.id),
        None => journal::ensure(connection, new_id(app.clock.now()), Market::KIND, portal).await,
    }
}

/// The instrument, whoever asks; remembered once it was looked up.
pub async fn listed(app: &App, id: InstrumentId) -> Result<Arc<Listed>, Failure> {
    let known = app.floor.listed.read().ok().and_then(|listed| listed.get(&id).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let mut connection = app.pool.get().await?;
    let row = instrument::of_id(&mut connection, id).await?.ok_or_else(unknown)?;
    let stream = stream_of(app, &mut connection, PortalId(row.portal_id)).await?;
    let listed = Arc::new(read(&row, stream)?);
    if let Ok(mut all) = app.floor.listed.write() {
        all.insert(id, listed.clone());
    }
    Ok(listed)
}

/// The instruments of several things, each looked up once.
pub async fn listed_of(app: &App, named: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Arc<Listed>>, Failure> {
    let mut found = HashMap::new();
    for id in named.collect::<BTreeSet<_>>() {
        found.insert(id, listed(app, InstrumentId(id)).await?);
    }
    Ok(found)
}

fn read(row: &InstrumentRow, stream: Uuid) -> Result<Listed, Failure> {
    Ok(Listed {
        id: InstrumentId(row.id),
        portal: PortalId(row.portal_id),
        stream,
        rules: row.rules()?,
        unit: Unit::parse(&row.unit)?,
        currency: Currency::parse(&row.currency)?,
    })
}

pub fn unknown() -> Refusal {
    Refusal::not_found("instrument")
}

/// The market of an order, by the order's identifier.
pub async fn stream_of_order(app: &App, id: ExchangeOrderId) -> Result<Option<Uuid>, Failure> {
    let (prefix, _) = id.0.as_u64_pair();
    let known = app.floor.streams.read().ok().and_then(|streams| streams.get(&prefix).copied());
    if known.is_some() {
        return Ok(known);
    }
    let found = journal::of_prefix(&mut *app.pool.get().await?, id.0).await?.filter(|found| found.kind == Market::KIND);
    if let (Some(found), Ok(mut streams)) = (&found, app.floor.streams.write()) {
        streams.insert(prefix, found.id);
    }
    Ok(found.map(|found| found.id))
}

/// How long a read waits for the tables.
const PATIENCE: Duration = Duration::from_secs(5);

/// Waits until the tables hold what the market has done so far, so that a caller sees what it just did.
pub async fn caught_up(app: &App, stream: Uuid) -> Result<(), Failure> {
    if let Some(market) = app.floor.here().into_iter().find(|market| market.stream() == stream) {
        return market.projected().await;
    }
    let mut connection = app.pool.get().await?;
    let head = journal::head(&mut connection, stream).await?;
    let since = Instant::now();
    while !journal::is_projected(&mut connection, stream, head).await? {
        if since.elapsed() > PATIENCE {
            return Err(Failure::Unavailable("the tables are behind the journal".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// [`caught_up`] for all markets, wherever they are hosted.
pub async fn all_caught_up(app: &App) -> Result<(), Failure> {
    for stream in all_streams(app).await? {
        caught_up(app, stream.id).await?;
    }
    Ok(())
}

/// The markets of all portals.
pub async fn all_streams(app: &App) -> Result<Vec<journal::Stream>, Failure> {
    journal::all(&mut *app.pool.get().await?, Market::KIND).await
}
