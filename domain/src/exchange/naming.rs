//! The identifiers under which orders and trades are known outside their market: UUIDs that say which market and which number, so that
//! nothing has to be looked up. They sort as the numbers do.

use uuid::Uuid;

use super::order::{OrderNumber, TradeNumber};
use crate::kernel::{ExchangeOrderId, TradeId};

/// The two bits by which RFC 9562 tells its UUIDs.
const VARIANT: u64 = 0b10 << 62;
/// Set for trades.
const TRADE: u64 = 1 << 61;

/// An order of the market; its UUIDv7 (of which the first half is unique among markets) lends the time and the first half.
pub fn order_id(market: Uuid, order: OrderNumber) -> ExchangeOrderId {
    let (high, _) = market.as_u64_pair();
    ExchangeOrderId(Uuid::from_u64_pair(high, VARIANT | order.0 & (TRADE - 1)))
}

pub fn trade_id(market: Uuid, trade: TradeNumber) -> TradeId {
    let (high, _) = market.as_u64_pair();
    TradeId(Uuid::from_u64_pair(high, VARIANT | TRADE | trade.0 & (TRADE - 1)))
}

/// The number of an order, if it is one of that market.
pub fn order_number(market: Uuid, order: ExchangeOrderId) -> Option<OrderNumber> {
    let (high, low) = order.0.as_u64_pair();
    let is_order = high == market.as_u64_pair().0 && low & (VARIANT | TRADE) == VARIANT && low >> 62 == 0b10;
    is_order.then_some(OrderNumber(low & (TRADE - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_foreign_identifiers_are_none() {
        let market = Uuid::from_u128(0x0190_b6a8_7a00_7abc_8def_0123_4567_89ab);
        let other = Uuid::from_u128(0x0190_b6a8_7a01_7abc_8def_0123_4567_89ab);
        for number in [0, 1, 1 << 40, (1 << 61) - 1].map(OrderNumber) {
            let id = order_id(market, number);
            assert_eq!((id.0.get_version_num(), id.0.get_variant()), (7, uuid::Variant::RFC4122));
            assert_eq!(order_number(market, id), Some(number));
            assert_eq!(order_number(other, id), None);
        }
        let trade = trade_id(market, TradeNumber(5));
        assert_eq!(order_number(market, ExchangeOrderId(trade.0)), None);
        assert!(order_id(market, OrderNumber(7)) < order_id(market, OrderNumber(8)));
    }
}
