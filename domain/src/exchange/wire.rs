//! The commands of a market as bytes, in the encoding of [`crate::kernel::wire`].

use super::client_order_id::ClientOrderId;
use super::command::Command;
use super::instrument::{Band, Guarantee, Rules};
use super::order::{
    Amendment, EndReason, NewOrder, OrderNumber, OrderState, OrderType, Side, TimeInForce, TradeNumber,
};
use super::phase::{HaltReason, Phase};
use super::self_trade::SelfTrade;
pub(crate) use crate::kernel::wire::wire;
pub use crate::kernel::wire::{Damaged, Wire, put_all};

impl Wire for ClientOrderId {
    fn put(&self, out: &mut Vec<u8>) {
        self.bits().put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Self::from_bits(u128::get(input)?).ok_or(Damaged)
    }
}

wire!(newtype OrderNumber);
wire!(newtype TradeNumber);
wire!(enum Side { 0 Buy, 1 Sell });
wire!(enum OrderType {
    0 Limit { price },
    1 Market { protection },
    2 Stop { trigger, protection },
    3 StopLimit { trigger, price },
    4 Iceberg { price, display },
});
wire!(enum TimeInForce { 0 Gtc, 1 Day, 2 Gtd(until), 3 Ioc, 4 Fok, 5 AtOpen, 6 AtClose });
wire!(struct NewOrder {
    client_order_id, side, order_type, lots, time_in_force, post_only, min_quantity, linked_to,
});
wire!(struct Amendment { lots, price, trigger });
wire!(enum EndReason {
    0 Cancelled, 1 Reduced, 2 Expired, 3 Unfilled, 4 NotFillable, 5 MinQuantity, 6 SelfTrade, 7 Linked, 8 OutsideBand,
    9 Suspended,
});
wire!(enum OrderState { 0 Resting, 1 AwaitingTrigger, 2 AwaitingClose, 3 Filled, 4 Ended(reason) });
wire!(enum Phase {
    0 Closed, 1 PreOpen, 2 OpeningAuction, 3 Continuous, 4 VolatilityAuction, 5 ClosingAuction, 6 Halted,
});
wire!(enum HaltReason { 0 News, 1 Regulatory, 2 Technical, 3 Disorderly, 4 Other });
wire!(enum SelfTrade { 0 CancelResting, 1 CancelIncoming, 2 CancelBoth, 3 Decrement });
wire!(enum Guarantee { 0 None, 1 Limit, 2 Full });
wire!(struct Band { up_ppm, down_ppm });
wire!(struct Rules {
    tick_size, lot_size, currency, band, volatility_ppm, self_trade, guarantee, max_live_orders, max_session_lots,
});
wire!(enum Command {
    0 Place { company, instrument, order },
    1 Amend { company, order, change },
    2 Cancel { company, order },
    3 CancelAll { company, instrument },
    4 Expire,
    5 ChangePhase { instrument, to },
    6 Halt { instrument, reason },
    7 List { instrument, rules, reference },
    8 ChangeRules { instrument, rules },
    9 SetReference { instrument, price },
    10 Admit { company, group },
    11 Suspend { company },
    12 Reinstate { company },
    13 SetLimit { company, currency, amount },
    14 SetHolding { company, instrument, lots },
    15 SetCredit { company, counterparty, currency, limit },
    16 RefuseOthers { company, refuse },
    17 Settle { trades },
});
