//! Quotes as their quoters hear of them. Their subject is the request, to which a company has one quote.

use super::Form::{Digest, Id, Integer, List, Map, Money, Text, Time};
use super::{EventType, Member, REASON, STATE, always, event, maybe};

const QUOTE: Member = always("quote_id", Id, "The quote.");
const AWARD: Member = always("award_id", Id, "The award.");
const STANDSTILL: Member = maybe("standstill_until", Time, "Until when no contract is made yet.");
const HANDED_IN: &[Member] = &[
    always("round", Integer, "The round."),
    always("commitments", Map, "A hash for each envelope, by which you can prove what you have handed in."),
];
const BARGAIN: &[Member] = &[
    always("negotiation_id", Id, "The counter-offer."),
    QUOTE,
    STATE,
    always("by", Text, "Who did it: `buyer` or `quoter`."),
    always("revision", Integer, "The revision of the quote that stands."),
];
const FELL: &[Member] = &[AWARD, QUOTE, REASON];

pub(super) const EVENTS: &[EventType] = &[
    event("quote.submitted", "rfq", "Your quote is in.", HANDED_IN),
    event("quote.revised", "rfq", "Your revised quote is in.", HANDED_IN),
    event("quote.confirmed", "rfq", "Your quote stands for what is asked for now.", HANDED_IN),
    event("quote.negotiated", "rfq", "Your quote stands as it was agreed.", HANDED_IN),
    event("quote.withdrawn", "rfq", "You have withdrawn your quote.", &[]),
    event("quote.lapsed", "rfq", "Your quote was not confirmed after a change: it does not count.", &[]),
    event("quote.expired", "rfq", "The time for which a quote was binding is over.", &[QUOTE]),
    event(
        "quote.excluded",
        "rfq",
        "The buyer does not consider a quote.",
        &[QUOTE, always("quoter_id", Id, "Whose it is."), REASON],
    ),
    event("quote.countered", "rfq", "A side makes a counter-offer.", BARGAIN),
    event("quote.counter_accepted", "rfq", "A counter-offer was accepted.", BARGAIN),
    event("quote.counter_rejected", "rfq", "A counter-offer was rejected.", BARGAIN),
    event("quote.counter_withdrawn", "rfq", "A counter-offer was taken back.", BARGAIN),
    event(
        "quote.negotiation_expired",
        "rfq",
        "A counter-offer was not answered in time.",
        &[always("negotiation_id", Id, "The counter-offer."), QUOTE, STATE],
    ),
    event(
        "quote.undercut",
        "rfq",
        "A bid in the auction has lowered a quote.",
        &[
            QUOTE,
            always("revision", Integer, "The revision of the quote that stands."),
            always("auction_id", Id, "The auction."),
        ],
    ),
    event(
        "quote.awarded",
        "rfq",
        "A quote has won, or a part of it.",
        &[
            AWARD,
            QUOTE,
            always("decision_id", Id, "The decision."),
            always("reason", Text, "Why it was decided so."),
            always("net", Money, "What is bought, without tax."),
            always("lines", List(&Integer), "The lines that it has won."),
            STANDSTILL,
        ],
    ),
    event(
        "quote.not_awarded",
        "rfq",
        "A quote has not won.",
        &[
            QUOTE,
            always("decision_id", Id, "The decision."),
            always("reason", Text, "Why it was decided so."),
            STANDSTILL,
        ],
    ),
    event(
        "quote.letter",
        "rfq",
        "The letter about the award is there as a document.",
        &[
            QUOTE,
            always("document_id", Id, "The document."),
            always("sha256", Digest, "The hash of its file."),
            maybe("award_id", Id, "The award, if the quote has won."),
        ],
    ),
    event(
        "quote.award_concluded",
        "rfq",
        "An award has become a contract or a framework agreement.",
        &[
            AWARD,
            QUOTE,
            maybe("contract_id", Id, "The contract."),
            maybe("framework_id", Id, "The framework agreement."),
        ],
    ),
    event("quote.award_declined", "rfq", "The winner does not take the award.", FELL),
    event("quote.award_rescinded", "rfq", "The buyer has taken an award back.", FELL),
];
