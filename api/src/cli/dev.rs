//! `torg dev`: everything in one place, with a PostgreSQL server of its own.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use api::config::Config;
use api::secret::SecretKey;
use api::seed::{commodities, northwind, sourcing, surplus};
use api::server;
use infra::db::cluster::{Cluster, Options};
use secrecy::SecretString;

use super::serve;

/// The database in the cluster.
const DATABASE: &str = "torg";

pub async fn run(mut config: Config, seed: bool) -> Result<(), String> {
    let listener = serve::listen(&config)?;
    let directory = config.data_directory.clone();
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let cluster = Cluster::start(&Options::durable(&directory)).await.map_err(|error| error.to_string())?;
    cluster.create_database(DATABASE).await.map_err(|error| error.to_string())?;
    config.database_url = Some(SecretString::from(cluster.url(DATABASE)));
    config.secret_key = Some(SecretString::from(secret_key(&directory.join("secret_key"))?));
    let served = run_on(config, listener, seed).await;
    cluster.stop().await.map_err(|error| error.to_string())?;
    served
}

async fn run_on(config: Config, listener: std::net::TcpListener, seed: bool) -> Result<(), String> {
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    if seed {
        if super::seed::load_if_empty(&shared).await? {
            super::seed::load_commodities(&shared).await?;
            super::seed::load_surplus(&shared).await?;
            super::seed::load_sourcing(&shared).await?;
        }
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        println!("{}", welcome(&address.to_string()));
    }
    serve::until_stopped(shared, listener).await
}

/// What somebody needs who starts it for the first time.
fn welcome(address: &str) -> String {
    let (buyer, seller, trader) = (northwind::BUYER, northwind::SELLER, commodities::TRADER);
    let (bidder, purchaser, supplier) = (surplus::BIDDER, sourcing::BUYER, sourcing::QUOTER);
    let (operator, password) = (northwind::OPERATOR, northwind::PASSWORD);
    let (exchange, auctions) = (commodities::PORTAL, surplus::PORTAL);
    format!(
        "
Torg is at http://{address}, its documentation at http://{address}/docs

  a buyer     {buyer}
  a seller    {seller}
  a trader    {trader}
  a bidder    {bidder}
  a purchaser {purchaser}   (asks for quotes)
  a supplier  {supplier}   (quotes)
  operator    {operator}
  password    {password}   (of everybody)

Try: curl 'http://{address}/v1/portals/northwind/catalogue?q=syrup&limit=3'
     curl 'http://{address}/v1/portals/{exchange}/instruments'
     curl 'http://{address}/v1/portals/{auctions}/auctions'
"
    )
}

/// The key of this clone: made at the first start, readable by its owner alone.
fn secret_key(path: &Path) -> Result<String, String> {
    if let Ok(text) = fs::read_to_string(path) {
        SecretKey::parse(&text)?;
        return Ok(text);
    }
    let text = SecretKey::generate().map_err(|failure| failure.to_string())?;
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|e| e.to_string())?;
    file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text)
}
