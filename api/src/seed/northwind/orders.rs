//! The orders: placed and confirmed in the order of the history, delivered, invoiced and paid in that of their shipping.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::kernel::{ContractId, DeliveryId, OrderId, OrganisationId, PaymentId, Timestamp};
use infra::Failure;
use infra::db::{Connection, tx};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::CURRENCY;
use super::companies::Cast;
use super::data::{Line, Northwind, Order};
use super::goods::{OnOffer, UNIT, reprice};
use crate::app::App;
use crate::billing::dto::InvoiceData;
use crate::billing::payment_dto::{AllocationData, PaymentConfirmation, PaymentData};
use crate::billing::{payment, usecase as billing};
use crate::contract::delivery_dto::{DespatchData, ReceiptData};
use crate::contract::dto::SignData;
use crate::contract::{delivery, usecase as contract};
use crate::http::dto::{MoneyDto, QuantityDto};
use crate::ordering::dto::{ConfirmationData, LineConfirmationData, LineData, OrderData, OrderDto};
use crate::ordering::{decide, usecase as ordering};
use crate::seed::cast::{Player, body, hour};

/// A contract that waits for its goods.
struct Running {
    contract: Uuid,
    buyer: Player,
    seller: Player,
    shipped: Timestamp,
    carrier: String,
}

/// Carries all orders through. Returns how many contracts there were: an order of several sellers makes several.
pub async fn load(
    app: &App,
    data: &Northwind,
    cast: &Cast,
    goods: &mut HashMap<String, OnOffer>,
) -> Result<usize, Failure> {
    let mut running = Vec::new();
    for order in &data.orders {
        for line in &order.lines {
            let good = goods.get_mut(&line.product).ok_or_else(|| Failure::broken("an order of no product"))?;
            if good.price != line.price {
                reprice(app, good, line.price, hour(order.ordered, 8)).await?;
            }
        }
        let placed = tx::transaction(&app.pool, async |tx| agree(tx, app, cast, goods, order).await).await?;
        running.extend(placed);
    }
    running.sort_by_key(|one| (one.shipped, one.contract));
    for one in &running {
        tx::transaction(&app.pool, async |tx| settle(tx, one).await).await?;
    }
    Ok(running.len())
}

/// The customer orders, each seller confirms, and both sign.
async fn agree(
    tx: &mut Connection,
    app: &App,
    cast: &Cast,
    goods: &HashMap<String, OnOffer>,
    order: &Order,
) -> Result<Vec<Running>, Failure> {
    let missing = || Failure::broken("an order names what is not there");
    let buyer = cast.companies.get(&order.customer).ok_or_else(missing)?;
    let data = order_data(cast, goods, order)?;
    let (morning, noon) = (hour(order.ordered, 9), hour(order.ordered, 12));
    let placed =
        buyer.act(tx, morning, async |tx, command| ordering::create(tx, app, command, &data, &[]).await).await?;
    let shipped = hour(order.shipped.unwrap_or(order.required), 10);
    let mut running = Vec::new();
    // One of the sellers sends the goods of all, and charges for it.
    let mut freight = Some(order.freight).filter(|freight| !freight.is_zero());
    for part in body(placed)?.orders {
        let own = part.seller_id.ok_or_else(missing)?;
        let seller = goods.values().find(|good| good.seller.organisation == Some(OrganisationId(own)));
        let seller = &seller.ok_or_else(missing)?.seller;
        let answer = confirmation(goods, order, &part, freight.take());
        let confirmed = seller.act(tx, noon, async |tx, command| {
            decide::confirm_order(tx, app, command, OrderId(part.id), &answer, &[]).await
        });
        let contract = body(confirmed.await?)?.contract_id.ok_or_else(missing)?;
        for signer in [seller, buyer] {
            sign(tx, signer, ContractId(contract), noon).await?;
        }
        let (buyer, seller) = (buyer.clone(), seller.clone());
        running.push(Running { contract, buyer, seller, shipped, carrier: order.shipper.clone() });
    }
    Ok(running)
}

fn order_data(cast: &Cast, goods: &HashMap<String, OnOffer>, order: &Order) -> Result<OrderData, Failure> {
    let line = |line: &Line| {
        let good = goods.get(&line.product).ok_or_else(|| Failure::broken("an order of no product"))?;
        Ok(LineData::new(good.offer, QuantityDto::of(line.quantity, UNIT)))
    };
    let lines: Result<Vec<_>, Failure> = order.lines.iter().map(line).collect();
    Ok(OrderData {
        portal_id: cast.portal_id,
        currency: CURRENCY.to_owned(),
        lines: lines?,
        buyer_reference: Some(format!("Order {}", order.key)),
        note: None,
        delivery_address: None,
        cost_centre_id: None,
        requested_date: Some(order.required),
        freight_terms: "added".to_owned(),
        freight_limit: Some(MoneyDto::of(order.freight, CURRENCY)),
        incoterm: None,
        incoterm_place: None,
        payment_days: Some(30),
        shortage: "release".to_owned(),
        submit: true,
    })
}

/// Everything in full, at the discounts of the history.
fn confirmation(
    goods: &HashMap<String, OnOffer>,
    order: &Order,
    part: &OrderDto,
    freight: Option<Decimal>,
) -> ConfirmationData {
    let discount = |offer: Uuid| {
        let of = order.lines.iter().find(|line| goods.get(&line.product).is_some_and(|good| good.offer == offer));
        of.map_or(Decimal::ZERO, |line| line.discount * Decimal::ONE_HUNDRED)
    };
    let line = |line: &crate::ordering::dto::OrderLineDto| LineConfirmationData {
        line_id: line.id,
        quantity: None,
        unit_price: None,
        discount_percent: Some(discount(line.offer_id).normalize().to_string()),
    };
    ConfirmationData {
        lines: part.lines.iter().map(line).collect(),
        freight: freight.map(|freight| MoneyDto::of(freight, CURRENCY)),
        ..ConfirmationData::default()
    }
}

async fn sign(tx: &mut Connection, by: &Player, id: ContractId, at: Timestamp) -> Result<(), Failure> {
    let (read, _) = contract::find(tx, &by.principal(at), id, at, &[]).await?;
    let data = SignData { text_hash: read.summary.text_hash };
    by.act(tx, at, async |tx, command| contract::sign(tx, command, id, &data, &[]).await).await.map(drop)
}

/// The goods go out and arrive, the invoice follows, and is paid when it is due.
async fn settle(tx: &mut Connection, one: &Running) -> Result<(), Failure> {
    let (arrived, due) = (one.shipped + TimeDelta::days(2), one.shipped + TimeDelta::days(32));
    let id = ContractId(one.contract);
    let sent = DespatchData { carrier: Some(one.carrier.clone()), ..DespatchData::default() };
    let sent = one.seller.act(tx, one.shipped, async |tx, command| delivery::despatch(tx, command, id, &sent).await);
    let delivery_id = DeliveryId(body(sent.await?)?.id);
    let receive =
        async |tx: &mut _, command: &_| delivery::receive(tx, command, delivery_id, &ReceiptData::default()).await;
    one.buyer.act(tx, arrived, receive).await?;
    let data = InvoiceData { contract_id: one.contract, delivery_id: None, issue: true, bank_account_id: None };
    let issued = one.seller.act(tx, arrived, async |tx, command| billing::create(tx, command, &data, &[]).await);
    let invoice = body(issued.await?)?.summary;
    if invoice.gross.amount.parse::<Decimal>().is_ok_and(|gross| gross.is_zero()) {
        return Ok(());
    }
    let data = PaymentData {
        payee_id: invoice.seller_id,
        amount: invoice.gross.clone(),
        paid_on: due.date_naive(),
        reference: invoice.number.clone(),
        allocations: Some(vec![AllocationData { invoice_id: invoice.id, amount: invoice.gross }]),
    };
    let paid = one.buyer.act(tx, due, async |tx, command| payment::record(tx, command, &data).await);
    let id = PaymentId(body(paid.await?)?.id);
    let confirm =
        async |tx: &mut _, command: &_| payment::confirm(tx, command, id, &PaymentConfirmation::default()).await;
    one.seller.act(tx, due, confirm).await.map(drop)
}
