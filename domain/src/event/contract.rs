//! Contracts, deliveries, returns.

use super::Form::{Id, Integer, List, Object, Text};
use super::{EventType, Member, NUMBER, REASON, STATE, always, event};

const CHANGED: &[Member] = &[NUMBER, STATE, REASON];
const AMENDMENT: &[Member] = &[
    NUMBER,
    always("amendment", Integer, "The number of the amendment within the contract."),
    always("state", Text, "The state of the amendment."),
];
const RETURN: &[Member] = &[
    NUMBER,
    always("return_id", Id, "The return."),
    always("return", Integer, "The number of the return within the contract."),
    always("state", Text, "The state of the return."),
    always("credit_note_ids", List(&Id), "The credit notes that were issued for it."),
];
const DELIVERY: Member = always("delivery_id", Id, "The delivery.");
const DELIVERY_NUMBER: Member = always("delivery", Integer, "The number of the delivery within the contract.");
const ORIGIN: &[Member] = &[
    always("kind", Text, "`order`, `trade`, `auction` or what else it was made of."),
    always("id", Id, "That thing."),
];

pub(super) const EVENTS: &[EventType] = &[
    event(
        "contract.created",
        "contract",
        "A contract is there for both sides to sign.",
        &[NUMBER, always("origin", Object(ORIGIN), "What the contract was made of.")],
    ),
    event(
        "contract.signed",
        "contract",
        "A side has signed a contract.",
        &[NUMBER, STATE, always("by", Text, "The side that has signed: `buyer` or `seller`.")],
    ),
    event("contract.cancellation_asked", "contract", "A side asks the other one to give the contract up.", CHANGED),
    event("contract.cancelled", "contract", "A contract was given up.", CHANGED),
    event("contract.disputed", "contract", "A side disputes the contract.", CHANGED),
    event("contract.resolved", "contract", "A dispute of a contract is settled.", CHANGED),
    event("contract.terminated", "contract", "A contract was ended before all was delivered.", CHANGED),
    event("contract.closed", "contract", "All of a contract is delivered, invoiced and paid.", &[NUMBER]),
    event("contract.amendment_proposed", "contract", "A side proposes to change the contract.", AMENDMENT),
    event("contract.amendment_signed", "contract", "A side has signed an amendment.", AMENDMENT),
    event("contract.amendment_dropped", "contract", "An amendment was withdrawn or declined.", AMENDMENT),
    event("delivery.despatched", "contract", "Goods are on their way.", &[NUMBER, DELIVERY, DELIVERY_NUMBER]),
    event(
        "delivery.received",
        "contract",
        "Goods have arrived.",
        &[NUMBER, STATE, DELIVERY, DELIVERY_NUMBER, always("delivery_state", Text, "The state of the delivery.")],
    ),
    event("return.requested", "contract", "The buyer wants to give goods back.", RETURN),
    event("return.accepted", "contract", "The seller takes goods back.", RETURN),
    event("return.refused", "contract", "The seller does not take goods back.", RETURN),
    event("return.withdrawn", "contract", "The buyer keeps the goods after all.", RETURN),
    event("return.completed", "contract", "Goods came back, and what was invoiced of them is credited.", RETURN),
];
