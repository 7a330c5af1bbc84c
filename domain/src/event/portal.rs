//! Portals and their members.

use super::Form::{Integer, List, Text};
use super::{EventType, Member, ORGANISATION, STATE, always, event};

const PORTAL: &[Member] = &[always("slug", Text, "The name of the portal in addresses.")];
const RULES: &[Member] = &[always("version", Integer, "The version of the rules.")];
const MEMBER: &[Member] = &[ORGANISATION, STATE, always("capabilities", List(&Text), "What it may do on the portal.")];

pub(super) const EVENTS: &[EventType] = &[
    event("portal.opened", "portal", "A portal was opened.", PORTAL),
    event("portal.changed", "portal", "A portal was changed.", PORTAL),
    event("portal.archived", "portal", "A portal was closed for good.", PORTAL),
    event("portal.rules_published", "portal", "A portal has new rules of participation.", RULES),
    event("portal_member.applied", "portal_member", "An organisation asks to belong to a portal.", MEMBER),
    event("portal_member.invited", "portal_member", "An organisation is invited to a portal.", MEMBER),
    event("portal_member.accepted", "portal_member", "An invited organisation has accepted.", MEMBER),
    event(
        "portal_member.accepted_rules",
        "portal_member",
        "An organisation has accepted the rules of a portal.",
        MEMBER,
    ),
    event("portal_member.approved", "portal_member", "An organisation that applied belongs to the portal.", MEMBER),
    event("portal_member.changed", "portal_member", "An organisation may do something else on the portal.", MEMBER),
    event("portal_member.suspended", "portal_member", "An organisation is suspended from the portal.", MEMBER),
    event("portal_member.reinstated", "portal_member", "An organisation is no longer suspended.", MEMBER),
    event("portal_member.ended", "portal_member", "An organisation belongs to the portal no longer.", MEMBER),
];
