//! One request to a receiver: within its time, without redirects, and with no more of the answer than is kept.

use std::cell::OnceCell;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::integration::webhook::TIME_OUT;
use domain::integration::webhook::address::Reach;
use domain::integration::webhook::network::Network;
use domain::integration::webhook::schedule;
use domain::kernel::Timestamp;
use infra::Failure;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Map, Value};

use super::request::USER_AGENT;
use super::resolver::{Resolver, Unreachable};
use crate::integration::webhook::address;

/// How much of an answer is read and kept, in bytes.
const KEPT: usize = 4096;

/// How many headers of an answer are kept, and how much of each.
const HEADERS: usize = 20;
const HEADER: usize = 200;

/// What was answered.
#[derive(Debug, Default)]
pub struct Reply {
    pub status: Option<u16>,
    /// Why there was no answer, or it was no success.
    pub error: Option<String>,
    pub headers: Option<Value>,
    pub body: Option<String>,
    /// For how long the receiver asks to be left alone.
    pub retry_after: Option<TimeDelta>,
}

/// Calls receivers. Connections are kept for the next event.
pub struct Calls {
    allowed: Arc<[Network]>,
    public: OnceCell<Client>,
    allowed_only: OnceCell<Client>,
}

impl Calls {
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed: allowed.into(), public: OnceCell::new(), allowed_only: OnceCell::new() }
    }

    /// Posts to the address, which is judged anew: it may have been registered under other rules.
    pub async fn post(&self, url: &str, headers: &[(&'static str, String)], body: Vec<u8>, at: Timestamp) -> Reply {
        let (url, reach) = match address::parse(url, &self.allowed) {
            Ok(read) => read,
            Err(invalid) => return Reply { error: Some(invalid.detail), ..Reply::default() },
        };
        let client = match self.client(reach) {
            Ok(client) => client,
            Err(failure) => return Reply { error: Some(failure.to_string()), ..Reply::default() },
        };
        let mut request = client.post(url).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match request.send().await {
            Ok(response) => read(response, at).await,
            Err(error) => Reply { error: Some(told(&error)), ..Reply::default() },
        }
    }

    /// Made when it is needed first, since it reads all root certificates.
    fn client(&self, reach: Reach) -> Result<&Client, Failure> {
        let known = match reach {
            Reach::Public => &self.public,
            Reach::AllowedOnly => &self.allowed_only,
        };
        if let Some(client) = known.get() {
            return Ok(client);
        }
        let made = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(Duration::from_secs(TIME_OUT.into()))
            .connect_timeout(Duration::from_secs(10))
            .redirect(Policy::none())
            .no_proxy()
            .http1_only()
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .referer(false)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Resolver { reach, allowed: self.allowed.clone() })
            .build()
            .map_err(Failure::broken)?;
        Ok(known.get_or_init(|| made))
    }
}

/// Reads what is kept of an answer. If it is longer, the connection is closed with the rest unread.
async fn read(mut response: Response, at: Timestamp) -> Reply {
    let status = response.status();
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|text| schedule::retry_after(text, at));
    let headers = Some(kept_headers(response.headers()));
    let mut body = Vec::new();
    while body.len() < KEPT
        && let Ok(Some(part)) = response.chunk().await
    {
        body.extend_from_slice(&part[..part.len().min(KEPT - body.len())]);
    }
    let error = status.is_redirection().then(|| "Redirects are not followed.".to_owned());
    Reply { status: Some(status.as_u16()), error, headers, body: Some(text(&body)), retry_after }
}

/// As text that PostgreSQL keeps.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}")
}

fn kept_headers(headers: &HeaderMap) -> Value {
    let mut kept = Map::new();
    for (name, value) in headers.iter().take(HEADERS) {
        let value = &value.as_bytes()[..value.len().min(HEADER)];
        kept.insert(name.to_string(), Value::String(text(value)));
    }
    Value::Object(kept)
}

/// What made an error, from the nearest cause to the first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// Why a request failed, for the webhook's owner.
fn told(error: &reqwest::Error) -> String {
    if let Some(unreachable) = causes(error).find_map(|cause| cause.downcast_ref::<Unreachable>()) {
        return format!("Not called: {unreachable}.");
    }
    if error.is_timeout() {
        return format!("There was no answer within {TIME_OUT} s.");
    }
    let last = causes(error).last();
    let cause: String = last.map(ToString::to_string).unwrap_or_default().chars().take(200).collect();
    let what = if error.is_connect() { "No connection" } else { "The answer broke off, or is none of HTTP" };
    format!("{what}: {cause}")
}
