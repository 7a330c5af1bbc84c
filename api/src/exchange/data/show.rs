//! What the market knows, in the form in which it is shown.

use domain::exchange::{Depth, DepthLevel, Phase, Side, Status};
use infra::exchange::candle::CandleRow;
use infra::exchange::trade::TradeRow;
use infra::exchange::words;
use uuid::Uuid;

use super::dto::{BookDto, BookLevel, CandleDto, IndicativeDto, OwnTradeDto, TickerDto, TradeDto};
use crate::exchange::floor::Listed;

fn level(of: &DepthLevel, listed: &Listed) -> BookLevel {
    BookLevel { price: listed.price(of.price), quantity: listed.quantity(of.lots) }
}

pub fn book(depth: &Depth, listed: &Listed) -> BookDto {
    BookDto {
        instrument_id: listed.id.0,
        change: depth.change,
        checksum: depth.checksum,
        bids: depth.bids.iter().map(|one| level(one, listed)).collect(),
        asks: depth.asks.iter().map(|one| level(one, listed)).collect(),
    }
}

pub fn phase(of: Phase) -> &'static str {
    match of {
        Phase::Closed => "closed",
        Phase::PreOpen => "pre_open",
        Phase::OpeningAuction => "opening_auction",
        Phase::Continuous => "continuous",
        Phase::VolatilityAuction => "volatility_auction",
        Phase::ClosingAuction => "closing_auction",
        Phase::Halted => "halted",
    }
}

pub fn indicative(
    price: Option<i64>,
    (lots, surplus): (u64, u64),
    surplus_side: Option<Side>,
    listed: &Listed,
) -> IndicativeDto {
    IndicativeDto {
        price: price.map(|ticks| listed.price(ticks)),
        quantity: listed.quantity(lots),
        surplus: listed.quantity(surplus),
        surplus_side: surplus_side.map(|side| words::side(side).to_owned()),
    }
}

pub fn ticker(status: &Status, best: &Depth, listed: &Listed) -> TickerDto {
    let (lowest, highest) = status.bounds;
    TickerDto {
        instrument_id: listed.id.0,
        phase: phase(status.phase).to_owned(),
        session: status.session,
        reference_price: status.reference.map(|ticks| listed.price(ticks)),
        last_price: status.last.map(|ticks| listed.price(ticks)),
        best_bid: best.bids.first().map(|one| level(one, listed)),
        best_ask: best.asks.first().map(|one| level(one, listed)),
        lowest_price: listed.price(lowest),
        highest_price: listed.price(highest),
        indicative: status
            .indicative
            .filter(|_| status.phase.is_call())
            .map(|one| indicative(one.price, (one.lots, one.surplus), one.surplus_side, listed)),
    }
}

fn lots(of: i64) -> u64 {
    u64::try_from(of).unwrap_or_default()
}

pub fn trade(row: TradeRow, listed: &Listed) -> TradeDto {
    TradeDto {
        id: row.id,
        price: listed.price(row.price),
        quantity: listed.quantity(lots(row.lots)),
        aggressor: row.aggressor,
        session: row.session,
        at: row.at.into(),
    }
}

/// A trade as one of its parties sees it.
pub fn own_trade(row: &TradeRow, company: Uuid, listed: &Listed) -> OwnTradeDto {
    let bought = row.buyer_id == company;
    let (side, order, counterparty) = match bought {
        true => (Side::Buy, row.buy_order_id, row.seller_id),
        false => (Side::Sell, row.sell_order_id, row.buyer_id),
    };
    OwnTradeDto {
        id: row.id,
        instrument_id: row.instrument_id,
        side: words::side(side).to_owned(),
        price: listed.price(row.price),
        quantity: listed.quantity(lots(row.lots)),
        order_id: order,
        counterparty_id: counterparty,
        session: row.session,
        at: row.at.into(),
    }
}

pub fn candle(row: &CandleRow, listed: &Listed) -> CandleDto {
    CandleDto {
        start: row.start.into(),
        open: listed.price(row.open),
        high: listed.price(row.high),
        low: listed.price(row.low),
        close: listed.price(row.close),
        quantity: listed.quantity(lots(row.lots)),
        trades: row.trades,
    }
}
