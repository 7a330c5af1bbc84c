//! `torg seed northwind`, `torg seed commodities` and `torg seed okpd2`.

use std::sync::Arc;
use std::time::Instant;

use api::app::Shared;
use api::config::Config;
use api::seed::{commodities as exchange, northwind, okpd2 as codes};
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
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    let app = server::on_thread(&shared).map_err(|failure| failure.to_string())?;
    if !exchange::may_be_loaded(&app).await.map_err(|failure| failure.to_string())? {
        let detail = "somebody has registered in this database already: the demonstration data go into an empty one, or beside Northwind";
        return Err(detail.to_owned());
    }
    load_commodities(&shared).await
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

/// Loads OKPD2 and makes a category of each of its codes; doing it again changes nothing.
pub async fn okpd2(config: Config) -> Result<(), String> {
    let shared = server::prepare(config).await.map_err(|failure| failure.to_string())?;
    let app = server::on_thread(&shared).map_err(|failure| failure.to_string())?;
    let loaded = codes::load(&app).await.map_err(|failure| failure.to_string())?;
    println!("OKPD2 is loaded: {} categories are new, {} were there.", loaded.created, loaded.kept);
    Ok(())
}
