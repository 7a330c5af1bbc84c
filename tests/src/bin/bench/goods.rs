//! A hundred thousand products: brought as a file, brought again, and read.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::goods;

use super::load::{self, Row, constant_limits};
use super::{Outcome, Server, log_in, posts};

/// What the goods are made of; another one makes others.
pub const SEED: u64 = 2026;

/// Rows of one file.
const FILE: u64 = 200_000;

/// How many different searches there are: more than the server remembers, so that most are asked of the database.
const SEARCHES: u64 = 50_000;

/// Lines of a quick order.
const QUICK_LINES: u64 = 100;

/// How long the goods took to come.
pub struct Brought {
    pub products: u64,
    pub first: Duration,
    pub again: Duration,
    pub memory: f64,
}

impl Brought {
    /// The same as a sentence.
    pub fn told(&self) -> String {
        let rate = |took: Duration| self.products as f64 / took.as_secs_f64();
        format!(
            "{} products were brought as a file in {:.1} s ({:.0} rows/s), and all of them again without change in {:.1} s ({:.0} \
             rows/s); the server's memory peaked at {:.0} MiB until then.",
            self.products,
            self.first.as_secs_f64(),
            rate(self.first),
            self.again.as_secs_f64(),
            rate(self.again),
            self.memory
        )
    }
}

/// How many products there shall be: `BENCH_PRODUCTS`, a hundred thousand by default.
pub fn products() -> u64 {
    load::setting("BENCH_PRODUCTS", 100_000)
}

/// Makes the categories and brings the goods, twice.
pub async fn bring(server: &Server) -> Outcome<Brought> {
    let operator = log_in(server, api::seed::northwind::OPERATOR).await?;
    for (code, en, ru) in goods::categories() {
        let category = json!({"code": code, "name": {"en": en, "ru": ru}});
        let made = post(server, &operator, "/v1/categories", &category).await?;
        let path = format!("/v1/categories/{}/attributes", made["id"].as_str().unwrap_or_default());
        for attribute in goods::attributes() {
            post(server, &operator, &path, &attribute).await?;
        }
    }
    let products = products();
    let (first, again) = (import(server, products, 0).await?, import(server, products, 2).await?);
    Ok(Brought { products, first, again, memory: server.peak_memory()? })
}

pub async fn post(server: &Server, token: &str, path: &str, body: &Value) -> Outcome<Value> {
    let request = reqwest::Client::new().post(format!("{}{path}", server.address)).bearer_auth(token).json(body);
    Ok(request.send().await?.error_for_status()?.json().await?)
}

/// Brings all goods and waits until they are there; `column` says what became of every row: 0 created, 2 unchanged.
async fn import(server: &Server, products: u64, column: usize) -> Outcome<Duration> {
    let http = reqwest::Client::new();
    let mut took = Duration::ZERO;
    for from in (0..products).step_by(usize::try_from(FILE)?) {
        let rows = FILE.min(products - from);
        let file = goods::lines(SEED, from..from + rows);
        let token = log_in(server, api::seed::northwind::SELLER).await?;
        let started = Instant::now();
        let path =
            format!("{}/v1/imports?portal={}&currency=USD&publish=true", server.address, api::seed::northwind::PORTAL);
        let sent = http.post(path).bearer_auth(&token).header("Content-Type", "application/x-ndjson").body(file);
        let import: Value = sent.send().await?.error_for_status()?.json().await?;
        let path = format!("{}/v1/imports/{}", server.address, import["id"].as_str().unwrap_or_default());
        let over = loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let now: Value = http.get(&path).bearer_auth(&token).send().await?.error_for_status()?.json().await?;
            if now["state"] != "queued" && now["state"] != "running" {
                break now;
            }
        };
        took += started.elapsed();
        let counts = ["created", "updated", "unchanged", "failed"].map(|name| over["counts"][name].as_u64());
        if counts[column] != Some(rows) {
            return Err(format!("the import ended with {over}").into());
        }
    }
    Ok(took)
}

/// The pages of a catalogue of that size, searches, and suggestions.
pub async fn reads(server: &Server, folder: &Path) -> Outcome<Vec<Row>> {
    let portal = format!("{}/v1/portals/{}", server.address, api::seed::northwind::PORTAL);
    let page = format!("{portal}/catalogue?limit=24");
    let faceted = format!("{page}&facets=true");
    let asked = goods::searches(SEED, SEARCHES);
    let searches = asked.iter().map(|words| format!("{page}&q={}", escaped(words)));
    let prefixes = asked.iter().map(|words| format!("{portal}/catalogue/suggestions?q={}", escaped(&begun(words))));
    let (searches, prefixes) = (addresses(folder, "searches", searches)?, addresses(folder, "prefixes", prefixes)?);
    let mut rows = Vec::new();
    for (name, arguments) in [
        ("large catalogue, page of 24", vec![page.as_str()]),
        ("large catalogue, page of 24 with facets", vec![faceted.as_str()]),
        ("large catalogue, full text", vec!["--urls-from-file", searches.as_str()]),
        ("large catalogue, suggestions", vec!["--urls-from-file", prefixes.as_str()]),
    ] {
        let example = arguments.last().filter(|_| arguments.len() == 1).map_or(page.as_str(), |url| *url);
        let limits = constant_limits(reqwest::get(example).await?.error_for_status()?.bytes().await?.len())?;
        rows.extend(load::rows(name, &limits, &[], &arguments)?);
    }
    Ok(rows)
}

/// Orders of a hundred SKUs each.
pub async fn quick_orders(server: &Server, portal_id: &str, commits: &[f64], folder: &Path) -> Outcome<Vec<Row>> {
    // What there is plenty of.
    let plenty = |product: &Value| product["on_hand"].as_str().and_then(|text| text.parse().ok()).unwrap_or(0) > 1_000;
    let mut skus = (0..products())
        .map(|number| goods::product(SEED, number))
        .filter(plenty)
        .map(|product| json!({"sku": product["sku"], "quantity": "1"}));
    let body = |lines: Vec<Value>| {
        json!({"portal_id": portal_id, "currency": "USD", "lines": lines, "submit": true}).to_string()
    };
    let lines = usize::try_from(QUICK_LINES)?;
    let bodies: Vec<String> = (0..200).map(|_| body(skus.by_ref().take(lines).collect())).collect();
    let url = format!("{}/v1/orders/quick", server.address);
    posts(server, "quick order of 100 lines", &url, &bodies, commits, folder).await
}

/// What somebody has typed who is about to look for these words.
fn begun(words: &str) -> String {
    let letters = words.chars().count();
    words.chars().take(letters.saturating_sub(2).max(2)).collect()
}

/// Writes addresses into a file for the load tool.
pub fn addresses(folder: &Path, name: &str, all: impl Iterator<Item = String>) -> Outcome<String> {
    let file = folder.join(name);
    std::fs::write(&file, all.collect::<Vec<_>>().join("\n"))?;
    Ok(file.display().to_string())
}

fn escaped(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
