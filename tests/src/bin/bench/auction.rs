//! Auctions: two hundred bidders on one, and a thousand that close in the same second.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use infra::db::cluster::Cluster;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::goods::post;
use super::load::{self, asked, constant_rates};
use super::{Outcome, Server, log_in};

/// How many companies bid at once, and over as many connections.
const BIDDERS: u32 = 200;

/// How many auctions close in the same second.
const CLOSING: usize = 1_000;

/// How many end while all bid.
const ENDING: usize = 20;

/// Each bid is so much above the one before, in roubles; the least step is 1.
const STEP: i64 = 100;

const PORTAL: &str = api::seed::surplus::PORTAL;

/// Who holds the auctions.
const HOLDER: &str = "Kama Steel Depot";

/// Everything about auctions, as text.
pub async fn measure(server: &Server, cluster: &Cluster) -> Outcome<String> {
    let holder = log_in(server, &api::seed::email_of(HOLDER)).await?;
    let now = now();
    let auction = announce(server, &holder, now + TimeDelta::seconds(2), now + TimeDelta::hours(1), "5").await?;
    let tokens = bidders(server, &auction).await?;
    let sample = bid_once(server, &tokens[0], &auction, 10).await?;
    let constant = constant_rates(sample.to_string().len(), &[BIDDERS])?[0];
    let commits = load::commits(cluster, &[BIDDERS]).await?[0];
    let one_row = load::commits_of_one_row(cluster, &[BIDDERS]).await?[0];
    let ending = announce_ending(server, &holder).await?;
    let run = run(server, &auction, tokens).await?;
    let mut told = run.told(constant, commits, one_row);
    told.push_str(&lateness(cluster, &ending)?);
    told.push_str(&close_together(server, cluster, &holder).await?);
    Ok(told)
}

async fn announce(
    server: &Server,
    holder: &str,
    opens_at: DateTime<Utc>,
    closes_at: DateTime<Utc>,
    start: &str,
) -> Outcome<String> {
    let at = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let data = json!({
        "name": {"en": "Measured"}, "format": "english", "currency": "RUB", "opens_at": at(opens_at), "closes_at": at(closes_at),
        "increments": {"table": [{"from": "0", "step": "1"}]}, "access": "open",
        "lots": [{"name": {"en": "Rebar"}, "content": "20", "unit": "TNE", "start_price": start}],
        "terms": {"incoterm": "EXW", "place": "Naberezhnye Chelny", "payment_days": 10},
        "tax": {"category": "S", "rate": "20"}
    });
    let made = post(server, holder, &format!("/v1/portals/{PORTAL}/auctions"), &data).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    post(server, holder, &format!("/v1/auctions/{id}/publish"), &json!({})).await?;
    Ok(id)
}

/// Registers the companies, has them admitted to the portal, and logs them in.
async fn bidders(server: &Server, auction: &str) -> Outcome<Vec<String>> {
    let operator = log_in(server, api::seed::OPERATOR).await?;
    let mut tokens = Vec::new();
    for number in 0..BIDDERS {
        let token = member(server, &operator, &format!("Bidder {number}"), PORTAL, "bid").await?;
        post(server, &token, &format!("/v1/auctions/{auction}/bidders/apply"), &json!({})).await?;
        tokens.push(token);
    }
    Ok(tokens)
}

/// Registers a company, has it verified and logs it in: its id and an access token.
pub async fn company(server: &Server, operator: &str, name: &str) -> Outcome<(String, String)> {
    let email = format!("{}@measured.example", name.to_lowercase().replace(' ', "-"));
    let mut registration = tests::given::registration(name, &email);
    registration["person"]["password"] = json!(api::seed::PASSWORD);
    // The demonstration data begins to count at the other end.
    registration["identifiers"][0]["value"] = json!(tests::given::gln(900_000_000 + tests::given::number()));
    let made = Client::new().post(format!("{}/v1/organisations", server.address)).json(&registration).send().await?;
    let made: Value = made.error_for_status()?.json().await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    post(server, operator, &format!("/v1/organisations/{id}/verify"), &json!({})).await?;
    Ok((id, log_in(server, &email).await?))
}

/// A new company that is a member of a portal with one capability: its access token.
pub async fn member(server: &Server, operator: &str, name: &str, portal: &str, capability: &str) -> Outcome<String> {
    let (id, token) = company(server, operator, name).await?;
    let members = format!("/v1/portals/{portal}/members");
    post(server, &token, &members, &json!({"capabilities": [capability]})).await?;
    post(server, operator, &format!("{members}/{id}/approve"), &json!({})).await?;
    Ok(token)
}

fn bid(amount: i64) -> Value {
    json!({"price": {"amount": amount.to_string(), "currency": "RUB"}})
}

/// The first bid, as soon as the auction has opened.
async fn bid_once(server: &Server, token: &str, auction: &str, amount: i64) -> Outcome<Value> {
    let url = format!("{}/v1/auctions/{auction}/bids", server.address);
    for _ in 0..1_000 {
        let answer = Client::new().post(&url).bearer_auth(token).json(&bid(amount)).send().await?;
        if answer.status() == StatusCode::CREATED {
            return Ok(answer.json().await?);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err("no bid is taken".into())
}

/// What all bidders got.
#[derive(Default)]
struct Run {
    taken: Vec<Duration>,
    /// Bids that another one was quicker than: it stood higher already.
    too_low: usize,
    elapsed: Duration,
}

impl Run {
    fn told(mut self, constant: f64, commits: f64, one_row: f64) -> String {
        self.taken.sort_unstable();
        let at = |share: f64| {
            let place = (self.taken.len() as f64 * share) as usize;
            self.taken
                .get(place.min(self.taken.len().saturating_sub(1)))
                .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
        };
        let (p50, p99) = (at(0.5), at(0.99));
        let seconds = self.elapsed.as_secs_f64();
        let (taken, low) = (self.taken.len() as f64 / seconds, self.too_low as f64 / seconds);
        format!(
            "| one English auction, {BIDDERS} bidders | bids/s | p50 ms | p99 ms | too low/s | constant JSON/s | commits/s | commits of one row/s | \
             of these |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|\n\
             | bids that were taken | {taken:.0} | {p50:.2} | {p99:.2} | {low:.0} | {constant:.0} | {commits:.0} | {one_row:.0} | {:.1} × |\n",
            taken / one_row
        )
    }
}

/// All bidders bid, each as soon as its last bid is answered, and always more than anybody has said so far.
async fn run(server: &Server, auction: &str, tokens: Vec<String>) -> Outcome<Run> {
    let url = format!("{}/v1/auctions/{auction}/bids", server.address);
    let (next, begun) = (Arc::new(AtomicI64::new(1_000)), Instant::now());
    let until = begun + Duration::from_secs(load::seconds());
    let bidding = tokens.into_iter().map(|token| {
        let (next, url) = (next.clone(), url.clone());
        tokio::spawn(async move {
            let (http, mut run) = (Client::new(), Run::default());
            while Instant::now() < until {
                let (amount, since) = (next.fetch_add(STEP, Ordering::Relaxed), Instant::now());
                let answer = http.post(&url).bearer_auth(&token).json(&bid(amount)).send().await?;
                match answer.status() {
                    StatusCode::CREATED => run.taken.push(since.elapsed()),
                    // Too low, or it leads already.
                    StatusCode::CONFLICT => run.too_low += 1,
                    other => return Err(format!("a bid was answered {other}").into()),
                }
                answer.bytes().await?;
            }
            Ok::<Run, Box<dyn std::error::Error + Send + Sync>>(run)
        })
    });
    let mut all = Run::default();
    for one in bidding.collect::<Vec<_>>() {
        let one = one.await?.map_err(|error| error.to_string())?;
        all.taken.extend(one.taken);
        all.too_low += one.too_low;
    }
    all.elapsed = begun.elapsed();
    Ok(all)
}

/// Auctions that end while all bidders bid on another one.
async fn announce_ending(server: &Server, holder: &str) -> Outcome<Vec<String>> {
    let mut ids = Vec::new();
    for _ in 0..ENDING {
        let ends_at = now() + TimeDelta::milliseconds(2_500);
        ids.push(announce(server, holder, now() + TimeDelta::seconds(1), ends_at, "5").await?);
    }
    Ok(ids)
}

/// How late those were closed.
fn lateness(cluster: &Cluster, ids: &[String]) -> Outcome<String> {
    let ids = ids.join("', '");
    let query = format!(
        "SELECT coalesce(round(1000 * max(extract(epoch FROM l.closed_at - a.ends_at)), 1)::text, 'not at all')
         FROM auction_lot l JOIN auction a ON a.id = l.auction_id WHERE a.id IN ('{ids}')"
    );
    Ok(format!(
        "\nOf {ENDING} auctions that ended meanwhile the last was closed {} ms after its end.\n",
        asked(cluster, &query)?
    ))
}

/// How long after its end the last of many auctions was closed, for who reads it.
async fn close_together(server: &Server, cluster: &Cluster, holder: &str) -> Outcome<String> {
    let ends_at = now() + TimeDelta::seconds(90);
    for _ in 0..CLOSING {
        announce(server, holder, now() + TimeDelta::seconds(20), ends_at, "5").await?;
    }
    let query = format!(
        "SELECT count(*) FROM auction_lot l JOIN auction a ON a.id = l.auction_id WHERE l.phase = 'closed' AND a.ends_at = '{}'",
        ends_at.to_rfc3339_opts(SecondsFormat::Micros, true)
    );
    let mut first = None;
    loop {
        let closed: usize = asked(cluster, &query)?.parse()?;
        let late = (now() - ends_at).as_seconds_f64();
        if closed > 0 && first.is_none() {
            first = Some(late);
        }
        if closed == CLOSING {
            let first = first.unwrap_or_default();
            return Ok(format!(
                "\nOf {CLOSING} auctions that end at the same instant the first was closed {first:.2} s after it and the last {late:.2} s, in \
                 the tables.\n"
            ));
        }
        if late > 60.0 {
            return Err(format!("only {closed} of {CLOSING} auctions have closed").into());
        }
        tokio::time::sleep(Duration::from_millis(if late < -1.0 { 500 } else { 20 })).await;
    }
}

/// Server and bench share the machine, and with it its clock.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
