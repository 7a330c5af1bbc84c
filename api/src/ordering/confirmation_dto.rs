//! Confirmations with changes in JSON.

use chrono::NaiveDate;
use infra::ordering::confirmation::{ConfirmationLineRow, ProposedConfirmation};
use infra::ordering::order::Order;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// A confirmation with changes that bind once the buyer has accepted them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProposedConfirmation)]
pub struct ProposedConfirmationDto {
    pub id: Uuid,
    /// `proposed`, `accepted`, `refused`, `withdrawn` or `expired`.
    #[schema(example = "proposed")]
    pub state: String,
    pub lines: Vec<ProposedLineDto>,
    pub freight: MoneyDto,
    /// Lines and freight, without tax.
    pub total: MoneyDto,
    /// When it will be delivered, where the seller says so; otherwise as requested.
    pub delivery_date: Option<NaiveDate>,
    /// When the rest is expected, which stays open as a backorder.
    pub expected_date: Option<NaiveDate>,
    pub note: Option<String>,
    pub proposed_at: Time,
    /// If the buyer has not answered by then, the order expires.
    pub answer_by: Time,
    pub decided_at: Option<Time>,
    pub reason: Option<String>,
}

/// What is proposed for a line, beside what was ordered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProposedConfirmationLine)]
pub struct ProposedLineDto {
    pub line_id: Uuid,
    pub sku: String,
    pub ordered_quantity: QuantityDto,
    pub quantity: QuantityDto,
    /// What stays open as a backorder.
    pub backorder: QuantityDto,
    pub ordered_price: MoneyDto,
    pub unit_price: MoneyDto,
    pub discount_percent: String,
    pub amount: MoneyDto,
}

impl ProposedConfirmationDto {
    pub fn of(proposed: &ProposedConfirmation, order: &Order) -> Self {
        let row = &proposed.row;
        let currency = &order.row.currency;
        let lines = order.lines.iter().filter_map(|line| {
            let said = proposed.lines.iter().find(|one| one.order_line_id == line.id)?;
            Some(line_dto(line, said, currency))
        });
        Self {
            id: row.id,
            state: row.state.clone(),
            lines: lines.collect(),
            freight: MoneyDto::of(row.freight, currency),
            total: MoneyDto::of(row.total, currency),
            delivery_date: row.delivery_date,
            expected_date: row.expected_date,
            note: row.note.clone(),
            proposed_at: row.proposed_at.into(),
            answer_by: row.answer_by.into(),
            decided_at: row.decided_at.map(Time::from),
            reason: row.reason.clone(),
        }
    }
}

fn line_dto(line: &infra::ordering::order::LineRow, said: &ConfirmationLineRow, currency: &str) -> ProposedLineDto {
    ProposedLineDto {
        line_id: line.id,
        sku: line.sku.clone(),
        ordered_quantity: QuantityDto::of(line.quantity, &line.unit),
        quantity: QuantityDto::of(said.quantity, &line.unit),
        backorder: QuantityDto::of(said.backorder, &line.unit),
        ordered_price: MoneyDto::price(line.unit_price, currency),
        unit_price: MoneyDto::price(said.unit_price, currency),
        discount_percent: said.discount_percent.normalize().to_string(),
        amount: MoneyDto::of(said.amount, currency),
    }
}
