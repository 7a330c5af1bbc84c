//! `torg seed northwind`, `torg seed commodities`, `torg seed surplus`, `torg seed sourcing` and `torg seed okpd2`.

use std::sync::Arc;
use std::time::Instant;

use api::app::Shared;
use api::config::Config;
use api::seed::{commodities as exchange, northwind, okpd2 as codes, sourcing as tenders, surplus as auctions};
use api::server;

pub async fn northwind(config: Config) -> Result<(), String> {
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    if load_if_empty(&shared).await? {
        return Ok(());
    }
    Err("somebody has registered in this database already: the demonstration data goes into an empty one".to_owned())
}

/// Loads the demonstration data where nobody has registered yet; false where somebody has.
pub async fn load_if_empty(shared: &Arc<Shared>) -> Result<bool, String> {
    let app = server::on_thread(shared).map_err(|failure| failure.to_string())?;
    if !northwind::is_empty(&app).await.map_err(|failure| failure.to_string())? {
        return Ok(false);
    }
    let started = Instant::now();
    let loaded = northwind::load(&app).await.map_err(|failure| format!("the demonstration data: {failure}"))?;
    println!(
        "Loaded {} companies, {} products, {} orders and {} paid invoices in {:.1} s.",
        loaded.companies,
        loaded.products,
        loaded.orders,
        loaded.invoices,
        started.elapsed().as_secs_f32()
    );
    Ok(true)
}

pub async fn commodities(config: Config) -> Result<(), String> {
    load_commodities(&prepared(config).await?).await
}

pub async fn surplus(config: Config) -> Result<(), String> {
    load_surplus(&prepared(config).await?).await
}

pub async fn sourcing(config: Config) -> Result<(), String> {
    load_sourcing(&prepared(config).await?).await
}

/// The service over a database that is empty, or holds demonstration data.
async fn prepared(config: Config) -> Result<Arc<Shared>, String> {
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    let app = server::on_thread(&shared).map_err(|failure| failure.to_string())?;
    if !api::seed::may_be_loaded(&app).await.map_err(|failure| failure.to_string())? {
        let detail = "somebody has registered in this database already: demonstration data go into an empty one, or beside others";
        return Err(detail.to_owned());
    }
    Ok(shared)
}

/// Loads the exchange; nobody may serve the database meanwhile.
pub async fn load_commodities(shared: &Arc<Shared>) -> Result<(), String> {
    let started = Instant::now();
    let loaded = exchange::load(&shared.config).await.map_err(|failure| format!("the commodities: {failure}"))?;
    println!(
        "Loaded an exchange with {} companies, {} instruments and the {} trades of {} in {:.1} s.",
        loaded.companies,
        loaded.instruments,
        loaded.trades,
        loaded.day,
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Loads the auctions; nobody may serve the database meanwhile.
pub async fn load_surplus(shared: &Arc<Shared>) -> Result<(), String> {
    let started = Instant::now();
    let loaded = auctions::load(&shared.config).await.map_err(|failure| format!("the surplus: {failure}"))?;
    let (companies, count, seconds) = (loaded.companies, loaded.auctions, started.elapsed().as_secs_f32());
    println!("Loaded {count} auctions of {companies} companies in {seconds:.1} s.");
    Ok(())
}

/// Loads the requests for quotation; nobody may serve the database meanwhile.
pub async fn load_sourcing(shared: &Arc<Shared>) -> Result<(), String> {
    let started = Instant::now();
    let loaded = tenders::load(&shared.config).await.map_err(|failure| format!("the tenders: {failure}"))?;
    println!(
        "Loaded {} requests for quotation and {} quotes of {} companies in {:.1} s.",
        loaded.requests,
        loaded.quotes,
        loaded.companies,
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Loads OKPD2 and makes a category of each of its codes; doing it again changes nothing.
pub async fn okpd2(config: Config) -> Result<(), String> {
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    let app = server::on_thread(&shared).map_err(|failure| failure.to_string())?;
    let loaded = codes::load(&app).await.map_err(|failure| failure.to_string())?;
    println!("OKPD2 is loaded: {} categories are new, {} were there.", loaded.created, loaded.kept);
    Ok(())
}
