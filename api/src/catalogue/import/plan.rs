//! What a batch of rows means for the goods that are there: nothing is loaded and nothing written here. The rules are those of the
//! single calls.

use std::collections::{BTreeMap, HashMap};

use domain::catalogue::attribute::Definition;
use domain::catalogue::import::{Field, ImportKind, Mapping, Row, prices, product as overlay};
use domain::catalogue::offer::Shown;
use domain::catalogue::product::check_unit_kept;
use domain::catalogue::tier::check_first;
use domain::catalogue::{OfferState, OfferStep, Product, ProductInput, Tiers};
use domain::kernel::{Faults, OrganisationId, PortalId, ProductId, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::import::goods::Goods;
use infra::catalogue::import::write::Changes;
use infra::catalogue::offer::{OfferRow, TierRow};
use infra::catalogue::product::{ProductRow, StockRow};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::classify;
use super::reading::{MAX_FAULTS, Parsed, RowFault};
use crate::catalogue::offer::usecase::{repriced, schedule, set_schedule, tier_rows};
use crate::catalogue::product::check::Checked;
use crate::catalogue::product::usecase::{input_of, parse_on_hand, row_of};
use crate::clock::new_id;
use crate::command::Subject;

/// What all rows of a file have in common.
pub struct Setting<'a> {
    pub mapping: &'a Mapping,
    pub kind: ImportKind,
    pub seller: OrganisationId,
    pub portal: Option<PortalId>,
    pub at: Timestamp,
}

/// What is there: goods by number, categories by code, and what holds for them.
#[derive(Default)]
pub struct There {
    pub goods: HashMap<String, Goods>,
    pub categories: HashMap<String, Uuid>,
    pub definitions: HashMap<Uuid, Vec<Definition>>,
    /// The lists of known codes, by the keys of the lists and codes.
    pub codes: HashMap<(String, String), Uuid>,
    /// The codes of products by the keys of their lists.
    pub coded: HashMap<Uuid, BTreeMap<String, String>>,
    /// The lists by key.
    pub lists: HashMap<String, Uuid>,
}

/// Something that happened to one of the goods.
pub struct Happened {
    pub kind: &'static str,
    pub subject: Subject,
    pub portal: Option<PortalId>,
    pub data: Value,
}

/// What became of the rows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub failed: i64,
}

/// A row that was refused.
pub struct Refused {
    pub number: u64,
    pub sku: String,
    pub faults: Vec<RowFault>,
}

/// What is to be done.
#[derive(Default)]
pub struct Plan {
    pub changes: Changes,
    pub happened: Vec<Happened>,
    pub tally: Tally,
    pub refused: Vec<Refused>,
}

/// What one row changes.
#[derive(Default)]
struct Step {
    product: Option<(ProductRow, bool)>,
    stock: Option<(StockRow, bool)>,
    offer: Option<(OfferRow, bool)>,
    tiers: Option<Vec<TierRow>>,
    /// All codes of a product, if they change.
    codes: Option<(Uuid, Vec<(Uuid, String)>)>,
    happened: Vec<Happened>,
}

/// Plans a batch.
pub fn plan(setting: &Setting<'_>, rows: &[Parsed], there: &There) -> Result<Plan, Failure> {
    let column_of = |field: &str| setting.mapping.column_of(field);
    let mut plan = Plan::default();
    for parsed in rows {
        let refused = match &parsed.row {
            Err(faults) => faults.clone(),
            Ok(row) => match step(setting, row, there) {
                Ok(step) => {
                    plan.add(step);
                    continue;
                }
                Err(Failure::Refused(refusal)) => faults_of(refusal, column_of),
                Err(failure) => return Err(failure),
            },
        };
        plan.tally.failed += 1;
        plan.refused.push(Refused { number: parsed.number, sku: parsed.sku.clone(), faults: refused });
    }
    Ok(plan)
}

/// The faults of a refusal with the names of columns for pointers.
fn faults_of(refusal: Refusal, column_of: impl Fn(&str) -> String) -> Vec<RowFault> {
    if refusal.faults.is_empty() {
        let code = super::dto::slug(refusal.kind);
        return vec![RowFault { column: String::new(), code, detail: refusal.detail }];
    }
    let fault = |fault: domain::kernel::Fault| {
        let field = fault.pointer.trim_start_matches('/').replace('/', ".");
        RowFault { column: column_of(&field), code: fault.code, detail: fault.detail }
    };
    refusal.faults.into_iter().take(MAX_FAULTS).map(fault).collect()
}

impl Plan {
    fn add(&mut self, step: Step) {
        let created = step.product.as_ref().is_some_and(|(_, new)| *new);
        let changed = step.product.is_some() || step.stock.is_some() || step.offer.is_some();
        match (created, changed) {
            (true, _) => self.tally.created += 1,
            (false, true) => self.tally.updated += 1,
            (false, false) => self.tally.unchanged += 1,
        }
        let changes = &mut self.changes;
        if let Some((row, new)) = step.product {
            if new { &mut changes.new_products } else { &mut changes.products }.push(row);
        }
        if let Some((row, new)) = step.stock {
            if new { &mut changes.new_stock } else { &mut changes.stock }.push(row);
        }
        if let Some((row, new)) = step.offer {
            if step.tiers.is_some() && !new {
                changes.repriced.push(row.id);
            }
            if new { &mut changes.new_offers } else { &mut changes.offers }.push(row);
        }
        if let Some((product, codes)) = step.codes {
            changes.coded.push(product);
            changes.codes.extend(codes.into_iter().map(|(list, code)| (product, list, code)));
        }
        changes.tiers.extend(step.tiers.into_iter().flatten());
        self.happened.extend(step.happened);
    }
}

fn step(setting: &Setting<'_>, row: &Row, there: &There) -> Result<Step, Failure> {
    let before = there.goods.get(row.sku());
    let mut step = Step::default();
    if before.is_some_and(|goods| goods.product.archived_at.is_some()) {
        return Err(Refusal::fault("/sku", "archived", "The product was taken out of the range.").into());
    }
    let (id, minimum) = match (setting.kind, before) {
        (ImportKind::Products, _) => product(setting, row, before, there, &mut step)?,
        (_, Some(goods)) => (ProductId(goods.product.id), goods.product.minimum_order),
        (_, None) => return Err(Refusal::fault("/sku", "unknown", "You have no such product.").into()),
    };
    if setting.kind != ImportKind::Prices {
        stock(setting, row, before, id, &mut step)?;
    }
    if let Some(portal) = setting.portal
        && setting.kind != ImportKind::Stock
    {
        offer(setting, portal, row, before, (id, minimum), &mut step)?;
    }
    Ok(step)
}

fn product(
    setting: &Setting<'_>,
    row: &Row,
    before: Option<&Goods>,
    there: &There,
    step: &mut Step,
) -> Result<(ProductId, Decimal), Failure> {
    let was = before.map(|goods| &goods.product);
    let mut faults = Faults::default();
    let input = overlay::overlay(row, was.map(input_of).transpose()?);
    let product = input.and_then(ProductInput::check).map_err(|refusal| faults.0.extend(refusal.faults)).ok();
    let category = classify::category(row, was, there, &mut faults);
    let attributes = classify::attributes(setting.mapping, row, was, there, category, &mut faults)?;
    let codes = classify::codes(row, was.map(|was| was.id), there, &mut faults);
    let packs = match &product {
        Some(product) => classify::packs(row, was, product.unit, &mut faults)?,
        None => json!([]),
    };
    let Some(product) = product.filter(|_| faults.0.is_empty()) else { return Err(Refusal::invalid(faults.0).into()) };
    if let Some(goods) = before {
        check_change(setting, goods, &product)?;
    }
    let minimum = product.minimum_order;
    let id = was.map_or_else(|| new_id(setting.at), |was| was.id);
    let recoded = codes.is_some();
    step.codes = codes.map(|codes| (id, codes));
    let checked = Checked { product, attributes, packs, codes: Vec::new() };
    let mut now = row_of(id, setting.seller, category, checked, setting.at);
    let kind = match was {
        None => "product.created",
        Some(was) if same(was, &now) && !recoded => return Ok((ProductId(id), minimum)),
        Some(was) => {
            (now.version, now.created_at) = (was.version + 1, was.created_at);
            "product.changed"
        }
    };
    let subject = Subject { kind: "product", id, version: now.version };
    step.happened.push(Happened { kind, subject, portal: None, data: json!({"sku": now.sku}) });
    step.product = Some((now, was.is_none()));
    Ok((ProductId(id), minimum))
}

/// The base unit stays, and a smaller minimum of order leaves no offer without a price for it. The prices on the portal of the file
/// may come with the same row and are judged with them.
fn check_change(setting: &Setting<'_>, before: &Goods, now: &Product) -> Result<(), Refusal> {
    check_unit_kept(&before.product.base_unit, now.unit).map_err(|invalid| invalid.at("/base_unit"))?;
    for (portal, from) in &before.first_tiers {
        if setting.portal != Some(PortalId(*portal)) {
            check_first(*from, now.minimum_order).map_err(|invalid| invalid.at("/minimum_order"))?;
        }
    }
    Ok(())
}

/// Nothing that a file can say differs.
fn same(was: &ProductRow, now: &ProductRow) -> bool {
    was.gtin == now.gtin
        && was.name == now.name
        && was.description == now.description
        && was.category_id == now.category_id
        && was.base_unit == now.base_unit
        && was.tax_category == now.tax_category
        && was.tax_rate == now.tax_rate
        && was.minimum_order == now.minimum_order
        && was.order_multiple == now.order_multiple
        && was.lead_time_days == now.lead_time_days
        && was.attributes == now.attributes
        && was.packs == now.packs
}

fn stock(
    setting: &Setting<'_>,
    row: &Row,
    before: Option<&Goods>,
    id: ProductId,
    step: &mut Step,
) -> Result<(), Failure> {
    let counted = row.text(&Field::OnHand).map(parse_on_hand).transpose()?;
    let Some(goods) = before else {
        let on_hand = counted.unwrap_or_default();
        step.stock = Some((
            StockRow { product_id: id.0, on_hand, reserved: Decimal::ZERO, version: 1, backorder_limit: Decimal::ZERO },
            true,
        ));
        return Ok(());
    };
    if counted.is_none() && setting.kind == ImportKind::Stock {
        return Err(Refusal::fault("/on_hand", "required", "The quantity is missing.").into());
    }
    let Some(counted) = counted.filter(|counted| *counted != goods.stock.on_hand) else { return Ok(()) };
    let mut level = goods.stock.level()?;
    level.set_on_hand(counted)?;
    let now = StockRow { on_hand: level.on_hand(), version: goods.stock.version + 1, ..goods.stock };
    let subject = Subject { kind: "product", id: id.0, version: goods.product.version };
    let data = json!({"on_hand": now.on_hand.normalize().to_string()});
    step.happened.push(Happened { kind: "product.stock_counted", subject, portal: None, data });
    step.stock = Some((now, false));
    Ok(())
}

fn offer(
    setting: &Setting<'_>,
    portal: PortalId,
    row: &Row,
    before: Option<&Goods>,
    (product, minimum): (ProductId, Decimal),
    step: &mut Step,
) -> Result<(), Failure> {
    let held = before.and_then(|goods| goods.offer.as_ref());
    let tiers = prices::tiers(row, minimum, held.map(|(offer, _)| offer.currency.as_str()))?;
    let publish = prices::published(row)?;
    match (held, tiers) {
        (None, None) if setting.kind == ImportKind::Prices => {
            Err(Refusal::fault("/price", "required", "The price is missing.").into())
        }
        // What has no price is not offered.
        (None, None) => Ok(()),
        (None, Some(tiers)) => {
            let state = if publish == Some(true) { OfferState::Published } else { OfferState::Draft };
            let now = OfferRow {
                id: new_id(setting.at),
                portal_id: portal.0,
                product_id: product.0,
                seller_id: setting.seller.0,
                currency: tiers.currency().code().to_owned(),
                state: state.code().to_owned(),
                version: 1,
                created_at: setting.at,
                audience: "everyone".to_owned(),
                publish_at: None,
                withdraw_at: None,
            };
            let kind = if state == OfferState::Published { "offer.published" } else { "offer.created" };
            step.tiers = Some(tier_rows(now.id, &tiers));
            step.offered(now, true, kind);
            Ok(())
        }
        (Some(held), tiers) => change_offer(setting, held, tiers, minimum, publish, step),
    }
}

fn change_offer(
    setting: &Setting<'_>,
    (offer, old): &(OfferRow, Vec<TierRow>),
    tiers: Option<Tiers>,
    minimum: Decimal,
    publish: Option<bool>,
    step: &mut Step,
) -> Result<(), Failure> {
    let mut now = OfferRow { version: offer.version + 1, ..offer.clone() };
    let mut kind = None;
    match tiers {
        None => {
            let first = old.first().ok_or_else(|| Failure::broken("an offer has no prices"))?;
            check_first(first.from_quantity, minimum).map_err(|invalid| invalid.at("/minimum_order"))?;
        }
        Some(tiers) => {
            if let Some(new) = repriced(offer, old, &tiers) {
                tiers.currency().code().clone_into(&mut now.currency);
                step.tiers = Some(new);
                kind = Some("offer.changed");
            }
        }
    }
    let stands = schedule(offer)?;
    let is_out = matches!(stands.shown(setting.at), Shown::Published | Shown::Scheduled);
    if publish == Some(true) && !is_out {
        set_schedule(&mut now, stands.step(OfferStep::Publish, setting.at)?);
        kind = Some("offer.published");
    } else if publish == Some(false) && is_out {
        set_schedule(&mut now, stands.step(OfferStep::Withdraw, setting.at)?);
        kind = Some("offer.withdrawn");
    }
    if let Some(kind) = kind {
        step.offered(now, false, kind);
    }
    Ok(())
}

impl Step {
    fn offered(&mut self, now: OfferRow, new: bool, kind: &'static str) {
        let subject = Subject { kind: "offer", id: now.id, version: now.version };
        let data = json!({"product_id": now.product_id, "state": now.state});
        self.happened.push(Happened { kind, subject, portal: Some(PortalId(now.portal_id)), data });
        self.offer = Some((now, new));
    }
}
