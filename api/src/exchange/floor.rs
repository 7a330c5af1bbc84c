//! The trading floor of this node: its markets, and what their instruments count in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, RwLock};

use domain::exchange::{Command, Counted, Market, Rejection, Rules};
use domain::kernel::{Currency, ExchangeOrderId, InstrumentId, PortalId, Refusal, Unit};
use infra::Failure;
use infra::exchange::instrument::{self, InstrumentRow};
use infra::journal::{self, Handle, Machine};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::clerk;
use crate::app::{App, Shared};
use crate::exchange::clearing::run::Looked;
use crate::hosting::{Machines, Served, act, stream_of};
use crate::http::dto::{MoneyDto, QuantityDto};

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

/// The markets of this node, and what is remembered of them.
#[derive(Default)]
pub struct Floor {
    pub markets: Machines<Market>,
    listed: RwLock<HashMap<InstrumentId, Arc<Listed>>>,
    /// The markets by the first half of their identifiers, which their orders bear.
    streams: RwLock<HashMap<u64, Uuid>>,
    /// Up to which sessions its markets are cleared.
    pub looked: Looked,
}

/// What a market did for a call.
pub type Done = act::Done<Market>;

impl Served for Market {
    fn machines(shared: &Shared) -> &Machines<Self> {
        &shared.floor.markets
    }

    async fn supply(
        app: &App,
        market: &Handle<Self>,
        _: &[Command],
        outcomes: &[Self::Outcome],
    ) -> Result<bool, Failure> {
        let lacks = |outcome: &Self::Outcome| {
            matches!(outcome, Err(Rejection::UnknownMember | Rejection::MemberSuspended | Rejection::UnknownInstrument))
        };
        if !outcomes.iter().all(lacks) || outcomes.is_empty() {
            return Ok(false);
        }
        clerk::look_after(app, market).await?;
        Ok(true)
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
    let stream = stream_of::<Market>(app, &mut connection, PortalId(row.portal_id)).await?;
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
