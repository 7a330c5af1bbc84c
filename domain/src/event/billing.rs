//! Invoices, payments, dunning, commission, deposits.

use super::Form::{Date, Digest, Flag, Id, Integer, List, Money, Text};
use super::{BUYER, EventType, Member, REASON, SELLER, STATE, always, event, maybe};

/// Drafts have no number yet.
const NUMBER: Member = maybe("number", Text, "The number that was given to it.");
const INVOICE: &[Member] = &[NUMBER, STATE];
const DECIDED: &[Member] = &[NUMBER, STATE, REASON];
const PAYMENT: &[Member] = &[STATE];
const COLLECTIVE: &[Member] = &[SELLER, BUYER];

pub(super) const EVENTS: &[EventType] = &[
    event(
        "invoice.issued",
        "invoice",
        "An invoice was issued.",
        &[
            NUMBER,
            STATE,
            maybe("contract_id", Id, "The contract, if it is one."),
            always("contract_ids", List(&Id), "All contracts that it bills."),
        ],
    ),
    event(
        "invoice.held",
        "invoice",
        "An invoice differs from what was agreed or received: the buyer has to approve or dispute it.",
        &[NUMBER, STATE, always("differences", Integer, "How many differences there are.")],
    ),
    event("invoice.matched", "invoice", "An invoice fits what was agreed and received after all.", INVOICE),
    event("invoice.approved", "invoice", "The buyer has approved an invoice in spite of its differences.", DECIDED),
    event("invoice.disputed", "invoice", "The buyer disputes an invoice.", DECIDED),
    event("invoice.partly_paid", "invoice", "A part of an invoice is paid.", INVOICE),
    event("invoice.paid", "invoice", "An invoice is paid.", INVOICE),
    event(
        "invoice.published",
        "invoice",
        "The PDF of an invoice is there as a document.",
        &[NUMBER, STATE, always("document_id", Id, "The document."), always("sha256", Digest, "The hash of its file.")],
    ),
    event(
        "invoice.dunned",
        "invoice",
        "The seller reminds the buyer of an invoice that is overdue.",
        &[
            NUMBER,
            STATE,
            always("level", Integer, "Which reminder it is."),
            maybe("fee", Money, "The fee that is asked for."),
        ],
    ),
    event(
        "invoice.credited",
        "invoice",
        "Something of an invoice was taken back.",
        &[NUMBER, STATE, always("credit_note_id", Id, "The credit note.")],
    ),
    event(
        "credit_note.issued",
        "invoice",
        "A credit note was issued.",
        &[NUMBER, STATE, always("credits_id", Id, "The invoice that it takes back something of.")],
    ),
    event("invoicing.collected", "collective_invoicing", "A buyer gets one invoice a month.", COLLECTIVE),
    event("invoicing.single", "collective_invoicing", "A buyer is invoiced by hand again.", COLLECTIVE),
    event("payment.recorded", "payment", "The payer says that it has paid.", PAYMENT),
    event("payment.confirmed", "payment", "The payee says that the money is there.", PAYMENT),
    event("payment.rejected", "payment", "The payee says that the money is not there.", PAYMENT),
    event("payment.allocated", "payment", "A payment was allocated to invoices.", PAYMENT),
    event(
        "tolerances.changed",
        "invoice_tolerances",
        "How far invoices may differ was laid down.",
        &[always("is_active", Flag, "Whether invoices are compared at all.")],
    ),
    event(
        "dunning.changed",
        "dunning_levels",
        "How a seller reminds of invoices was laid down.",
        &[always("levels", Integer, "How many levels there are.")],
    ),
    event("commission.changed", "portal", "The commission of a portal was laid down.", &[]),
    event(
        "commission.billed",
        "commission_statement",
        "The commission of a month was billed.",
        &[
            NUMBER,
            always("month", Date, "The first day of the month."),
            always("gross", Money, "What is to be paid, tax included."),
        ],
    ),
    event(
        "deposit_payment.recorded",
        "deposit_payment",
        "The operator has recorded a deposit that was paid in or out.",
        &[
            always("direction", Text, "`in` or `out`."),
            always("amount", Money, "How much it was."),
            always("reference", Text, "What the bank says."),
        ],
    ),
];
