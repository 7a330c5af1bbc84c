//! Deliveries in JSON.

use std::collections::HashMap;

use domain::contract::{Measurable, MeasuredInput};
use domain::kernel::{ContractLineId, Date};
use infra::contract::delivery::{Delivery, DeliveryLineRow};
use infra::contract::store::{Contract, LineRow};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::grade;
use crate::http::dto::{MoneyDto, QuantityDto, Time};
use crate::party::organisation::dto::AddressDto;

/// A despatch advice. Without lines, all that is still to be delivered goes out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"contract_line_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": {"value": "10", "unit": "C62"}}],
    "carrier": "Hanse Spedition", "tracking": "HS 4711-22"}))]
pub struct DespatchData {
    #[schema(max_items = 1000)]
    pub lines: Option<Vec<DespatchLineData>>,
    #[schema(max_length = 200)]
    pub carrier: Option<String>,
    #[schema(max_length = 200)]
    pub tracking: Option<String>,
    /// Send weights beyond the tolerance: the buyer has to accept them when it receives the goods.
    #[serde(default)]
    #[schema(default = false)]
    pub beyond_tolerance: bool,
}

/// How much of a line of the contract goes out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DespatchLineData {
    pub contract_line_id: Uuid,
    pub quantity: QuantityDto,
    /// What it weighs: for goods that are billed by that.
    pub weighed: Option<QuantityDto>,
    /// What was measured of it: for goods whose price depends on that. What is not stated is of the base grade.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub measured: Vec<MeasuredData>,
}

/// A measured value of a parameter that changes the price of a line (`differentials` of the contract's line).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parameter": "protein", "value": "13.2", "unit": "P1"}))]
pub struct MeasuredData {
    #[schema(max_length = 40)]
    pub parameter: String,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub value: String,
    /// The unit of the parameter, if it has one.
    #[schema(max_length = 3)]
    pub unit: Option<String>,
}

impl<'a> From<&'a MeasuredData> for MeasuredInput<'a> {
    fn from(data: &'a MeasuredData) -> Self {
        Self { parameter: &data.parameter, value: &data.value, unit: data.unit.as_deref() }
    }
}

/// What arrived. Lines that are not named arrived in full and in good order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"contract_line_id": "0190b5a0-0000-7000-8000-000000000001",
    "received": {"value": "8", "unit": "C62"}, "damaged": {"value": "1", "unit": "C62"}}], "note": "One carton was wet, one is missing."}))]
pub struct ReceiptData {
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<ReceiptLineData>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// You accept weights beyond the tolerance.
    #[serde(default)]
    #[schema(default = false)]
    pub accept_weights: bool,
}

/// What arrived of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptLineData {
    pub contract_line_id: Uuid,
    /// In good order.
    pub received: QuantityDto,
    pub damaged: Option<QuantityDto>,
    /// Beyond what was despatched. It is not billed: the seller takes it back, or despatches it as another delivery.
    pub surplus: Option<QuantityDto>,
    /// What you measured of what you received in good order. It decides instead of what the seller stated, parameter by parameter.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub measured: Vec<MeasuredData>,
}

/// A delivery under a contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryDto {
    pub id: Uuid,
    pub contract_id: Uuid,
    /// Counted within the contract.
    pub number: i32,
    /// `despatched`, `received`, `received_short`, `received_over` or `received_damaged`.
    #[schema(example = "despatched")]
    pub state: String,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub lines: Vec<DeliveryLineDto>,
    pub despatched_at: Time,
    pub received_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A line of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryLine)]
pub struct DeliveryLineDto {
    pub contract_line_id: Uuid,
    pub sku: Option<String>,
    pub quantity: QuantityDto,
    /// In good order.
    pub received: Option<QuantityDto>,
    pub damaged: Option<QuantityDto>,
    /// Beyond what was despatched.
    pub surplus: Option<QuantityDto>,
    /// What it weighs, if it is billed by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighed: Option<QuantityDto>,
    /// What was measured of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<MeasuredDto>,
    /// For one of the unit in which it is billed, by what was measured, if its price depends on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<MoneyDto>,
    /// Where the line of the contract goes, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AddressDto>)]
    pub delivery_address: Option<Value>,
    /// By when, if that was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_date: Option<Date>,
}

/// What was measured of a parameter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Measurement)]
pub struct MeasuredDto {
    pub parameter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// By the seller as it despatched.
    pub despatched: Option<String>,
    /// By the buyer as it received: it decides.
    pub received: Option<String>,
}

impl MeasuredDto {
    /// What was measured of a line, in the order of what was agreed on.
    fn all(delivery: &Delivery, of: &Contract, line: Uuid) -> Vec<Self> {
        let value = |value: Option<Decimal>| value.map(|value| value.normalize().to_string());
        let measured = |one: &Measurable| {
            let row = grade::measurement(delivery, line, &one.differential.parameter)?;
            let parameter = row.parameter.clone();
            Some(Self { parameter, unit: one.unit.clone(), despatched: value(row.stated), received: value(row.found) })
        };
        of.grading.of(ContractLineId(line)).filter_map(measured).collect()
    }
}

impl DeliveryDto {
    /// The quantities are in the units of the contract's lines.
    pub fn of(delivery: &Delivery, contract: &Contract) -> Self {
        let row = &delivery.row;
        let by_id: HashMap<Uuid, &LineRow> = contract.lines.iter().map(|line| (line.id, line)).collect();
        let line = |line: &DeliveryLineRow| {
            let of = by_id.get(&line.contract_line_id);
            let unit = of.map_or("", |of| of.unit.as_str());
            DeliveryLineDto {
                contract_line_id: line.contract_line_id,
                sku: of.and_then(|of| of.sku.clone()),
                quantity: QuantityDto::of(line.quantity, unit),
                received: line.received.map(|received| QuantityDto::of(received, unit)),
                damaged: line.damaged.map(|damaged| QuantityDto::of(damaged, unit)),
                surplus: line.surplus.map(|surplus| QuantityDto::of(surplus, unit)),
                weighed: line.weighed.map(|weighed| {
                    let weight = contract.weights.iter().find(|one| one.contract_line_id == line.contract_line_id);
                    QuantityDto::of(weighed, weight.map_or("", |weight| weight.unit.as_str()))
                }),
                measured: MeasuredDto::all(delivery, contract, line.contract_line_id),
                unit_price: grade::price(contract, delivery, line.contract_line_id)
                    .map(|price| MoneyDto::price(price, &contract.row.currency)),
                delivery_address: of.and_then(|of| of.delivery_address.clone()),
                delivery_date: of.and_then(|of| of.delivery_date),
            }
        };
        Self {
            id: row.id,
            contract_id: row.contract_id,
            number: row.number,
            state: row.state.clone(),
            carrier: row.carrier.clone(),
            tracking: row.tracking.clone(),
            lines: delivery.lines.iter().map(line).collect(),
            despatched_at: row.despatched_at.into(),
            received_at: row.received_at.map(Time::from),
            note: row.note.clone(),
        }
    }
}
