//! Requests for quotation: publishing them, quoting to them, and comparing two hundred quotes of a hundred lines.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use infra::db::cluster::Cluster;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::auction::{company, member};
use super::goods::post;
use super::load::{self, CONNECTIONS, Row, asked, constant_limits};
use super::{Outcome, Server, log_in};

/// How many companies quote: each has one quote to a request.
const QUOTERS: usize = 200;

/// The lines of a request that is published and quoted to under load.
const LINES: usize = 20;

/// The lines of the request whose quotes are compared.
const COMPARED_LINES: usize = 100;

const PORTAL: &str = "sourcing-measured";

/// Who asks for quotes.
const BUYER: &str = "Measured buyer";

/// Everything about requests and quotes; and as a sentence how long the first comparison took.
pub async fn measure(
    server: &Server,
    cluster: &Cluster,
    commits: &[f64],
    folder: &Path,
) -> Outcome<(Vec<Row>, String)> {
    let operator = log_in(server, api::seed::OPERATOR).await?;
    let (_, buyer) = company(server, &operator, BUYER).await?;
    let portal = json!({"slug": PORTAL, "name": {"en": "Measured"}, "visibility": "open", "functions": ["sourcing"]});
    post(server, &buyer, "/v1/portals", &portal).await?;
    let mut rows = publish(server, &buyer, commits, folder)?;
    // Access tokens live ten minutes: the quoters get theirs just before they quote.
    let mut tokens = Vec::new();
    for number in 0..QUOTERS {
        tokens.push(member(server, &operator, &format!("Quoter {number}"), PORTAL, "quote").await?);
    }
    let tokens = Arc::new(tokens);
    rows.extend(quote(server, cluster, &tokens, commits).await?);
    let compared = compared(server, &tokens).await?;
    let url = format!("{}/v1/rfqs/{compared}/comparison", server.address);
    let buyer = log_in(server, "measured-buyer@measured.example").await?;
    let begun = Instant::now();
    let first = Client::new().get(&url).bearer_auth(&buyer).send().await?.error_for_status()?.bytes().await?;
    let took = begun.elapsed();
    let limits = constant_limits(first.len())?;
    let buyer = log_in(server, "measured-buyer@measured.example").await?;
    let bearer = format!("Authorization: Bearer {buyer}");
    let name = format!("comparison of {QUOTERS} quotes of {COMPARED_LINES} lines");
    rows.extend(load::rows(&name, &limits, &[&bearer], &[url.as_str()])?);
    let told = format!(
        "The first comparison of {QUOTERS} quotes of {COMPARED_LINES} lines took {:.0} ms; it has {} kB of JSON.",
        took.as_secs_f64() * 1000.0,
        first.len() / 1000
    );
    Ok((rows, told))
}

/// A request of so many lines. Server and bench share the machine, and with it its clock.
fn request(lines: usize, secrecy: &str) -> Value {
    let now: DateTime<Utc> = SystemTime::now().into();
    let quotes = (now + TimeDelta::days(30)).to_rfc3339_opts(SecondsFormat::Micros, true);
    let line = |number: usize| json!({"name": {"en": format!("Profile {number}")}, "quantity": (10 + number % 90).to_string(), "unit": "TNE"});
    json!({
        "title": {"en": "Measured"}, "procedure": {"secrecy": secrecy},
        "lines": (1..=lines).map(line).collect::<Vec<_>>(),
        "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30},
        "currencies": ["EUR", "USD"], "rates": [{"currency": "USD", "rate": "0.92"}],
        "criteria": [{"kind": "price", "weight": "70"}, {"kind": "lead_time", "weight": "30"}],
        "deadlines": {"quotes": quotes}
    })
}

/// A quote to all lines, in prices of its own, in tens of combinations with conditions.
fn offered(lines: usize, quoter: usize) -> Value {
    let now: DateTime<Utc> = SystemTime::now().into();
    let price = |line: usize| {
        let spread = (line * 7_919 + quoter * 104_729 + line * quoter * 31) % 20_000;
        format!("{}.{:02}", 500 + spread / 100, spread % 100)
    };
    let offer =
        |line: usize| json!({"line": line, "unit_price": price(line), "lead_time_days": 7 + (line + quoter) % 28});
    json!({
        "version": 1, "currency": if quoter.is_multiple_of(5) { "USD" } else { "EUR" },
        "valid_until": (now + TimeDelta::days(90)).date_naive(), "tax_rate": "19",
        "freight": (quoter * 37 % 2_000).to_string(), "whole_discount_percent": (quoter % 4).to_string(),
        "least_lines_percent": (quoter % 3 * 20).to_string(),
        "offers": (1..=lines).map(offer).collect::<Vec<_>>()
    })
}

/// One company publishes requests, each at once as it is made.
fn publish(server: &Server, buyer: &str, commits: &[f64], folder: &Path) -> Outcome<Vec<Row>> {
    let file = folder.join("requests");
    std::fs::write(&file, request(LINES, "sealed").to_string())?;
    let bearer = format!("Authorization: Bearer {buyer}");
    let (path, url) = (file.display().to_string(), format!("{}/v1/portals/{PORTAL}/rfqs?publish=true", server.address));
    let arguments = ["-m", "POST", "-T", "application/json", "-D", path.as_str(), url.as_str()];
    load::rows(&format!("publish a request of {LINES} lines"), commits, &[&bearer], &arguments)
}

/// Companies hand in sealed quotes to the requests that were published, at each usual number of connections.
async fn quote(server: &Server, cluster: &Cluster, tokens: &Arc<Vec<String>>, commits: &[f64]) -> Outcome<Vec<Row>> {
    let query =
        format!("SELECT r.id FROM rfq r JOIN portal p ON p.id = r.portal_id WHERE p.slug = '{PORTAL}' LIMIT 2000");
    let requests: Vec<String> = asked(cluster, &query)?.lines().map(str::to_owned).collect();
    let bodies: Vec<String> = (0..tokens.len()).map(|quoter| offered(LINES, quoter).to_string()).collect();
    let load = Arc::new(Load {
        address: server.address.clone(),
        tokens: tokens.clone(),
        bodies,
        requests,
        next: AtomicUsize::new(0),
    });
    let mut rows = Vec::new();
    for (connections, limit) in CONNECTIONS.into_iter().zip(commits) {
        let row = Row { limit: *limit, ..load.run(connections).await? };
        eprintln!("{}, {connections}: {:.0}/s, p99 {:.2} ms", row.path, row.per_second, row.p99);
        rows.push(row);
    }
    Ok(rows)
}

/// All pairs of a request and a company, each of which is used once.
struct Load {
    address: String,
    tokens: Arc<Vec<String>>,
    bodies: Vec<String>,
    requests: Vec<String>,
    next: AtomicUsize,
}

impl Load {
    /// So many hand in quotes, each as soon as its last one is answered.
    async fn run(self: &Arc<Self>, connections: u32) -> Outcome<Row> {
        let begun = Instant::now();
        let until = begun + Duration::from_secs(load::seconds());
        let working: Vec<_> = (0..connections).map(|_| tokio::spawn(self.clone().work(until))).collect();
        let mut all = Vec::new();
        for one in working {
            all.extend(one.await??);
        }
        let elapsed = begun.elapsed().as_secs_f64();
        all.sort_unstable();
        let at = |share: f64| {
            let place = (all.len() as f64 * share) as usize;
            all.get(place.min(all.len().saturating_sub(1))).map_or(0.0, |took: &Duration| took.as_secs_f64() * 1000.0)
        };
        Ok(Row {
            path: format!("hand in a quote of {LINES} lines"),
            connections,
            per_second: all.len() as f64 / elapsed,
            p50: at(0.5),
            p99: at(0.99),
            p999: at(0.999),
            limit: 0.0,
        })
    }

    async fn work(self: Arc<Self>, until: Instant) -> Result<Vec<Duration>, String> {
        let (http, mut took) = (Client::new(), Vec::new());
        while Instant::now() < until {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let (request, quoter) = (next / self.tokens.len(), next % self.tokens.len());
            let id = self.requests.get(request).ok_or("there are too few requests to quote to")?;
            let url = format!("{}/v1/rfqs/{id}/quotes?submit=true", self.address);
            let begun = Instant::now();
            let post = http.post(url).bearer_auth(&self.tokens[quoter]).header("Content-Type", "application/json");
            let answer = post.body(self.bodies[quoter].clone()).send().await.map_err(|error| error.to_string())?;
            let status = answer.status();
            let text = answer.text().await.map_err(|error| error.to_string())?;
            if status != StatusCode::CREATED {
                return Err(format!("a quote was answered {status}: {text}"));
            }
            took.push(begun.elapsed());
        }
        Ok(took)
    }
}

/// A request with openly ranked quotes, to which all companies have quoted.
async fn compared(server: &Server, tokens: &[String]) -> Outcome<String> {
    let buyer = log_in(server, "measured-buyer@measured.example").await?;
    let path = format!("/v1/portals/{PORTAL}/rfqs?publish=true");
    let made = post(server, &buyer, &path, &request(COMPARED_LINES, "open_ranking")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    for (quoter, token) in tokens.iter().enumerate() {
        let path = format!("/v1/rfqs/{id}/quotes?submit=true");
        post(server, token, &path, &offered(COMPARED_LINES, quoter)).await?;
    }
    Ok(id)
}
