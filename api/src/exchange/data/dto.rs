//! Market data in JSON.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// What is shown at a price.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookLevel {
    pub price: MoneyDto,
    pub quantity: QuantityDto,
}

/// The best levels of both sides, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookDto {
    pub instrument_id: Uuid,
    /// The number of the last change that is in it. Changes are numbered without gaps.
    pub change: u64,
    /// CRC-32 (IEEE) over the best ten levels of each side of the whole book, as `/docs` says: with it you prove that your book is right.
    pub checksum: u32,
    pub bids: Vec<BookLevel>,
    pub asks: Vec<BookLevel>,
}

/// Which part of the book to show.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BookQuery {
    /// How many levels of each side.
    #[param(minimum = 1, maximum = 10000, default = 20)]
    pub depth: Option<u32>,
    /// Only what your organisation may trade with: without its own orders and those of its group, and of each counterparty no more than
    /// bilateral credit suffices for.
    pub tradable: Option<bool>,
}

/// Where an instrument stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TickerDto {
    pub instrument_id: Uuid,
    /// `closed`, `pre_open`, `opening_auction`, `continuous`, `volatility_auction`, `closing_auction` or `halted`.
    #[schema(example = "continuous")]
    pub phase: String,
    /// The number of the session that runs or comes next.
    pub session: u32,
    /// Around which the price band lies.
    pub reference_price: Option<MoneyDto>,
    pub last_price: Option<MoneyDto>,
    pub best_bid: Option<BookLevel>,
    pub best_ask: Option<BookLevel>,
    /// The lowest price that is allowed; the bound itself is.
    pub lowest_price: MoneyDto,
    pub highest_price: MoneyDto,
    /// In a call auction: what it would do if it ended now.
    pub indicative: Option<IndicativeDto>,
}

/// What a call auction would do if it ended now.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicativeDto {
    /// Null if nothing would trade.
    pub price: Option<MoneyDto>,
    pub quantity: QuantityDto,
    /// What would be left unfilled at that price.
    pub surplus: QuantityDto,
    /// `buy` or `sell`.
    pub surplus_side: Option<String>,
}

/// A trade as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TradeDto {
    pub id: Uuid,
    pub price: MoneyDto,
    pub quantity: QuantityDto,
    /// The side of the order that came in; null in a call auction.
    #[schema(example = "buy")]
    pub aggressor: Option<String>,
    pub session: i32,
    pub at: Time,
}

/// A page of trades, or of your trades.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TradeQuery {
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// Which trades of yours to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OwnTradeQuery {
    pub instrument_id: Option<Uuid>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// A trade of yours: from it on you know your counterparty.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExchangeTrade)]
pub struct OwnTradeDto {
    pub id: Uuid,
    pub instrument_id: Uuid,
    /// `buy` or `sell`.
    #[schema(example = "buy")]
    pub side: String,
    pub price: MoneyDto,
    pub quantity: QuantityDto,
    pub order_id: Uuid,
    pub counterparty_id: Uuid,
    pub session: i32,
    pub at: Time,
}

/// What the trades of a stretch of time were like.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandleDto {
    pub start: Time,
    pub open: MoneyDto,
    pub high: MoneyDto,
    pub low: MoneyDto,
    pub close: MoneyDto,
    pub quantity: QuantityDto,
    pub trades: i64,
}

/// Candles, the first one first. Stretches without trades have none: the price stayed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandlesDto {
    pub instrument_id: Uuid,
    pub resolution: String,
    pub items: Vec<CandleDto>,
}

/// Which candles to show.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CandleQuery {
    /// `1m`, `5m`, `1h` or `1d`; each begins at a whole multiple of itself in UTC.
    #[param(pattern = "^(1m|5m|1h|1d)$", default = "1h")]
    pub resolution: Option<String>,
    /// Only those that begin at this time or later.
    pub from: Option<Time>,
    /// Only those that begin before this time.
    pub before: Option<Time>,
    /// How many at most: the last ones.
    #[param(minimum = 1, maximum = 1000, default = 200)]
    pub limit: Option<i64>,
}

/// A change of phase by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phase": "continuous"}))]
pub struct PhaseChange {
    /// `pre_open`, `opening_auction`, `continuous`, `closing_auction`, `closed` or `halted`.
    #[schema(pattern = "^(closed|pre_open|opening_auction|continuous|closing_auction|halted)$")]
    pub phase: String,
    /// Why it is halted: `news`, `regulatory`, `technical`, `disorderly` or `other`.
    #[schema(pattern = "^(news|regulatory|technical|disorderly|other)$")]
    pub reason: Option<String>,
}
