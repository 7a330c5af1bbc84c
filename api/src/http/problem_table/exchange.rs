//! The exchange.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::OffTick => at(
            "off-tick",
            422,
            "The price is not a whole multiple of the tick",
            "Each instrument states its tick_size; prices are whole multiples of it. Nothing was done.",
        ),
        Kind::OffLot => at(
            "off-lot",
            422,
            "The quantity is not a whole multiple of the lot",
            "Each instrument states its lot_size; quantities are whole multiples of it. Nothing was done.",
        ),
        Kind::OutsideBand => at(
            "outside-band",
            422,
            "The price is outside the price band",
            "Prices stay within the instrument's band around its reference price; the bounds themselves are allowed. The ticker shows them.",
        ),
        Kind::WrongPhase => at(
            "wrong-phase",
            409,
            "The phase of the instrument does not allow that",
            "Orders come in while the instrument is open for them; those that must trade at once need continuous trading. The ticker shows the phase.",
        ),
        Kind::OrderEnded => at(
            "order-ended",
            409,
            "The order has been filled or has ended",
            "What is filled or has ended cannot be changed or cancelled any more. Read the order to see what became of it.",
        ),
        Kind::WouldTrade => at(
            "would-trade",
            409,
            "The order would trade at once",
            "It was sent as post_only, and the book holds what it would meet. Nothing was done.",
        ),
        Kind::OwnOrdersCross => at(
            "own-orders-cross",
            409,
            "The order would meet one of the same company or group",
            "The instrument refuses orders that would trade with those of the same company or its group. Cancel the other one first.",
        ),
        Kind::OverLimit => at(
            "over-limit",
            409,
            "The trading limit does not suffice",
            "Open buy orders and purchases that are not settled stay within the company's limit in the currency. Positions show what is left of it.",
        ),
        Kind::InsufficientHoldings => at(
            "insufficient-holdings",
            409,
            "The deposited holdings do not suffice",
            "With a full guarantee only what was deposited for the instrument can be sold. Positions show what is free.",
        ),
        Kind::OrderCap => at(
            "order-cap",
            409,
            "The instrument caps what one member may have",
            "The instrument bounds a member's live orders, or its lots in one session, traded and open together. The detail says which.",
        ),
        Kind::ClientOrderIdUsed => at(
            "client-order-id-used",
            409,
            "The client_order_id belongs to another order",
            "The same client_order_id with the same terms is a retry and answers what became of the order. With other terms it is refused.",
        ),
        _ => return None,
    })
}
