//! Moves stock: what a seller records, what a despatch takes, and what has expired.

use domain::catalogue::Lot;
use domain::catalogue::lot::{self as lot_rules, Holding, Reason, allocate, check_good};
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{ContractId, Faults, GoodsReturnId, LotId, OrganisationId, ProductId, Refusal, WarehouseId};
use infra::Failure;
use infra::catalogue::lot::{self, Expired, LotRow, MovementRow};
use infra::catalogue::product::{self, StockRow};
use infra::catalogue::{stock, warehouse};
use infra::db::Connection;
use infra::document;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{LotData, MovementDto, Movements, NewMovement};
use super::usecase::unknown;
use crate::app::App;
use crate::catalogue::rights;
use crate::command::{Command, Subject, by_service};
use crate::http::answer::Answer;

/// A product's stock while it is moved.
struct Held {
    stock: StockRow,
    lots: Vec<LotRow>,
    holding: Holding,
    movements: Vec<MovementRow>,
}

/// Records what a seller did with its goods.
pub async fn record(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    new: &NewMovement,
) -> Result<Answer<Movements>, Failure> {
    let own = command.by.member()?.id;
    let (product, stock) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let seller = command.by.require(rights::EDIT)?;
    let (reason, quantity) = check(tx, seller, new).await?;
    let mut held = hold(tx, stock).await?;
    let warehouse = WarehouseId(new.warehouse_id);
    opening(tx, command, &mut held, warehouse).await?;
    let arrives = reason.brings() == Some(true) || reason == Reason::Count;
    let place = place(tx, command, &mut held, warehouse, new.lot.as_ref(), arrives).await?;
    match (reason, new.to_warehouse_id) {
        (Reason::Transfer, Some(to)) => {
            let from = held.lots[place].clone();
            let data = LotData { number: from.number, expires_on: from.expires_on, document_id: from.document_id };
            let lot = Some(&data).filter(|lot| !lot.number.is_empty());
            let target = self::place(tx, command, &mut held, WarehouseId(to), lot, true).await?;
            let (from, to) = (held.id(place), held.id(target));
            held.holding.transfer(from, to, quantity)?;
            held.note(command, place, -quantity, reason, new);
            held.note(command, target, quantity, reason, new);
        }
        (Reason::Count, _) => {
            let more = quantity - held.lots[place].quantity;
            held.change(place, more)?;
            held.note(command, place, more, reason, new);
        }
        _ => {
            let more = if arrives { quantity } else { -quantity };
            held.change(place, more)?;
            held.note(command, place, more, reason, new);
        }
    }
    if let Some(receipt) = new.expected_receipt_id
        && !lot::delete_receipt(tx, id, receipt).await?
    {
        return Err(Refusal::fault("/expected_receipt_id", "unknown", "It is not expected.").into());
    }
    let told: Vec<MovementDto> = held.movements.iter().map(MovementDto::from).collect();
    held.save(tx).await?;
    let subject = Subject { kind: "product", id: product.id, version: product.version };
    tell(command, subject, seller.0, reason, &held);
    Ok(Answer::created(format!("/v1/products/{id}/stock-movements"), Movements { movements: told }))
}

/// Takes despatched goods from their lots, first expiring first: so much of a product for the line of that number. Products without lots
/// are left alone: their totals have been despatched already.
pub async fn despatch(
    tx: &mut Connection,
    command: &Command,
    sent: &[(usize, Uuid, Decimal)],
    reference: Uuid,
) -> Result<Result<(), (usize, Refusal)>, Failure> {
    let products: Vec<Uuid> = sent.iter().map(|(_, product, _)| *product).collect();
    let mut lots = lot::filled(tx, &products).await?;
    let mut movements = Vec::new();
    for (line, product, quantity) in sent {
        let of_product: Vec<Lot> = lots.iter().filter(|row| row.product_id == *product).map(LotRow::lot).collect();
        if of_product.is_empty() {
            continue;
        }
        let taken = match allocate(&of_product, *quantity, command.at.date_naive()) {
            Ok(taken) => taken,
            Err(refusal) => return Ok(Err((*line, refusal))),
        };
        for (lot, part) in taken {
            let row = lots.iter_mut().find(|row| row.id == lot.0);
            row.ok_or_else(|| Failure::broken("a lot vanished"))?.quantity -= part;
            movements.push(movement(command, *product, lot.0, -part, Reason::Despatch, None, Some(reference)));
        }
    }
    lot::move_all(tx, &movements).await?;
    Ok(Ok(()))
}

/// Goods that came back.
#[derive(Debug)]
pub struct Back {
    pub product: Uuid,
    pub quantity: Decimal,
    /// The lot that the seller names.
    pub lot: Option<Uuid>,
    /// What of the body says so.
    pub pointer: String,
}

/// Puts goods that came back by a return, whose total has been counted already, to the lots that they left under the contract, or to
/// those that the seller names. What left before there were lots follows the total.
pub async fn take_back(
    tx: &mut Connection,
    command: &Command,
    back: &[Back],
    (contract, by): (ContractId, GoodsReturnId),
) -> Result<(), Failure> {
    let products: Vec<Uuid> = back.iter().map(|one| one.product).collect();
    let lots = lot::hold_in_use(tx, &products).await?;
    let mut left = lot::left_under(tx, contract).await?;
    let today = command.at.date_naive();
    let mut faults = Faults::default();
    let mut movements = Vec::new();
    for one in back {
        let mut own = lots.iter().filter(|row| row.product_id == one.product);
        let parts = match one.lot {
            Some(named) => {
                let found = own.find(|row| row.id == named);
                let found = found.ok_or_else(|| Invalid::new("unknown_lot", "The product has no such lot."));
                found.and_then(|row| check_good(&row.lot(), today).map(|()| vec![(LotId(named), one.quantity)]))
            }
            None => {
                let of_contract = own.filter_map(|row| Some((row.lot(), *left.get(&row.id)?)));
                lot_rules::take_back(&of_contract.collect::<Vec<_>>(), one.quantity, today)
            }
        };
        for (lot, part) in faults.keep(&one.pointer, parts).unwrap_or_default() {
            *left.entry(lot.0).or_default() -= part;
            movements.push(movement(command, one.product, lot.0, part, Reason::Return, None, Some(by.0)));
        }
    }
    faults.result()?;
    lot::move_all(tx, &movements).await
}

/// Writes off what has expired and is not promised. What cannot be written off stays for the next time, and the others go.
pub async fn write_off_expired(app: App) -> Result<(), Failure> {
    let today = app.clock.now().date_naive();
    let (mut after, mut failed) = (None, None);
    loop {
        let found = lot::expired(&mut *app.pool.get().await?, today, after.as_ref()).await?;
        for one in &found {
            if let Err(failure) = by_service(&app, async |tx, command| write_off(tx, command, one).await).await {
                tracing::warn!(lot = %one.id, %failure, "an expired lot stays");
                failed = Some(failure);
            }
        }
        if found.len() < usize::try_from(lot::EXPIRED_AT_ONCE).unwrap_or(usize::MAX) {
            return failed.map_or(Ok(()), Err);
        }
        after = found.into_iter().next_back();
    }
}

async fn write_off(tx: &mut Connection, command: &Command, one: &Expired) -> Result<(), Failure> {
    let Some(stock) = stock::lock(tx, &[one.product_id]).await?.pop() else { return Ok(()) };
    let mut held = hold(tx, stock).await?;
    let gone = held.holding.write_off(LotId(one.id), command.at.date_naive())?;
    if gone.is_zero() {
        return Ok(());
    }
    held.movements.push(movement(command, one.product_id, one.id, -gone, Reason::Expiry, None, None));
    held.save(tx).await?;
    let product = Subject { kind: "product", id: one.product_id, version: one.product_version };
    tell(command, product, one.seller_id, Reason::Expiry, &held);
    Ok(())
}

fn tell(command: &Command, product: Subject, seller: Uuid, reason: Reason, held: &Held) {
    let data = json!({"reason": reason.code(), "on_hand": held.holding.stock.on_hand().normalize().to_string()});
    command.event("stock.moved", product, None, &[seller], data);
}

async fn hold(tx: &mut Connection, stock: StockRow) -> Result<Held, Failure> {
    let lots = lot::of_products(tx, &[stock.product_id]).await?;
    let holding = Holding { stock: stock.level()?, lots: lots.iter().map(LotRow::lot).collect() };
    Ok(Held { stock, lots, holding, movements: Vec::new() })
}

impl Held {
    fn id(&self, place: usize) -> LotId {
        LotId(self.lots[place].id)
    }

    fn change(&mut self, place: usize, more: Decimal) -> Result<(), Refusal> {
        let lot = self.id(place);
        if more.is_sign_negative() { self.holding.take(lot, -more) } else { self.holding.bring(lot, more) }
    }

    fn note(&mut self, command: &Command, place: usize, quantity: Decimal, reason: Reason, new: &NewMovement) {
        if !quantity.is_zero() {
            let lot = self.lots[place].id;
            let reference = new.expected_receipt_id;
            self.movements.push(movement(
                command,
                self.stock.product_id,
                lot,
                quantity,
                reason,
                new.note.clone(),
                reference,
            ));
        }
    }

    async fn save(&mut self, tx: &mut Connection) -> Result<(), Failure> {
        lot::move_all(tx, &self.movements).await?;
        let level = self.holding.stock;
        if level.on_hand() != self.stock.on_hand {
            let changed = StockRow { on_hand: level.on_hand(), reserved: level.reserved(), ..self.stock };
            stock::save(tx, &[changed]).await?;
        }
        Ok(())
    }
}

/// What was there before the first movement is taken to lie in its warehouse, without a lot number.
async fn opening(
    tx: &mut Connection,
    command: &Command,
    held: &mut Held,
    warehouse: WarehouseId,
) -> Result<(), Failure> {
    let on_hand = held.stock.on_hand;
    if !held.lots.is_empty() || on_hand.is_zero() {
        return Ok(());
    }
    let place = open(tx, command, held, warehouse, None).await?;
    held.lots[place].quantity = on_hand;
    held.holding.lots[place].quantity = on_hand;
    let lot = held.lots[place].id;
    held.movements.push(movement(command, held.stock.product_id, lot, on_hand, Reason::Opening, None, None));
    Ok(())
}

/// The lot of that number in the warehouse; a new one if goods arrive.
async fn place(
    tx: &mut Connection,
    command: &Command,
    held: &mut Held,
    warehouse: WarehouseId,
    data: Option<&LotData>,
    arrives: bool,
) -> Result<usize, Failure> {
    let number = data.map_or("", |lot| lot.number.trim());
    let known = held.lots.iter().position(|row| row.warehouse_id == warehouse.0 && row.number == number);
    match (known, data) {
        (Some(place), Some(data)) => {
            let row = &mut held.lots[place];
            let before = row.clone();
            row.expires_on = data.expires_on.or(row.expires_on);
            row.document_id = data.document_id.or(row.document_id);
            if *row != before {
                lot::update(tx, row).await?;
            }
            Ok(place)
        }
        (Some(place), None) => Ok(place),
        (None, _) if arrives => open(tx, command, held, warehouse, data).await,
        (None, _) => Err(Refusal::fault("/lot", "unknown", "There is no such lot in the warehouse.").into()),
    }
}

async fn open(
    tx: &mut Connection,
    command: &Command,
    held: &mut Held,
    warehouse: WarehouseId,
    data: Option<&LotData>,
) -> Result<usize, Failure> {
    let row = LotRow {
        id: command.id::<LotId>().0,
        product_id: held.stock.product_id,
        warehouse_id: warehouse.0,
        number: data.map(|lot| lot.number.trim().to_owned()).unwrap_or_default(),
        expires_on: data.and_then(|lot| lot.expires_on),
        document_id: data.and_then(|lot| lot.document_id),
        quantity: Decimal::ZERO,
        created_at: command.at,
    };
    lot::insert(tx, &row).await?;
    held.holding.lots.push(row.lot());
    held.lots.push(row);
    Ok(held.lots.len() - 1)
}

/// Checks the input as a whole; all faults at once.
async fn check(tx: &mut Connection, seller: OrganisationId, new: &NewMovement) -> Result<(Reason, Decimal), Failure> {
    let mut faults = Faults::default();
    let reason = Reason::ALL.into_iter().find(|reason| reason.code() == new.reason);
    let checked = parse_decimal(&new.quantity).and_then(domain::kernel::quantity::check_quantity);
    let quantity = faults.keep("/quantity", checked).unwrap_or_default();
    if quantity.is_zero() && reason != Some(Reason::Count) && faults.0.is_empty() {
        faults.add("/quantity", "not_positive", "A quantity is more than zero.");
    }
    let no_warehouse = "You have no such warehouse.";
    if warehouse::hold(tx, seller, WarehouseId(new.warehouse_id)).await?.is_none() {
        faults.add("/warehouse_id", "unknown", no_warehouse);
    }
    match (reason, new.to_warehouse_id) {
        (Some(Reason::Transfer), None) => faults.add("/to_warehouse_id", "required", "Say where it goes to."),
        (Some(Reason::Transfer), Some(to)) if to == new.warehouse_id => {
            faults.add("/to_warehouse_id", "same", "It is there already.");
        }
        (Some(Reason::Transfer), Some(to)) => {
            let known = warehouse::hold(tx, seller, WarehouseId(to)).await?;
            faults.keep("/to_warehouse_id", known.ok_or_else(|| Invalid::new("unknown", no_warehouse)));
        }
        (_, Some(_)) => faults.add("/to_warehouse_id", "unexpected", "Only a transfer goes somewhere."),
        _ => {}
    }
    if let Some(lot) = &new.lot {
        faults.keep("/lot/number", domain::party::registration::text(&lot.number, 64));
        if let Some(id) = lot.document_id
            && document::of_owner(tx, seller, &[id]).await?.is_empty()
        {
            faults.add("/lot/document_id", "unknown", "You have no such document.");
        }
    }
    faults.result()?;
    let reason = reason.ok_or_else(|| Refusal::fault("/reason", "unknown", "It is no reason."))?;
    Ok((reason, quantity))
}

fn movement(
    command: &Command,
    product: Uuid,
    lot: Uuid,
    quantity: Decimal,
    reason: Reason,
    note: Option<String>,
    reference: Option<Uuid>,
) -> MovementRow {
    MovementRow {
        id: command.id(),
        product_id: product,
        lot_id: lot,
        quantity,
        reason: reason.code().to_owned(),
        note,
        reference_id: reference,
        actor_id: command.by.actor_id(),
        at: command.at,
    }
}
