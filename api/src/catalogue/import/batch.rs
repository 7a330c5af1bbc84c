//! A batch of rows in one transaction: goods, events, what was refused, and how far the job is.

use std::collections::HashSet;

use domain::catalogue::import::{Cell, Field, ImportKind, JobState, Mapping, Row};
use domain::kernel::{OrganisationId, PortalId, Refusal, Timestamp};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::import::error::{self, ErrorRow};
use infra::catalogue::import::goods::{self, Goods};
use infra::catalogue::import::job::{self, JobRow};
use infra::catalogue::import::write::{self, Changes};
use infra::catalogue::{category, code_list};
use infra::db::Connection;
use uuid::Uuid;

use super::plan::{Plan, Refused, Setting, There, plan};
use super::reading::{Parsed, RowFault};
use crate::auth::principals;
use crate::catalogue::attribute::check::definitions_of;
use crate::catalogue::rights;
use crate::command::Command;
use crate::portal::access;

/// How many faults of a file are listed, and how long what is told of each can be.
const MAX_LISTED: i64 = 100_000;
const LONGEST_TOLD: usize = 300;

/// Does a batch, unless the job was stopped or another node has gone on with it; false then.
pub async fn run(
    tx: &mut Connection,
    command: &Command,
    id: Uuid,
    done: i64,
    rows: &[Parsed],
    mapping: &Mapping,
    leased_until: Timestamp,
) -> Result<bool, Failure> {
    let Some(mut held) = job::lock_any(tx, id).await? else { return Ok(false) };
    if JobState::parse(&held.state)? != JobState::Running || held.done != done {
        return Ok(false);
    }
    let setting = setting(tx, command, &held, mapping).await?;
    let plan = carry_out(tx, &setting, rows, held.dry_run).await?;
    if !held.dry_run {
        for one in plan.happened {
            let portal = one.portal.map(|id| id.0);
            command.event(one.kind, one.subject, portal, &[held.organisation_id], one.data);
        }
    }
    let room = usize::try_from(MAX_LISTED - held.listed).unwrap_or_default();
    let errors = listed(command, id, &plan.refused, room);
    error::insert(tx, &errors).await?;
    held.listed += i64::try_from(errors.len()).map_err(Failure::broken)?;
    held.done += i64::try_from(rows.len()).map_err(Failure::broken)?;
    held.created += plan.tally.created;
    held.updated += plan.tally.updated;
    held.unchanged += plan.tally.unchanged;
    held.failed += plan.tally.failed;
    held.version += 1;
    (held.leased_until, held.attempts) = (leased_until, 0);
    job::update(tx, &held).await?;
    Ok(true)
}

/// Refused rows as they are listed, as far as there is room: the faults of a row in the order in which they were found.
fn listed(command: &Command, import: Uuid, refused: &[Refused], room: usize) -> Vec<ErrorRow> {
    let faults = || refused.iter().flat_map(|row| row.faults.iter().map(move |fault| (row, fault))).take(room);
    let mut ids: Vec<Uuid> = faults().map(|_| command.id()).collect();
    ids.sort_unstable();
    let error = |(id, (row, fault)): (Uuid, (&Refused, &RowFault))| ErrorRow {
        id,
        import_id: import,
        row_number: i64::try_from(row.number).unwrap_or(i64::MAX),
        sku: Some(&row.sku).filter(|sku| !sku.is_empty() && !sku.contains('\0')).map(|sku| row_text(sku)),
        column_name: row_text(&fault.column),
        code: fault.code.to_owned(),
        detail: row_text(&fault.detail),
    };
    ids.into_iter().zip(faults()).map(error).collect()
}

/// A text that the database takes, or its beginning.
fn row_text(text: &str) -> String {
    let mut characters = text.chars();
    let mut told: String = characters.by_ref().take(LONGEST_TOLD).collect();
    if characters.next().is_some() {
        told.push('…');
    }
    told.replace('\0', "\u{fffd}")
}

/// What who sent the file and its organisation may do now; it may be less than when the file came.
async fn setting<'a>(
    tx: &mut Connection,
    command: &Command,
    held: &JobRow,
    mapping: &'a Mapping,
) -> Result<Setting<'a>, Failure> {
    let seller = OrganisationId(held.organisation_id);
    let portal = held.portal_id.map(PortalId);
    let sender = match held.actor_id {
        Some(actor) => principals::of_actor(tx, seller.0, actor, command.at).await?,
        None => None,
    };
    let sender = sender.ok_or_else(|| Refusal::forbidden("Who sent the file acts for the organisation no more."))?;
    sender.require(rights::EDIT)?;
    if let Some(portal) = portal {
        sender.require(rights::OFFER)?;
        let seen = access::look(tx, &portal.to_string(), Some(seller.0), Function::Catalogue).await?;
        access::may(&seen, Capability::Sell)?;
    }
    Ok(Setting { mapping, kind: ImportKind::parse(&held.kind)?, seller, portal, at: command.at })
}

/// Plans with what is there, holds what will change, and plans again with what it is then.
async fn carry_out(
    tx: &mut Connection,
    setting: &Setting<'_>,
    rows: &[Parsed],
    dry_run: bool,
) -> Result<Plan, Failure> {
    let mut there = load(tx, setting, rows).await?;
    let mut planned = plan(setting, rows, &there)?;
    if dry_run {
        return Ok(planned);
    }
    let changed = changed(rows, &there, &planned.changes);
    if !changed.is_empty() {
        // Meanwhile anything may have changed that a row speaks of: all of it is held, not only what was to change.
        let products: Vec<Uuid> = changed.iter().map(|(_, goods)| goods.product.id).collect();
        let offers: Vec<Uuid> = changed.iter().filter_map(|(_, goods)| Some(goods.offer.as_ref()?.0.id)).collect();
        let counted = changed.iter().filter(|(row, _)| row.text(&Field::OnHand).is_some());
        let stocks: Vec<Uuid> = counted.map(|(_, goods)| goods.product.id).collect();
        let skus: Vec<&str> = changed.iter().map(|(row, _)| row.sku()).collect();
        goods::hold(tx, &products, &offers, &stocks).await?;
        let found = goods::by_sku(tx, setting.seller, &skus, setting.portal).await?;
        there.goods.extend(found);
        if !there.lists.is_empty() {
            load_coded(tx, &products, &mut there).await?;
        }
        planned = plan(setting, rows, &there)?;
    }
    write::apply(tx, &planned.changes).await?;
    Ok(planned)
}

/// The rows that change something of goods which are there.
fn changed<'r, 't>(rows: &'r [Parsed], there: &'t There, changes: &Changes) -> Vec<(&'r Row, &'t Goods)> {
    let products = changes.products.iter().map(|row| row.id);
    let offered = changes.offers.iter().chain(&changes.new_offers).map(|row| row.product_id);
    let counted = changes.stock.iter().map(|row| row.product_id);
    let ids: HashSet<Uuid> = products.chain(offered).chain(counted).chain(changes.coded.iter().copied()).collect();
    let sound = rows.iter().filter_map(|parsed| parsed.row.as_ref().ok());
    let known = sound.filter_map(|row| Some((row, there.goods.get(row.sku())?)));
    known.filter(|(_, goods)| ids.contains(&goods.product.id)).collect()
}

async fn load(tx: &mut Connection, setting: &Setting<'_>, rows: &[Parsed]) -> Result<There, Failure> {
    let sound = || rows.iter().filter_map(|parsed| parsed.row.as_ref().ok());
    let skus: Vec<&str> = sound().map(|row| row.sku()).filter(|sku| !sku.contains('\0')).collect();
    let mut codes: Vec<&str> = sound().filter_map(|row| row.text(&Field::Category)).collect();
    codes.retain(|code| !code.contains('\0'));
    codes.sort_unstable();
    codes.dedup();
    let (goods, categories) =
        futures::try_join!(goods::by_sku(tx, setting.seller, &skus, setting.portal), goods::categories(tx, &codes))?;
    let mut there = There { goods, categories, ..There::default() };
    if setting.kind == ImportKind::Products {
        load_definitions(tx, rows, &mut there).await?;
    }
    Ok(there)
}

/// What holds for the categories of products, and the codes that they have or get.
async fn load_definitions(tx: &mut Connection, rows: &[Parsed], there: &mut There) -> Result<(), Failure> {
    let mut categories: Vec<Uuid> = there.goods.values().filter_map(|goods| goods.product.category_id).collect();
    categories.extend(there.categories.values());
    categories.sort_unstable();
    categories.dedup();
    if !categories.is_empty() {
        category::hold_shared(tx).await?;
        there.definitions = definitions_of(tx, &categories).await?;
    }
    let cells = rows.iter().filter_map(|parsed| parsed.row.as_ref().ok()).flat_map(|row| row.cells());
    let stated = cells.filter_map(|(field, cell)| match (field, cell) {
        (Field::Code(list), Cell::Text(code)) if !code.contains('\0') => Some((list.as_str(), code.as_str())),
        (Field::Code(list), _) => Some((list.as_str(), "")),
        _ => None,
    });
    let (mut lists, mut codes): (Vec<&str>, Vec<&str>) = stated.unzip();
    if lists.is_empty() {
        return Ok(());
    }
    for texts in [&mut lists, &mut codes] {
        texts.sort_unstable();
        texts.dedup();
    }
    code_list::hold_shared(tx).await?;
    let known = code_list::known(tx, &lists, &codes, None).await?;
    there.codes = known.into_iter().map(|(list, code, id)| ((list, code), id)).collect();
    let products: Vec<Uuid> = there.goods.values().map(|goods| goods.product.id).collect();
    load_coded(tx, &products, there).await?;
    there.lists = code_list::ids(tx).await?.into_iter().collect();
    Ok(())
}

/// The codes that these products have.
async fn load_coded(tx: &mut Connection, products: &[Uuid], there: &mut There) -> Result<(), Failure> {
    for product in products {
        there.coded.remove(product);
    }
    for one in code_list::of_products(tx, products).await? {
        there.coded.entry(one.product_id).or_default().insert(one.list, one.code);
    }
    Ok(())
}
