//! Redis, where there is one: rate limits that several nodes share, and news from node to node. Never the only copy of anything:
//! every call has a short time-out, and no answer means that the node goes on by itself.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script};
use tokio::time::timeout;

/// The longest a request waits for Redis.
const PATIENCE: Duration = Duration::from_millis(100);

/// For how long a Redis that did not answer is left alone, so that not every request waits for it.
const PAUSE: Duration = Duration::from_secs(1);

/// A connection that heals itself.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
    count: Script,
    /// When it last failed to answer in time.
    failed_at: Arc<Mutex<Option<Instant>>>,
}

/// What a counter said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub allowed: bool,
    pub remaining: u32,
    /// Seconds until it makes sense to try again, or until the whole quota is there again.
    pub reset: u64,
}

/// GCRA: one number per key, the theoretical arrival time in microseconds by Redis' own clock.
const COUNT: &str = r"
    local clock = redis.call('TIME')
    local now = clock[1] * 1000000 + clock[2]
    local interval = math.ceil(tonumber(ARGV[2]) * 1000000 / tonumber(ARGV[1]))
    local burst = interval * tonumber(ARGV[1])
    local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
    local next = tat + interval
    if next - now > burst then
        return {0, 0, math.ceil((next - burst - now) / 1000000)}
    end
    redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000) + 1000)
    return {1, math.floor((burst - (next - now)) / interval), math.max(1, math.ceil((next - now) / 1000000))}
";

impl Redis {
    /// Prepares to connect; the error names what is wrong with the address. Whether Redis is there does not matter: the nodes go
    /// on by themselves until it is.
    pub async fn connect(url: &str) -> Result<Self, String> {
        let client = Client::open(url).map_err(|error| format!("the Redis address cannot be used: {error}"))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)
            .map_err(|error| format!("the Redis address cannot be used: {error}"))?;
        let redis = Self { client, connection, count: Script::new(COUNT), failed_at: Arc::default() };
        let mut connection = redis.connection.clone();
        let ping = redis::cmd("PING");
        match timeout(PATIENCE * 20, ping.query_async::<String>(&mut connection)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "Redis cannot be reached"),
            Err(_) => tracing::warn!("Redis does not answer"),
        }
        Ok(redis)
    }

    /// Counts one request against `quota` in a window. None where Redis does not answer in time.
    pub async fn count(&self, key: &str, quota: u32, window: Duration) -> Option<Counted> {
        if self.is_paused() {
            return None;
        }
        let mut connection = self.connection.clone();
        let mut call = self.count.prepare_invoke();
        call.key(key).arg(quota).arg(window.as_secs());
        let answer = timeout(PATIENCE, call.invoke_async::<(u8, u32, u64)>(&mut connection)).await;
        match answer {
            Ok(Ok((allowed, remaining, reset))) => Some(Counted { allowed: allowed == 1, remaining, reset }),
            Ok(Err(error)) => {
                self.failed(&error);
                None
            }
            Err(_) => {
                self.failed(&"no answer in time");
                None
            }
        }
    }

    /// It failed a moment ago.
    fn is_paused(&self) -> bool {
        self.failed_at.lock().is_ok_and(|failed_at| failed_at.is_some_and(|at| at.elapsed() < PAUSE))
    }

    fn failed(&self, cause: &dyn std::fmt::Display) {
        tracing::warn!(%cause, "Redis does not count; this node does for a moment");
        if let Ok(mut failed_at) = self.failed_at.lock() {
            *failed_at = Some(Instant::now());
        }
    }

    /// Tells the other nodes. Lost news cost time, not correctness.
    pub async fn publish(&self, channel: &str, text: &str) {
        let mut connection = self.connection.clone();
        let command = redis::cmd("PUBLISH").arg(channel).arg(text).to_owned();
        match timeout(PATIENCE, command.query_async::<i64>(&mut connection)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "Redis took no news"),
            Err(_) => tracing::warn!("Redis took no news in time"),
        }
    }

    /// Listens until the connection ends; the caller starts again.
    pub async fn listen(&self, channel: &str, mut heard: impl FnMut(String)) -> Result<(), redis::RedisError> {
        let mut subscription = self.client.get_async_pubsub().await?;
        subscription.subscribe(channel).await?;
        let mut messages = subscription.on_message();
        while let Some(message) = messages.next().await {
            heard(message.get_payload()?);
        }
        Ok(())
    }
}
