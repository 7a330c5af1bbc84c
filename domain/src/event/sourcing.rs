//! Requests for quotation as their buyers and all quoters hear of them.

use super::Form::{Flag, Id, Integer, List, Map, Object, Text, Texts, Time};
use super::{EventType, Member, ORGANISATION, REASON, STATE, always, event, maybe};

const TITLE: Member = always("title", Texts, "Its title.");
const VERSION: Member = always("terms_version", Integer, "The version of what is asked for.");
const ROUND: Member = always("round", Integer, "The round of quotes.");
const QUESTIONS: Member = maybe("questions_until", Time, "Until when questions are taken.");
const QUOTES: Member = maybe("quotes_until", Time, "Until when quotes are taken.");
const REQUEST: &[Member] = &[TITLE, STATE, VERSION, ROUND, QUESTIONS, QUOTES];
const CHANGE: &[Member] =
    &[always("change", Text, "What is different."), maybe("line", Integer, "The line, if it is one.")];
const ENVELOPE: Member = always("envelope", Text, "What is opened: the whole quote, or one part of it.");
const PERSON: Member = maybe("person_id", Id, "Who opens.");
const QUESTION_ID: Member = always("question_id", Id, "The question.");
const QUESTION: Member = always("question", Text, "What was asked.");
const APPLICATION: &[Member] = &[ORGANISATION, STATE, REASON];
const DECISION: Member = always("decision_id", Id, "The decision.");
const STEPS: Member = always("steps", List(&Id), "The steps that were decided.");

pub(super) const EVENTS: &[EventType] = &[
    event("rfq.created", "rfq", "A request for quotation was drafted.", REQUEST),
    event("rfq.changed", "rfq", "A draft of a request was changed.", REQUEST),
    event("rfq.deleted", "rfq", "A draft of a request was deleted.", REQUEST),
    event("rfq.published", "rfq", "A request is published: quotes are asked for.", REQUEST),
    event(
        "rfq.amended",
        "rfq",
        "A published request asks for something else.",
        &[
            TITLE,
            STATE,
            VERSION,
            ROUND,
            QUESTIONS,
            QUOTES,
            always("changes", List(&Object(CHANGE)), "What is different."),
            always("needs_confirmation", Flag, "Whether quotes stand only if they are confirmed."),
        ],
    ),
    event(
        "rfq.cancelled",
        "rfq",
        "A request was cancelled.",
        &[TITLE, STATE, VERSION, ROUND, QUESTIONS, QUOTES, REASON],
    ),
    event("rfq.questions_closed", "rfq", "No questions are taken any more.", REQUEST),
    event(
        "rfq.closed",
        "rfq",
        "No quotes are taken any more.",
        &[TITLE, STATE, VERSION, ROUND, QUESTIONS, QUOTES, always("quotes", Integer, "How many quotes there are.")],
    ),
    event(
        "rfq.opening_begun",
        "rfq",
        "One of two people has opened the quotes.",
        &[TITLE, STATE, VERSION, ROUND, QUESTIONS, QUOTES, ENVELOPE, PERSON],
    ),
    event(
        "rfq.opened",
        "rfq",
        "The quotes are opened.",
        &[
            TITLE,
            STATE,
            VERSION,
            ROUND,
            QUESTIONS,
            QUOTES,
            ENVELOPE,
            PERSON,
            always("quotes", Integer, "How many quotes there are."),
        ],
    ),
    event(
        "rfq.round_begun",
        "rfq",
        "A further round has begun, and you are in it.",
        &[
            TITLE,
            STATE,
            VERSION,
            ROUND,
            QUESTIONS,
            QUOTES,
            always("kind", Text, "`quotes` or `auction`."),
            maybe("auction_id", Id, "The auction that is the round."),
        ],
    ),
    event("rfq.question_asked", "rfq", "Somebody asks; the buyer does not learn who.", &[QUESTION_ID, QUESTION]),
    event(
        "rfq.question_answered",
        "rfq",
        "A question is answered for all.",
        &[QUESTION_ID, QUESTION, maybe("answer", Text, "The answer.")],
    ),
    event("rfq.application_made", "rfq", "A company asks to be let in to quote.", APPLICATION),
    event("rfq.application_admitted", "rfq", "A company may quote.", APPLICATION),
    event("rfq.application_rejected", "rfq", "A company may not quote.", APPLICATION),
    event("rfq.declined", "rfq", "An invited company will not quote.", &[ORGANISATION, REASON]),
    event(
        "rfq.quote_received",
        "rfq",
        "A quote came in. Of a sealed one the buyer learns nothing but its commitments.",
        &[
            maybe("round", Integer, "The round, of a sealed quote."),
            maybe("commitments", Map, "A hash for each envelope of a sealed quote."),
            maybe("quote_id", Id, "The quote, of an open one."),
            maybe("quoter_id", Id, "Who quotes, of an open one."),
            maybe("revision", Integer, "The number of the revision, of an open one."),
        ],
    ),
    event(
        "rfq.quote_withdrawn",
        "rfq",
        "An open quote was withdrawn.",
        &[always("quote_id", Id, "The quote."), always("quoter_id", Id, "Whose it was.")],
    ),
    event(
        "rfq.quote_evaluated",
        "rfq",
        "Somebody has given scores to a quote.",
        &[always("quote_id", Id, "The quote."), always("quoter_id", Id, "Whose it is.")],
    ),
    event(
        "rfq.award_submitted",
        "rfq",
        "An award waits for its approval.",
        &[DECISION, always("state", Text, "The state of the award.")],
    ),
    event(
        "rfq.award_approved",
        "rfq",
        "A step of an award's approval was passed.",
        &[DECISION, always("final", Flag, "Whether nothing is left to be approved."), STEPS],
    ),
    event("rfq.award_rejected", "rfq", "An award was not approved.", &[DECISION, REASON, STEPS]),
    event(
        "rfq.awarded",
        "rfq",
        "The award is announced.",
        &[
            DECISION,
            always("award_ids", List(&Id), "The awards."),
            always("reason", Text, "Why it was decided so."),
            maybe("standstill_until", Time, "Until when no contract is made yet."),
        ],
    ),
    event("rfq.reconsidered", "rfq", "An award has fallen through: there is to be decided anew.", REQUEST),
    event(
        "rfq_subscription.changed",
        "rfq_subscription",
        "Of which requests an organisation is told was laid down.",
        &[
            always("subscribed", Flag, "Whether it is told of any."),
            always("category_ids", List(&Id), "Only of those in these categories; none means all."),
        ],
    ),
    event(
        "framework_agreement.called_off",
        "framework_agreement",
        "Something was called off a framework agreement.",
        &[
            always("call_off_id", Id, "What was called off."),
            always("contract_id", Id, "The contract that was made of it."),
            always("rfq_id", Id, "The request that the agreement came of."),
        ],
    ),
];
