//! The public load tools, and the limits that rows are held against.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};
use infra::db::cluster::{Cluster, bin_directory};
use serde_json::Value;

use super::Outcome;

pub const CONNECTIONS: [u32; 3] = [1, 16, 64];

/// For how many seconds each row is measured: `BENCH_SECONDS`, 8 by default.
pub fn seconds() -> u64 {
    setting("BENCH_SECONDS", 8)
}

/// A number from the environment.
pub fn setting(name: &str, default: u64) -> u64 {
    #[allow(clippy::disallowed_methods, reason = "the bench has no configuration of its own")]
    let given = std::env::var(name).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The limit of HTTP: a constant JSON of that size, on the same server framework.
pub fn constant(size: usize) -> Outcome<()> {
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
pub struct Row {
    pub path: String,
    pub connections: u32,
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    pub p999: f64,
    /// The same in the limit it is held against.
    pub limit: f64,
}

/// The rates of a constant answer of this size at each usual number of connections.
pub fn constant_limits(size: usize) -> Outcome<Vec<f64>> {
    constant_rates(size, &CONNECTIONS)
}

/// The rates of a constant answer of this size.
pub fn constant_rates(size: usize, connections: &[u32]) -> Outcome<Vec<f64>> {
    let mut child =
        Command::new(std::env::current_exe()?).args(["constant", &size.to_string()]).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)?;
    }
    let url = format!("http://{}/", line.trim());
    let rates: Outcome<Vec<f64>> =
        connections.iter().map(|&connections| Ok(oha(connections, &[], &[url.as_str()])?.per_second)).collect();
    child.kill()?;
    child.wait()?;
    rates
}

/// One run of oha; every answer must be a success.
pub fn oha(connections: u32, headers: &[&str], arguments: &[&str]) -> Outcome<Row> {
    let mut command = Command::new("oha");
    command.args(["--no-tui", "--output-format", "json", "-c", &connections.to_string()]);
    // Who wants a number of requests says so.
    if !arguments.contains(&"-n") {
        command.args(["-z", &format!("{}s", seconds())]);
    }
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
        p999: seconds(&report["latencyPercentiles"]["p99.9"]),
        limit: 0.0,
    })
}

/// What the server's database answers to a query that gives one value.
pub fn asked(cluster: &Cluster, query: &str) -> Outcome<String> {
    let output =
        Command::new(bin_directory()?.join("psql")).args([&cluster.url("torg"), "-A", "-t", "-c", query]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Has the database make a gigabyte of log files ahead, as one has that was in use for a while: it uses them again and again, but all commits
/// wait while a new one is made.
pub fn make_log_files(cluster: &Cluster) -> Outcome<()> {
    asked(cluster, "SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal() FROM generate_series(1, 64)")?;
    asked(cluster, "CHECKPOINT")?;
    Ok(())
}

/// Has all written that earlier rows have left, so that no row pays for another one.
pub fn settle(cluster: &Cluster) -> Outcome<()> {
    asked(cluster, "CHECKPOINT")?;
    Command::new("sync").status()?;
    Ok(())
}

/// Single-row commits a second by pgbench at each of these numbers of connections: each a row of its own.
pub async fn commits(cluster: &Cluster, connections: &[u32]) -> Outcome<Vec<f64>> {
    pgbench(cluster, connections, "INSERT INTO row (text) VALUES ('one row in one commit');\n").await
}

/// Commits a second that all change the same row, one after the other: what an auction in one row could take.
pub async fn commits_of_one_row(cluster: &Cluster, connections: &[u32]) -> Outcome<Vec<f64>> {
    pgbench(cluster, connections, "UPDATE hot SET number = number + 1;\n").await
}

async fn pgbench(cluster: &Cluster, connections: &[u32], statement: &str) -> Outcome<Vec<f64>> {
    cluster.create_database("limit").await?;
    let url = cluster.url("limit");
    let bin: PathBuf = bin_directory()?;
    let tables = "CREATE TABLE IF NOT EXISTS row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
        CREATE TABLE IF NOT EXISTS hot (number bigint);
        INSERT INTO hot SELECT 0 WHERE NOT EXISTS (SELECT FROM hot)";
    Command::new(bin.join("psql")).args([&url, "-q", "-c", tables]).status()?;
    let script = tempfile::NamedTempFile::new()?;
    std::fs::write(script.path(), statement)?;
    let rate = |connections: u32| -> Outcome<f64> {
        let clients = connections.to_string();
        let output = Command::new(bin.join("pgbench"))
            .args(["-n", "-M", "prepared", "-T", &seconds().to_string(), "-c", &clients, "-j", "2", "-f"])
            .arg(script.path())
            .arg(&url)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| line.starts_with("tps")).ok_or("pgbench told no rate")?;
        Ok(line.split_whitespace().nth(2).unwrap_or_default().parse()?)
    };
    connections.iter().copied().map(rate).collect()
}

/// A row for each number of connections.
pub fn rows(name: &str, limits: &[f64], headers: &[&str], arguments: &[&str]) -> Outcome<Vec<Row>> {
    let measure = |(connections, limit): (u32, &f64)| -> Outcome<Row> {
        let row = Row { path: name.to_owned(), connections, limit: *limit, ..oha(connections, headers, arguments)? };
        // The table comes at the end; who waits for it sees how far it is.
        eprintln!("{name}, {connections}: {:.0}/s, p99 {:.2} ms", row.per_second, row.p99);
        Ok(row)
    };
    CONNECTIONS.into_iter().zip(limits).map(measure).collect()
}
