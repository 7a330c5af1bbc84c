//! Orders in JSON.

use chrono::NaiveDate;
use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::ordering::order::{LineRow, Order};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::catch_weight::dto::CatchWeightDto;
use crate::catalogue::product::dto::TaxDto;
use crate::contract::weight::weighing;
use crate::http::dto::{MoneyDto, QuantityDto, Time};
use crate::http::principal::Principal;
use crate::party::organisation::dto::AddressDto;

/// An order as its buyer states it. It may hold offers of several sellers; placing it makes one order per seller.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "portal_id": "0190b5a0-0000-7000-8000-000000000001", "currency": "USD", "buyer_reference": "PO 4711",
    "lines": [{"offer_id": "0190b5a0-0000-7000-8000-000000000002", "quantity": {"value": "10", "unit": "C62"}}], "submit": true
}))]
pub struct OrderData {
    pub portal_id: Uuid,
    /// That of the offers.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<LineData>,
    /// The buyer's own order number.
    #[schema(max_length = 100)]
    pub buyer_reference: Option<String>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub delivery_address: Option<AddressDto>,
    pub requested_date: Option<NaiveDate>,
    /// Where it is charged to, unless a line names another cost centre.
    pub cost_centre_id: Option<Uuid>,
    /// `included` (default), or `added`: the seller may add a charge when confirming.
    #[serde(default = "included")]
    #[schema(pattern = "^(included|added)$", default = "included")]
    pub freight_terms: String,
    /// The most that the seller may add.
    pub freight_limit: Option<MoneyDto>,
    /// Incoterms 2020; DAP at the buyer's address by default.
    #[schema(pattern = "^(EXW|FCA|CPT|CIP|DAP|DPU|DDP|FAS|FOB|CFR|CIF)$")]
    pub incoterm: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    pub incoterm_place: Option<String>,
    /// Days from the invoice to the payment; by default those of the seller's credit line, or else 30.
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: Option<i32>,
    /// What becomes of that which the seller cannot confirm: `release` (default) gives it up, `backorder` leaves it open as an order
    /// of its own if the seller says when it is expected, `ask` lets you accept or refuse less than you ordered.
    #[serde(default = "release")]
    #[schema(pattern = "^(release|backorder|ask)$", default = "release")]
    pub shortage: String,
    /// Place it at once.
    #[serde(default)]
    #[schema(default = false)]
    pub submit: bool,
}

fn included() -> String {
    "included".into()
}

fn release() -> String {
    "release".into()
}

/// What is wanted of an offer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineData {
    pub offer_id: Uuid,
    /// In the offer's unit, in one that converts into it, or in one of the product's packs; at least the minimum of order, and a
    /// multiple.
    pub quantity: QuantityDto,
    /// The buyer's own number of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub buyer_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// Where this line goes, if not where the order goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<AddressDto>,
    /// When this line is wanted, if not when the order is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_date: Option<NaiveDate>,
    /// Where this line is charged to, if not where the order is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_centre_id: Option<Uuid>,
    /// A price that you agreed on with the seller for just this quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_proposal_id: Option<Uuid>,
}

/// The seller's confirmation. What is left out is confirmed in full, at the ordered price and without discount. A higher price, more
/// than was ordered, less where the buyer wants to be asked (`shortage` is `ask`), or another day than the requested one binds only once
/// the buyer has accepted it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"line_id": "0190b5a0-0000-7000-8000-000000000003", "discount_percent": "5"}],
    "freight": {"amount": "32.38", "currency": "USD"}}))]
pub struct ConfirmationData {
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<LineConfirmationData>,
    /// Where the buyer agreed to freight being added.
    pub freight: Option<MoneyDto>,
    /// When it will be delivered, where that is not as requested.
    pub delivery_date: Option<NaiveDate>,
    /// When the rest is expected. The buyer must want backorders.
    pub expected_date: Option<NaiveDate>,
    /// Until when the buyer has to answer to changes; 72 hours by default.
    pub answer_by: Option<Time>,
    /// What the buyer should know about the changes.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What the seller says to a line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineConfirmationData {
    pub line_id: Uuid,
    /// Less than ordered, down to nothing, or more; in the line's unit.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
    /// Another price than the ordered one.
    pub unit_price: Option<MoneyDto>,
    /// In the buyer's favour.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub discount_percent: Option<String>,
}

/// Why an order is declined or cancelled.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The goods are no longer made."}))]
pub struct Reason {
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// Orders that a call made or changed: several where a draft was split by seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Orders {
    pub orders: Vec<OrderDto>,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderDto {
    pub id: Uuid,
    #[schema(example = "PO-1042")]
    pub number: String,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    /// None for a draft with several sellers.
    pub seller_id: Option<Uuid>,
    /// `draft`, `awaiting_approval`, `split`, `placed`, `confirmation_proposed`, `confirmation_in_approval`, `confirmed`, `partly_confirmed`, `declined`, `cancelled` or `expired`.
    #[schema(example = "placed")]
    pub state: String,
    #[schema(example = "USD")]
    pub currency: String,
    pub lines: Vec<OrderLineDto>,
    pub freight_terms: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freight_limit: Option<MoneyDto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freight: Option<MoneyDto>,
    /// Lines and freight, without tax.
    pub total: MoneyDto,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub delivery_address: Option<AddressDto>,
    pub requested_date: Option<NaiveDate>,
    /// Where the buyer charges it to; only the buyer sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_centre_id: Option<Uuid>,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    /// None before it is placed where the buyer names none: those of the seller's credit line, or else 30.
    pub payment_days: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The contract that its confirmation made.
    pub contract_id: Option<Uuid>,
    /// Whether it is over the credit that the seller gives, and waits for the seller to release it.
    pub credit_hold: bool,
    /// The draft that it was split from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Uuid>,
    /// What becomes of that which the seller cannot confirm: `release`, `backorder` or `ask`.
    #[schema(example = "release")]
    pub shortage: String,
    /// The order of whose confirmation this is the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backorder_of: Option<Uuid>,
    /// When the goods of a backorder are expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_date: Option<NaiveDate>,
    pub created_at: Time,
    pub placed_at: Option<Time>,
    /// When it expires unless the seller confirms it, or the buyer answers to the changes that the seller proposed.
    pub expires_at: Option<Time>,
    pub decided_at: Option<Time>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct OrderLineDto {
    pub id: Uuid,
    pub position: i32,
    pub offer_id: Uuid,
    pub product_id: Uuid,
    pub seller_id: Uuid,
    pub sku: String,
    /// In the reader's language.
    pub name: String,
    /// As it was ordered.
    pub quantity: QuantityDto,
    /// The same in the product's base unit: stock is counted in it.
    pub base_quantity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_quantity: Option<QuantityDto>,
    /// For one of the unit that was ordered.
    pub unit_price: MoneyDto,
    /// The price that was agreed on, where it is not the ordered one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_price: Option<MoneyDto>,
    /// How one of the unit that was ordered is weighed, where it is billed by what was weighed; as it was when the line was priced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catch_weight: Option<CatchWeightDto>,
    /// `list`, `tier`, `price_list` or `proposal`.
    #[schema(example = "list")]
    pub price_source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_list_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_proposal_id: Option<Uuid>,
    pub discount_percent: String,
    pub tax: TaxDto,
    /// Without tax.
    pub amount: MoneyDto,
    /// The buyer's own number of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<AddressDto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_date: Option<NaiveDate>,
    /// Only the buyer sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_centre_id: Option<Uuid>,
}

/// Which orders to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderQuery {
    /// `buyer` (default): your orders to others; `seller`: those to you.
    #[param(pattern = "^(buyer|seller)$")]
    pub role: Option<String>,
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// An order's number as people read it.
pub fn number(number: i64) -> String {
    format!("PO-{number}")
}

impl OrderDto {
    /// As the reader sees it: where a purchase is charged to is a matter of the buyer's company.
    pub fn of(order: &Order, by: &Principal, languages: &[String]) -> Result<Self, Failure> {
        let row = &order.row;
        let is_buyer = by.organisation_id() == Some(row.buyer_id);
        let money = |amount| MoneyDto::of(amount, &row.currency);
        let lines: Result<Vec<_>, _> =
            order.lines.iter().map(|line| line_dto(line, is_buyer, &row.currency, languages)).collect();
        Ok(Self {
            id: row.id,
            number: number(row.number),
            portal_id: row.portal_id,
            buyer_id: row.buyer_id,
            seller_id: row.seller_id,
            state: row.state.clone(),
            currency: row.currency.clone(),
            lines: lines?,
            freight_terms: row.freight_terms.clone(),
            freight_limit: row.freight_limit.map(money),
            freight: Some(row.freight).filter(|freight| !freight.is_zero()).map(money),
            total: money(row.total),
            buyer_reference: row.buyer_reference.clone(),
            note: row.note.clone(),
            delivery_address: address(row.delivery_address.as_ref())?,
            requested_date: row.requested_date,
            cost_centre_id: row.cost_centre_id.filter(|_| is_buyer),
            incoterm: row.incoterm.clone(),
            incoterm_place: row.incoterm_place.clone(),
            payment_days: row.payment_days,
            reason: row.reason.clone(),
            contract_id: row.contract_id,
            credit_hold: row.credit_hold,
            split_from: row.split_from,
            shortage: row.shortage.clone(),
            backorder_of: row.backorder_of,
            expected_date: row.expected_date,
            created_at: row.created_at.into(),
            placed_at: row.placed_at.map(Time::from),
            expires_at: row.expires_at.map(Time::from),
            decided_at: row.decided_at.map(Time::from),
        })
    }
}

fn line_dto(line: &LineRow, is_buyer: bool, currency: &str, languages: &[String]) -> Result<OrderLineDto, Failure> {
    let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
    Ok(OrderLineDto {
        id: line.id,
        position: line.position,
        offer_id: line.offer_id,
        product_id: line.product_id,
        seller_id: line.seller_id,
        sku: line.sku.clone(),
        name: pick(&names, languages).to_owned(),
        quantity: QuantityDto::of(line.quantity, &line.unit),
        base_quantity: line.base_quantity.normalize().to_string(),
        confirmed_quantity: line.confirmed_quantity.map(|quantity| QuantityDto::of(quantity, &line.unit)),
        unit_price: MoneyDto::price(line.unit_price, currency),
        confirmed_price: line.confirmed_price.map(|price| MoneyDto::price(price, currency)),
        catch_weight: weighing(line)?.map(|weight| CatchWeightDto::of(&weight)),
        price_source: line.price_source.clone(),
        price_list_id: line.price_list_id,
        price_proposal_id: line.price_proposal_id,
        discount_percent: line.discount_percent.normalize().to_string(),
        tax: TaxDto { category: line.tax_category.clone(), rate: line.tax_rate.normalize().to_string() },
        amount: MoneyDto::of(line.amount, currency),
        buyer_reference: line.buyer_reference.clone(),
        note: line.note.clone(),
        delivery_address: address(line.delivery_address.as_ref())?,
        requested_date: line.requested_date,
        cost_centre_id: line.cost_centre_id.filter(|_| is_buyer),
    })
}

/// An address as it is kept.
pub fn address(kept: Option<&Value>) -> Result<Option<AddressDto>, Failure> {
    kept.map(|value| serde_json::from_value(value.clone())).transpose().map_err(Failure::broken)
}

impl LineData {
    /// A line about which nothing else is said.
    pub fn new(offer_id: Uuid, quantity: QuantityDto) -> Self {
        Self {
            offer_id,
            quantity,
            buyer_reference: None,
            note: None,
            delivery_address: None,
            requested_date: None,
            cost_centre_id: None,
            price_proposal_id: None,
        }
    }
}

impl OrderData {
    /// An order about which nothing else is said.
    pub fn new(portal_id: Uuid, currency: String) -> Self {
        Self {
            portal_id,
            currency,
            lines: Vec::new(),
            buyer_reference: None,
            note: None,
            delivery_address: None,
            requested_date: None,
            cost_centre_id: None,
            freight_terms: included(),
            freight_limit: None,
            incoterm: None,
            incoterm_place: None,
            payment_days: None,
            shortage: release(),
            submit: false,
        }
    }

    /// The editable part of a draft.
    pub fn of(order: &Order) -> Result<Self, Failure> {
        let row = &order.row;
        let line = |line: &LineRow| {
            Ok(LineData {
                offer_id: line.offer_id,
                quantity: QuantityDto::of(line.quantity, &line.unit),
                buyer_reference: line.buyer_reference.clone(),
                note: line.note.clone(),
                delivery_address: address(line.delivery_address.as_ref())?,
                requested_date: line.requested_date,
                cost_centre_id: line.cost_centre_id,
                price_proposal_id: line.price_proposal_id,
            })
        };
        let lines: Result<Vec<_>, Failure> = order.lines.iter().map(line).collect();
        Ok(Self {
            portal_id: row.portal_id,
            currency: row.currency.clone(),
            lines: lines?,
            buyer_reference: row.buyer_reference.clone(),
            note: row.note.clone(),
            delivery_address: address(row.delivery_address.as_ref())?,
            requested_date: row.requested_date,
            cost_centre_id: row.cost_centre_id,
            freight_terms: row.freight_terms.clone(),
            freight_limit: row.freight_limit.map(|limit| MoneyDto::of(limit, &row.currency)),
            incoterm: row.incoterm.clone(),
            incoterm_place: row.incoterm_place.clone(),
            payment_days: row.payment_days,
            shortage: row.shortage.clone(),
            submit: false,
        })
    }
}
