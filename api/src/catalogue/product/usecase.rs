//! What a seller does with products.

use domain::catalogue::ProductInput;
use domain::catalogue::product::check_unit_kept;
use domain::kernel::money::parse_decimal;
use domain::kernel::quantity::check_quantity;
use domain::kernel::{OrganisationId, ProductId, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::product::{self, ProductRow, StockRow};
use infra::catalogue::{category, code_list, offer, stock};
use infra::db::Connection;
use infra::db::page::{List, Page};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::check::{Checked, check};
use super::dto::{NewProduct, ProductData, ProductDto, StockCount, StockDto};
use crate::catalogue::category::texts;
use crate::catalogue::pricing::tiers_of;
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

fn unknown() -> Refusal {
    Refusal::not_found("product")
}

pub async fn create(tx: &mut Connection, command: &Command, new: &NewProduct) -> Result<Answer<ProductDto>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    let checked = check(tx, &new.product, "/product", None).await?;
    let on_hand = parse_on_hand(new.on_hand.as_deref().unwrap_or("0"))?;
    let codes = checked.codes.clone();
    let row = row_of(command.id(), seller, new.product.category_id, checked, command.at);
    product::insert(tx, &row, on_hand).await?;
    if !codes.is_empty() {
        code_list::set_of_product(tx, row.id, &codes).await?;
    }
    let stock =
        StockRow { product_id: row.id, on_hand, reserved: Decimal::ZERO, version: 1, backorder_limit: Decimal::ZERO };
    event(command, "product.created", &row);
    let dto = dto(tx, &row, &stock).await?;
    Ok(Answer::created(format!("/v1/products/{}", row.id), dto).version(row.version))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
    patch: &Patch<ProductData>,
) -> Result<Answer<ProductDto>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    // Before the product is held: who moves a category holds the tree first, and then its products.
    category::hold_shared(tx).await?;
    let (before, stock) = product::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(before.version, expected)?;
    let known = code_list::of_products(tx, &[id.0]).await?;
    let data = patch.apply(&ProductData::of(&before, &known)?)?;
    let checked = check(tx, &data, "", Some(id.0)).await?;
    check_unit_kept(&before.base_unit, checked.product.unit).map_err(|invalid| invalid.at("/base_unit"))?;
    check_prices(tx, id, checked.product.minimum_order).await?;
    let codes = checked.codes.clone();
    let changed = ProductRow {
        archived_at: before.archived_at,
        image_id: before.image_id,
        created_at: before.created_at,
        version: before.version + 1,
        ..row_of(before.id, seller, data.category_id, checked, command.at)
    };
    product::update(tx, &changed).await?;
    if !(known.is_empty() && codes.is_empty()) {
        code_list::set_of_product(tx, id.0, &codes).await?;
    }
    event(command, "product.changed", &changed);
    Ok(Answer::ok(dto(tx, &changed, &stock).await?).version(changed.version))
}

/// Takes a product out of the range; what was ordered of it stays as it is.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    let (mut row, _) = product::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    row.archived_at = row.archived_at.or(Some(command.at));
    row.version += 1;
    product::update(tx, &row).await?;
    event(command, "product.archived", &row);
    Ok(Answer::no_content())
}

/// What there is of a product. It has a version of its own, since orders change it all the time.
pub async fn find_stock(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
) -> Result<(StockDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (_, stock) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    Ok((StockDto::of(stock.on_hand, stock.reserved), stock.version))
}

/// Sets what was counted in the warehouse.
pub async fn count_stock(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
    counted: &StockCount,
) -> Result<Answer<StockDto>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    let (row, held) = product::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let mut level = held.level()?;
    level.set_on_hand(parse_on_hand(&counted.on_hand)?)?;
    let changed = StockRow { on_hand: level.on_hand(), version: held.version + 1, ..held };
    stock::save(tx, &[changed]).await?;
    let subject = Subject { kind: "product", id: row.id, version: row.version };
    let data = json!({"on_hand": changed.on_hand.normalize().to_string()});
    command.event("product.stock_counted", subject, None, &[seller.0], data);
    Ok(Answer::ok(StockDto::of(changed.on_hand, changed.reserved)).version(changed.version))
}

pub async fn find(connection: &mut Connection, by: &Principal, id: ProductId) -> Result<(ProductDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (row, stock) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    Ok((dto(connection, &row, &stock).await?, row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    sku: Option<&str>,
    page: &Page,
) -> Result<List<ProductDto>, Failure> {
    let seller = by.require(rights::READ)?;
    let found = product::list(connection, seller, sku, page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|(row, _)| row.id).collect();
    let codes = code_list::of_products(connection, &ids).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|(row, stock)| ProductDto::of(row, stock, &codes)).collect();
    Ok(List { items: items?, next: found.next })
}

async fn dto(connection: &mut Connection, row: &ProductRow, stock: &StockRow) -> Result<ProductDto, Failure> {
    let codes = code_list::of_products(connection, &[row.id]).await?;
    ProductDto::of(row, stock, &codes)
}

/// A smaller minimum of order must not leave an offer without a price for it.
async fn check_prices(tx: &mut Connection, id: ProductId, minimum_order: Decimal) -> Result<(), Failure> {
    for offer in offer::of_product(tx, id).await? {
        let tiers = tiers_of(&offer.tiers, &offer.row.currency)?;
        tiers.check_minimum(minimum_order).map_err(|invalid| invalid.at("/minimum_order"))?;
    }
    Ok(())
}

/// A quantity that was counted.
pub fn parse_on_hand(text: &str) -> Result<Decimal, Refusal> {
    parse_decimal(text).and_then(check_quantity).map_err(|invalid| invalid.at("/on_hand"))
}

/// What was kept, as it would be sent in.
pub fn input_of(row: &ProductRow) -> Result<ProductInput, Failure> {
    Ok(ProductInput {
        sku: row.sku.clone(),
        gtin: row.gtin.clone(),
        names: texts(row.name.clone())?,
        descriptions: texts(row.description.clone())?,
        unit: row.base_unit.clone(),
        minimum_order: row.minimum_order,
        order_multiple: row.order_multiple,
        lead_time_days: row.lead_time_days,
        tax_category: row.tax_category.clone(),
        tax_rate: row.tax_rate,
    })
}

/// A new product as it is kept.
pub fn row_of(id: Uuid, seller: OrganisationId, category: Option<Uuid>, checked: Checked, at: Timestamp) -> ProductRow {
    let Checked { product: checked, attributes, packs, .. } = checked;
    ProductRow {
        image_id: None,
        id,
        seller_id: seller.0,
        sku: checked.sku,
        gtin: checked.gtin.map(|gtin| gtin.as_str().to_owned()),
        name: json!(checked.names),
        description: json!(checked.descriptions),
        category_id: category,
        base_unit: checked.unit.code().to_owned(),
        tax_category: checked.tax.category().code().to_owned(),
        tax_rate: checked.tax.rate(),
        minimum_order: checked.minimum_order,
        order_multiple: checked.order_multiple,
        lead_time_days: checked.lead_time_days,
        archived_at: None,
        version: 1,
        created_at: at,
        attributes,
        packs,
    }
}

fn event(command: &Command, kind: &'static str, row: &ProductRow) {
    let subject = Subject { kind: "product", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.seller_id], json!({"sku": row.sku}));
}
