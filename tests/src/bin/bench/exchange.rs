//! Orders on the exchange: alone and in batches, at a given rate, and how soon a large market is there again.

use std::path::Path;
use std::time::Instant;

use infra::db::cluster::Cluster;
use serde_json::{Value, json};
use tests::exchange::rebar;

use super::load::{self, Row, asked, constant_rates, oha};
use super::{Outcome, Server, log_in};

const CONNECTIONS: [u32; 4] = [1, 16, 64, 256];

/// Orders of a batch, and batches of a run: a burst, since the tables that follow the journal are slower than it, and a market takes nothing
/// more when they are too far behind.
const BATCH: usize = 100;
const BATCHES: usize = 1_000;

/// Requests a second of the open loop.
const RATE: u32 = 10_000;

/// How many different bodies the load tool draws from.
const BODIES: usize = 2_000;

/// The members: one sends the orders that are measured, the other one quotes.
const MEMBER: &str = api::seed::commodities::TRADER;
const MAKER: &str = "Polaris Market Making";

/// Everything about the exchange, as text.
pub async fn measure(server: &mut Server, cluster: &Cluster, folder: &Path) -> Outcome<String> {
    let market = Market::open(server, cluster).await?;
    let (orders, batches) = (market.orders(folder)?, market.batches(folder)?);
    let answer = market.sample(server).await?;
    let constant = constant_rates(answer, &CONNECTIONS)?;
    let commits = load::commits(cluster, &CONNECTIONS).await?;
    let mut table = Table::default();
    let url = format!("{}/v1/instruments/{}/orders", server.address, market.instrument);
    for (connections, limits) in CONNECTIONS.into_iter().zip(constant.iter().zip(&commits)) {
        let row = market.run(server, connections, &orders, &[&url]).await?;
        table.add("one by one", &row, 1, limits);
    }
    let (url_of_batches, number) = (format!("{}/v1/exchange/orders/batch", server.address), BATCHES.to_string());
    for (connections, limits) in CONNECTIONS.into_iter().zip(constant.iter().zip(&commits)) {
        let row = market.run(server, connections, &batches, &["-n", &number, &url_of_batches]).await?;
        table.add("in batches of 100", &row, BATCH, limits);
    }
    market.caught_up(server).await?;
    load::settle(cluster)?;
    let since = Instant::now();
    market.run(server, 16, &batches, &["-n", &number, &url_of_batches]).await?;
    market.caught_up(server).await?;
    let lasting = (BATCH * BATCHES) as f64 / since.elapsed().as_secs_f64();
    let rate = RATE.to_string();
    let open = ["-q", rate.as_str(), "--latency-correction", url.as_str()];
    let open = market.run(server, 64, &orders, &open).await?;
    let mut told = table.told();
    told.push_str(&format!(
        "\nAn open loop of {RATE} orders/s reached {:.0}/s: p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, waiting in the load tool included.\n",
        open.per_second, open.p50, open.p99, open.p999
    ));
    told.push_str(&format!("\nThe tables of orders, steps, trades and candles follow at {lasting:.0} orders/s.\n"));
    told.push_str(&market.recovery(server, &batches).await?);
    Ok(told)
}

/// An instrument with quotes that do not run out.
struct Market<'a> {
    instrument: String,
    cluster: &'a Cluster,
}

impl<'a> Market<'a> {
    async fn open(server: &Server, cluster: &'a Cluster) -> Outcome<Self> {
        let operator = log_in(server, api::seed::OPERATOR).await?;
        let path = format!("/v1/portals/{}/instruments", api::seed::commodities::PORTAL);
        let made = super::goods::post(server, &operator, &path, &rebar(json!({}))).await?;
        let instrument = made["id"].as_str().unwrap_or_default().to_owned();
        for phase in ["pre_open", "opening_auction", "continuous"] {
            let path = format!("{}/v1/instruments/{instrument}/phase", server.address);
            let body = json!({"phase": phase});
            reqwest::Client::new().post(path).bearer_auth(&operator).json(&body).send().await?.error_for_status()?;
        }
        let maker = log_in(server, &api::seed::email_of(MAKER)).await?;
        let orders = format!("/v1/instruments/{instrument}/orders");
        for (side, price) in [
            ("buy", "599.00"),
            ("buy", "599.50"),
            ("buy", "598.50"),
            ("sell", "601.00"),
            ("sell", "600.50"),
            ("sell", "601.50"),
        ] {
            super::goods::post(server, &maker, &orders, &order(side, "gtc", 1_000_000_000, price)).await?;
        }
        Ok(Self { instrument, cluster })
    }

    /// The orders, one a line.
    fn orders(&self, folder: &Path) -> Outcome<String> {
        let lines: Vec<String> = (0..BODIES).map(|number| mixed(number).to_string()).collect();
        written(folder, "orders", &lines)
    }

    /// The same in batches.
    fn batches(&self, folder: &Path) -> Outcome<String> {
        let lines: Vec<String> = (0..BODIES / 10).map(|number| self.batch(number * 37).to_string()).collect();
        written(folder, "batches", &lines)
    }

    fn batch(&self, from: usize) -> Value {
        let entry = |number| json!({"instrument_id": self.instrument, "order": mixed(number)});
        json!({"orders": (from..from + BATCH).map(entry).collect::<Vec<_>>()})
    }

    /// Sends one batch, all of whose orders must be placed, and one order. How long the answer to one order is.
    async fn sample(&self, server: &Server) -> Outcome<usize> {
        let token = log_in(server, MEMBER).await?;
        let done = super::goods::post(server, &token, "/v1/exchange/orders/batch", &self.batch(0)).await?;
        let results = done["results"].as_array().cloned().unwrap_or_default();
        if let Some(refused) = results.iter().find(|result| result["status"] != 201) {
            return Err(format!("an order was refused: {refused}").into());
        }
        let path = format!("/v1/instruments/{}/orders", self.instrument);
        Ok(super::goods::post(server, &token, &path, &mixed(0)).await?.to_string().len())
    }

    /// One run of the load tool, with the tables caught up and everything written before.
    async fn run(&self, server: &Server, connections: u32, bodies: &str, more: &[&str]) -> Outcome<Row> {
        self.caught_up(server).await?;
        load::settle(self.cluster)?;
        // Access tokens live ten minutes: a new one for each run.
        let bearer = format!("Authorization: Bearer {}", log_in(server, MEMBER).await?);
        let mut arguments = vec!["-m", "POST", "-T", "application/json", "-Z", bodies];
        arguments.extend(more);
        let row = oha(connections, &[&bearer], &arguments)?;
        let Row { per_second, p50, p99, p999, .. } = row;
        eprintln!("{}, {connections}: {per_second:.0}/s, {p50:.2} {p99:.2} {p999:.2} ms", more.join(" "));
        Ok(row)
    }

    /// Reads of trades wait for the tables.
    async fn caught_up(&self, server: &Server) -> Outcome<()> {
        server.until_it_answers(&format!("/v1/instruments/{}/trades?limit=1", self.instrument)).await
    }

    /// Brings the journal to a number of commands, and measures how soon the market is there again: after an orderly stop, and after a
    /// SIGKILL, where the lease of the dead host must end first.
    async fn recovery(&self, server: &mut Server, batches: &str) -> Outcome<String> {
        let wanted = load::setting("BENCH_COMMANDS", 1_000_000);
        let url = format!("{}/v1/exchange/orders/batch", server.address);
        while journaled(self.cluster)? < wanted {
            self.run(server, 16, batches, &["-n", "1000", &url]).await?;
        }
        self.caught_up(server).await?;
        let commands = journaled(self.cluster)?;
        let mut told = format!("\nA market of {commands} journaled commands was there again");
        let book = format!("/v1/instruments/{}/book", self.instrument);
        for (signal, after) in
            [("TERM", "after an orderly stop"), ("KILL", "after a SIGKILL, the rest of its lease included")]
        {
            let token = log_in(server, MEMBER).await?;
            for number in 0..100 {
                super::goods::post(server, &token, "/v1/exchange/orders/batch", &self.batch(number)).await?;
            }
            server.restart(signal)?;
            let since = Instant::now();
            server.until_it_answers(&book).await?;
            let separator = if signal == "TERM" { "" } else { "," };
            told.push_str(&format!("{separator} {:.2} s {after}", since.elapsed().as_secs_f64()));
        }
        told.push('.');
        Ok(told)
    }
}

/// How many commands all journals hold.
fn journaled(cluster: &Cluster) -> Outcome<u64> {
    let query = "SELECT coalesce(sum(count), 0) FROM journal_entry";
    Ok(asked(cluster, query)?.parse()?)
}

fn written(folder: &Path, name: &str, lines: &[String]) -> Outcome<String> {
    let file = folder.join(name);
    std::fs::write(&file, lines.join("\n"))?;
    Ok(file.display().to_string())
}

/// Orders near the touch, as many of one side as of the other. The load tool draws them at random, so the mix is such that the book stays
/// as it is in any order: seven of ten are limits that cross and trade with the maker's quotes, two of ten the same with `ioc`, and one
/// rests between the quotes until the next one of the other side takes its place by self-trade prevention, since one company sends all.
fn mixed(number: usize) -> Value {
    let side = if number.is_multiple_of(2) { "buy" } else { "sell" };
    let through = ["600.50", "601.00", "601.50"][number / 20 % 3];
    let through = if side == "buy" { through } else { ["599.50", "599.00", "598.50"][number / 20 % 3] };
    let tonnes = 5 * (1 + u64::try_from(number * 7 % 20).unwrap_or_default());
    match number / 2 % 10 {
        0 => order(side, "gtc", tonnes, "600.00"),
        1 | 2 => order(side, "ioc", tonnes, through),
        _ => order(side, "gtc", tonnes, through),
    }
}

fn order(side: &str, time_in_force: &str, tonnes: u64, price: &str) -> Value {
    json!({"side": side, "type": "limit", "time_in_force": time_in_force, "quantity": {"value": tonnes.to_string(), "unit": "TNE"},
        "price": {"amount": price, "currency": "EUR"}})
}

/// What was measured.
#[derive(Default)]
struct Table(Vec<String>);

impl Table {
    fn add(&mut self, how: &str, row: &Row, orders: usize, (constant, commits): (&f64, &f64)) {
        let rate = row.per_second * f64::from(u32::try_from(orders).unwrap_or(1));
        self.0.push(format!(
            "| {how} | {} | {rate:.0} | {:.2} | {:.2} | {:.2} | {constant:.0} | {:.0} % | {commits:.0} |",
            row.connections,
            row.p50,
            row.p99,
            row.p999,
            100.0 * rate / constant
        ));
    }

    fn told(&self) -> String {
        let head = "| orders on the exchange | connections | orders/s | p50 ms | p99 ms | p99.9 ms | constant JSON/s | of it | commits/s |\n\
                    |---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
        format!(
            "{head}{}\n\nConstant JSON is an answer of the same size on the same framework, commits are single rows by pgbench, each at the \
             same number of connections; {} s a row.\n",
            self.0.join("\n"),
            load::seconds()
        )
    }
}
