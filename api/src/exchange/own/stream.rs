//! The steps of a company's orders, read from the tables as these follow the market: the past is there for whoever comes back, and a slow
//! reader costs no memory.

use std::time::Duration;

use domain::exchange::Market;
use domain::kernel::{InstrumentId, OrganisationId};
use futures::{Stream, StreamExt};
use infra::Failure;
use infra::exchange::order::{self, StepRow};
use infra::journal::Handle;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::disconnect::CancelOnDisconnect;
use crate::app::App;
use crate::exchange::order::report;
use crate::exchange::{access, floor, rights};
use crate::hosting::stream::{Opened, Place, Token};
use crate::hosting::{self, Hosted};
use crate::http::problem::Problem;
use crate::http::sse::{Message, Part};

/// How many steps are loaded at once.
const BATCH: i64 = 500;

const HEARTBEAT: Duration = Duration::from_secs(15);

/// The same where orders are to be cancelled when the reader is gone, which is only noticed by sending something.
const WATCHFUL: Duration = Duration::from_secs(2);

struct Reader {
    app: App,
    token: Token,
    company: OrganisationId,
    market: Handle<Market>,
    disconnect: Option<CancelOnDisconnect>,
}

struct Reading {
    reader: Reader,
    tables: watch::Receiver<i64>,
    sent: Place,
}

/// What is sent until the reader may not read any more, the market moves to another node, or the service stops; then, or when the reader is
/// gone, its orders are cancelled if it wants that.
pub async fn open(
    app: &App,
    token: Token,
    portal: &str,
    last: Option<Place>,
    cancel_on_disconnect: bool,
) -> Result<Opened, Problem> {
    let by = token.principal(app).await?;
    let company = by.require(if cancel_on_disconnect { rights::TRADE } else { rights::READ })?;
    let stream = {
        let mut connection = app.pool.get().await?;
        let seen = access::seen(&mut connection, Some(&by), portal).await?;
        hosting::stream_of::<Market>(app, &mut connection, seen.id).await?
    };
    let market = match hosting::of_stream::<Market>(app, stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return Ok(Opened::There(address)),
    };
    let disconnect = cancel_on_disconnect.then(|| CancelOnDisconnect::new(market.clone(), company));
    let reader = Reader { app: app.clone(), token, company, market, disconnect };
    Ok(Opened::Here(of(reader, last).boxed_local()))
}

fn of(reader: Reader, last: Option<Place>) -> impl Stream<Item = Part> {
    let tables = reader.market.follow_tables();
    let sent = last.unwrap_or_else(|| Place { entry: *tables.borrow(), event: usize::MAX });
    let reading = Reading { reader, tables, sent };
    futures::stream::unfold(reading, |mut reading| async move {
        if let Some(part) = reading.next().await {
            return Some((part, reading));
        }
        if let Some(disconnect) = reading.reader.disconnect.take() {
            disconnect.cancel().await;
        }
        None
    })
}

impl Reading {
    async fn next(&mut self) -> Option<Part> {
        let beat = if self.reader.disconnect.is_some() { WATCHFUL } else { HEARTBEAT };
        let since = Instant::now();
        loop {
            if self.reader.app.stopping.is_cancelled() || !self.may_read().await {
                return None;
            }
            self.tables.borrow_and_update();
            let read = self.read().await.inspect_err(|failure| tracing::warn!(%failure, "a stream broke off")).ok()?;
            if !read.is_empty() {
                return Some(Part::Messages(read));
            }
            if since.elapsed() >= beat {
                return Some(Part::Beat);
            }
            let stopping = self.reader.app.stopping.clone();
            tokio::select! {
                changed = tokio::time::timeout(beat, self.tables.changed()) => {
                    // The market has gone to another node: connect again.
                    if matches!(changed, Ok(Err(_))) {
                        return None;
                    }
                }
                () = stopping.cancelled() => return None,
            }
        }
    }

    async fn may_read(&self) -> bool {
        let reader = &self.reader;
        let by = reader.token.principal(&reader.app).await;
        by.is_ok_and(|by| by.require(rights::READ).is_ok_and(|company| company == reader.company))
    }

    async fn read(&mut self) -> Result<Vec<Message>, Failure> {
        let reader = &self.reader;
        let after = (self.sent.entry, i32::try_from(self.sent.event).unwrap_or(i32::MAX));
        let stream = reader.market.stream();
        let rows = {
            let mut connection = reader.app.pool.get().await?;
            order::steps_after(&mut connection, reader.company, stream, after, BATCH).await?
        };
        let mut messages = Vec::new();
        for (row, instrument) in rows {
            let (entry, position) = (row.entry, row.position);
            messages.push(self.render(row, instrument).await?);
            self.sent = Place { entry, event: usize::try_from(position).unwrap_or_default() };
        }
        Ok(messages)
    }

    async fn render(&self, row: StepRow, instrument: Uuid) -> Result<Message, Failure> {
        let (id, event, order) = (format!("{}.{}", row.entry, row.position), row.kind.clone(), row.order_id);
        let listed = floor::listed(&self.reader.app, InstrumentId(instrument)).await?;
        let step = report::step(row, &listed);
        let data = json!({"order_id": order, "instrument_id": instrument, "step": step});
        Ok(Message { id, event, data: data.to_string() })
    }
}
