//! The changes of an instrument as Server-Sent Events. A reader begins with a snapshot and goes on with numbered changes; one that falls
//! behind gets a new snapshot.

use std::sync::Arc;

use domain::exchange::{Event, Market, Public, Rejection, Side};
use domain::kernel::InstrumentId;
use futures::StreamExt;
use infra::exchange::words;
use infra::journal::{Committed, Handle};
use serde_json::{Value, json};

use super::{look, show};
use crate::app::App;
use crate::exchange::access;
use crate::exchange::floor::{self, Listed};
use crate::hosting::live::{self, Told};
use crate::hosting::stream::{Opened, Place, Token};
use crate::hosting::{self, Hosted};
use crate::http::principal::Principal;
use crate::http::problem::Problem;

/// How many levels of each side a snapshot shows.
const LEVELS: usize = 1_000;

struct Reader {
    app: App,
    token: Token,
    listed: Arc<Listed>,
}

/// What is sent to a reader until it may not read any more, the market moves to another node, or the service stops.
pub async fn open(
    app: &App,
    viewer: Option<&Principal>,
    token: Token,
    id: InstrumentId,
    last: Option<Place>,
) -> Result<Opened, Problem> {
    let listed = look::seen(app, viewer, id).await?;
    let market = match hosting::of_stream::<Market>(app, listed.stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return Ok(Opened::There(address)),
    };
    look::listing(app, &market, id).await?;
    let reader = Reader { app: app.clone(), token, listed };
    Ok(Opened::Here(live::read(reader, market, last).boxed_local()))
}

impl live::Reader<Market> for Reader {
    fn app(&self) -> &App {
        &self.app
    }

    async fn may_read(&self) -> bool {
        let Ok(by) = self.token.viewer(&self.app).await else { return false };
        let Ok(mut connection) = self.app.pool.get().await else { return false };
        access::seen_of(&mut connection, by.as_deref(), self.listed.portal.0, floor::unknown).await.is_ok()
    }

    async fn snapshot(&self, market: &Handle<Market>, reason: &str) -> Option<(i64, Value)> {
        let instrument = self.listed.id;
        let look = move |market: &Market| -> Result<_, Rejection> {
            Ok((market.status(instrument)?, market.depth(instrument, LEVELS)?))
        };
        let (entry, found) = market.look(look).await.ok()?;
        let (status, depth) = found.ok()?;
        let data = json!({
            "reason": reason,
            "book": show::book(&depth, &self.listed),
            "ticker": show::ticker(&status, &depth, &self.listed),
        });
        Some((entry, data))
    }

    fn told(&self, entry: &Committed<Event>) -> Vec<Told> {
        let mut levels = Vec::new();
        let mut of = |(event, what): (usize, &Event)| {
            let Event::Public(public) = what else { return None };
            let (kind, data) = told(public, &self.listed, &mut levels)?;
            Some(Told { event, kind, data })
        };
        entry.events.iter().enumerate().filter_map(&mut of).collect()
    }
}

/// Name and data of an event of the instrument. Levels are collected until the change that they belong to.
fn told(public: &Public, listed: &Listed, levels: &mut Vec<Value>) -> Option<(&'static str, Value)> {
    match *public {
        Public::Level { instrument, side, price, lots } if instrument == listed.id => {
            levels.push(level(side, price, lots, listed));
            None
        }
        Public::BookChanged { instrument, change, checksum } if instrument == listed.id => {
            let levels = std::mem::take(levels);
            let data = json!({"change": change, "previous": change - 1, "checksum": checksum, "levels": levels});
            Some(("book", data))
        }
        Public::Trade { instrument, trade, price, lots, aggressor, .. } if instrument == listed.id => {
            let data = json!({
                "id": domain::exchange::trade_id(listed.stream, trade),
                "price": listed.price(price),
                "quantity": listed.quantity(lots),
                "aggressor": aggressor.map(words::side),
            });
            Some(("trade", data))
        }
        Public::Indicative { instrument, price, lots, surplus, surplus_side } if instrument == listed.id => {
            let shown = show::indicative(price, (lots, surplus), surplus_side, listed);
            Some(("indicative", serde_json::to_value(shown).ok()?))
        }
        Public::Phase { instrument, from, to, halted_for } if instrument == listed.id => {
            let data = json!({"from": show::phase(from), "to": show::phase(to), "reason": halted_for});
            Some(("phase", data))
        }
        Public::Reference { instrument, price } if instrument == listed.id => {
            Some(("reference", json!({"price": listed.price(price)})))
        }
        Public::SessionEnded { instrument, session, last } if instrument == listed.id => {
            Some(("session_ended", json!({"session": session, "last_price": last.map(|ticks| listed.price(ticks))})))
        }
        _ => None,
    }
}

fn level(side: Side, price: i64, lots: u64, listed: &Listed) -> Value {
    json!({"side": words::side(side), "price": listed.price(price), "quantity": listed.quantity(lots)})
}
