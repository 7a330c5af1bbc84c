//! One WebSocket: what its client asks for is done one after the other, and each of its subscriptions runs beside.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed, MessageStream, Session};
use domain::kernel::{InstrumentId, Kind};
use futures::StreamExt;
use futures::stream::LocalBoxStream;
use tokio::time::{Instant, interval, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::dto::{ChannelDto, ReplyDto, RequestDto, told};
use super::relay;
use crate::app::App;
use crate::exchange::data;
use crate::exchange::own;
use crate::hosting::stream::{Opened, Place, Token};
use crate::http::limit::{self, Policy};
use crate::http::problem::Problem;
use crate::http::sse::Part;

/// What a client may send at once.
const MOST_BYTES: usize = 16 * 1024;

/// How many subscriptions one connection may have.
const MOST_CHANNELS: usize = 200;

/// How often a client is asked whether it is there, and after which silence it is not.
const BEAT: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(45);

pub struct Connection {
    app: App,
    token: Token,
    /// Of the request that opened it: refusals name it.
    request_id: String,
    /// Whence it was opened: what is asked without a good token counts for that.
    address: IpAddr,
    session: Session,
    /// They end when they are dropped.
    running: HashMap<ChannelDto, AbortOnDropHandle<()>>,
}

impl Connection {
    pub fn new(app: App, token: Token, request_id: String, address: IpAddr, session: Session) -> Self {
        Self { app, token, request_id, address, session, running: HashMap::new() }
    }

    /// Until either side ends it.
    pub async fn run(mut self, messages: MessageStream) {
        let messages = messages.max_frame_size(MOST_BYTES).aggregate_continuations().max_continuation_size(MOST_BYTES);
        let code = self.talk(messages).await;
        if code == Some(CloseCode::Away) {
            // They see by themselves that the service stops, and what they have to do before is done.
            for (_, running) in self.running.drain() {
                drop(running.await);
            }
        }
        self.running.clear();
        let reason = code.map(|code| CloseReason { code, description: None });
        // A client that takes nothing any more is not waited for.
        drop(timeout(BEAT, self.session.close(reason)).await);
    }

    /// Answers until the connection is to be closed, and with which code; none where the client has closed it.
    async fn talk(&mut self, mut messages: AggregatedMessageStream) -> Option<CloseCode> {
        let (mut beat, mut heard_at) = (interval(BEAT), Instant::now());
        let stopping = self.app.stopping.clone();
        loop {
            let heard = tokio::select! {
                heard = messages.recv() => heard?,
                () = stopping.cancelled() => return Some(CloseCode::Away),
                _ = beat.tick() => {
                    if heard_at.elapsed() > SILENCE {
                        return Some(CloseCode::Policy);
                    }
                    if let Ok(Err(Closed)) = timeout(BEAT, self.session.ping(b"")).await {
                        return None;
                    }
                    continue;
                }
            };
            heard_at = Instant::now();
            let answer = match heard {
                Ok(AggregatedMessage::Text(text)) => self.text(&text).await,
                Ok(AggregatedMessage::Ping(bytes)) => {
                    drop(timeout(BEAT, self.session.pong(&bytes)).await);
                    continue;
                }
                Ok(AggregatedMessage::Pong(_)) => continue,
                Ok(AggregatedMessage::Binary(_)) => return Some(CloseCode::Unsupported),
                Ok(AggregatedMessage::Close(_)) => return None,
                Err(_) => return Some(CloseCode::Protocol),
            };
            if !matches!(timeout(SILENCE, self.session.text(answer)).await, Ok(Ok(()))) {
                return None;
            }
        }
    }

    /// Does what is asked for, and says so.
    async fn text(&mut self, text: &str) -> String {
        if let Err(problem) = self.count().await {
            return ReplyDto::refused(None, &problem, &self.request_id).text();
        }
        let request = match serde_json::from_str(text) {
            Ok(request) => request,
            Err(error) => {
                let problem = Problem::new(Kind::MalformedRequest, error.to_string());
                return ReplyDto::refused(None, &problem, &self.request_id).text();
            }
        };
        let (channel, done) = match request {
            RequestDto::Authenticate { token } => (None, self.authenticate(token).await),
            RequestDto::Subscribe { instrument_id, last_event_id } => {
                let done = self.subscribe(instrument_id, last_event_id).await;
                (Some(ChannelDto::InstrumentId(instrument_id)), done)
            }
            RequestDto::Unsubscribe { instrument_id } => return self.end(ChannelDto::InstrumentId(instrument_id)),
            RequestDto::SubscribeOrders { portal, last_event_id, cancel_on_disconnect } => {
                let done = self.subscribe_orders(&portal, last_event_id, cancel_on_disconnect).await;
                (Some(ChannelDto::Portal(portal)), done)
            }
            RequestDto::UnsubscribeOrders { portal } => return self.end(ChannelDto::Portal(portal)),
        };
        done.unwrap_or_else(|problem| ReplyDto::refused(channel, &problem, &self.request_id)).text()
    }

    /// What is asked for counts as any request does.
    async fn count(&self) -> Result<(), Problem> {
        let by = self.token.viewer(&self.app).await.ok().flatten().and_then(|by| by.actor_id());
        let limits = &self.app.limits;
        let standing = match by {
            Some(id) => limits.count(Policy::Credential, &id.to_string()).await,
            None => limits.count(Policy::Address, &self.address.to_string()).await,
        };
        if standing.allowed { Ok(()) } else { Err(limit::exceeded(standing)) }
    }

    /// Another token takes the place of the first one, if it is of the same organisation: what runs goes on under it.
    async fn authenticate(&self, text: String) -> Result<ReplyDto, Problem> {
        let by = Token::of(Some(&text)).principal(&self.app).await?;
        let organisation_id = by.organisation_id();
        if let Ok(Some(before)) = self.token.viewer(&self.app).await
            && before.organisation_id() != organisation_id
        {
            return Err(Problem::new(
                Kind::Forbidden,
                "This connection belongs to another organisation: open one of your own.",
            ));
        }
        self.token.replace(Some(text));
        Ok(ReplyDto::Authenticated { organisation_id })
    }

    async fn subscribe(&mut self, id: InstrumentId, last: Option<String>) -> Result<ReplyDto, Problem> {
        let channel = ChannelDto::InstrumentId(id);
        self.check_room(&channel)?;
        let last = place(last)?;
        let viewer = self.token.viewer(&self.app).await?;
        let opened = data::stream::open(&self.app, viewer.as_deref(), self.token.clone(), id, last).await?;
        let parts = self.parts(opened, &format!("/v1/instruments/{id}/stream"), last).await?;
        Ok(self.begin(channel, parts))
    }

    async fn subscribe_orders(
        &mut self,
        portal: &str,
        last: Option<String>,
        cancel: bool,
    ) -> Result<ReplyDto, Problem> {
        let channel = ChannelDto::Portal(portal.to_owned());
        self.check_room(&channel)?;
        let last = place(last)?;
        let opened = own::stream::open(&self.app, self.token.clone(), portal, last, cancel).await?;
        let path = format!("/v1/portals/{portal}/exchange/stream?cancel_on_disconnect={cancel}");
        let parts = self.parts(opened, &path, last).await?;
        Ok(self.begin(channel, parts))
    }

    fn check_room(&self, channel: &ChannelDto) -> Result<(), Problem> {
        if self.running.get(channel).is_some_and(|running| !running.is_finished()) {
            return Err(Problem::new(Kind::AlreadyExists, "This connection has subscribed to it."));
        }
        if self.running.values().filter(|running| !running.is_finished()).count() >= MOST_CHANNELS {
            let detail = format!("One connection may have {MOST_CHANNELS} subscriptions.");
            return Err(Problem::new(Kind::TooManyRequests, detail));
        }
        Ok(())
    }

    async fn parts(
        &self,
        opened: Opened,
        path: &str,
        last: Option<Place>,
    ) -> Result<LocalBoxStream<'static, Part>, Problem> {
        match opened {
            Opened::Here(parts) => Ok(parts),
            Opened::There(address) => {
                let url = format!("{address}{path}");
                Ok(relay::open(&self.app, &url, &self.token, last).await?.boxed_local())
            }
        }
    }

    /// Sends what a stream has to say for as long as it lasts.
    fn begin(&mut self, channel: ChannelDto, mut parts: LocalBoxStream<'static, Part>) -> ReplyDto {
        let (mut session, of) = (self.session.clone(), channel.clone());
        let running = tokio::task::spawn_local(async move {
            while let Some(part) = parts.next().await {
                let Part::Messages(messages) = part else { continue };
                for message in &messages {
                    if session.text(told(&of, message)).await.is_err() {
                        return;
                    }
                }
            }
            drop(session.text(ReplyDto::StreamEnded { channel: of }.text()).await);
        });
        self.running.retain(|_, running| !running.is_finished());
        self.running.insert(channel.clone(), AbortOnDropHandle::new(running));
        ReplyDto::Subscribed { channel }
    }

    fn end(&mut self, channel: ChannelDto) -> String {
        self.running.remove(&channel);
        ReplyDto::Unsubscribed { channel }.text()
    }
}

fn place(last: Option<String>) -> Result<Option<Place>, Problem> {
    let malformed =
        |_| Problem::new(Kind::MalformedRequest, "`last_event_id` is the `id` of a message of this stream.");
    last.map(|text| text.parse().map_err(malformed)).transpose()
}
