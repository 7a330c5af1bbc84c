//! Northwind: 29 suppliers, 91 customers, 77 products and 830 orders from 1996 to 1998, carried through to paid invoices.

mod companies;
pub mod data;
mod goods;
mod orders;

use infra::Failure;
use infra::db::tx;

use super::cast;
pub use super::{OPERATOR, PASSWORD, email_of};
use crate::app::App;
use crate::auth::password;
use data::Northwind;

/// A buyer to log in as: Alfreds Futterkiste.
pub const BUYER: &str = "owner@alfreds-futterkiste.example";

/// A seller to log in as: Exotic Liquids.
pub const SELLER: &str = "owner@exotic-liquids.example";

/// The portal's name in addresses.
pub const PORTAL: &str = "northwind";

const CURRENCY: &str = "USD";

/// What was loaded.
#[derive(Debug)]
pub struct Loaded {
    pub companies: usize,
    pub products: usize,
    pub orders: usize,
    /// One per order and seller, each with its invoice.
    pub invoices: usize,
}

/// Whether somebody has registered already: then nothing is loaded.
pub async fn is_empty(app: &App) -> Result<bool, Failure> {
    tx::transaction(&app.pool, async |tx| infra::party::organisation::is_none(tx).await).await
}

/// Loads all of it through the use cases of the API, at the times of the history. The database must be empty.
pub async fn load(app: &App) -> Result<Loaded, Failure> {
    let data = Northwind::read()?;
    // The same password for all is hashed once: a hash takes tens of milliseconds.
    let hash = password::hash(PASSWORD.to_owned(), app.config.password_cost).await?;
    let first = data.orders.first().ok_or_else(|| Failure::broken("there are no orders"))?.ordered;
    let opening = cast::hour(first - chrono::TimeDelta::days(30), 8);
    let cast = companies::load(app, &data, &hash, opening).await?;
    let mut goods = goods::load(app, &data, &cast, opening).await?;
    let invoices = orders::load(app, &data, &cast, &mut goods).await?;
    let last = data.orders.iter().map(|order| order.required).max().unwrap_or(first);
    for item in data.products.iter() {
        let Some(good) = goods.get_mut(&item.key) else { continue };
        if good.price != item.price {
            goods::reprice(app, good, item.price, cast::hour(last, 8)).await?;
        }
        if item.discontinued {
            goods::withdraw(app, good, cast::hour(last, 9)).await?;
        }
    }
    Ok(Loaded { companies: cast.companies.len(), products: goods.len(), orders: data.orders.len(), invoices })
}
