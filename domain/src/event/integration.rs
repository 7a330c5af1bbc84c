//! Webhooks, exports, bank statements.

use super::Form::{Id, Integer, Text, Time};
use super::{EventType, Member, NUMBER, REASON, STATE, always, event, maybe};

const WEBHOOK: &[Member] = &[
    maybe("host", Text, "Whom events are sent to."),
    maybe("description", Text, "What its owner calls it."),
    STATE,
    REASON,
];
const EXPORT: &[Member] = &[
    STATE,
    always("total", Integer, "How many things there are to look at."),
    always("done", Integer, "How many of them were."),
    always("lines", Integer, "How many lines were written."),
];

pub(super) const EVENTS: &[EventType] = &[
    event("webhook.created", "webhook", "Events are sent to a further address.", WEBHOOK),
    event("webhook.changed", "webhook", "A webhook has another address or other filters.", WEBHOOK),
    event("webhook.deleted", "webhook", "A webhook is no more.", WEBHOOK),
    event("webhook.enabled", "webhook", "A webhook gets events again.", WEBHOOK),
    event(
        "webhook.disabled",
        "webhook",
        "A webhook gets no events any more: by its owner, or since it did not take them.",
        WEBHOOK,
    ),
    event("webhook.secret_rotated", "webhook", "A webhook has a new secret.", WEBHOOK),
    event(
        "webhook.resent",
        "webhook",
        "A delivery is sent again. Only the operator's log has it.",
        &[
            always("delivery_id", Id, "The delivery."),
            always("event_id", Id, "The event that it delivers."),
            always("event_type", Text, "The type of that event."),
        ],
    ),
    event(
        "webhook.replayed",
        "webhook",
        "All events since a time are sent again. Only the operator's log has it.",
        &[always("since", Time, "Since when."), always("queued", Integer, "How many events that are.")],
    ),
    event(
        "webhook.test",
        "webhook",
        "Nothing has happened: somebody tries a webhook. It is in no feed.",
        &[always("text", Text, "Says just that.")],
    ),
    event("export.queued", "export", "An export was asked for and waits.", EXPORT),
    event("export.started", "export", "An export is being written.", EXPORT),
    event("export.finished", "export", "An export is there to be fetched.", EXPORT),
    event("export.failed", "export", "An export cannot be written.", EXPORT),
    event("export.cancelled", "export", "An export was stopped.", EXPORT),
    event("export.removed", "export", "An export was taken away.", EXPORT),
    event(
        "bank_statement.received",
        "bank_statement",
        "A bank statement came in, and what could be matched of it is booked.",
        &[
            NUMBER,
            always("entries", Integer, "How many entries it has."),
            always("open", Integer, "How many of them belong to no invoice yet."),
        ],
    ),
];
