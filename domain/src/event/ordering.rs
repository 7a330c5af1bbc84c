//! Orders, approval, budgets, credit, standing orders, negotiated prices.

use super::Form::{Date, Decimal, Flag, Id, Integer, List, Money, Text, Time};
use super::{BUYER, CURRENCY, EventType, Member, NAME, NUMBER, REASON, SELLER, STATE, always, event, maybe};

const GIVEN_UP: &[Member] = &[NUMBER, REASON, maybe("contract_id", Id, "The contract that ended with it.")];
const ANSWERED: &[Member] = &[NUMBER, REASON];
const STEPS: Member = always("steps", List(&Id), "The steps that were decided.");
const BUDGET: &[Member] = &[
    always("cost_centre_id", Id, "Whose budget it is."),
    CURRENCY,
    maybe("amount", Decimal, "How much may be spent; null if that has no bound."),
];
const CENTRE: &[Member] = &[always("code", Text, "The code of the cost centre.")];
const LIST: &[Member] = &[NAME];
const CREDIT: &[Member] = &[SELLER, BUYER, CURRENCY, STATE];
const PROPOSAL: &[Member] = &[STATE, always("offer_id", Id, "What the price is for.")];
const BARGAIN: &[Member] = &[
    STATE,
    always("offer_id", Id, "What the price is for."),
    always("by", Text, "Who did it: `buyer` or `seller`."),
    REASON,
];
const DELEGATION: &[Member] =
    &[always("from", Id, "The person who is away."), always("to", Id, "The person who decides meanwhile.")];

pub(super) const EVENTS: &[EventType] = &[
    event(
        "order.placed",
        "order",
        "An order was placed: its seller can confirm or decline it.",
        &[
            NUMBER,
            BUYER,
            maybe("seller_id", Id, "The organisation that sells."),
            always("total", Money, "The sum of the lines, without tax."),
        ],
    ),
    event("order.split", "order", "A draft became an order for each of its sellers.", &[NUMBER]),
    event(
        "order.submitted",
        "order",
        "An order waits for its approval within the buyer's company.",
        &[
            NUMBER,
            always("round", Integer, "How often it has been submitted."),
            always("steps", Integer, "How many steps its approval has."),
        ],
    ),
    event(
        "order.approved",
        "order",
        "A step of an order's approval was passed.",
        &[
            NUMBER,
            always("final", Flag, "Whether nothing is left to be approved."),
            maybe("steps", List(&Id), "The steps that were decided."),
        ],
    ),
    event("order.rejected", "order", "An order was not approved.", &[NUMBER, REASON, STEPS]),
    event(
        "order.approval_escalated",
        "order",
        "Nobody decided in time: others are asked as well.",
        &[always("step_id", Id, "The step that waits."), always("step", Text, "Its name.")],
    ),
    event(
        "order.confirmed",
        "order",
        "The seller has confirmed an order, or the buyer has accepted how it was confirmed.",
        &[
            NUMBER,
            STATE,
            maybe("contract_id", Id, "The contract that was made of it."),
            maybe("backorder_id", Id, "The order that holds what will come later."),
        ],
    ),
    event("order.declined", "order", "The seller has declined an order.", GIVEN_UP),
    event("order.cancelled", "order", "An order was cancelled.", GIVEN_UP),
    event("order.expired", "order", "An order was not answered in time.", GIVEN_UP),
    event(
        "order.confirmation_proposed",
        "order",
        "The seller confirms with changes that the buyer has to accept.",
        &[
            NUMBER,
            always("confirmation_id", Id, "What is proposed."),
            always("answer_by", Time, "Until when the buyer can answer."),
        ],
    ),
    event("order.confirmation_refused", "order", "The buyer does not accept the changes.", ANSWERED),
    event("order.confirmation_withdrawn", "order", "The seller has taken the changes back.", ANSWERED),
    event(
        "order.backordered",
        "order",
        "The rest of an order, which will come later, is an order of its own.",
        &[
            NUMBER,
            always("backorder_of", Id, "The order that it is the rest of."),
            always("order", Text, "The number of that order."),
            always("expected_date", Date, "When it is expected."),
        ],
    ),
    event("order.credit_held", "order", "An order waits until its seller gives credit for it.", &[NUMBER, SELLER]),
    event("order.credit_released", "order", "The seller gives credit for an order.", &[NUMBER]),
    event(
        "approval_policy.set",
        "approval_policy",
        "Which orders have to be approved was laid down.",
        &[always("rules", Integer, "How many rules there are.")],
    ),
    event("approval_delegation.made", "approval_delegation", "A person decides for another who is away.", DELEGATION),
    event("approval_delegation.revoked", "approval_delegation", "A person decides for another no longer.", DELEGATION),
    event("cost_centre.created", "cost_centre", "There is a further cost centre.", CENTRE),
    event("cost_centre.changed", "cost_centre", "A cost centre was changed.", CENTRE),
    event("cost_centre.archived", "cost_centre", "A cost centre is used no more.", CENTRE),
    event("budget.set", "budget", "A cost centre has a further budget.", BUDGET),
    event("budget.changed", "budget", "A budget was changed.", BUDGET),
    event("credit_line.opened", "credit_line", "A seller has laid down how much credit a buyer has.", CREDIT),
    event("credit_line.changed", "credit_line", "A buyer has more or less credit, or none.", CREDIT),
    event(
        "requisition_list.made",
        "requisition_list",
        "There is a further list of what is bought again and again.",
        LIST,
    ),
    event(
        "requisition_list.changed",
        "requisition_list",
        "A list of what is bought again and again was changed.",
        LIST,
    ),
    event("requisition_list.deleted", "requisition_list", "A list of what is bought again and again is no more.", LIST),
    event("standing_order.made", "standing_order", "An order will be placed by itself on its days.", LIST),
    event("standing_order.changed", "standing_order", "A standing order was changed, stopped or begun again.", LIST),
    event("standing_order.deleted", "standing_order", "A standing order is no more.", LIST),
    event(
        "standing_order.failed",
        "standing_order",
        "A standing order could not be placed on its day.",
        &[
            NAME,
            always("problem", Text, "The type of the problem, as under `/problems/`."),
            always("detail", Text, "What was amiss."),
        ],
    ),
    event("price_proposal.made", "price_proposal", "A buyer proposes a price.", PROPOSAL),
    event("price_proposal.countered", "price_proposal", "A side proposes another price.", BARGAIN),
    event("price_proposal.accepted", "price_proposal", "A proposed price is agreed.", BARGAIN),
    event("price_proposal.declined", "price_proposal", "A proposed price was declined.", BARGAIN),
    event("price_proposal.withdrawn", "price_proposal", "A proposed price was taken back.", BARGAIN),
    event(
        "price_proposal.expired",
        "price_proposal",
        "A proposed price was not answered, or not used, in time.",
        PROPOSAL,
    ),
    event("price_proposal.used", "price_proposal", "An order was placed at an agreed price.", PROPOSAL),
];
