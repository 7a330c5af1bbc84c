//! Companies, people and portals.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::NotVerified => at(
            "not-verified",
            403,
            "The organisation is not verified",
            "Only verified organisations trade. The operator verifies yours from the evidence you upload.",
        ),
        Kind::Suspended => at("suspended", 403, "Suspended", "A suspended organisation can look but not trade."),
        Kind::IdentifierTaken => at(
            "identifier-taken",
            409,
            "The identifier belongs to another organisation",
            "An identifier belongs to one legal entity. If it is yours, ask the operator.",
        ),
        Kind::EmailTaken => {
            at("email-taken", 409, "The e-mail address is in use", "Log in with it, or use another address.")
        }
        Kind::LastOwner => {
            at("last-owner", 409, "An organisation needs an owner", "Give the role owner to somebody else first.")
        }
        Kind::SecretLimit => at(
            "secret-limit",
            409,
            "Two secrets are valid already",
            "An API client has at most two valid secrets, so that one can be changed without a gap. Revoke one first.",
        ),
        Kind::LinkExpired => at(
            "link-expired",
            409,
            "The link is no longer good",
            "It was used, revoked or has expired. Ask for a new one.",
        ),
        Kind::RulesNotAccepted => at(
            "rules-not-accepted",
            403,
            "The portal's rules are not accepted",
            "Your organisation must accept the current rules of the portal before it acts there.",
        ),
        Kind::CapabilityMissing => at(
            "capability-missing",
            403,
            "The membership does not allow this",
            "Your organisation is not an active member of the portal with the capability that this needs.",
        ),
        _ => return None,
    })
}
