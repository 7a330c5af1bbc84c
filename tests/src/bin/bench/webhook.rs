//! Webhooks: events that fan out to fifty endpoints, of which one never answers.
//!
//! The time of a delivery is that from the beginning of the transaction of its event, which is its `timestamp`, to the receiver.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::Client;
use serde_json::{Value, json};
use tests::webhook_receiver::{Receiver, Reply};

use super::auction::company;
use super::goods::post;
use super::{Outcome, Server, load, log_in};

/// Endpoints, the one that hangs included.
const ENDPOINTS: usize = 50;

/// Events that are made at a time.
const AT_ONCE: usize = 8;

/// Events that tell how much can be delivered.
const TRIAL: usize = 100;

/// The longest that events are made at a steady pace.
const LONGEST: Duration = Duration::from_secs(180);

/// How long the last deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// Everything about webhooks, as a table.
pub async fn measure(server: &Server) -> Outcome<String> {
    let events = usize::try_from(load::setting("BENCH_EVENTS", 10_000))?;
    let operator = log_in(server, api::seed::OPERATOR).await?;
    let mut told = String::from(
        "| webhooks: 50 endpoints, one of which hangs | events | events/s | deliveries/s | p50 ms | p99 ms | last ms |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    let (tokens, receivers) = spread(server, &operator).await?;
    told +=
        &run(server, &tokens, &receivers, events, None, 1).await?.told("each event to one, as fast as they are made");
    drop(receivers);
    let (tokens, receivers) = to_all(server, &operator).await?;
    let trial = run(server, &tokens, &receivers, TRIAL, None, ENDPOINTS - 1).await?;
    told += &trial.told("each event to all, all at once");
    // Half of what can be delivered: at a pace at which nothing piles up.
    let pace = trial.deliveries_per_second() / (ENDPOINTS - 1) as f64 / 2.0;
    let events = events.min((pace * LONGEST.as_secs_f64()) as usize);
    let steady = run(server, &tokens, &receivers, events, Some(pace), ENDPOINTS - 1).await?;
    told += &steady.told("each event to all, at half of that pace");
    Ok(told)
}

/// Fifty companies with an endpoint each.
async fn spread(server: &Server, operator: &str) -> Outcome<(Vec<String>, Vec<Receiver>)> {
    let (mut tokens, mut receivers) = (Vec::new(), Vec::new());
    for number in 0..ENDPOINTS {
        let (_, token) = company(server, operator, &format!("Listener {number}")).await?;
        receivers.push(endpoint(server, &token, number == 0).await?);
        tokens.push(token);
    }
    Ok((tokens, receivers))
}

/// A company with fifty endpoints.
async fn to_all(server: &Server, operator: &str) -> Outcome<(Vec<String>, Vec<Receiver>)> {
    let (_, token) = company(server, operator, "Listener to all").await?;
    let mut receivers = Vec::new();
    for number in 0..ENDPOINTS {
        receivers.push(endpoint(server, &token, number == 0).await?);
    }
    Ok((vec![token], receivers))
}

async fn endpoint(server: &Server, token: &str, hangs: bool) -> Outcome<Receiver> {
    let receiver = Receiver::start_with(if hangs { Reply::Hang } else { Reply::Status(204) }).await;
    let body = json!({"url": receiver.url(), "event_types": ["warehouse.created"]});
    post(server, token, "/v1/webhooks", &body).await?;
    Ok(receiver)
}

/// What came of a run.
struct Run {
    events: usize,
    making: Duration,
    elapsed: Duration,
    /// In milliseconds, sorted.
    took: Vec<f64>,
}

impl Run {
    fn deliveries_per_second(&self) -> f64 {
        self.took.len() as f64 / self.elapsed.as_secs_f64()
    }

    fn told(&self, name: &str) -> String {
        let at = |share: f64| {
            let place = (self.took.len() as f64 * share) as usize;
            self.took.get(place.min(self.took.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        format!(
            "| {name} | {} | {:.0} | {:.0} | {:.1} | {:.1} | {:.1} |\n",
            self.events,
            self.events as f64 / self.making.as_secs_f64(),
            self.deliveries_per_second(),
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}

/// Makes events, by one company after the other, and waits until the healthy endpoints have them, each of `copies`. The first company is the
/// one whose endpoint hangs, where each has one.
async fn run(
    server: &Server,
    tokens: &[String],
    receivers: &[Receiver],
    events: usize,
    pace: Option<f64>,
    copies: usize,
) -> Outcome<Run> {
    let healthy = &receivers[1..];
    healthy.iter().for_each(|receiver| drop(receiver.take()));
    let begun = Instant::now();
    let makers = (0..AT_ONCE).map(|maker| make(server, tokens, (maker, events), pace, begun));
    futures::future::try_join_all(makers).await?;
    let making = begun.elapsed();
    let of_hanging = if tokens.len() > 1 { (0..events).filter(|n| n % tokens.len() == 0).count() } else { 0 };
    let expected = (events - of_hanging) * copies;
    while healthy.iter().map(Receiver::count).sum::<usize>() < expected {
        if begun.elapsed() > making + PATIENCE {
            let there: usize = healthy.iter().map(Receiver::count).sum();
            return Err(format!("only {there} of {expected} deliveries have arrived").into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let elapsed = begun.elapsed();
    let mut took = Vec::with_capacity(expected);
    for received in healthy.iter().flat_map(Receiver::take) {
        let body: Value = serde_json::from_slice(&received.body)?;
        let made: SystemTime = body["timestamp"].as_str().unwrap_or_default().parse::<DateTime<Utc>>()?.into();
        took.push(received.at.duration_since(made).unwrap_or_default().as_secs_f64() * 1000.0);
    }
    took.sort_unstable_by(f64::total_cmp);
    Ok(Run { events, making, elapsed, took })
}

/// One of those that make events: every so many-th, at its time where there is a pace.
async fn make(
    server: &Server,
    tokens: &[String],
    (first, events): (usize, usize),
    pace: Option<f64>,
    begun: Instant,
) -> Outcome<()> {
    let (http, url) = (Client::new(), format!("{}/v1/warehouses", server.address));
    for number in (first..events).step_by(AT_ONCE) {
        if let Some(pace) = pace {
            let due = begun + Duration::from_secs_f64(number as f64 / pace);
            tokio::time::sleep_until(due.into()).await;
        }
        let body = json!({"name": format!("Warehouse {}", tests::given::number())});
        let request = http.post(&url).bearer_auth(&tokens[number % tokens.len()]).json(&body);
        request.send().await?.error_for_status()?.bytes().await?;
    }
    Ok(())
}
