//! Stock and prices of ten thousand products in one call.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::goods;

use super::goods::{SEED, post, products};
use super::{Outcome, Server, log_in};

/// Rows of a call.
const ROWS: u64 = 10_000;

/// How often each call is made: the first one finds everything cold.
const CALLS: usize = 5;

/// The body of a call, by its number.
type Body<'a> = &'a dyn Fn(usize) -> Value;

/// Changes stock and prices of the goods that were brought, several times, and tells how long the calls took.
pub async fn measure(server: &Server) -> Outcome<String> {
    let seller = log_in(server, api::seed::northwind::SELLER).await?;
    let rows = ROWS.min(products());
    let goods: Vec<Value> = (0..rows).map(|number| goods::product(SEED, number)).collect();
    let stock = |call: usize| -> Value {
        let quantity = |of: &Value| json!({"value": (10_000 + call).to_string(), "unit": of["base_unit"]});
        let items: Vec<Value> = goods.iter().map(|of| json!({"sku": of["sku"], "on_hand": quantity(of)})).collect();
        json!({"items": items})
    };
    let prices = |call: usize| -> Value {
        let tier = |from: &str, whole: usize| json!({"from": from, "unit_price": {"amount": format!("{whole}.50"), "currency": "USD"}});
        let tiers = json!([tier("1", 1_000 + call), tier("100", 900 + call)]);
        let items: Vec<Value> = goods.iter().map(|of| json!({"sku": of["sku"], "tiers": tiers})).collect();
        json!({"items": items})
    };
    let mut told = format!("{rows} rows in one call, of {CALLS} calls the shortest, the median and the longest:");
    let portal = format!("/v1/portals/{}/offers/prices/batch", api::seed::northwind::PORTAL);
    let calls: [(&str, &str, Body<'_>); 2] =
        [("stock", "/v1/products/stock/batch", &stock), ("prices", &portal, &prices)];
    for (name, path, body) in calls {
        let mut took = Vec::new();
        for call in 0..CALLS {
            took.push(timed(server, &seller, path, &body(call)).await?);
        }
        took.sort_unstable();
        let seconds = |of: &Duration| of.as_secs_f64();
        let median = took[CALLS / 2];
        told.push_str(&format!(
            "\n  {name}: {:.2} s, {:.2} s, {:.2} s ({:.0} rows/s)",
            seconds(&took[0]),
            seconds(&median),
            seconds(&took[CALLS - 1]),
            rows as f64 / seconds(&median)
        ));
    }
    Ok(told)
}

/// How long a call takes, of which no row is refused.
async fn timed(server: &Server, token: &str, path: &str, body: &Value) -> Outcome<Duration> {
    let started = Instant::now();
    let answer = post(server, token, path, body).await?;
    let took = started.elapsed();
    let refused = answer["results"].as_array().into_iter().flatten().find(|one| one["status"] != 200);
    match refused {
        Some(refused) => Err(format!("a row was refused: {refused}").into()),
        None => Ok(took),
    }
}
