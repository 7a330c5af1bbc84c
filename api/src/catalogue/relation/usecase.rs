//! What a seller does with the relations of products.

use domain::kernel::{Faults, ProductId, Refusal};
use infra::Failure;
use infra::catalogue::product;
use infra::catalogue::relation::{self, RelationRow};
use infra::db::Connection;
use serde_json::json;
use uuid::Uuid;

use super::{RelatedProductDto, RelationsData, RelationsDto};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;

const SUBSTITUTE: &str = "substitute";
const ACCESSORY: &str = "accessory";

fn unknown() -> Refusal {
    Refusal::not_found("product")
}

/// Names what stands beside a product, instead of what was named before.
pub async fn replace(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    expected: i64,
    data: &RelationsData,
) -> Result<Answer<RelationsDto>, Failure> {
    let seller = command.by.require(rights::EDIT)?;
    let (mut row, _) = product::lock(tx, seller, id).await?.ok_or_else(unknown)?;
    check_version(row.version, expected)?;
    let named: Vec<Uuid> = data.substitutes.iter().chain(&data.accessories).copied().collect();
    let own = relation::own(tx, seller, &named).await?;
    let mut rows = Vec::new();
    let mut faults = Faults::default();
    for (kind, field, ids) in
        [(SUBSTITUTE, "substitutes", &data.substitutes), (ACCESSORY, "accessories", &data.accessories)]
    {
        for ((index, related), position) in ids.iter().enumerate().zip(1..) {
            let pointer = format!("/{field}/{index}");
            if *related == id.0 {
                faults.add(pointer, "itself", "A product is not beside itself.");
            } else if ids[..index].contains(related) {
                faults.add(pointer, "twice", "The product is named already.");
            } else if !own.contains(related) {
                faults.add(pointer, "unknown", "You have no such product.");
            }
            rows.push(RelationRow { product_id: id.0, kind: kind.to_owned(), related_id: *related, position });
        }
    }
    faults.result()?;
    relation::replace(tx, id, &rows).await?;
    row.version += 1;
    product::update(tx, &row).await?;
    let subject = Subject { kind: "product", id: id.0, version: row.version };
    command.event("product.relations_changed", subject, None, &[seller.0], json!({"sku": row.sku}));
    Ok(Answer::ok(dto(tx, id).await?).version(row.version))
}

pub async fn find(connection: &mut Connection, by: &Principal, id: ProductId) -> Result<(RelationsDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (row, _) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    Ok((dto(connection, id).await?, row.version))
}

async fn dto(connection: &mut Connection, id: ProductId) -> Result<RelationsDto, Failure> {
    let rows = relation::of_product(connection, id).await?;
    let of = |kind: &str| {
        let named = rows.iter().filter(|(row, _)| row.kind == kind);
        named.map(|(row, sku)| RelatedProductDto { product_id: row.related_id, sku: sku.clone() }).collect()
    };
    Ok(RelationsDto { substitutes: of(SUBSTITUTE), accessories: of(ACCESSORY) })
}
