//! The real binary, as a process that can be killed.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::client::Client;

const PATIENCE: Duration = Duration::from_secs(30);

/// The binary that `make test` builds beside the tests.
pub fn binary() -> PathBuf {
    let here = std::env::current_exe().expect("the test's own path");
    let built = here.parent().and_then(|deps| deps.parent()).expect("a target directory").join("torg");
    assert!(built.exists(), "{} is missing: cargo build --bin torg (make test does it)", built.display());
    built
}

/// A command of the binary with these variables and nothing else of ours.
fn command(arguments: &[&str], variables: &[(&str, &str)], directory: &TempDir) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env_clear().envs(variables.iter().copied()).current_dir(directory.path());
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command of the binary to its end.
pub async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let directory = tempfile::tempdir().expect("a directory");
    let ended = timeout(PATIENCE, command(arguments, variables, &directory).output()).await;
    ended.expect("it ends").expect("it runs")
}

/// A running `torg serve`.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
    _directory: TempDir,
}

impl Service {
    /// Starts it and waits until it is ready.
    pub async fn start(variables: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let listen = address.to_string();
        let mut all = vec![("TORG_LISTEN", listen.as_str()), ("TORG_LOG", "error"), ("TORG_WORKERS", "1")];
        all.extend([("TORG_RATE_PER_CREDENTIAL", "1000000"), ("TORG_RATE_PER_ADDRESS", "1000000")]);
        all.extend(variables);
        let child = command(&["serve"], &all, &directory).spawn().expect("it starts");
        let mut service = Self { child, address, _directory: directory };
        let client = service.client();
        let ready = timeout(PATIENCE, async {
            while client.try_get("/readyz").await.is_none_or(|answer| answer.status != 200) {
                assert!(service.child.try_wait().expect("known").is_none(), "the service has ended");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        ready.await.expect("the service is ready in time");
        service
    }

    /// Where it is reached, also by other nodes.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody without a token.
    pub fn client(&self) -> Client {
        Client::new(self.url())
    }

    pub fn signal(&self, name: &str) {
        signal(self.child.id().expect("it runs"), name);
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait()).await.expect("it ends in time").expect("it ended")
    }

    /// SIGKILL, as when the machine loses its power.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("killed");
    }
}

/// Sends a signal (`KILL`, `STOP`, `CONT`, `TERM`) to a process that the test started.
pub fn signal(pid: u32, name: &str) {
    let status = std::process::Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(status.expect("kill runs").success(), "no process {pid}");
}

/// The processes that a process has started.
pub fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    tasks.split_whitespace().filter_map(|one| one.parse().ok()).collect()
}
