//! A hundred thousand products: brought as a file, brought again, and read.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::goods;

use super::{CONNECTIONS, Outcome, Row, Server, constant_limits, log_in, oha};

/// What the goods are made of; another one makes others.
const SEED: u64 = 2026;

/// Rows of one file.
const FILE: u64 = 200_000;

/// What is looked for, in both languages.
const WORDS: [&str; 12] = [
    "bolt",
    "болт",
    "hex nut M12",
    "труба электросварная",
    "power cable",
    "кабель силовой",
    "Uralprom",
    "краска акриловая",
    "bearing machine building",
    "подшипник для машиностроения",
    "reinforcing bar A500",
    "мука пшеничная",
];

/// How long the goods took to come.
pub struct Brought {
    pub products: u64,
    pub first: Duration,
    pub again: Duration,
    pub memory: f64,
}

/// How many products there shall be: `TORG_BENCH_PRODUCTS`, a hundred thousand by default.
fn products() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "the bench has no configuration of its own")]
    let given = std::env::var("TORG_BENCH_PRODUCTS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(100_000)
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

async fn post(server: &Server, token: &str, path: &str, body: &Value) -> Outcome<Value> {
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

/// The pages of a catalogue of that size.
pub async fn reads(server: &Server, folder: &Path) -> Outcome<Vec<Row>> {
    let catalogue = format!("{}/v1/portals/{}/catalogue?limit=24", server.address, api::seed::northwind::PORTAL);
    let page = reqwest::get(&catalogue).await?.bytes().await?;
    let limits = constant_limits(page.len())?;
    let searches: Vec<String> = WORDS
        .iter()
        .map(|words| {
            let escaped: String = words.bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("{catalogue}&q={escaped}")
        })
        .collect();
    let file = folder.join("searches");
    std::fs::write(&file, searches.join("\n"))?;
    let file = file.display().to_string();
    let mut rows = Vec::new();
    for (name, arguments) in [
        ("large catalogue, page of 24", vec![catalogue.as_str()]),
        ("large catalogue, full text", vec!["--urls-from-file", file.as_str()]),
    ] {
        for (connections, limit) in CONNECTIONS.into_iter().zip(&limits) {
            let measured = oha(connections, &[], &arguments)?;
            rows.push(Row { path: name.to_owned(), connections, limit: *limit, ..measured });
        }
    }
    Ok(rows)
}

/// Prints how long the goods took.
pub fn print(brought: &Brought) {
    let rate = |took: Duration| brought.products as f64 / took.as_secs_f64();
    println!(
        "\n{} products were brought as a file in {:.1} s ({:.0} rows/s), and all of them again without change in {:.1} s ({:.0} \
         rows/s); the server's memory peaked at {:.0} MiB until then.",
        brought.products,
        brought.first.as_secs_f64(),
        rate(brought.first),
        brought.again.as_secs_f64(),
        rate(brought.again),
        brought.memory
    );
}
