//! Dunning in JSON.

use infra::billing::dunning::{LevelRow, NoticeRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::dto::{MoneyDto, Time};

/// How you remind buyers of overdue invoices. Without levels they are not reminded.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DunningLevels, example = json!({"levels": [{"days": 7, "text": "Surely this slipped your attention."},
    {"days": 21, "fee": {"amount": "40.00", "currency": "EUR"}, "text": "Last reminder before we stop deliveries."}]}))]
pub struct DunningLevelsDto {
    #[schema(max_items = 9)]
    pub levels: Vec<DunningLevelDto>,
}

/// A level of dunning.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DunningLevel)]
pub struct DunningLevelDto {
    /// After the day on which the invoice was due.
    #[schema(minimum = 1, maximum = 3650)]
    pub days: i32,
    /// What you claim beside the invoice, for invoices in its currency. It is named in the notice and booked nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<MoneyDto>,
    /// What the buyer reads.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// A reminder of an overdue invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DunningNotice)]
pub struct DunningNoticeDto {
    pub level: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<MoneyDto>,
    pub text: String,
    pub at: Time,
}

impl DunningLevelsDto {
    pub fn of(rows: &[LevelRow]) -> Self {
        let level = |row: &LevelRow| DunningLevelDto {
            days: row.days,
            fee: row.fee.zip(row.currency.as_deref()).map(|(fee, currency)| MoneyDto::of(fee, currency)),
            text: row.text.clone(),
        };
        Self { levels: rows.iter().map(level).collect() }
    }
}

impl DunningNoticeDto {
    pub fn of(row: &NoticeRow, currency: &str) -> Self {
        Self {
            level: row.level,
            fee: row.fee.map(|fee| MoneyDto::of(fee, currency)),
            text: row.text.clone(),
            at: row.at.into(),
        }
    }
}
