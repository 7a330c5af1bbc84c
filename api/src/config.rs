//! Configuration: environment variables `TORG_*` over a TOML file over defaults.

use std::net::SocketAddr;
use std::path::PathBuf;

use domain::integration::webhook::network::Network;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::auth::password::Cost;

/// What can be configured. Every field is an environment variable in upper case behind `TORG_`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the service listens.
    pub listen: SocketAddr,
    /// Where other nodes reach this one, such as `http://10.0.0.7:8080`; by default `listen`. Calls for a market go to the node that hosts
    /// it.
    pub node_url: Option<String>,
    /// Where `/metrics` is served without a token; none: nowhere.
    pub operator_listen: Option<SocketAddr>,
    /// The name in the tokens: the public address of the service.
    pub issuer: String,
    /// `postgres://…`; needed by `torg serve`.
    #[serde(serialize_with = "hidden")]
    pub database_url: Option<SecretString>,
    /// `redis://…`; in-process stand-ins without it.
    #[serde(serialize_with = "hidden")]
    pub redis_url: Option<SecretString>,
    /// 32 random bytes in base64, the same on all nodes; needed by `torg serve`.
    #[serde(serialize_with = "hidden")]
    pub secret_key: Option<SecretString>,
    /// Threads that answer requests.
    pub workers: usize,
    /// Connections to PostgreSQL per thread.
    pub connections_per_worker: usize,
    /// Requests a minute from one address without a token.
    pub rate_per_address: u32,
    /// Requests a minute with one credential.
    pub rate_per_credential: u32,
    /// Log-ins a minute for one account, and ten times as many from one address.
    pub rate_log_in: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Where files are kept, if not in S3.
    pub files_directory: PathBuf,
    /// An S3-compatible store for files.
    pub files_s3: Option<S3>,
    /// `smtp://user:password@host:port` or `smtps://…`; mails go to `mail_directory` without it.
    #[serde(serialize_with = "hidden")]
    pub smtp_url: Option<SecretString>,
    pub mail_directory: PathBuf,
    pub mail_from: String,
    /// The longest that a request may take, in seconds; uploads of files may take as long as they need.
    pub request_seconds: u64,
    /// Seconds that a stopping server waits for what runs.
    pub grace_seconds: u64,
    /// What is logged, in the syntax of tracing's `EnvFilter`.
    pub log: String,
    /// For how many offers of a search the prices are worked out of a reader for whom price lists speak, where prices decide what is found
    /// or are counted: those that were published first.
    pub most_priced: u32,
    /// Hours after which a placed order that the seller did not decide on expires.
    pub order_expiry_hours: u32,
    /// Who publishes the requests and awards of open portals as open data.
    pub publisher: String,
    /// What the Open Contracting Partnership gave to the publisher, such as `ocds-213czf`: the beginning of each process's identifier.
    pub ocid_prefix: String,
    /// The address of the licence of that data.
    pub open_data_license: Option<String>,
    /// The largest file, in bytes.
    pub max_file_size: u64,
    /// The largest file for import, in bytes.
    pub max_import_size: u64,
    /// Networks such as `127.0.0.0/8` that webhooks may call although they are not public, also without encryption: for development.
    pub webhook_allowed_networks: Vec<String>,
    /// Where `torg dev` keeps its data.
    pub data_directory: PathBuf,
    /// Nobody's setting: tests take less.
    #[serde(skip)]
    pub password_cost: Cost,
}

/// An S3-compatible store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub bucket: String,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub access_key: String,
    #[serde(serialize_with = "hidden_always")]
    pub secret: SecretString,
    #[serde(default)]
    pub allow_http: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            node_url: None,
            operator_listen: None,
            issuer: "http://127.0.0.1:8080".into(),
            database_url: None,
            redis_url: None,
            secret_key: None,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            connections_per_worker: 4,
            rate_per_address: 600,
            rate_per_credential: 6_000,
            rate_log_in: 10,
            trusted_proxies: Vec::new(),
            files_directory: ".torg/files".into(),
            files_s3: None,
            smtp_url: None,
            mail_directory: ".torg/mail".into(),
            mail_from: "Torg <no-reply@localhost>".into(),
            request_seconds: 30,
            grace_seconds: 20,
            log: "info".into(),
            most_priced: 10_000,
            order_expiry_hours: 72,
            publisher: "Torg".into(),
            ocid_prefix: "ocds-000000".into(),
            open_data_license: None,
            max_file_size: 64 * 1024 * 1024,
            max_import_size: 512 * 1024 * 1024,
            webhook_allowed_networks: Vec::new(),
            data_directory: ".torg".into(),
            password_cost: Cost::default(),
        }
    }
}

impl Config {
    /// Reads the file (by default `torg.toml`, if it is there) and the environment. The error names what is wrong.
    pub fn load(file: Option<PathBuf>) -> Result<Self, String> {
        let file = match file {
            Some(path) if !path.exists() => {
                return Err(format!("the configuration file {} is not there", path.display()));
            }
            Some(path) => path,
            None => "torg.toml".into(),
        };
        let config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("TORG_").split("__"))
            .extract()
            .map_err(|error| error.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join("; "))?;
        config.check()?;
        Ok(config)
    }

    /// Where other nodes reach this one.
    pub fn node_address(&self) -> String {
        let given = self.node_url.as_ref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.listen))
    }

    fn check(&self) -> Result<(), String> {
        let bounds = [
            ("workers", self.workers as u64, 1, 256),
            ("connections_per_worker", self.connections_per_worker as u64, 1, 100),
            ("rate_per_address", self.rate_per_address.into(), 1, u64::MAX),
            ("rate_per_credential", self.rate_per_credential.into(), 1, u64::MAX),
            ("rate_log_in", self.rate_log_in.into(), 1, u64::MAX),
            ("request_seconds", self.request_seconds, 1, 600),
            ("most_priced", self.most_priced.into(), 1, 1_000_000),
            ("order_expiry_hours", self.order_expiry_hours.into(), 1, 24 * 365),
            ("max_import_size", self.max_import_size, 1, 5 * 1024 * 1024 * 1024),
            ("max_file_size", self.max_file_size, 1, 5 * 1024 * 1024 * 1024),
        ];
        for (name, value, least, most) in bounds {
            if !(least..=most).contains(&value) {
                return Err(format!("{name} is {value}; it takes {least} to {most}"));
            }
        }
        for text in &self.webhook_allowed_networks {
            Network::parse(text).map_err(|invalid| format!("webhook_allowed_networks: {}", invalid.detail))?;
        }
        Ok(())
    }
}

fn hidden<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) if !secret.expose_secret().is_empty() => serializer.serialize_some("(hidden)"),
        _ => serializer.serialize_none(),
    }
}

fn hidden_always<S: Serializer>(_: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("(hidden)")
}
