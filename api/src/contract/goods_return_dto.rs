//! Returns of goods in JSON.

use infra::contract::goods_return::{GoodsReturn, ReturnLineRow};
use infra::contract::store::LineRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{QuantityDto, Time};

/// What a buyer asks to give back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReturnData, example = json!({"reason": "The thread is cut wrong.", "lines": [{
    "contract_line_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": {"value": "2", "unit": "C62"}}]}))]
pub struct ReturnData {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    #[schema(max_items = 1000)]
    pub lines: Vec<ReturnLineData>,
}

/// How much of a line of the contract is to go back, in the unit of the line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnLineData {
    pub contract_line_id: Uuid,
    pub quantity: QuantityDto,
}

/// What came back. Lines that are not named came back in full and are fit for stock.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"contract_line_id": "0190b5a0-0000-7000-8000-000000000001",
    "restocked": {"value": "1", "unit": "C62"}, "written_off": {"value": "1", "unit": "C62"}}]}))]
pub struct BackData {
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<BackLineData>,
}

/// What came back of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackLineData {
    pub contract_line_id: Uuid,
    /// Goes to your stock: to the lots that it left, where its product is kept by lots.
    pub restocked: Option<QuantityDto>,
    /// The lot that it goes to, where it is another one. What has expired goes to none.
    pub lot_id: Option<Uuid>,
    /// Is of no use any more.
    pub written_off: Option<QuantityDto>,
}

/// A return of goods under a contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Return)]
pub struct ReturnDto {
    pub id: Uuid,
    pub contract_id: Uuid,
    /// Counted within the contract.
    pub number: i32,
    /// `requested`, `accepted`, `refused`, `withdrawn` or `completed`.
    #[schema(example = "requested")]
    pub state: String,
    pub reason: String,
    /// Why the seller refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    pub lines: Vec<ReturnLineDto>,
    /// What the seller gave back for it. What no invoice held is just not invoiced any more.
    pub credit_note_ids: Vec<Uuid>,
    pub requested_at: Time,
    pub decided_at: Option<Time>,
    pub completed_at: Option<Time>,
}

/// A line of a return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnLine)]
pub struct ReturnLineDto {
    pub contract_line_id: Uuid,
    pub sku: Option<String>,
    pub quantity: QuantityDto,
    /// Went back to stock.
    pub restocked: Option<QuantityDto>,
    pub written_off: Option<QuantityDto>,
}

impl ReturnDto {
    /// `lines` are those of the contract, in whose units the quantities are.
    pub fn of(found: &GoodsReturn, lines: &[LineRow]) -> Self {
        let line = |line: &ReturnLineRow| {
            let of = lines.iter().find(|of| of.id == line.contract_line_id);
            let unit = of.map_or("", |of| of.unit.as_str());
            ReturnLineDto {
                contract_line_id: line.contract_line_id,
                sku: of.and_then(|of| of.sku.clone()),
                quantity: QuantityDto::of(line.quantity, unit),
                restocked: line.restocked.map(|quantity| QuantityDto::of(quantity, unit)),
                written_off: line.written_off.map(|quantity| QuantityDto::of(quantity, unit)),
            }
        };
        let row = &found.row;
        Self {
            id: row.id,
            contract_id: row.contract_id,
            number: row.number,
            state: row.state.clone(),
            reason: row.reason.clone(),
            answer: row.answer.clone(),
            lines: found.lines.iter().map(line).collect(),
            credit_note_ids: found.credit_notes.clone(),
            requested_at: row.requested_at.into(),
            decided_at: row.decided_at.map(Time::from),
            completed_at: row.completed_at.map(Time::from),
        }
    }
}
