//! Ordering again, and quickly: drafts out of earlier orders, requisition lists and lists of SKUs.

use std::collections::HashMap;

use domain::kernel::{Findings, Kind, OrderId, Refusal};
use domain::ordering::quick::{QuickLine, parse_csv};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::{offer, pricing, visibility};
use infra::db::Connection;
use infra::ordering::order;
use infra::ordering::quick::{self, BySku};
use uuid::Uuid;

use super::dto::{LineData, OrderData, Orders};
use super::quick_dto::{DraftedAgain, NoLongerOffered, QuickOrderData};
use super::usecase::{self, unknown};
use super::{rights, sight};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::dto::QuantityDto;
use crate::portal::access;

/// The most sellers that are named for a SKU.
const MAX_CANDIDATES: usize = 10;

/// A new draft of what an order asked for, at today's prices.
pub async fn reorder(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    languages: &[String],
) -> Result<Answer<DraftedAgain>, Failure> {
    let own = command.by.member()?.id;
    let before = order::find(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    sight::check(tx, &command.by, command.at, &before).await?;
    command.by.require(rights::BUY)?;
    // Dates are over, and the term of payment is as the seller gives it today, as prices are.
    let mut data = OrderData { requested_date: None, payment_days: None, ..OrderData::of(&before)? };
    for line in &mut data.lines {
        line.requested_date = None;
        line.price_proposal_id = None;
    }
    draft(tx, app, command, data, languages).await
}

/// Drafts an order of those lines that are offered still, and says which are not.
pub async fn draft(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut data: OrderData,
    languages: &[String],
) -> Result<Answer<DraftedAgain>, Failure> {
    let buyer = command.by.require(rights::BUY)?;
    let ids: Vec<Uuid> = data.lines.iter().map(|line| line.offer_id).collect();
    let (offers, visible, listed) = {
        let tx = &*tx;
        let seen = visibility::among(tx, &ids, visibility::seen_by(Some(buyer), command.at));
        let listed = pricing::listed_prices(tx, Some(buyer), &ids, command.at);
        futures::try_join!(offer::load(tx, &ids), seen, listed)?
    };
    // A price list may give a price in another currency than the offer's.
    let is_listed = |offer: Uuid| {
        let mut of_offer = listed.iter().filter(|tier| tier.offer_id == offer);
        of_offer.any(|tier| tier.currency.as_deref() == Some(data.currency.as_str()))
    };
    let is_offered = |line: &LineData| {
        offers.iter().any(|offer| {
            offer.row.id == line.offer_id
                && offer.row.state == "published"
                && offer.row.portal_id == data.portal_id
                && (offer.row.currency == data.currency || is_listed(offer.row.id))
                && offer.seller_trades
                && offer.product.archived_at.is_none()
        }) && visible.contains(&line.offer_id)
    };
    let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut data.lines).into_iter().partition(is_offered);
    if kept.is_empty() {
        return Err(Refusal::new(Kind::NotOffered, "Nothing of it is offered any more.").into());
    }
    data.lines = kept;
    data.submit = false;
    let Answer { status, location, version, body } = usecase::create(tx, app, command, &data, languages).await?;
    let no_longer_offered = gone.iter().map(|line| NoLongerOffered {
        offer_id: line.offer_id,
        sku: offers.iter().find(|offer| offer.row.id == line.offer_id).map(|offer| offer.product.sku.clone()),
        quantity: line.quantity.clone(),
    });
    let no_longer_offered = no_longer_offered.collect();
    let body = body.map(|Orders { orders }| DraftedAgain { orders, no_longer_offered });
    Ok(Answer { status, location, version, body })
}

/// Orders by SKU, or drafts it.
pub async fn quick_order(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    data: &QuickOrderData,
    languages: &[String],
) -> Result<Answer<Orders>, Failure> {
    let buyer = command.by.require(rights::BUY)?;
    // Who may not buy there does not hear what is offered.
    let portal = access::look(tx, &data.portal_id.to_string(), Some(buyer.0), Function::Catalogue).await?;
    access::may(&portal, Capability::Buy)?;
    let wanted = wanted(data)?;
    let mut skus: Vec<String> = wanted.iter().map(|(line, _)| line.sku.clone()).collect();
    skus.sort_unstable();
    skus.dedup();
    let found = quick::offers_by_sku(tx, data.portal_id, &skus).await?;
    let ids: Vec<Uuid> = found.iter().map(|one| one.offer_id).collect();
    let visible = visibility::among(tx, &ids, visibility::seen_by(Some(buyer), command.at)).await?;
    let mut by_sku: HashMap<&str, Vec<&BySku>> = HashMap::new();
    for one in found.iter().filter(|one| visible.contains(&one.offer_id) && one.seller_id != buyer.0) {
        by_sku.entry(&one.sku).or_default().push(one);
    }
    let order = OrderData { lines: resolve(&wanted, &by_sku)?, ..data.order() };
    usecase::create(tx, app, command, &order, languages).await
}

/// The lines of the body and then those of its CSV, each with the seller it names.
fn wanted(data: &QuickOrderData) -> Result<Vec<(QuickLine, Option<Uuid>)>, Refusal> {
    let typed = data.lines.iter().map(|line| {
        let (sku, quantity) = (line.sku.trim().to_owned(), line.quantity.clone());
        (QuickLine { sku, quantity, unit: line.unit.clone() }, line.seller_id)
    });
    let csv = data.csv.as_deref().map(parse_csv).transpose()?.unwrap_or_default();
    Ok(typed.chain(csv.into_iter().map(|line| (line, None))).collect())
}

/// The offer of each line. A SKU that nobody offers is told, and one that several sellers do, with the candidates.
fn resolve(
    wanted: &[(QuickLine, Option<Uuid>)],
    by_sku: &HashMap<&str, Vec<&BySku>>,
) -> Result<Vec<LineData>, Refusal> {
    let mut findings = Findings::default();
    let mut lines = Vec::new();
    for (index, (line, seller)) in wanted.iter().enumerate() {
        let pointer = format!("/lines/{index}/sku");
        let all = by_sku.get(line.sku.as_str()).map(Vec::as_slice).unwrap_or_default();
        let fitting: Vec<&&BySku> = all.iter().filter(|one| seller.is_none_or(|id| id == one.seller_id)).collect();
        match fitting.as_slice() {
            [one] => {
                let unit = line.unit.clone().unwrap_or_else(|| one.unit.clone());
                let quantity = QuantityDto { value: line.quantity.clone(), unit };
                lines.push(LineData::new(one.offer_id, quantity));
            }
            [] => {
                let detail = format!("Nobody offers `{}` on this portal.", line.sku);
                findings.add(Kind::NotOffered, pointer, "not_offered", detail);
            }
            several => {
                let name = |one: &&&BySku| format!("{} (seller_id {})", one.seller_name, one.seller_id);
                let names: Vec<String> = several.iter().take(MAX_CANDIDATES).map(name).collect();
                let more = if several.len() > MAX_CANDIDATES { " and others" } else { "" };
                let detail = format!("`{}` is offered by {}{more}: name one.", line.sku, names.join(", "));
                findings.add(Kind::InvalidInput, pointer, "ambiguous_sku", detail);
            }
        }
    }
    findings.result()?;
    Ok(lines)
}
