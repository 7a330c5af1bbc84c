//! Prices: one offer's among a thousand price lists, and a million of them changed at once.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::goods;

use super::goods::{SEED, addresses, post, products};
use super::load::{self, Row, constant_limits};
use super::{Outcome, Server, log_in};

/// How many price lists speak for the buyer.
const LISTS: i32 = 1_000;

/// Prices of an offer in the large list: from so many on.
const FROM: [u32; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// What was changed, and how long each change took until it was in force.
pub struct Repriced {
    prices: usize,
    sent: Duration,
    adjusted: Duration,
}

impl Repriced {
    /// The same as a sentence.
    pub fn told(&self) -> String {
        format!(
            "{} prices of a list for everyone were sent and in force after {:.1} s, and raised by a percentage after {:.1} s.",
            self.prices,
            self.sent.as_secs_f64(),
            self.adjusted.as_secs_f64()
        )
    }
}

fn lists_path() -> String {
    format!("/v1/portals/{}/price-lists", api::seed::northwind::PORTAL)
}

/// What one buyer pays for one offer where every list has a word in it: half of the lists are for the buyer, half for everyone.
pub async fn among_a_thousand_lists(server: &Server, folder: &Path) -> Outcome<Vec<Row>> {
    let (seller, buyer) =
        (log_in(server, api::seed::northwind::SELLER).await?, log_in(server, api::seed::northwind::BUYER).await?);
    let me = get(server, &buyer, "/v1/me").await?;
    for priority in 0..LISTS {
        let audience =
            if priority % 2 == 0 { json!({"buyers": [me["organisation_id"]]}) } else { json!({"everyone": true}) };
        let mut list = json!({"name": format!("List {priority}"), "priority": priority, "currency": "USD",
            "valid_from": "2020-01-01T00:00:00Z", "discount_percent": format!("{}.{}", priority % 20, priority % 7 + 1)});
        for (name, value) in audience.as_object().into_iter().flatten() {
            list[name] = value.clone();
        }
        post(server, &seller, &lists_path(), &list).await?;
    }
    let mut offers = Vec::new();
    for number in (0..products()).step_by(usize::try_from(products() / 200)?.max(1)) {
        let sku = goods::product(SEED, number)["sku"].as_str().unwrap_or_default().to_owned();
        let path = format!("/v1/portals/{}/catalogue?limit=1&q={sku}", api::seed::northwind::PORTAL);
        let found = get(server, &buyer, &path).await?;
        let id = found["items"][0]["id"].as_str().ok_or("an offer is not found by its SKU")?.to_owned();
        offers.push(format!("{}/v1/portals/{}/catalogue/{id}", server.address, api::seed::northwind::PORTAL));
    }
    let limits = constant_limits(reqwest::get(&offers[0]).await?.bytes().await?.len())?;
    let file = addresses(folder, "offers", offers.into_iter())?;
    let bearer = format!("Authorization: Bearer {buyer}");
    load::rows("offer by id, one buyer among 1,000 price lists", &limits, &[&bearer], &["--urls-from-file", &file])
}

/// Sends ten prices for every product, then raises all of them.
pub async fn reprice(server: &Server) -> Outcome<Repriced> {
    let seller = log_in(server, api::seed::northwind::SELLER).await?;
    let list = json!({"name": "All", "everyone": true, "priority": -1, "currency": "USD", "valid_from": "2020-01-01T00:00:00Z"});
    let list = post(server, &seller, &lists_path(), &list).await?;
    let path = format!("{}/{}", lists_path(), list["id"].as_str().unwrap_or_default());
    let mut file = String::new();
    for number in 0..products().min(100_000) {
        let sku = goods::product(SEED, number)["sku"].clone();
        for (step, from) in FROM.into_iter().enumerate() {
            file.push_str(&format!("{{\"sku\":{sku},\"from\":\"{from}\",\"price\":\"{}.50\"}}\n", 1_000 - step));
        }
    }
    let started = Instant::now();
    let sent = change(server, &seller, &path, "prices?mode=replace", "application/x-ndjson", file).await?;
    let (took, started) = (started.elapsed(), Instant::now());
    change(server, &seller, &path, "adjust", "application/json", json!({"percent": "1.5"}).to_string()).await?;
    let prices = sent["prices"].as_u64().ok_or("the prices were not counted")?;
    Ok(Repriced { prices: usize::try_from(prices)?, sent: took, adjusted: started.elapsed() })
}

async fn get(server: &Server, token: &str, path: &str) -> Outcome<Value> {
    let request = reqwest::Client::new().get(format!("{}{path}", server.address)).bearer_auth(token);
    Ok(request.send().await?.error_for_status()?.json().await?)
}

/// Changes a list in its version of now.
async fn change(server: &Server, token: &str, path: &str, what: &str, media: &str, body: String) -> Outcome<Value> {
    let http = reqwest::Client::new();
    let read = http.get(format!("{}{path}", server.address)).bearer_auth(token).send().await?;
    let etag = read.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
    let request = http.post(format!("{}{path}/{what}", server.address)).bearer_auth(token).header("If-Match", etag);
    let answer = request.header("Content-Type", media).body(body).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}
