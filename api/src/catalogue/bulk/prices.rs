//! Reprices thousands of offers at once.

use std::collections::HashMap;

use domain::kernel::Refusal;
use infra::Failure;
use infra::catalogue::bulk;
use infra::catalogue::import::goods::Goods;
use infra::catalogue::import::write::{self, Changes};
use infra::catalogue::offer::{OfferRow, TierRow};
use infra::db::Connection;
use serde_json::json;
use uuid::Uuid;

use super::dto::{PriceBatch, PriceResults, PriceRowInput, PriceRowResult};
use super::rows;
use crate::catalogue::offer::usecase::{portal_for_seller, repriced};
use crate::catalogue::pricing::parse_tiers;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;

/// What a row does to the offer: nothing if it has these prices.
struct Decided {
    offer: Uuid,
    change: Option<(OfferRow, Vec<TierRow>)>,
}

/// Sets the prices of offers on a portal; `instance` is the path that was asked. Their audience and times stay.
pub async fn reprice(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    batch: &PriceBatch,
    instance: &str,
) -> Result<Answer<PriceResults>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let skus: Vec<&str> = batch.items.iter().map(|row| row.sku.as_str()).collect();
    let held = bulk::hold_offers(tx, seller, portal, &skus).await?;
    let there: HashMap<&str, &Goods> = held.iter().map(|goods| (goods.product.sku.as_str(), goods)).collect();
    let decided = rows::decide(&batch.items, |row| &row.sku, |row| decide(row, there.get(row.sku.as_str()).copied()))?;
    rows::check_atomic(batch.atomic, &decided)?;
    write::apply(tx, &changes(&decided)).await?;
    for (row, _) in decided.iter().flatten().filter_map(|one| one.change.as_ref()) {
        let subject = Subject { kind: "offer", id: row.id, version: row.version };
        let data = json!({"product_id": row.product_id, "state": row.state});
        command.event("offer.changed", subject, Some(row.portal_id), &[seller.0], data);
    }
    let told = |(row, one): (&PriceRowInput, &Result<Decided, Refusal>)| match one {
        Ok(one) => PriceRowResult { sku: row.sku.clone(), status: 200, offer_id: Some(one.offer), problem: None },
        Err(refusal) => {
            let problem = rows::problem_of(command, instance, refusal);
            PriceRowResult { sku: row.sku.clone(), status: problem.status, offer_id: None, problem: Some(problem) }
        }
    };
    Ok(Answer::ok(PriceResults { results: batch.items.iter().zip(&decided).map(told).collect() }))
}

fn decide(row: &PriceRowInput, there: Option<&Goods>) -> Result<Decided, Failure> {
    let goods = there.ok_or_else(rows::no_product)?;
    if goods.product.archived_at.is_some() {
        return Err(rows::archived());
    }
    let not_offered = || Refusal::fault("/sku", "not_offered", "You have no offer of it on the portal.");
    let (offer, old) = goods.offer.as_ref().ok_or_else(not_offered)?;
    let tiers = parse_tiers(&row.tiers, "/tiers")?;
    tiers.check_minimum(goods.product.minimum_order).map_err(|invalid| invalid.at("/tiers/0/from"))?;
    let change = repriced(offer, old, &tiers).map(|new| {
        let currency = tiers.currency().code().to_owned();
        (OfferRow { currency, version: offer.version + 1, ..offer.clone() }, new)
    });
    Ok(Decided { offer: offer.id, change })
}

fn changes(decided: &[Result<Decided, Refusal>]) -> Changes {
    let mut changes = Changes::default();
    for (row, tiers) in decided.iter().flatten().filter_map(|one| one.change.as_ref()) {
        changes.repriced.push(row.id);
        changes.offers.push(row.clone());
        changes.tiers.extend(tiers.iter().cloned());
    }
    changes
}
