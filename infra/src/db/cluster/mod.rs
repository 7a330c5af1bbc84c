//! A PostgreSQL cluster of our own from the installed binaries: for `torg dev` and for tests. It listens on a private socket only,
//! and it ends with its owner, however that ends.

mod install;
mod owner;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use sha2::{Digest, Sha256};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

pub use install::bin_directory;
use owner::Owner;

/// The superuser of the cluster.
const USER: &str = "torg";

/// How long starting and stopping may take; recovery after a crash is part of a start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest path that a Unix socket can have, with room for the file's name.
const LONGEST_SOCKET_DIRECTORY: usize = 107 - "/.s.PGSQL.5432".len();

/// Runs the server, and stops it as soon as this script's input ends: the owner holds the other end of the pipe, so that even
/// its SIGKILL closes it. `$1` is a folder to remove at the end, or empty.
const WATCHDOG: &str = r#"
    folder=$1; shift
    exec 3<&0
    "$@" 3<&- &
    server=$!
    { read -r _ <&3; kill -INT $server 2>/dev/null; } &
    watch=$!
    wait $server; status=$?
    kill $watch 2>/dev/null
    [ -z "$folder" ] || rm -rf "$folder"
    exit $status
"#;

/// Why a cluster could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error("PostgreSQL 15 or later is not installed. Install it with: apt-get install postgresql")]
    NotInstalled,
    #[error(
        "{path} was made by PostgreSQL {found}, but {installed} is installed. Install version {found}, move the data with \
         pg_upgrade, or remove the directory to start anew"
    )]
    OtherVersion { path: String, found: String, installed: u32 },
    #[error("{0} is in use by another process: stop that one first")]
    InUse(String),
    #[error("{step}: {source}")]
    Io { step: String, source: io::Error },
    #[error("{step} failed:\n{output}")]
    Failed { step: &'static str, output: String },
    #[error("the new cluster does not answer: {0}")]
    Silent(String),
}

fn io_error(step: impl Into<String>) -> impl FnOnce(io::Error) -> ClusterError {
    move |source| ClusterError::Io { step: step.into(), source }
}

/// What kind of cluster is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    directory: PathBuf,
    /// Survives a crash of the machine; tests do without.
    durable: bool,
    /// Is removed when it stops.
    throw_away: bool,
}

impl Options {
    /// A cluster that keeps its data below `directory`.
    pub fn durable(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), durable: true, throw_away: false }
    }

    /// A cluster for the tests of this process.
    pub fn throw_away() -> Self {
        let directory = std::env::temp_dir().join(format!("torg-test-{}", std::process::id()));
        Self { directory, durable: false, throw_away: true }
    }

    /// What differs from PostgreSQL's defaults.
    fn settings(&self) -> Vec<&'static str> {
        let mut settings =
            vec!["listen_addresses=", "timezone=UTC", "log_timezone=UTC", "unix_socket_permissions=0700"];
        if self.durable {
            settings.extend(["max_connections=300", "shared_buffers=512MB", "wal_buffers=64MB"]);
            // Files of the log are used again: commits wait while a new one is made.
            settings.extend(["min_wal_size=1GB", "max_wal_size=4GB"]);
        } else {
            settings.extend(["max_connections=400", "shared_buffers=64MB", "fsync=off", "synchronous_commit=off"]);
            settings.extend(["full_page_writes=off", "autovacuum=off"]);
        }
        settings
    }
}

/// A running cluster.
pub struct Cluster {
    watchdog: Child,
    socket_directory: PathBuf,
    data: PathBuf,
    /// Held as long as this process uses the directory.
    _lock: File,
}

impl Cluster {
    /// Starts the cluster, after making it if it is not there. Must be called within a tokio runtime.
    pub async fn start(options: &Options) -> Result<Self, ClusterError> {
        let (bin, version) = install::find()?;
        let owner = Owner::current().map_err(io_error("finding a user for PostgreSQL"))?;
        fs::create_dir_all(&options.directory).map_err(io_error(options.directory.display().to_string()))?;
        let root = options.directory.canonicalize().map_err(io_error(options.directory.display().to_string()))?;
        let lock = lock(&root)?;
        let home = owner.home(&root).await.map_err(io_error("making a place for the cluster"))?;
        let data = home.join("data");
        if data.exists() {
            check_version(&data, version)?;
            stop_left_over(&data).await?;
        } else {
            initialise(&bin, &owner, &home, &data).await?;
        }
        let socket_directory = socket_directory(&home, &owner).map_err(io_error("making the socket's directory"))?;
        if options.throw_away {
            owner.take(&root).map_err(io_error("handing over the folder"))?;
        }
        let folder = if options.throw_away { root.as_os_str() } else { "".as_ref() };
        let watchdog = spawn(&bin, &owner, &home, &data, &socket_directory, options, folder)?;
        let mut cluster = Self { watchdog, socket_directory, data, _lock: lock };
        cluster.wait_until_ready(&home).await?;
        Ok(cluster)
    }

    /// The address of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        let host =
            self.socket_directory.display().to_string().replace('%', "%25").replace('/', "%2F").replace(' ', "%20");
        format!("postgres://{USER}@{host}/{database}")
    }

    /// Creates a database unless it is there.
    pub async fn create_database(&self, name: &str) -> Result<(), ClusterError> {
        use diesel::sql_types::{BigInt, Text};
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let silent = |error: &dyn std::fmt::Display| ClusterError::Silent(error.to_string());
        let mut connection =
            AsyncPgConnection::establish(&self.url("postgres")).await.map_err(|error| silent(&error))?;
        let known: Count = diesel::sql_query("SELECT count(*) FROM pg_database WHERE datname = $1")
            .bind::<Text, _>(name)
            .get_result(&mut connection)
            .await
            .map_err(|error| silent(&error))?;
        if known.count == 0 {
            let quoted = name.replace('"', "\"\"");
            connection.batch_execute(&format!("CREATE DATABASE \"{quoted}\"")).await.map_err(|error| silent(&error))?;
        }
        Ok(())
    }

    /// The process id of the server.
    pub fn pid(&self) -> Option<u32> {
        postmaster(&self.data)
    }

    /// Stops the server and waits for its end.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        drop(self.watchdog.stdin.take());
        match timeout(PATIENCE, self.watchdog.wait()).await {
            Ok(ended) => ended.map(|_| ()).map_err(io_error("waiting for PostgreSQL to stop")),
            Err(_) => Err(ClusterError::Silent("it does not stop".to_owned())),
        }
    }

    /// The server says in its pid file when it takes connections.
    async fn wait_until_ready(&mut self, home: &Path) -> Result<(), ClusterError> {
        let ready = async {
            loop {
                if let Ok(Some(_)) = self.watchdog.try_wait() {
                    return Err(ClusterError::Failed { step: "starting PostgreSQL", output: tail(&home.join("log")) });
                }
                let status = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
                if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                    return Ok(());
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        match timeout(PATIENCE, ready).await {
            Ok(outcome) => outcome,
            Err(_) => {
                Err(ClusterError::Failed { step: "starting PostgreSQL in time", output: tail(&home.join("log")) })
            }
        }
    }
}

/// One process at a time uses the directory; the lock goes with the process.
fn lock(root: &Path) -> Result<File, ClusterError> {
    let path = root.join("lock");
    let file = File::create(&path).map_err(io_error(path.display().to_string()))?;
    file.try_lock().map_err(|_| ClusterError::InUse(root.display().to_string()))?;
    Ok(file)
}

fn check_version(data: &Path, installed: u32) -> Result<(), ClusterError> {
    let path = data.join("PG_VERSION");
    let found = fs::read_to_string(&path).map_err(io_error(path.display().to_string()))?.trim().to_owned();
    if found == installed.to_string() {
        return Ok(());
    }
    Err(ClusterError::OtherVersion { path: data.display().to_string(), found, installed })
}

/// Makes the cluster under another name and moves it, so that a kill in between leaves nothing half made.
async fn initialise(bin: &Path, owner: &Owner, home: &Path, data: &Path) -> Result<(), ClusterError> {
    let fresh = home.join("data.new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(io_error("removing a half made cluster"))?;
    }
    let mut command = Command::new(bin.join("initdb"));
    command.args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "-D"]).arg(&fresh);
    let output = owner.run(&mut command).output().await.map_err(io_error("running initdb"))?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(ClusterError::Failed { step: "initdb", output });
    }
    fs::rename(&fresh, data).map_err(io_error("moving the new cluster into its place"))
}

/// The socket lies with the data, or in a short folder of its own where the path would be too long.
fn socket_directory(home: &Path, owner: &Owner) -> io::Result<PathBuf> {
    let near = home.join("socket");
    let directory = if near.as_os_str().len() <= LONGEST_SOCKET_DIRECTORY {
        near
    } else {
        let hash = hex::encode(Sha256::digest(home.as_os_str().as_encoded_bytes()));
        PathBuf::from(format!("/tmp/torg-{}", &hash[..12]))
    };
    owner.create_private(&directory)?;
    Ok(directory)
}

fn spawn(
    bin: &Path,
    owner: &Owner,
    home: &Path,
    data: &Path,
    socket: &Path,
    options: &Options,
    folder: &OsStr,
) -> Result<Child, ClusterError> {
    let log = home.join("log");
    let file = File::options().create(true).append(true).open(&log).map_err(io_error(log.display().to_string()))?;
    let mut command = Command::new("sh");
    command
        .args(["-c", WATCHDOG, "sh"])
        .arg(folder)
        .arg(bin.join("postgres"))
        .arg("-D")
        .arg(data)
        .arg("-k")
        .arg(socket);
    for setting in options.settings() {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(file);
    // A group of its own: Ctrl-C at the terminal is for us, and we stop the server when we are done with it.
    command.process_group(0);
    owner.run(&mut command).spawn().map_err(io_error("starting PostgreSQL"))
}

/// A server that an earlier owner left (it may be stopping just now) is stopped first.
async fn stop_left_over(data: &Path) -> Result<(), ClusterError> {
    let Some(pid) = postmaster(data) else { return Ok(()) };
    let process = PathBuf::from(format!("/proc/{pid}"));
    let ours = || fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == *data);
    if !ours() {
        return Ok(());
    }
    let _ = Command::new("kill").args(["-INT", &pid.to_string()]).status().await;
    let gone = async {
        while ours() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, gone).await.map_err(|_| ClusterError::InUse(data.display().to_string()))
}

/// The process id in the server's pid file.
fn postmaster(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

/// The last lines of the server's log.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
