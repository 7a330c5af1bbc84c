//! What a seller reads and says of a product's stock, and what buyers may know of it.

use domain::catalogue::lot::{Holding, available_on, first_day};
use domain::kernel::money::parse_decimal;
use domain::kernel::quantity::check_quantity;
use domain::kernel::{Faults, Kind, OfferId, OrganisationId, ProductId, Refusal, Timestamp, WarehouseId};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::lot::{self, LotRow, ReceiptRow};
use infra::catalogue::product::{self, StockRow};
use infra::catalogue::visibility::seen_by;
use infra::catalogue::{search, warehouse};
use infra::db::Connection;
use infra::db::page::{List, Page};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{
    Availability, AvailabilityQuery, BackorderRuleDto, ExpectedReceiptDto, LotDto, MovementDto, NewExpectedReceipt,
};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::portal::access;

pub fn unknown() -> Refusal {
    Refusal::not_found("product")
}

/// Lets pass a reader of its own product.
async fn own(connection: &mut Connection, by: &Principal, id: ProductId) -> Result<StockRow, Failure> {
    let seller = by.require(rights::READ)?;
    Ok(product::find(connection, seller, id).await?.ok_or_else(unknown)?.1)
}

pub async fn lots(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
    page: &Page,
) -> Result<List<LotDto>, Failure> {
    own(connection, by, id).await?;
    Ok(lot::page(connection, id, page).await?.map(|row| LotDto::from(&row)))
}

pub async fn movements(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
    page: &Page,
) -> Result<List<MovementDto>, Failure> {
    own(connection, by, id).await?;
    Ok(lot::movements(connection, id, page).await?.map(|row| MovementDto::from(&row)))
}

pub async fn receipts(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
    page: &Page,
) -> Result<List<ExpectedReceiptDto>, Failure> {
    own(connection, by, id).await?;
    Ok(lot::receipts(connection, id, page).await?.map(|row| ExpectedReceiptDto::from(&row)))
}

/// Notes goods that are expected.
pub async fn expect(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    new: &NewExpectedReceipt,
) -> Result<Answer<ExpectedReceiptDto>, Failure> {
    let own = command.by.member()?.id;
    product::find(tx, own, id).await?.ok_or_else(unknown)?;
    let seller = command.by.require(rights::EDIT)?;
    let mut faults = Faults::default();
    let quantity = faults.keep("/quantity", parse_decimal(&new.quantity).and_then(check_quantity)).unwrap_or_default();
    if quantity.is_zero() && faults.0.is_empty() {
        faults.add("/quantity", "not_positive", "A quantity is more than zero.");
    }
    if new.expected_on < command.at.date_naive() {
        faults.add("/expected_on", "past", "That day is over.");
    }
    if warehouse::hold(tx, seller, WarehouseId(new.warehouse_id)).await?.is_none() {
        faults.add("/warehouse_id", "unknown", "You have no such warehouse.");
    }
    faults.result()?;
    let row = ReceiptRow {
        id: command.id(),
        product_id: id.0,
        warehouse_id: new.warehouse_id,
        quantity,
        expected_on: new.expected_on,
        note: new.note.clone(),
        created_at: command.at,
    };
    lot::insert_receipt(tx, &row).await?;
    tell(command, "stock.receipt_expected", seller, id);
    let location = format!("/v1/products/{id}/expected-receipts/{}", row.id);
    Ok(Answer::created(location, ExpectedReceiptDto::from(&row)))
}

/// They are expected no more. Nothing of an expectation is ever edited, so no ETag is asked for.
pub async fn forget_expected(
    tx: &mut Connection,
    command: &Command,
    (id, receipt): (ProductId, Uuid),
) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    product::find(tx, own, id).await?.ok_or_else(unknown)?;
    let seller = command.by.require(rights::EDIT)?;
    if !lot::delete_receipt(tx, id, receipt).await? {
        return Err(Refusal::not_found("expected receipt").into());
    }
    tell(command, "stock.receipt_forgotten", seller, id);
    Ok(Answer::no_content())
}

pub async fn backorder_rule(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
) -> Result<(BackorderRuleDto, i64), Failure> {
    let stock = own(connection, by, id).await?;
    let (limit, days) = lot::backorder_rule(connection, id).await?;
    Ok((rule(limit, days), stock.version))
}

/// Says how much may be promised beyond what is on hand. What is promised already cannot be taken back by it.
pub async fn set_backorder_rule(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
    wanted: &BackorderRuleDto,
) -> Result<Answer<BackorderRuleDto>, Failure> {
    let own = command.by.member()?.id;
    let (_, held) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let seller = command.by.require(rights::EDIT)?;
    check_version(held.version, expected)?;
    let (limit, days) = match (wanted.rule.as_str(), &wanted.limit) {
        ("allowed", Some(limit)) => {
            let limit = parse_decimal(limit).and_then(check_quantity).map_err(|invalid| invalid.at("/limit"))?;
            (limit, wanted.lead_time_days.unwrap_or_default())
        }
        ("allowed", None) => return Err(Refusal::fault("/limit", "required", "Say up to how much.").into()),
        _ => (Decimal::ZERO, 0),
    };
    held.level()?.set_backorder(limit)?;
    lot::set_backorder_rule(tx, id, limit, days).await?;
    tell(command, "stock.backorders_changed", seller, id);
    Ok(Answer::ok(rule(limit, days)).version(held.version + 1))
}

fn rule(limit: Decimal, days: i32) -> BackorderRuleDto {
    let allowed = !limit.is_zero();
    BackorderRuleDto {
        rule: if allowed { "allowed" } else { "none" }.to_owned(),
        limit: allowed.then(|| limit.normalize().to_string()),
        lead_time_days: allowed.then_some(days),
    }
}

/// What can be had of an offer on a day, for a reader who sees it.
pub async fn availability(
    connection: &mut Connection,
    portal: &str,
    reader: Option<Uuid>,
    id: OfferId,
    query: &AvailabilityQuery,
    now: Timestamp,
) -> Result<Availability, Failure> {
    let seen = access::look(connection, portal, reader, Function::Catalogue).await?;
    let found = search::find(connection, seen.id, seen_by(reader.map(OrganisationId), now), id.0).await?;
    let listed = found.ok_or_else(|| Refusal::not_found("offer"))?;
    let odd = |name: &str, detail: &str| Refusal::new(Kind::InvalidQuery, format!("`{name}`: {detail}"));
    let quantity = match query.quantity.as_deref() {
        Some(text) => {
            parse_decimal(text).and_then(check_quantity).map_err(|invalid| odd("quantity", &invalid.detail))?
        }
        None => listed.product.minimum_order,
    };
    let today = now.date_naive();
    let day = query.date.unwrap_or(today);
    if day < today {
        return Err(odd("date", "That day is over.").into());
    }
    let product = ProductId(listed.product.id);
    let (connection, products) = (&*connection, [product.0]);
    let (rows, expected, (_, days)) = futures::try_join!(
        lot::filled(connection, &products),
        lot::expected(connection, product, today),
        lot::backorder_rule(connection, product)
    )?;
    let stock = listed.stock.level()?;
    let holding = Holding { stock, lots: rows.iter().map(LotRow::lot).collect() };
    let available = available_on(&holding, &expected, today, day);
    let backorder = stock.backorder();
    Ok(Availability {
        offer_id: id.0,
        quantity: quantity.normalize().to_string(),
        date: day,
        available: available.normalize().to_string(),
        sufficient: available >= quantity,
        first_date: first_day(&holding, &expected, quantity, today),
        backorder: Some(backorder).filter(|limit| !limit.is_zero()).map(|limit| limit.normalize().to_string()),
        backorder_days: (!backorder.is_zero()).then_some(days),
    })
}

fn tell(command: &Command, kind: &'static str, seller: OrganisationId, product: ProductId) {
    let subject = Subject { kind: "product", id: product.0, version: 1 };
    command.event(kind, subject, None, &[seller.0], json!({}));
}
