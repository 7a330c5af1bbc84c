//! The feed as Server-Sent Events. The reader pulls: nothing is loaded before the last part was sent, so that a slow reader
//! costs no memory.

use std::time::Duration;

use domain::kernel::OrganisationId;
use futures::Stream;
use infra::Failure;
use infra::event::{EventRow, Position, Wanted};
use tokio::sync::watch;
use tokio::time::Instant;

use super::dto::EventDto;
use super::position::{self, Start};
use super::usecase;
use crate::app::App;
use crate::auth::principals;
use crate::http::sse::{Message, Part};

/// How many events are loaded at once.
const BATCH: i64 = 100;

/// How often something is sent at least, so that both ends and all between them know that the other one is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How soon the feed is read again: news of a commit may come while an older transaction still hides it.
const SOON: Duration = Duration::from_millis(100);

/// How late the feed is read again without news. Whether the reader still may is checked as often.
const LATE: Duration = Duration::from_secs(5);

/// A reader of the feed.
pub struct Reader {
    pub app: App,
    pub token: String,
    pub organisation: OrganisationId,
    pub start: Start,
    pub wanted: Wanted,
}

struct Reading {
    reader: Reader,
    news: watch::Receiver<u64>,
    sent_at: Instant,
    pause: Duration,
}

/// What is sent to a reader, until it may not read any more, something fails, or the service stops. A reader that connects again
/// with the last `id` it saw misses nothing and gets nothing twice.
pub fn of(reader: Reader) -> impl Stream<Item = Part> {
    let news = reader.app.news.reader();
    let reading = Reading { reader, news, sent_at: Instant::now(), pause: SOON };
    futures::stream::unfold(reading, |mut reading| async move {
        let part = reading.next().await?;
        reading.sent_at = Instant::now();
        Some((part, reading))
    })
}

impl Reading {
    /// The next part; none at the end.
    async fn next(&mut self) -> Option<Part> {
        loop {
            if self.reader.app.stopping.is_cancelled() || !self.may_read().await {
                return None;
            }
            let rows = self.load().await.inspect_err(|failure| tracing::warn!(%failure, "a stream broke off")).ok()?;
            if let Some(last) = rows.last() {
                self.reader.start = Start::After(Position { tx: last.tx, seq: last.seq });
                self.pause = SOON;
                return self.render(rows).ok();
            }
            if self.sent_at.elapsed() >= HEARTBEAT - LATE {
                return Some(Part::Beat);
            }
            self.wait().await;
        }
    }

    async fn may_read(&self) -> bool {
        let reader = &self.reader;
        let Ok(by) = principals::of_token(&reader.app, &reader.token).await else { return false };
        let Ok(mut connection) = reader.app.pool.get().await else { return false };
        let own = usecase::may_read(&mut connection, &by, reader.app.clock.now()).await;
        own.is_ok_and(|own| own == reader.organisation)
    }

    async fn load(&mut self) -> Result<Vec<EventRow>, Failure> {
        // What is committed from here on wakes the reader again.
        self.news.borrow_and_update();
        let reader = &self.reader;
        let mut connection = reader.app.pool.get().await?;
        let (rows, next) =
            usecase::feed(&mut connection, reader.organisation, reader.start, &reader.wanted, BATCH).await?;
        drop(connection);
        self.reader.start = Start::After(next);
        Ok(rows)
    }

    /// Until there is news, or enough time has passed; never less than a moment, so that many commits cost one look.
    async fn wait(&mut self) {
        tokio::time::sleep(SOON).await;
        tokio::select! {
            changed = self.news.changed() => self.pause = if changed.is_ok() { SOON } else { LATE },
            () = tokio::time::sleep(self.pause) => self.pause = (self.pause * 2).min(LATE),
            () = self.reader.app.stopping.cancelled() => {}
        }
    }

    fn render(&self, rows: Vec<EventRow>) -> Result<Part, serde_json::Error> {
        let told = |row: EventRow| {
            let at = Position { tx: row.tx, seq: row.seq };
            let id = position::seal(&self.reader.app.secret, self.reader.organisation, at);
            let event = EventDto::from(row);
            Ok(Message { id, data: serde_json::to_string(&event)?, event: event.kind })
        };
        Ok(Part::Messages(rows.into_iter().map(told).collect::<Result<_, serde_json::Error>>()?))
    }
}
