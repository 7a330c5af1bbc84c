//! A real Redis of the test's own.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::process::signal;

/// A running `redis-server` on a socket of its own.
pub struct Redis {
    server: Child,
    directory: TempDir,
}

impl Redis {
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let server = spawn(&directory);
        let redis = Self { server, directory };
        redis.wait().await;
        redis
    }

    /// An address where no Redis is.
    pub fn nowhere() -> String {
        "redis+unix:///nowhere/redis.sock".to_owned()
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// What `redis-cli` says.
    pub async fn cli(&self, arguments: &[&str]) -> String {
        let output = Command::new("redis-cli").arg("-s").arg(self.socket()).args(arguments).output().await;
        String::from_utf8(output.expect("redis-cli runs").stdout).expect("a text")
    }

    pub fn signal(&self, name: &str) {
        signal(self.server.id().expect("it runs"), name);
    }

    pub async fn kill(&mut self) {
        self.server.kill().await.expect("killed");
    }

    pub async fn start_again(&mut self) {
        self.server = spawn(&self.directory);
        self.wait().await;
    }

    async fn wait(&self) {
        for _ in 0..500 {
            if self.cli(&["PING"]).await.trim() == "PONG" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("Redis does not start");
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("redis.sock")
    }
}

fn spawn(directory: &TempDir) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]);
    command.arg(directory.path().join("redis.sock")).arg("--dir").arg(directory.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    command.spawn().expect("redis-server is installed: scripts/install redis")
}
