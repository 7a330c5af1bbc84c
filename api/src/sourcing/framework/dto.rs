//! Framework agreements in JSON.

use domain::kernel::Date;
use domain::sourcing::{CallOffInput, CallOffLine, FrameworkLine, Used};
use infra::Failure;
use infra::sourcing::framework::{CallOffRow, FrameworkRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// An agreement with one quoter: prices and quantities for a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrameworkAgreement)]
pub struct FrameworkDto {
    pub id: Uuid,
    /// The award that it was made of.
    pub award_id: Uuid,
    pub rfq_id: Uuid,
    pub quote_id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    #[schema(example = "EUR")]
    pub currency: String,
    /// `not_begun`, `in_force`, `used_up` or `ended`.
    #[schema(example = "in_force")]
    pub state: String,
    pub first_day: Date,
    /// The first day on which nothing can be called off any more.
    pub ends_on: Date,
    pub lines: Vec<FrameworkLineDto>,
    pub created_at: Time,
}

/// A price that holds for a quantity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrameworkLine)]
pub struct FrameworkLineDto {
    /// Of the request.
    pub line: u16,
    pub variant: u8,
    /// The most that can be called off in all.
    pub agreed: QuantityDto,
    pub used: QuantityDto,
    pub left: QuantityDto,
    /// For one of the unit, however much is called off at once.
    pub unit_price: MoneyDto,
    #[schema(example = "0")]
    pub discount_percent: String,
}

/// What is called off: from each line as much as is left at most.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FrameworkCallOffData, example = json!({"lines": [{"line": 1, "quantity": "500", "unit": "KGM"}],
    "delivery_date": "2027-06-01", "buyer_reference": "Plant 7"}))]
pub struct CallOffData {
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<CallOffLineData>,
    /// When it is to be delivered.
    pub delivery_date: Option<Date>,
    /// What the contract quotes as your reference.
    #[schema(min_length = 1, max_length = 200)]
    pub buyer_reference: Option<String>,
}

/// What is called off of one line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FrameworkCallOffLineData)]
pub struct CallOffLineData {
    pub line: u16,
    #[serde(default)]
    #[schema(default = 0)]
    pub variant: u8,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    /// That of the line, if nothing is said. Others are converted.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
}

/// An order from an agreement. It uses the agreement up as long as its contract is not cancelled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrameworkCallOff)]
pub struct CallOffDto {
    pub id: Uuid,
    pub framework_id: Uuid,
    pub lines: Vec<CallOffLineDto>,
    pub contract_id: Uuid,
    #[schema(example = "active")]
    pub contract_state: String,
    /// For the buyer: who called it off; null where a machine did.
    pub person_id: Option<Uuid>,
    pub at: Time,
}

/// What was called off of one line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrameworkCallOffLine)]
pub struct CallOffLineDto {
    pub line: u16,
    pub variant: u8,
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    #[schema(example = "0")]
    pub discount_percent: String,
    /// Without tax.
    pub amount: MoneyDto,
}

impl FrameworkDto {
    /// As it stands on a day, with what is used of it.
    pub fn of(row: &FrameworkRow, used: &Used, day: Date) -> Result<Self, Failure> {
        let content = row.content()?;
        Ok(Self {
            id: row.id,
            award_id: row.award_id,
            rfq_id: row.rfq_id,
            quote_id: row.quote_id,
            portal_id: row.portal_id,
            buyer_id: row.buyer_id,
            seller_id: row.seller_id,
            currency: row.currency.clone(),
            state: content.state(used, day).code().to_owned(),
            first_day: content.first_day,
            ends_on: content.ends_on,
            lines: content.lines.iter().map(|line| FrameworkLineDto::of(line, used)).collect(),
            created_at: row.created_at.into(),
        })
    }
}

impl FrameworkLineDto {
    fn of(line: &FrameworkLine, used: &Used) -> Self {
        let unit = line.quantity.unit().code();
        let taken = used.get(&(line.line, line.variant)).copied().unwrap_or_default();
        Self {
            line: line.line,
            variant: line.variant,
            agreed: QuantityDto::of(line.quantity.value(), unit),
            used: QuantityDto::of(taken, unit),
            left: QuantityDto::of(line.left(used), unit),
            unit_price: MoneyDto::price(line.unit_price.amount(), line.unit_price.currency().code()),
            discount_percent: line.discount_percent.normalize().to_string(),
        }
    }
}

impl CallOffData {
    pub fn inputs(&self) -> Vec<CallOffInput> {
        let input = |line: &CallOffLineData| CallOffInput {
            line: line.line,
            variant: line.variant,
            quantity: line.quantity.clone(),
            unit: line.unit.clone(),
        };
        self.lines.iter().map(input).collect()
    }
}

impl CallOffDto {
    pub fn of(row: &CallOffRow, contract_state: &str, sees_person: bool) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            framework_id: row.framework_id,
            lines: row.lines()?.iter().map(CallOffLineDto::of).collect(),
            contract_id: row.contract_id,
            contract_state: contract_state.to_owned(),
            person_id: row.person_id.filter(|_| sees_person),
            at: row.at.into(),
        })
    }
}

impl CallOffLineDto {
    fn of(line: &CallOffLine) -> Self {
        Self {
            line: line.line,
            variant: line.variant,
            quantity: QuantityDto::of(line.quantity.value(), line.quantity.unit().code()),
            unit_price: MoneyDto::price(line.unit_price.amount(), line.unit_price.currency().code()),
            discount_percent: line.discount_percent.normalize().to_string(),
            amount: line.amount.into(),
        }
    }
}
