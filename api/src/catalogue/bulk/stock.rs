//! Counts thousands of products at once.

use std::collections::HashMap;

use domain::catalogue::recount::{Said, recount};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Refusal, Unit};
use infra::Failure;
use infra::catalogue::bulk::{self, Counted};
use infra::catalogue::product::StockRow;
use infra::catalogue::stock;
use infra::db::Connection;
use serde_json::json;

use super::dto::{StockBatch, StockResults, StockRowInput, StockRowResult};
use super::rows;
use crate::catalogue::product::dto::{StockDto, packs_of};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;

/// What a row does.
struct Decided<'a> {
    product: &'a Counted,
    now: StockRow,
    changed: bool,
}

/// Sets what rows say of the stock of products; `instance` is the path that was asked. What is kept by warehouse and lot follows the
/// total, as after counting by the single call.
pub async fn count(
    tx: &mut Connection,
    command: &Command,
    batch: &StockBatch,
    instance: &str,
) -> Result<Answer<StockResults>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    let skus: Vec<&str> = batch.items.iter().map(|row| row.sku.as_str()).collect();
    let held = bulk::hold_stock(tx, seller, &skus).await?;
    let there: HashMap<&str, &(Counted, StockRow)> = held.iter().map(|one| (one.0.sku.as_str(), one)).collect();
    let decided = rows::decide(&batch.items, |row| &row.sku, |row| decide(row, there.get(row.sku.as_str()).copied()))?;
    rows::check_atomic(batch.atomic, &decided)?;
    let changed = || decided.iter().flatten().filter(|one| one.changed);
    stock::save(tx, &changed().map(|one| one.now).collect::<Vec<_>>()).await?;
    for one in changed() {
        let subject = Subject { kind: "product", id: one.product.id, version: one.product.version };
        let data = json!({"on_hand": one.now.on_hand.normalize().to_string()});
        command.event("product.stock_counted", subject, None, &[seller.0], data);
    }
    let told = |(row, one): (&StockRowInput, &Result<Decided<'_>, Refusal>)| match one {
        Ok(one) => {
            let stock = Some(StockDto::of(one.now.on_hand, one.now.reserved));
            StockRowResult { sku: row.sku.clone(), status: 200, stock, problem: None }
        }
        Err(refusal) => {
            let problem = rows::problem_of(command, instance, refusal);
            StockRowResult { sku: row.sku.clone(), status: problem.status, stock: None, problem: Some(problem) }
        }
    };
    Ok(Answer::ok(StockResults { results: batch.items.iter().zip(&decided).map(told).collect() }))
}

fn decide<'a>(row: &StockRowInput, there: Option<&'a (Counted, StockRow)>) -> Result<Decided<'a>, Failure> {
    let (product, stock) = there.ok_or_else(rows::no_product)?;
    if product.archived_at.is_some() {
        return Err(rows::archived());
    }
    let (member, quantity) = match (&row.on_hand, &row.change) {
        (Some(on_hand), None) => ("on_hand", on_hand),
        (None, Some(change)) => ("change", change),
        (None, None) => return Err(Refusal::fault("/on_hand", "required", "Say `on_hand` or `change`.").into()),
        (Some(_), Some(_)) => {
            return Err(Refusal::fault("/change", "unexpected", "Say `on_hand` or `change`, not both.").into());
        }
    };
    let unit = Unit::parse(&quantity.unit).map_err(|invalid| invalid.at(format!("/{member}/unit")))?;
    let value = parse_decimal(&quantity.value).map_err(|invalid| invalid.at(format!("/{member}/value")))?;
    let said = if member == "change" { Said::Change(value) } else { Said::OnHand(value) };
    let after = recount(stock.level()?, said, unit, Unit::parse(&product.base_unit)?, &packs_of(&product.packs)?)?;
    let now = StockRow { on_hand: after.on_hand(), ..*stock };
    Ok(Decided { product, changed: now.on_hand != stock.on_hand, now })
}
