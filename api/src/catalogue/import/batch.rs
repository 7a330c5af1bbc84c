//! A batch of rows in one transaction: goods, events, what was refused, and how far the job is.

use domain::catalogue::import::{Cell, Field, ImportKind, JobState, Mapping};
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use domain::party::{OrganisationState, may_trade};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::import::error::{self, ErrorRow};
use infra::catalogue::import::job::{self, JobRow};
use infra::catalogue::import::{goods, write};
use infra::catalogue::{category, code_list};
use infra::db::Connection;
use uuid::Uuid;

use super::plan::{Plan, Refused, Setting, There, plan};
use super::reading::{Parsed, RowFault};
use crate::catalogue::attribute::check::definitions_of;
use crate::command::Command;
use crate::portal::access;

/// How many refused rows of a file are listed.
const MAX_LISTED: i64 = 100_000;

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
    if held.failed < MAX_LISTED {
        let errors = listed(command, id, &plan.refused);
        error::insert(tx, &errors).await?;
    }
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

/// Refused rows as they are listed: the faults of a row in the order in which they were found.
fn listed(command: &Command, import: Uuid, refused: &[Refused]) -> Vec<ErrorRow> {
    let faults = || refused.iter().flat_map(|row| row.faults.iter().map(move |fault| (row, fault)));
    let mut ids: Vec<Uuid> = faults().map(|_| command.id()).collect();
    ids.sort_unstable();
    let error = |(id, (row, fault)): (Uuid, (&Refused, &RowFault))| ErrorRow {
        id,
        import_id: import,
        row_number: i64::try_from(row.number).unwrap_or(i64::MAX),
        sku: Some(row.sku.clone()).filter(|sku| !sku.is_empty() && !sku.contains('\0')),
        column_name: row_text(&fault.column),
        code: fault.code.to_owned(),
        detail: row_text(&fault.detail),
    };
    ids.into_iter().zip(faults()).map(error).collect()
}

/// A text that the database takes.
fn row_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// What the seller may do now; it may be less than when the file came.
async fn setting<'a>(
    tx: &mut Connection,
    command: &Command,
    held: &JobRow,
    mapping: &'a Mapping,
) -> Result<Setting<'a>, Failure> {
    let seller = OrganisationId(held.organisation_id);
    let portal = held.portal_id.map(PortalId);
    if let Some(portal) = portal {
        let state = job::seller_state(tx, seller).await?;
        may_trade(OrganisationState::parse(&state)?)?;
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
    let changes = &planned.changes;
    // Who changes an offer holds its product, too.
    let offered = changes.offers.iter().chain(&changes.new_offers).map(|row| row.product_id);
    let mut products: Vec<Uuid> = changes.products.iter().map(|row| row.id).chain(offered).collect();
    products.sort_unstable();
    products.dedup();
    let offers: Vec<Uuid> = changes.offers.iter().map(|row| row.id).collect();
    let stocks: Vec<Uuid> = changes.stock.iter().map(|row| row.product_id).collect();
    if !(products.is_empty() && offers.is_empty() && stocks.is_empty()) {
        goods::hold(tx, &products, &offers, &stocks).await?;
        let changed: Vec<&str> = changed_skus(rows, &there, &products, &offers, &stocks);
        there.goods.extend(goods::by_sku(tx, setting.seller, &changed, setting.portal).await?);
        planned = plan(setting, rows, &there)?;
    }
    write::apply(tx, &planned.changes).await?;
    Ok(planned)
}

/// The numbers of the goods that are held.
fn changed_skus<'a>(
    rows: &'a [Parsed],
    there: &There,
    products: &[Uuid],
    offers: &[Uuid],
    stocks: &[Uuid],
) -> Vec<&'a str> {
    let held: std::collections::HashSet<&Uuid> = products.iter().chain(offers).chain(stocks).collect();
    let is_held = |sku: &&str| {
        there.goods.get(*sku).is_some_and(|goods| {
            held.contains(&goods.product.id) || goods.offer.as_ref().is_some_and(|(offer, _)| held.contains(&offer.id))
        })
    };
    rows.iter().map(|row| row.sku.as_str()).filter(is_held).collect()
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
    for one in code_list::of_products(tx, &products).await? {
        there.coded.entry(one.product_id).or_default().insert(one.list, one.code);
    }
    there.lists = code_list::ids(tx).await?.into_iter().collect();
    Ok(())
}
