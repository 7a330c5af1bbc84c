//! Orders in JSON.

use domain::exchange::{AmendmentInput, OrderInput, OrderNumber, PriceInput, QuantityInput};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::body::Plain;
use crate::http::dto::{MoneyDto, QuantityDto, Time};
use crate::http::problem::ProblemDocument;

/// How many orders a batch may have.
const MOST_ORDERS: usize = 1_000;

fn gtc() -> String {
    "gtc".to_owned()
}

/// An order as you send it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_order_id": "po-4711-1", "side": "buy", "type": "limit",
    "quantity": {"value": "75", "unit": "TNE"}, "price": {"amount": "580.50", "currency": "EUR"}, "time_in_force": "day"}))]
pub struct NewExchangeOrder {
    /// Your name for it: a UUID, or 1 to 20 of the characters A-Z, a-z, 0-9, - and _. Sent again with the same terms it answers what
    /// became of the order, and nothing is done. Without one the server makes one, and a retry is a second order.
    #[schema(max_length = 36)]
    pub client_order_id: Option<String>,
    /// `buy` or `sell`.
    #[schema(pattern = "^(buy|sell)$")]
    pub side: String,
    /// `limit`, `market`, `stop`, `stop_limit` or `iceberg`.
    #[serde(rename = "type")]
    #[schema(pattern = "^(limit|market|stop|stop_limit|iceberg)$")]
    pub order_type: String,
    /// The whole, in the instrument's unit: a multiple of its lot.
    pub quantity: QuantityDto,
    /// The limit, of one unit: a multiple of the instrument's tick. For `limit`, `stop_limit` and `iceberg`.
    pub price: Option<MoneyDto>,
    /// Becomes an order when a trade at this price or beyond is printed. For `stop` and `stop_limit`.
    pub trigger_price: Option<MoneyDto>,
    /// Where a `market` or `stop` order stops and rests; without one, what does not trade at once is cancelled.
    pub protection_price: Option<MoneyDto>,
    /// How much an `iceberg` shows at a time.
    pub display_quantity: Option<QuantityDto>,
    /// Cancelled as a whole if not so much trades on entry.
    pub min_quantity: Option<QuantityDto>,
    /// `gtc` (till cancelled), `day` (till the session ends), `gtd` (till `expires_at`), `ioc` (what does not trade at once is
    /// cancelled), `fok` (the whole at once or nothing), `at_open`, `at_close` (for that call auction alone).
    #[serde(default = "gtc")]
    #[schema(default = "gtc", pattern = "^(gtc|day|gtd|ioc|fok|at_open|at_close)$")]
    pub time_in_force: String,
    /// For `gtd`.
    pub expires_at: Option<Time>,
    /// Refused rather than traded on entry.
    #[serde(default)]
    pub post_only: bool,
    /// Another live order of yours in the instrument: when one trades or ends, the other is cancelled.
    pub linked_to: Option<Uuid>,
}

/// An order of a batch, and its instrument.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchEntry {
    #[serde(deserialize_with = "hyphenated")]
    pub instrument_id: Uuid,
    pub order: NewExchangeOrder,
}

/// Up to 1,000 orders, for instruments of one portal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"orders": [{"instrument_id": "0190b5a0-0000-7000-8000-000000000001", "order": {"client_order_id": "b-1",
    "side": "sell", "type": "limit", "quantity": {"value": "25", "unit": "TNE"}, "price": {"amount": "590.00", "currency": "EUR"}}}]}))]
pub struct OrderBatch {
    #[schema(min_items = 1, max_items = 1000)] // MOST_ORDERS
    pub orders: Vec<BatchEntry>,
}

/// What became of each order of a batch, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    pub results: Vec<BatchItem>,
}

/// One of the two.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchItem {
    /// As the order alone would have been answered.
    #[schema(example = 201)]
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderReportDto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemDocument>,
}

/// A change of a live order; what is left out stays.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"quantity": {"value": "50", "unit": "TNE"}}))]
pub struct OrderAmendment {
    /// The new whole, what is filled included: amended to that, or less, the order ends. A smaller whole keeps the order's place in the
    /// queue; a larger one, or another price, goes behind what waits there, and may trade at once.
    pub quantity: Option<QuantityDto>,
    /// The new limit, or protection price.
    pub price: Option<MoneyDto>,
    /// The new trigger of a stop that waits for it.
    pub trigger_price: Option<MoneyDto>,
}

/// What became of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeOrderReport)]
pub struct OrderReportDto {
    pub id: Uuid,
    pub instrument_id: Uuid,
    pub client_order_id: String,
    /// `resting` (in the book), `awaiting_trigger`, `awaiting_close`, `filled` or `ended`.
    #[schema(example = "resting")]
    pub state: String,
    /// Why it ended before it was filled: `cancelled`, `reduced`, `expired`, `unfilled`, `not_fillable`, `min_quantity`, `self_trade`,
    /// `linked`, `outside_band` or `suspended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    pub filled_quantity: QuantityDto,
    /// What may still trade.
    pub open_quantity: QuantityDto,
    /// Of all fills, rounded half to even to six decimals.
    pub average_price: Option<MoneyDto>,
    /// What this call has traded for the order, in the order in which it happened.
    pub fills: Vec<FillDto>,
    /// The order was sent before: this is what became of it then and since, and nothing was done now.
    pub replayed: bool,
}

/// A trade of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeFill)]
pub struct FillDto {
    pub trade_id: Uuid,
    pub price: MoneyDto,
    pub quantity: QuantityDto,
}

/// An order with its terms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeOrder)]
pub struct OrderDto {
    pub id: Uuid,
    pub instrument_id: Uuid,
    pub client_order_id: String,
    pub side: String,
    #[serde(rename = "type")]
    pub order_type: String,
    pub time_in_force: String,
    pub expires_at: Option<Time>,
    pub quantity: QuantityDto,
    /// The limit, or the protection price of a `market` or `stop` order.
    pub price: Option<MoneyDto>,
    pub trigger_price: Option<MoneyDto>,
    pub display_quantity: Option<QuantityDto>,
    pub min_quantity: Option<QuantityDto>,
    pub post_only: bool,
    pub linked_to: Option<Uuid>,
    /// `live`, `filled` or `ended`.
    #[schema(example = "live")]
    pub state: String,
    pub end_reason: Option<String>,
    pub filled_quantity: QuantityDto,
    pub open_quantity: QuantityDto,
    pub average_price: Option<MoneyDto>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A step in the life of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeOrderStep)]
pub struct StepDto {
    /// `accepted`, `rested`, `filled`, `elected` (a stop became an order), `amended`, `decremented` (instead of trading with an order of
    /// the same party) or `ended`.
    #[schema(example = "filled")]
    pub kind: String,
    pub price: Option<MoneyDto>,
    pub trigger_price: Option<MoneyDto>,
    /// Of a fill its quantity, of an amendment the new whole.
    pub quantity: Option<QuantityDto>,
    pub open_quantity: Option<QuantityDto>,
    pub trade_id: Option<Uuid>,
    pub reason: Option<String>,
    pub keeps_priority: Option<bool>,
    pub at: Time,
}

/// The steps of an order, from the beginning.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeOrderSteps)]
pub struct StepsDto {
    pub items: Vec<StepDto>,
}

/// How many orders were cancelled.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cancelled {
    #[schema(example = 3)]
    pub cancelled: u32,
}

/// Which orders to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderQuery {
    pub instrument_id: Option<Uuid>,
    #[param(pattern = "^(live|filled|ended)$")]
    pub state: Option<String>,
    pub client_order_id: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

fn price(of: &MoneyDto) -> PriceInput {
    PriceInput { amount: of.amount.clone(), currency: of.currency.clone() }
}

fn quantity(of: &QuantityDto) -> QuantityInput {
    QuantityInput { value: of.value.clone(), unit: of.unit.clone() }
}

/// As schemas take identifiers; the type alone would take other spellings too.
fn hyphenated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
    uuid::fmt::Hyphenated::deserialize(deserializer).map(Uuid::from)
}

impl Plain for NewExchangeOrder {
    /// Instants and identifiers have spellings that their types take and the schema does not.
    fn is_plain(&self) -> bool {
        self.expires_at.is_none() && self.linked_to.is_none()
    }
}

impl Plain for OrderBatch {
    fn is_plain(&self) -> bool {
        (1..=MOST_ORDERS).contains(&self.orders.len()) && self.orders.iter().all(|entry| entry.order.is_plain())
    }
}

impl NewExchangeOrder {
    /// As the domain judges it; `name` is for an order that has none, `linked` the number that it is linked to.
    pub fn input(&self, name: impl FnOnce() -> Uuid, linked: Option<OrderNumber>) -> OrderInput {
        OrderInput {
            client_order_id: self.client_order_id.clone().unwrap_or_else(|| name().to_string()),
            side: self.side.clone(),
            order_type: self.order_type.clone(),
            time_in_force: self.time_in_force.clone(),
            expires_at: self.expires_at.map(|at| at.0),
            quantity: quantity(&self.quantity),
            price: self.price.as_ref().map(price),
            trigger_price: self.trigger_price.as_ref().map(price),
            protection_price: self.protection_price.as_ref().map(price),
            display_quantity: self.display_quantity.as_ref().map(quantity),
            min_quantity: self.min_quantity.as_ref().map(quantity),
            post_only: self.post_only,
            linked_to: linked,
        }
    }
}

impl OrderAmendment {
    pub fn input(&self) -> AmendmentInput {
        AmendmentInput {
            quantity: self.quantity.as_ref().map(quantity),
            price: self.price.as_ref().map(price),
            trigger_price: self.trigger_price.as_ref().map(price),
        }
    }
}
