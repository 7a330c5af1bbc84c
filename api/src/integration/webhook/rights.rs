//! Who may do what with webhooks.

use domain::kernel::{OrganisationId, Refusal};
use domain::party::Role::{Admin, Owner};
use domain::party::Scope;

use crate::event;
use crate::http::principal::{Principal, Right};

/// See webhooks, and how it went with what was sent to them.
pub const READ: Right = Right::of(&[Owner, Admin], Scope::WebhooksRead);

/// Enable, disable and delete them.
pub const WRITE: Right = Right::of(&[Owner, Admin], Scope::WebhooksWrite);

/// See what was sent: that are events, for who may read them.
pub fn see_events(by: &Principal) -> Result<OrganisationId, Refusal> {
    by.require(READ)?;
    by.require(event::rights::READ)
}

/// Have events sent: whoever may, sends all that the organisation's feed tells wherever they like, and must be one who may read it.
pub fn send_events(by: &Principal) -> Result<OrganisationId, Refusal> {
    by.require(event::rights::READ)?;
    by.require(WRITE)
}
