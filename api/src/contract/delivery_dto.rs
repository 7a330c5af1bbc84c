//! Deliveries in JSON.

use std::collections::HashMap;

use domain::kernel::Date;
use infra::contract::delivery::Delivery;
use infra::contract::store::LineRow;
use infra::contract::weight::WeightRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{QuantityDto, Time};
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
    /// Where the line of the contract goes, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AddressDto>)]
    pub delivery_address: Option<Value>,
    /// By when, if that was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_date: Option<Date>,
}

impl DeliveryDto {
    /// `lines` are those of the contract, in whose units the quantities are.
    pub fn of(delivery: &Delivery, lines: &[LineRow], weights: &[WeightRow]) -> Self {
        let row = &delivery.row;
        let by_id: HashMap<Uuid, &LineRow> = lines.iter().map(|line| (line.id, line)).collect();
        let line = |line: &infra::contract::delivery::DeliveryLineRow| {
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
                    let weight = weights.iter().find(|one| one.contract_line_id == line.contract_line_id);
                    QuantityDto::of(weighed, weight.map_or("", |weight| weight.unit.as_str()))
                }),
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
