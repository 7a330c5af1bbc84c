//! The steps of a company's orders, read from the tables as these follow the market: the past is there for whoever comes back, and a slow
//! reader costs no memory.

use std::time::Duration;

use bytes::Bytes;
use domain::exchange::Market;
use domain::kernel::{InstrumentId, OrganisationId};
use futures::Stream;
use infra::Failure;
use infra::exchange::order::{self, StepRow};
use infra::journal::Handle;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use crate::app::App;
use crate::auth::principals;
use crate::exchange::data::stream::Place;
use crate::exchange::order::report;
use crate::exchange::{floor, rights};

/// How many steps are loaded at once.
const BATCH: i64 = 500;

const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long the tables are left alone after they were read, so that a burst costs few reads.
const BREATH: Duration = Duration::from_millis(20);

pub struct Reader {
    pub app: App,
    pub token: String,
    pub company: OrganisationId,
    pub market: Handle<Market>,
}

struct Reading {
    reader: Reader,
    tables: watch::Receiver<i64>,
    sent: Place,
    begun: bool,
}

/// What is sent until the reader may not read any more, the market moves to another node, or the service stops.
pub fn of(reader: Reader, last: Option<Place>) -> impl Stream<Item = Result<Bytes, Failure>> {
    let tables = reader.market.follow_tables();
    let sent = last.unwrap_or_else(|| Place { entry: *tables.borrow(), event: usize::MAX });
    let reading = Reading { reader, tables, sent, begun: false };
    futures::stream::unfold(reading, |mut reading| async move {
        let part = reading.next().await?;
        Some((Ok(part), reading))
    })
}

impl Reading {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.begun {
            self.begun = true;
            return Some(Bytes::from_static(b": torg\nretry: 1000\n\n"));
        }
        let since = Instant::now();
        loop {
            if self.reader.app.stopping.is_cancelled() || !self.may_read().await {
                return None;
            }
            self.tables.borrow_and_update();
            let text = self.read().await.inspect_err(|failure| tracing::warn!(%failure, "a stream broke off")).ok()?;
            if !text.is_empty() {
                return Some(Bytes::from(text));
            }
            if since.elapsed() >= HEARTBEAT {
                return Some(Bytes::from_static(b":\n\n"));
            }
            let stopping = self.reader.app.stopping.clone();
            tokio::select! {
                changed = tokio::time::timeout(HEARTBEAT, self.tables.changed()) => {
                    // The market has gone to another node: connect again.
                    if matches!(changed, Ok(Err(_))) {
                        return None;
                    }
                }
                () = stopping.cancelled() => return None,
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn may_read(&self) -> bool {
        let reader = &self.reader;
        let by = principals::of_token(&reader.app, &reader.token).await;
        by.is_ok_and(|by| by.require(rights::READ).is_ok_and(|company| company == reader.company))
    }

    async fn read(&mut self) -> Result<String, Failure> {
        let reader = &self.reader;
        let after = (self.sent.entry, i32::try_from(self.sent.event).unwrap_or(i32::MAX));
        let stream = reader.market.stream();
        let rows = {
            let mut connection = reader.app.pool.get().await?;
            order::steps_after(&mut connection, reader.company, stream, after, BATCH).await?
        };
        let mut text = String::new();
        for (row, instrument) in rows {
            let (entry, position) = (row.entry, row.position);
            text.push_str(&self.render(row, instrument).await?);
            self.sent = Place { entry, event: usize::try_from(position).unwrap_or_default() };
        }
        Ok(text)
    }

    async fn render(&self, row: StepRow, instrument: Uuid) -> Result<String, Failure> {
        let (id, kind, order) = (format!("{}.{}", row.entry, row.position), row.kind.clone(), row.order_id);
        let listed = floor::listed(&self.reader.app, InstrumentId(instrument)).await?;
        let step = report::step(row, &listed);
        let data = json!({"order_id": order, "instrument_id": instrument, "step": step});
        Ok(format!("id: {id}\nevent: {kind}\ndata: {data}\n\n"))
    }
}
