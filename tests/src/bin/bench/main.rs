//! `make bench`: requests per second and latencies of the headline paths, beside limits measured in the same run on the same
//! machine: a handler that answers a constant JSON of the same size, and single-row commits by pgbench.
//!
//! Everything is real: the release binary of the server with fsync on, its own PostgreSQL with the Northwind data, and public load
//! tools (oha, pgbench) on the same machine. `target/release/bench goods` measures one part alone: `reads`, `orders`, `exchange`,
//! `auctions`, `sourcing`, `webhooks`, `goods`, `prices` or `bulk` (the last three load the goods); several are named one after the other.
//! `BENCH_SECONDS`, `BENCH_PRODUCTS`, `BENCH_COMMANDS` and `BENCH_EVENTS` make it shorter.

#![allow(clippy::float_arithmetic, reason = "rates and latencies of load tools")]

mod auction;
mod bulk;
mod exchange;
mod goods;
mod load;
mod prices;
mod sourcing;
mod webhook;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use infra::db::cluster::{Cluster, Options};
use serde_json::{Value, json};

use load::{CONNECTIONS, Row, constant, constant_limits, seconds};

/// What can be measured alone.
const PARTS: [&str; 9] = ["reads", "orders", "exchange", "auctions", "sourcing", "webhooks", "goods", "prices", "bulk"];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, size] = arguments.as_slice()
        && first == "constant"
    {
        return constant(size.parse()?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build()?;
    runtime.block_on(run(&arguments))
}

/// Measures these parts, or all.
async fn run(parts: &[String]) -> Outcome<()> {
    if let Some(part) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("{part} is none of {}", PARTS.join(", ")).into());
    }
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|part| part == name);
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::start(&Options::durable(folder.path())).await?;
    cluster.create_database("torg").await?;
    load::make_log_files(&cluster)?;
    let url = cluster.url("torg");
    let mut server = Server::start(&url, folder.path()).await?;
    let world = World::new(&server).await?;
    let mut rows = if wanted("reads") { reads(&server, &world).await? } else { Vec::new() };
    let needs_commits = ["orders", "sourcing", "goods"].into_iter().any(wanted);
    let commits = if needs_commits { load::commits(&cluster, &CONNECTIONS).await? } else { Vec::new() };
    if wanted("orders") {
        rows.extend(orders(&server, &world, &commits, folder.path()).await?);
    }
    let mut told = Vec::new();
    if wanted("exchange") {
        told.push(exchange::measure(&mut server, &cluster, folder.path()).await?);
    }
    if wanted("auctions") {
        told.push(auction::measure(&server, &cluster).await?);
    }
    if wanted("sourcing") {
        let (measured, first) = sourcing::measure(&server, &cluster, &commits, folder.path()).await?;
        rows.extend(measured);
        told.push(first);
    }
    if wanted("webhooks") {
        told.push(webhook::measure(&server).await?);
    }
    // The goods come last: the rows above are about the small catalogue.
    if ["goods", "prices", "bulk"].into_iter().any(wanted) {
        told.push(goods::bring(&server).await?.told());
    }
    if wanted("goods") {
        rows.extend(goods::reads(&server, folder.path()).await?);
        rows.extend(goods::quick_orders(&server, &world.portal_id, &commits, folder.path()).await?);
    }
    if wanted("prices") {
        rows.extend(prices::among_a_thousand_lists(&server, folder.path()).await?);
        told.push(prices::reprice(&server).await?.told());
    }
    if wanted("bulk") {
        told.push(bulk::measure(&server).await?);
    }
    let memory = server.peak_memory()?;
    if !rows.is_empty() {
        print(&rows, &commits, memory);
    }
    for part in told {
        println!("\n{part}");
    }
    drop(server);
    cluster.stop().await?;
    Ok(())
}

/// The server under load.
struct Server {
    child: Child,
    address: String,
    binary: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Server {
    async fn start(url: &str, folder: &Path) -> Outcome<Self> {
        let binary = std::env::current_exe()?.with_file_name("torg");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let settings = vec![
            ("TORG_DATABASE_URL", url.to_owned()),
            ("TORG_SECRET_KEY", api::secret::SecretKey::generate()?),
            ("TORG_LISTEN", format!("127.0.0.1:{port}")),
            ("TORG_LOG", "warn".into()),
            ("TORG_RATE_PER_ADDRESS", "1000000000".into()),
            ("TORG_RATE_PER_CREDENTIAL", "1000000000".into()),
            ("TORG_WEBHOOK_ALLOWED_NETWORKS", "[\"127.0.0.0/8\"]".into()),
            ("TORG_FILES_DIRECTORY", folder.join("files").display().to_string()),
            ("TORG_MAIL_DIRECTORY", folder.join("mail").display().to_string()),
        ];
        for data in ["northwind", "commodities", "surplus"] {
            let seed =
                Command::new(&binary).args(["seed", data]).envs(settings.clone()).stdout(Stdio::null()).status()?;
            if !seed.success() {
                return Err("the data could not be loaded".into());
            }
        }
        let child = Command::new(&binary).arg("serve").envs(settings.clone()).stdout(Stdio::null()).spawn()?;
        let server = Self { child, address: format!("http://127.0.0.1:{port}"), binary, settings };
        server.until_it_answers("/readyz").await?;
        Ok(server)
    }

    /// Waits until a path answers with success.
    async fn until_it_answers(&self, path: &str) -> Outcome<()> {
        let http = reqwest::Client::new();
        for _ in 0..6_000 {
            let answer = http.get(format!("{}{path}", self.address)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(format!("{path} does not answer").into())
    }

    /// Ends it by a signal, and starts it again.
    fn restart(&mut self, signal: &str) -> Outcome<()> {
        Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status()?;
        self.child.wait()?;
        self.child =
            Command::new(&self.binary).arg("serve").envs(self.settings.clone()).stdout(Stdio::null()).spawn()?;
        Ok(())
    }

    /// The most memory it ever had, in MiB.
    fn peak_memory(&self) -> Outcome<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok(kib / 1024.0)
    }
}

/// It ends with the bench, also where that fails.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the load needs to know of the data.
struct World {
    portal_id: String,
    /// Access token of a buyer.
    token: String,
    offers: Vec<Value>,
    page_size: usize,
    offer_size: usize,
}

impl World {
    async fn new(server: &Server) -> Outcome<Self> {
        let http = reqwest::Client::new();
        let page = http
            .get(format!("{}/v1/portals/northwind/catalogue?limit=24", server.address))
            .send()
            .await?
            .bytes()
            .await?;
        let all = http.get(format!("{}/v1/portals/northwind/catalogue?limit=200", server.address)).send().await?;
        let offers = all.json::<Value>().await?["items"].as_array().cloned().unwrap_or_default();
        let portal = http.get(format!("{}/v1/portals/northwind", server.address)).send().await?.json::<Value>().await?;
        let offer_size = serde_json::to_vec(&offers[0])?.len();
        let token = log_in(server, api::seed::northwind::BUYER).await?;
        let portal_id = portal["id"].as_str().unwrap_or_default().to_owned();
        let world = Self { portal_id, token, offers, page_size: page.len(), offer_size };
        world.fill_stock(server).await?;
        Ok(world)
    }

    /// Every seller counts a billion, so that no order is refused for want of stock.
    async fn fill_stock(&self, server: &Server) -> Outcome<()> {
        let http = reqwest::Client::new();
        let mut tokens = std::collections::HashMap::new();
        for offer in &self.offers {
            let seller = offer["seller"]["name"].as_str().unwrap_or_default();
            if !tokens.contains_key(seller) {
                tokens.insert(seller.to_owned(), log_in(server, &api::seed::northwind::email_of(seller)).await?);
            }
            let path =
                format!("{}/v1/products/{}/stock", server.address, offer["product_id"].as_str().unwrap_or_default());
            let read = http.get(&path).bearer_auth(&tokens[seller]).send().await?;
            let etag = read.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
            let body = json!({"on_hand": "1000000000"});
            http.put(&path)
                .bearer_auth(&tokens[seller])
                .header("If-Match", etag)
                .json(&body)
                .send()
                .await?
                .error_for_status()?;
        }
        Ok(())
    }

    /// Orders of five lines of one seller each, all different.
    fn order_bodies(&self) -> Vec<String> {
        let line =
            |offer: &Value| json!({"offer_id": offer["id"], "quantity": {"value": "1", "unit": offer["base_unit"]}});
        (0..self.offers.len())
            .map(|first| {
                let lines: Vec<Value> =
                    (0..5).map(|n| line(&self.offers[(first + n * 7) % self.offers.len()])).collect();
                json!({"portal_id": self.portal_id, "currency": "USD", "lines": lines, "submit": true}).to_string()
            })
            .collect()
    }

    /// Orders of five lines that all go to one seller.
    fn one_seller_bodies(&self) -> Vec<String> {
        let mut sellers: Vec<&Value> = self.offers.iter().map(|offer| &offer["seller"]["id"]).collect();
        sellers.sort_by_key(|id| id.to_string());
        sellers.dedup();
        let line =
            |offer: &Value| json!({"offer_id": offer["id"], "quantity": {"value": "1", "unit": offer["base_unit"]}});
        sellers
            .into_iter()
            .map(|seller| {
                let own: Vec<&Value> = self.offers.iter().filter(|offer| &offer["seller"]["id"] == seller).collect();
                let lines: Vec<Value> = own.iter().cycle().take(5).map(|offer| line(offer)).collect();
                json!({"portal_id": self.portal_id, "currency": "USD", "lines": lines, "submit": true}).to_string()
            })
            .collect()
    }
}

async fn log_in(server: &Server, email: &str) -> Outcome<String> {
    let body = json!({"email": email, "password": api::seed::northwind::PASSWORD});
    let mut answer = reqwest::Client::new().post(format!("{}/v1/sessions", server.address)).json(&body).send().await?;
    while answer.status() == 429 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        answer = reqwest::Client::new().post(format!("{}/v1/sessions", server.address)).json(&body).send().await?;
    }
    let tokens: Value = answer.error_for_status()?.json().await?;
    Ok(tokens["access_token"].as_str().unwrap_or_default().to_owned())
}

/// The pages that everybody reads.
async fn reads(server: &Server, world: &World) -> Outcome<Vec<Row>> {
    let offer = world.offers[3]["id"].as_str().unwrap_or_default().to_owned();
    let list = format!("{}/v1/portals/northwind/catalogue?limit=24", server.address);
    let one = format!("{}/v1/portals/northwind/catalogue/{offer}", server.address);
    let bearer = format!("Authorization: Bearer {}", world.token);
    let mut rows = Vec::new();
    for (name, size, url) in [("list of 24 offers", world.page_size, &list), ("offer by id", world.offer_size, &one)] {
        let limits = constant_limits(size)?;
        for (caller, headers) in [("anonymous", vec![]), ("own prices", vec![bearer.as_str()])] {
            rows.extend(load::rows(&format!("{name}, {caller}"), &limits, &headers, &[url.as_str()])?);
        }
    }
    Ok(rows)
}

async fn orders(server: &Server, world: &World, commits: &[f64], folder: &Path) -> Outcome<Vec<Row>> {
    let url = format!("{}/v1/orders", server.address);
    let mut rows = Vec::new();
    let kinds = [
        ("order of 5 lines, one seller", world.one_seller_bodies()),
        ("order of 5 lines, several sellers", world.order_bodies()),
    ];
    for (name, bodies) in kinds {
        rows.extend(posts(server, name, &url, &bodies, commits, folder).await?);
    }
    Ok(rows)
}

/// The buyer posts one body after the other.
async fn posts(
    server: &Server,
    name: &str,
    url: &str,
    bodies: &[String],
    commits: &[f64],
    folder: &Path,
) -> Outcome<Vec<Row>> {
    let file = folder.join("bodies");
    std::fs::write(&file, bodies.join("\n"))?;
    // Access tokens live ten minutes: a new one for each name.
    let bearer = format!("Authorization: Bearer {}", log_in(server, api::seed::northwind::BUYER).await?);
    let path = file.display().to_string();
    let arguments = ["-m", "POST", "-T", "application/json", "-Z", path.as_str(), url];
    load::rows(name, commits, &[&bearer], &arguments)
}

fn print(rows: &[Row], commits: &[f64], memory: f64) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "Measured on {cores} cores shared by the server, PostgreSQL (fsync on) and the load tool; {} s a row.\n",
        seconds()
    );
    println!("| path | connections | requests/s | p50 ms | p99 ms | limit/s | of the limit |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for row in rows {
        let share = 100.0 * row.per_second / row.limit;
        println!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {share:.0} % |",
            row.path, row.connections, row.per_second, row.p50, row.p99, row.limit
        );
    }
    println!(
        "\nThe limit of reads is a constant JSON of the same size on the same framework; that of what is written is single-row commits by"
    );
    println!(
        "pgbench ({}). The server's memory peaked at {memory:.0} MiB.",
        commits.iter().map(|rate| format!("{rate:.0}/s")).collect::<Vec<_>>().join(", ")
    );
}
