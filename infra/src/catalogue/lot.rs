//! Lots of products in warehouses, what moves them, and what is expected. Whoever changes lots holds the product's stock row.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::catalogue::Lot;
use domain::kernel::{ContractId, Date, LotId, ProductId, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{expected_receipt, goods_return, offer, product, stock, stock_lot, stock_movement, warehouse};

/// What of a product lies in a warehouse under a number.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_lot, treat_none_as_default_value = false)]
pub struct LotRow {
    pub id: Uuid,
    pub product_id: Uuid,
    pub warehouse_id: Uuid,
    /// Empty for what has none.
    pub number: String,
    pub expires_on: Option<Date>,
    pub document_id: Option<Uuid>,
    pub quantity: Decimal,
    pub created_at: Timestamp,
}

/// Goods that came in or, with a quantity below zero, went out.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_movement, treat_none_as_default_value = false)]
pub struct MovementRow {
    pub id: Uuid,
    pub product_id: Uuid,
    pub lot_id: Uuid,
    pub quantity: Decimal,
    pub reason: String,
    pub note: Option<String>,
    /// What led to it.
    pub reference_id: Option<Uuid>,
    pub actor_id: Option<Uuid>,
    pub at: Timestamp,
}

/// Goods that are expected on a day.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = expected_receipt, treat_none_as_default_value = false)]
pub struct ReceiptRow {
    pub id: Uuid,
    pub product_id: Uuid,
    pub warehouse_id: Uuid,
    pub quantity: Decimal,
    pub expected_on: Date,
    pub note: Option<String>,
    pub created_at: Timestamp,
}

impl LotRow {
    /// As the rules see it.
    pub fn lot(&self) -> Lot {
        Lot { id: LotId(self.id), expires_on: self.expires_on, quantity: self.quantity }
    }
}

/// The lots of these products, emptied ones included.
pub async fn of_products(connection: &mut Connection, products: &[Uuid]) -> Result<Vec<LotRow>, Failure> {
    let query =
        stock_lot::table.filter(stock_lot::product_id.eq_any(products)).order((stock_lot::product_id, stock_lot::id));
    Ok(query.select(LotRow::as_select()).load(connection).await?)
}

/// The lots of these products in which something is.
pub async fn filled(connection: &Connection, products: &[Uuid]) -> Result<Vec<LotRow>, Failure> {
    let query = stock_lot::table
        .filter(stock_lot::product_id.eq_any(products).and(stock_lot::quantity.gt(Decimal::ZERO)))
        .order((stock_lot::product_id, stock_lot::id));
    Ok(query.select(LotRow::as_select()).load(&mut &*connection).await?)
}

/// The lots of these products in warehouses that are in use, and stay so until the transaction ends; emptied ones included.
pub async fn hold_in_use(tx: &mut Connection, products: &[Uuid]) -> Result<Vec<LotRow>, Failure> {
    let query = stock_lot::table
        .inner_join(warehouse::table.on(warehouse::id.eq(stock_lot::warehouse_id)))
        .filter(stock_lot::product_id.eq_any(products).and(warehouse::archived_at.is_null()))
        .order((stock_lot::product_id, stock_lot::id))
        .select(LotRow::as_select())
        .for_share();
    Ok(query.load(tx).await?)
}

/// What left each lot under a contract and has not come back by its returns.
pub async fn left_under(tx: &mut Connection, contract: ContractId) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let returns = goods_return::table.filter(goods_return::contract_id.eq(contract.0)).select(goods_return::id);
    let mut references: Vec<Uuid> = returns.load(tx).await?;
    references.push(contract.0);
    let query = stock_movement::table
        .filter(stock_movement::reference_id.eq_any(references))
        .group_by(stock_movement::lot_id)
        .select((stock_movement::lot_id, diesel::dsl::sum(stock_movement::quantity)));
    let moved: Vec<(Uuid, Option<Decimal>)> = query.load(tx).await?;
    Ok(moved.into_iter().map(|(lot, moved)| (lot, -moved.unwrap_or_default())).collect())
}

/// A page of the lots of a product, emptied ones included, oldest first.
pub async fn page(connection: &mut Connection, product: ProductId, page: &Page) -> Result<List<LotRow>, Failure> {
    let mut query = stock_lot::table
        .filter(stock_lot::product_id.eq(product.0))
        .order(stock_lot::id)
        .limit(page.rows())
        .select(LotRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(stock_lot::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &LotRow| row.id))
}

pub async fn insert(tx: &mut Connection, new: &LotRow) -> Result<(), Failure> {
    diesel::insert_into(stock_lot::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps what is known of a lot besides its quantity.
pub async fn update(tx: &mut Connection, changed: &LotRow) -> Result<(), Failure> {
    diesel::update(stock_lot::table.find(changed.id))
        .set((stock_lot::expires_on.eq(changed.expires_on), stock_lot::document_id.eq(changed.document_id)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes movements and what becomes of their lots by them.
pub async fn move_all(tx: &mut Connection, movements: &[MovementRow]) -> Result<(), Failure> {
    if movements.is_empty() {
        return Ok(());
    }
    diesel::insert_into(stock_movement::table).values(movements).execute(tx).await?;
    let lots: Vec<Uuid> = movements.iter().map(|one| one.lot_id).collect();
    let quantities: Vec<Decimal> = movements.iter().map(|one| one.quantity).collect();
    diesel::sql_query(
        "UPDATE stock_lot SET quantity = stock_lot.quantity + n.quantity
         FROM (SELECT lot_id, sum(quantity) AS quantity FROM unnest($1, $2) AS u (lot_id, quantity) GROUP BY lot_id) n
         WHERE stock_lot.id = n.lot_id",
    )
    .bind::<Array<SqlUuid>, _>(lots)
    .bind::<Array<Numeric>, _>(quantities)
    .execute(tx)
    .await?;
    Ok(())
}

/// What moved of a product, oldest first.
pub async fn movements(
    connection: &mut Connection,
    product: ProductId,
    page: &Page,
) -> Result<List<MovementRow>, Failure> {
    let mut query = stock_movement::table
        .filter(stock_movement::product_id.eq(product.0))
        .order(stock_movement::id)
        .limit(page.rows())
        .select(MovementRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(stock_movement::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &MovementRow| row.id))
}

/// How much of these products has expired; of those alone of which something has. Under the lock of the stock it stays so.
pub async fn expired_of(
    connection: &Connection,
    products: &[Uuid],
    today: Date,
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let lots = past(today).filter(stock_lot::product_id.eq_any(products));
    let query = lots.select((stock_lot::product_id, stock_lot::quantity));
    Ok(add_up(query.load(&mut &*connection).await?))
}

/// [`expired_of`] for the products of offers.
pub async fn expired_of_offers(
    connection: &Connection,
    offers: &[Uuid],
    today: Date,
) -> Result<HashMap<Uuid, Decimal>, Failure> {
    let products = offer::table.filter(offer::id.eq_any(offers)).select(offer::product_id);
    let lots = past(today).filter(stock_lot::product_id.eq_any(products));
    let query = lots.select((stock_lot::product_id, stock_lot::quantity));
    Ok(add_up(query.load(&mut &*connection).await?))
}

fn add_up(lots: Vec<(Uuid, Decimal)>) -> HashMap<Uuid, Decimal> {
    let mut totals = HashMap::new();
    for (product, quantity) in lots {
        *totals.entry(product).or_default() += quantity;
    }
    totals
}

/// Lots of which something is left after their last day.
#[diesel::dsl::auto_type]
fn past(today: Date) -> _ {
    let nothing: Decimal = Decimal::ZERO;
    stock_lot::table.filter(stock_lot::expires_on.lt(today)).filter(stock_lot::quantity.gt(nothing))
}

/// A lot of which something is left after its last day.
#[derive(Debug, Clone, Queryable)]
pub struct Expired {
    pub id: Uuid,
    pub expires_on: Option<Date>,
    pub product_id: Uuid,
    pub product_version: i64,
    pub seller_id: Uuid,
}

/// Up to a hundred lots of which something is left that is not promised, those that expired first first; after this one.
pub async fn expired(
    connection: &mut Connection,
    before: Date,
    after: Option<&Expired>,
) -> Result<Vec<Expired>, Failure> {
    let mut query = stock_lot::table
        .inner_join(stock::table.on(stock::product_id.eq(stock_lot::product_id)))
        .inner_join(product::table.on(product::id.eq(stock_lot::product_id)))
        .filter(stock_lot::expires_on.lt(before).and(stock_lot::quantity.gt(Decimal::ZERO)))
        .filter(stock::on_hand.gt(stock::reserved))
        .order((stock_lot::expires_on, stock_lot::id))
        .limit(EXPIRED_AT_ONCE)
        .select((stock_lot::id, stock_lot::expires_on, product::id, product::version, product::seller_id))
        .into_boxed();
    if let Some(after) = after {
        let later = stock_lot::expires_on.gt(after.expires_on);
        query = query.filter(later.or(stock_lot::expires_on.eq(after.expires_on).and(stock_lot::id.gt(after.id))));
    }
    Ok(query.load(connection).await?)
}

/// How many of them are found at once.
pub const EXPIRED_AT_ONCE: i64 = 100;

pub async fn insert_receipt(tx: &mut Connection, new: &ReceiptRow) -> Result<(), Failure> {
    diesel::insert_into(expected_receipt::table).values(new).execute(tx).await?;
    Ok(())
}

/// False if there is none.
pub async fn delete_receipt(tx: &mut Connection, product: ProductId, id: Uuid) -> Result<bool, Failure> {
    let one =
        expected_receipt::table.filter(expected_receipt::id.eq(id).and(expected_receipt::product_id.eq(product.0)));
    Ok(diesel::delete(one).execute(tx).await? > 0)
}

/// A page of what is expected of a product, the next one first; what is overdue as well.
pub async fn receipts(
    connection: &mut Connection,
    product: ProductId,
    page: &Page,
) -> Result<List<ReceiptRow>, Failure> {
    use expected_receipt as e;
    let mut query = e::table
        .filter(e::product_id.eq(product.0))
        .order((e::expected_on, e::id))
        .limit(page.rows())
        .select(ReceiptRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        let day: Date = after.key.parse().unwrap_or_default();
        query = query.filter(e::expected_on.gt(day).or(e::expected_on.eq(day).and(e::id.gt(after.id))));
    }
    let place = |row: &ReceiptRow| After { key: row.expected_on.to_string(), id: row.id };
    Ok(page.cut(query.load(connection).await?, place))
}

/// How much of a product is expected on which day, from this one on.
pub async fn expected(
    connection: &Connection,
    product: ProductId,
    from: Date,
) -> Result<Vec<(Date, Decimal)>, Failure> {
    use expected_receipt as e;
    let days: Vec<(Date, Option<Decimal>)> = e::table
        .filter(e::product_id.eq(product.0).and(e::expected_on.ge(from)))
        .group_by(e::expected_on)
        .order(e::expected_on)
        .select((e::expected_on, diesel::dsl::sum(e::quantity)))
        .load(&mut &*connection)
        .await?;
    Ok(days.into_iter().map(|(day, quantity)| (day, quantity.unwrap_or_default())).collect())
}

/// How much more than there is may be promised, and how long such an order waits.
pub async fn backorder_rule(connection: &Connection, product: ProductId) -> Result<(Decimal, i32), Failure> {
    let query = stock::table.find(product.0).select((stock::backorder_limit, stock::backorder_days));
    Ok(query.first(&mut &*connection).await?)
}

/// Sets the rule and counts the version of the stock up.
pub async fn set_backorder_rule(
    tx: &mut Connection,
    product: ProductId,
    limit: Decimal,
    days: i32,
) -> Result<(), Failure> {
    diesel::update(stock::table.find(product.0))
        .set((stock::backorder_limit.eq(limit), stock::backorder_days.eq(days), stock::version.eq(stock::version + 1)))
        .execute(tx)
        .await?;
    Ok(())
}
