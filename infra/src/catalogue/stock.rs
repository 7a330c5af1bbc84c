//! Stock: held in the order of the products' ids, so that two orders never wait for each other in a circle.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::lot;
use super::product::StockRow;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{offer, stock};

/// Stock that is held until the transaction ends, and how much of it has expired, by product.
pub type Held = (Vec<StockRow>, HashMap<Uuid, Decimal>);

/// The stock of these products, held until the transaction ends.
pub async fn lock(tx: &Connection, products: &[Uuid]) -> Result<Vec<StockRow>, Failure> {
    let query = stock::table.filter(stock::product_id.eq_any(products)).order(stock::product_id);
    Ok(query.select(StockRow::as_select()).for_update().load(&mut &*tx).await?)
}

/// [`lock`] for what is to be promised of it: what has expired is read behind the lock, when it changes no more, in the same round trip.
pub async fn hold(tx: &Connection, products: &[Uuid], today: Date) -> Result<Held, Failure> {
    futures::try_join!(lock(tx, products), lot::expired_of(tx, products, today))
}

/// [`hold`] for the products of offers.
pub async fn hold_of_offers(tx: &Connection, offers: &[Uuid], today: Date) -> Result<Held, Failure> {
    let products = offer::table.filter(offer::id.eq_any(offers)).select(offer::product_id);
    let query = stock::table.filter(stock::product_id.eq_any(products)).order(stock::product_id);
    let query = query.select(StockRow::as_select()).for_update();
    let held = async { Ok(query.load(&mut &*tx).await?) };
    futures::try_join!(held, lot::expired_of_offers(tx, offers, today))
}

/// Writes what became of stock that was held, in one statement.
pub async fn save(tx: &Connection, changed: &[StockRow]) -> Result<(), Failure> {
    if !changed.is_empty() {
        Save::new(changed).execute(&mut &*tx).await?;
    }
    Ok(())
}

struct Save {
    products: Vec<Uuid>,
    on_hand: Vec<Decimal>,
    reserved: Vec<Decimal>,
}

impl Save {
    fn new(rows: &[StockRow]) -> Self {
        Self {
            products: rows.iter().map(|row| row.product_id).collect(),
            on_hand: rows.iter().map(|row| row.on_hand).collect(),
            reserved: rows.iter().map(|row| row.reserved).collect(),
        }
    }
}

impl QueryFragment<Pg> for Save {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE stock SET on_hand = n.on_hand, reserved = n.reserved, version = version + 1 FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.products)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.on_hand)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.reserved)?;
        out.push_sql(") AS n (product_id, on_hand, reserved) WHERE stock.product_id = n.product_id");
        Ok(())
    }
}

impl QueryId for Save {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Save {}
