//! The market as the history is told in it: its clock stands until the next moment is spoken of.

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone, Utc};
use domain::exchange::{Command, Event, Market, Phase, Public, Schedule, Side};
use domain::kernel::{InstrumentId, OrganisationId, PortalId, Refusal, Timestamp};
use infra::Failure;
use infra::exchange::words;
use infra::journal::Handle;

use crate::app::App;
use crate::exchange::clearing::run::clear_ended;
use crate::exchange::clerk::look_after_all;
use crate::exchange::floor::Listed;
use crate::exchange::order::dto::NewExchangeOrder;
use crate::exchange::order::usecase;
use crate::hosting::act::settled;
use crate::hosting::{self, Hosted};

pub struct Stage<'a> {
    app: &'a App,
    market: Handle<Market>,
    schedule: Schedule,
    /// How many orders were placed: each is named by its number.
    orders: u32,
    /// How many trades there were.
    pub trades: usize,
}

/// What somebody wants.
pub struct Wish<'a> {
    pub company: OrganisationId,
    pub listed: &'a Listed,
    pub side: Side,
    pub price: i64,
    pub lots: u64,
    pub time_in_force: &'a str,
}

impl<'a> Stage<'a> {
    /// Hosts the portal's market on this node.
    pub async fn open(app: &'a App, portal: PortalId, schedule: Schedule) -> Result<Self, Failure> {
        let stream = hosting::stream_of::<Market>(app, &mut *app.pool.get().await?, portal).await?;
        match hosting::of_stream::<Market>(app, stream).await? {
            Hosted::Here(market) => Ok(Self { app, market, schedule, orders: 0, trades: 0 }),
            Hosted::There(address) => {
                Err(Failure::Unavailable(format!("{address} serves this database: stop it while the data are loaded")))
            }
        }
    }

    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// What the workers do for a market every second.
    pub async fn look_after(&self) -> Result<(), Failure> {
        look_after_all(self.app.clone()).await?;
        clear_ended(self.app.clone()).await
    }

    /// Lets time pass, with all that happens by itself on the way.
    pub async fn pass_to(&self, instant: Timestamp) -> Result<(), Failure> {
        let mut now = self.app.clock.now();
        while let Some(due) = self.schedule.next_step_after(now).filter(|due| due.at <= instant) {
            now = due.at;
            self.app.clock.stand_at(now);
            self.look_after().await?;
        }
        self.app.clock.stand_at(instant);
        Ok(())
    }

    /// An order as its sender would have sent it.
    pub fn order(&mut self, wish: &Wish<'_>) -> Result<Command, Refusal> {
        self.orders += 1;
        let data = NewExchangeOrder {
            client_order_id: Some(format!("order-{}", self.orders)),
            side: words::side(wish.side).to_owned(),
            order_type: "limit".to_owned(),
            quantity: wish.listed.quantity(wish.lots),
            price: Some(wish.listed.price(wish.price)),
            trigger_price: None,
            protection_price: None,
            display_quantity: None,
            min_quantity: None,
            time_in_force: wish.time_in_force.to_owned(),
            expires_at: None,
            post_only: false,
            linked_to: None,
        };
        usecase::place(self.app, wish.company, wish.listed, &data)
    }

    /// Has commands done at this moment; none may be refused.
    pub async fn submit(&mut self, commands: Vec<Command>) -> Result<(), Failure> {
        let done = settled(self.app, &self.market, commands, || None).await?;
        let is_trade = |event: &&Event| matches!(event, Event::Public(Public::Trade { .. }));
        self.trades += done.events.iter().filter(is_trade).count();
        match done.outcomes.into_iter().find_map(Result::err) {
            Some(rejection) => Err(Refusal::from(rejection).into()),
            None => Ok(()),
        }
    }

    /// The price with which an instrument was listed, in ticks.
    pub async fn reference(&self, instrument: InstrumentId) -> Result<i64, Failure> {
        let status = self.market.ask(move |market| market.status(instrument).ok()).await?;
        let price = status.and_then(|status| status.reference);
        price.ok_or_else(|| Failure::broken("an instrument has no reference price"))
    }

    /// Waits until the tables tell what has happened so far.
    pub async fn written(&self) -> Result<(), Failure> {
        self.market.projected().await
    }

    /// Opens by hand what the schedule leaves closed today, so that it can be tried on any day.
    pub async fn open_on_holiday(&mut self, instruments: &[Arc<Listed>]) -> Result<(), Failure> {
        let today = self.app.clock.now().with_timezone(&self.schedule.zone()).date_naive();
        if self.schedule.is_trading_day(today) {
            return Ok(());
        }
        for to in [Phase::PreOpen, Phase::OpeningAuction, Phase::Continuous] {
            let change = |listed: &Arc<Listed>| Command::ChangePhase { instrument: listed.id, to };
            self.submit(instruments.iter().map(change).collect()).await?;
        }
        Ok(())
    }
}

/// The instant of a local time.
pub fn local(schedule: &Schedule, day: NaiveDate, hour: u32, minute: u32) -> Result<Timestamp, Failure> {
    let time = day.and_hms_opt(hour, minute, 0);
    let found = time.and_then(|time| schedule.zone().from_local_datetime(&time).earliest());
    found.map(|found| found.with_timezone(&Utc)).ok_or_else(|| Failure::broken("there is no such time"))
}

/// The last trading day that is over.
pub fn last_trading_day(schedule: &Schedule, now: Timestamp) -> NaiveDate {
    let today = now.with_timezone(&schedule.zone()).date_naive();
    let days = std::iter::successors(today.pred_opt(), NaiveDate::pred_opt);
    days.take(366).find(|&day| schedule.is_trading_day(day)).unwrap_or(today)
}
