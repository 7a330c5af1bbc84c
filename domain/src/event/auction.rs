//! Auctions, bids, deposits, settlement.

use super::Form::{Digest, Flag, Id, Integer, List, Money, Object, Text, Texts, Time};
use super::{CURRENCY, EventType, Member, ORGANISATION, REASON, STATE, always, event, maybe};

const TITLE: Member = always("name", Texts, "Its name.");
const FORMAT: Member = always("format", Text, "How the winner is found.");
const OPENS: Member = always("opens_at", Time, "When bids are taken first.");
const ENDS: Member = always("ends_at", Time, "When it ends, as far as is known.");
const AUCTION: &[Member] = &[TITLE, STATE, FORMAT, CURRENCY, OPENS, ENDS];
const LOT: Member = always("lot", Integer, "The number of the lot.");
const BIDDER: &[Member] = &[ORGANISATION, STATE, maybe("note", Text, "What was noted.")];
const DEPOSIT: &[Member] = &[ORGANISATION, always("amount", Money, "The deposit.")];
const CONTRACT: Member = maybe("contract_id", Id, "The contract.");
const OFFER: &[Member] = &[
    always("offer_id", Id, "The offer."),
    LOT,
    always("pseudonym", Text, "The name under which the company has bid."),
    STATE,
    CONTRACT,
    always("expires_at", Time, "Until when it can be accepted."),
];
const AWARD: &[Member] = &[
    ORGANISATION,
    always("bidder", Text, "The name under which it has bid."),
    always("number", Integer, "The bid that has won."),
    always("units", Integer, "How many units it gets."),
    always("price", Money, "The price of a unit."),
];
const SOLD: &[Member] = &[always("units", Integer, "How many units."), always("price", Money, "The price of a unit.")];
const BID: Member = always("number", Integer, "The number of the bid within the lot.");
const STANDS: Member = maybe("price", Money, "The price that stands, if it may be known.");
const LEADING: Member = maybe("leading", Integer, "How many units you would get now; null where nobody can know.");
const QUESTION_ID: Member = always("question_id", Id, "The question.");
const QUESTION: Member = always("question", Text, "What was asked.");

pub(super) const EVENTS: &[EventType] = &[
    event("auction.created", "auction", "An auction was drafted.", AUCTION),
    event("auction.changed", "auction", "An auction was changed.", AUCTION),
    event("auction.deleted", "auction", "A draft of an auction was deleted.", AUCTION),
    event("auction.published", "auction", "An auction is announced.", AUCTION),
    event(
        "auction.cancelled",
        "auction",
        "An auction was cancelled.",
        &[TITLE, STATE, FORMAT, CURRENCY, OPENS, ENDS, REASON],
    ),
    event("auction.opened", "auction", "Bids are taken from now on.", &[]),
    event(
        "auction.lot_closed",
        "auction",
        "A lot has closed.",
        &[
            LOT,
            always("outcome", Text, "`sold`, `unsold` or what else came of it."),
            always("entries", Integer, "How many entries its history has."),
            always("last_hash", Digest, "The hash of the last entry, which proves all before it."),
            maybe("awards", List(&Object(AWARD)), "Who has won; null for those who may not know."),
        ],
    ),
    event(
        "auction.relisted",
        "auction",
        "What was not sold is put up anew.",
        &[always("lots", List(&Integer), "The lots that go on in another auction.")],
    ),
    event("auction.bidder_applied", "auction", "A company wants to bid.", BIDDER),
    event("auction.bidder_invited", "auction", "A company is invited to bid.", BIDDER),
    event("auction.bidder_admitted", "auction", "A company may bid.", BIDDER),
    event("auction.bidder_refused", "auction", "A company may not bid.", BIDDER),
    event("auction.bidder_withdrawn", "auction", "A company bids no more.", BIDDER),
    event(
        "auction.question_asked",
        "auction",
        "Somebody asks; the holder does not learn who.",
        &[QUESTION_ID, QUESTION],
    ),
    event(
        "auction.question_answered",
        "auction",
        "A question is answered for all.",
        &[QUESTION_ID, QUESTION, maybe("answer", Text, "The answer.")],
    ),
    event(
        "auction.may_top",
        "auction",
        "You may better the bid that won the part before, once.",
        &[
            LOT,
            always("price", Money, "The price that stands."),
            always("least", Money, "What you have to bid at least."),
            always("until", Time, "Until when."),
        ],
    ),
    event(
        "bid.accepted",
        "auction",
        "A bid of yours is in, and counts.",
        &[
            LOT,
            BID,
            always("hash", Digest, "The link of the lot's chain that it made."),
            maybe("units", Integer, "How many units you bid for."),
            LEADING,
            always("leads", Flag, "Whether you lead."),
            STANDS,
        ],
    ),
    event("bid.outbid", "auction", "Somebody has bid more than you.", &[LOT, STANDS, LEADING]),
    event("bid.void", "auction", "Your bid does not count.", &[LOT, BID, always("reason", Text, "Why.")]),
    event(
        "bid.won",
        "auction",
        "Your bid has won.",
        &[
            LOT,
            BID,
            always("units", Integer, "How many units you get."),
            always("price", Money, "The price of a unit."),
        ],
    ),
    event("auction.deposit_held", "auction", "Your deposit is bound for an auction.", DEPOSIT),
    event("auction.deposit_released", "auction", "Your deposit is free again.", DEPOSIT),
    event("auction.deposit_taken", "auction", "The deposit of a winner in default went to the holder.", DEPOSIT),
    event(
        "auction.sold",
        "auction",
        "A winner has a contract to sign.",
        &[LOT, ORGANISATION, CONTRACT, always("awards", List(&Object(SOLD)), "What it has won.")],
    ),
    event("auction.unsold", "auction", "Nobody has won a lot.", &[LOT, maybe("outcome", Text, "What came of it.")]),
    event(
        "auction.given_up",
        "auction",
        "The contract of a winner was given up.",
        &[LOT, ORGANISATION, CONTRACT, always("by", Id, "The side that asked for it first.")],
    ),
    event(
        "auction.defaulted",
        "auction",
        "A winner is in default.",
        &[LOT, ORGANISATION, CONTRACT, maybe("deposit", Money, "What the holder got of its deposit.")],
    ),
    event("auction.settled", "auction", "Nothing of an auction is open any more.", &[]),
    event("auction.offer_made", "auction", "A lot is offered to the second bidder.", OFFER),
    event("auction.offer_accepted", "auction", "The second bidder takes the lot.", OFFER),
    event("auction.offer_declined", "auction", "The second bidder does not take the lot.", OFFER),
    event("auction.offer_withdrawn", "auction", "A lot is offered to the second bidder no longer.", OFFER),
    event("auction.offer_expired", "auction", "The second bidder did not answer in time.", OFFER),
];
