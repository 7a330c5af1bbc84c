//! Who may do what with portals. What a portal itself allows an organisation is its capability there.

use domain::party::Role::{self, Admin, Owner};
use domain::party::Scope;

use crate::http::principal::Right;

/// See portals and memberships.
pub const READ: Right = Right::of(&Role::ALL, Scope::PortalRead);

/// Open a portal.
pub const OPEN: Right = Right::trading(&[Owner, Admin], Scope::PortalWrite);

/// Apply to portals, accept invitations and rules, leave; and, with the capability `manage`, run a portal.
pub const MANAGE: Right = Right::of(&[Owner, Admin], Scope::PortalWrite);
