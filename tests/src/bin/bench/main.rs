//! `make bench`: requests per second and latencies of the headline paths, beside limits measured in the same run on the same
//! machine: a handler that answers a constant JSON of the same size, and single-row commits by pgbench.
//!
//! Everything is real: the release binary of the server with fsync on, its own PostgreSQL with the Northwind data, and public load
//! tools (oha, pgbench) on the same machine.

#![allow(clippy::float_arithmetic, reason = "rates and latencies of load tools")]

mod goods;

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use infra::db::cluster::{Cluster, Options, bin_directory};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How long each row is measured.
const SECONDS: u64 = 8;
const CONNECTIONS: [u32; 3] = [1, 16, 64];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("constant"), Some(size)) => constant(size.parse()?),
        _ => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build()?;
            runtime.block_on(run())
        }
    }
}

/// The limit of HTTP: a constant JSON of that size, on the same server framework.
fn constant(size: usize) -> Outcome<()> {
    let body: &'static str =
        Box::leak(format!("{{\"text\":\"{}\"}}", "x".repeat(size.saturating_sub(11))).into_boxed_str());
    actix_web::rt::System::new().block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        println!("{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        HttpServer::new(move || {
            let handler = move || async move { HttpResponse::Ok().content_type("application/json").body(body) };
            App::new().route("/", web::get().to(handler))
        })
        .workers(2)
        .listen(listener)?
        .run()
        .await
    })?;
    Ok(())
}

/// A row of the table.
struct Row {
    path: String,
    connections: u32,
    per_second: f64,
    p50: f64,
    p99: f64,
    /// The same in the limit it is held against.
    limit: f64,
}

async fn run() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::start(&Options::durable(folder.path())).await?;
    cluster.create_database("torg").await?;
    let url = cluster.url("torg");
    let server = Server::start(&url, folder.path()).await?;
    let world = World::new(&server).await?;
    let mut rows = reads(&server, &world).await?;
    let commits = commits(&cluster).await?;
    rows.extend(orders(&server, &world, &commits, folder.path()).await?);
    // The goods come last: the rows above are about the small catalogue.
    let brought = goods::bring(&server).await?;
    rows.extend(goods::reads(&server, folder.path()).await?);
    let memory = server.peak_memory()?;
    print(&rows, &commits, memory);
    goods::print(&brought);
    server.stop();
    cluster.stop().await?;
    Ok(())
}

/// The server under load.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    async fn start(url: &str, folder: &Path) -> Outcome<Self> {
        let binary = std::env::current_exe()?.with_file_name("torg");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let settings = [
            ("TORG_DATABASE_URL", url.to_owned()),
            ("TORG_SECRET_KEY", api::secret::SecretKey::generate()?),
            ("TORG_LISTEN", format!("127.0.0.1:{port}")),
            ("TORG_LOG", "warn".into()),
            ("TORG_RATE_PER_ADDRESS", "1000000000".into()),
            ("TORG_RATE_PER_CREDENTIAL", "1000000000".into()),
            ("TORG_FILES_DIRECTORY", folder.join("files").display().to_string()),
            ("TORG_MAIL_DIRECTORY", folder.join("mail").display().to_string()),
        ];
        let seeded =
            Command::new(&binary).args(["seed", "northwind"]).envs(settings.clone()).stdout(Stdio::null()).status()?;
        if !seeded.success() {
            return Err("the data could not be loaded".into());
        }
        let child = Command::new(&binary).arg("serve").envs(settings).stdout(Stdio::null()).spawn()?;
        let address = format!("http://127.0.0.1:{port}");
        let http = reqwest::Client::new();
        for _ in 0..200 {
            if http.get(format!("{address}/readyz")).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(Self { child, address });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("the server does not get ready".into())
    }

    /// The most memory it ever had, in MiB.
    fn peak_memory(&self) -> Outcome<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok(kib / 1024.0)
    }

    fn stop(mut self) {
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
            for (connections, limit) in CONNECTIONS.into_iter().zip(&limits) {
                let measured = oha(connections, &headers, &[url.as_str()])?;
                rows.push(Row { path: format!("{name}, {caller}"), connections, limit: *limit, ..measured });
            }
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
        let file = folder.join("bodies");
        std::fs::write(&file, bodies.join("\n"))?;
        for (connections, limit) in CONNECTIONS.into_iter().zip(commits) {
            // Access tokens live ten minutes: a new one for each row.
            let bearer = format!("Authorization: Bearer {}", log_in(server, api::seed::northwind::BUYER).await?);
            let path = file.display().to_string();
            let arguments = ["-m", "POST", "-T", "application/json", "-Z", path.as_str(), url.as_str()];
            let measured = oha(connections, &[&bearer], &arguments)?;
            rows.push(Row { path: name.to_owned(), connections, limit: *limit, ..measured });
        }
    }
    Ok(rows)
}

/// The rates of a constant answer of this size.
fn constant_limits(size: usize) -> Outcome<Vec<f64>> {
    let mut child =
        Command::new(std::env::current_exe()?).args(["constant", &size.to_string()]).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)?;
    }
    let url = format!("http://{}/", line.trim());
    let rates: Outcome<Vec<f64>> =
        CONNECTIONS.into_iter().map(|connections| Ok(oha(connections, &[], &[url.as_str()])?.per_second)).collect();
    child.kill()?;
    child.wait()?;
    rates
}

/// One run of oha; every answer must be a success.
fn oha(connections: u32, headers: &[&str], arguments: &[&str]) -> Outcome<Row> {
    let mut command = Command::new("oha");
    command.args(["--no-tui", "--output-format", "json", "-z", &format!("{SECONDS}s"), "-c", &connections.to_string()]);
    for header in headers {
        command.args(["-H", header]);
    }
    let output = command.args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let codes = report["statusCodeDistribution"].as_object().cloned().unwrap_or_default();
    if codes.keys().any(|code| !code.starts_with('2')) || codes.is_empty() {
        return Err(format!("{arguments:?} answered {codes:?}").into());
    }
    let seconds = |value: &Value| value.as_f64().unwrap_or_default() * 1000.0;
    Ok(Row {
        path: String::new(),
        connections,
        per_second: report["summary"]["requestsPerSec"].as_f64().unwrap_or_default(),
        p50: seconds(&report["latencyPercentiles"]["p50"]),
        p99: seconds(&report["latencyPercentiles"]["p99"]),
        limit: 0.0,
    })
}

/// Single-row commits a second by pgbench at each number of connections.
async fn commits(cluster: &Cluster) -> Outcome<Vec<f64>> {
    cluster.create_database("limit").await?;
    let url = cluster.url("limit");
    let bin: PathBuf = bin_directory()?;
    let table = "CREATE TABLE IF NOT EXISTS row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)";
    Command::new(bin.join("psql")).args([&url, "-q", "-c", table]).status()?;
    let script = tempfile::NamedTempFile::new()?;
    std::fs::write(script.path(), "INSERT INTO row (text) VALUES ('one row in one commit');\n")?;
    let rate = |connections: u32| -> Outcome<f64> {
        let clients = connections.to_string();
        let output = Command::new(bin.join("pgbench"))
            .args(["-n", "-M", "prepared", "-T", &SECONDS.to_string(), "-c", &clients, "-j", "2", "-f"])
            .arg(script.path())
            .arg(&url)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| line.starts_with("tps")).ok_or("pgbench told no rate")?;
        Ok(line.split_whitespace().nth(2).unwrap_or_default().parse()?)
    };
    CONNECTIONS.into_iter().map(rate).collect()
}

fn print(rows: &[Row], commits: &[f64], memory: f64) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "Measured on {cores} cores shared by the server, PostgreSQL (fsync on) and the load tool; {SECONDS} s a row.\n"
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
        "\nThe limit of reads is a constant JSON of the same size on the same framework; that of orders is single-row commits by"
    );
    println!(
        "pgbench ({}). The server's memory peaked at {memory:.0} MiB.",
        commits.iter().map(|rate| format!("{rate:.0}/s")).collect::<Vec<_>>().join(", ")
    );
}
