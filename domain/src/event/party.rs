//! Organisations, people, credentials.

use super::Form::{Flag, Id, List, Text};
use super::{CURRENCY, EventType, Member, NAME, ORGANISATION, always, event, maybe};

const NOTE: &[Member] = &[maybe("note", Text, "What the operator noted.")];
const PARENT: &[Member] = &[maybe("parent_id", Id, "The parent, as it is or was proposed; null if there is none.")];
const ROLES: Member = always("roles", List(&Text), "The roles from now on.");
const MEMBER: &[Member] = &[ORGANISATION, ROLES];
const CLIENT: &[Member] = &[NAME, always("scopes", List(&Text), "What it may do.")];
const SESSION: &[Member] = &[always("person_id", Id, "Whose session it was."), always("reason", Text, "Why it ended.")];

pub(super) const EVENTS: &[EventType] = &[
    event(
        "organisation.registered",
        "organisation",
        "A company has registered.",
        &[always("legal_name", Text, "Its name.")],
    ),
    event(
        "organisation.changed",
        "organisation",
        "A company has changed what is known of it.",
        &[always("verification_needed", Flag, "Whether it has to be verified anew before it trades.")],
    ),
    event("organisation.verified", "organisation", "The operator has verified the company: it may trade.", NOTE),
    event("organisation.rejected", "organisation", "The operator did not verify the company.", NOTE),
    event("organisation.suspended", "organisation", "The operator has suspended the company.", NOTE),
    event("organisation.reinstated", "organisation", "The company is no longer suspended.", NOTE),
    event("organisation.closed", "organisation", "The company has left for good.", NOTE),
    event("organisation.parent_proposed", "organisation", "A company says that it belongs to a parent.", PARENT),
    event(
        "organisation.parent_confirmed",
        "organisation",
        "The parent has confirmed that the company belongs to it.",
        PARENT,
    ),
    event(
        "organisation.parent_refused",
        "organisation",
        "The parent has refused that the company belongs to it.",
        PARENT,
    ),
    event("organisation.parent_left", "organisation", "The company belongs to no parent any more.", PARENT),
    event("member.joined", "member", "A person has joined the organisation.", MEMBER),
    event("member.changed", "member", "A person has other roles in the organisation.", MEMBER),
    event("member.removed", "member", "A person belongs to the organisation no longer.", MEMBER),
    event("invitation.created", "invitation", "A person was invited into the organisation.", &[ROLES]),
    event("invitation.revoked", "invitation", "An invitation does not count any more.", &[ROLES]),
    event("api_client.created", "api_client", "A machine was given access.", CLIENT),
    event("api_client.changed", "api_client", "What a machine may do has changed.", CLIENT),
    event("api_client.revoked", "api_client", "A machine has no access any more.", CLIENT),
    event("api_client.secret_created", "api_client", "A machine has a new secret.", CLIENT),
    event("api_client.secret_revoked", "api_client", "A secret of a machine does not count any more.", CLIENT),
    event("bank_account.added", "bank_account", "The organisation has a further bank account.", &[CURRENCY]),
    event("bank_account.archived", "bank_account", "A bank account is not used any more.", &[CURRENCY]),
    event("person.changed", "person", "A person has changed what is known of them.", &[]),
    event("person.password_changed", "person", "A person has a new password.", &[]),
    event("person.password_reset_requested", "person", "Somebody has asked for a new password of a person.", &[]),
    event("person.password_reset", "person", "A person has a new password, by the link that was mailed.", &[]),
    event("person.disabled", "person", "The operator lets a person in no longer.", NOTE),
    event("person.enabled", "person", "The operator lets a person in again.", NOTE),
    event("person.erased", "person", "A person's data were erased at their wish.", &[]),
    event("session.ended", "session", "A session of a person has ended. Only the operator's log has it.", SESSION),
];
