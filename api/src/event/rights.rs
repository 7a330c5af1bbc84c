//! Who may read events. The audit log is not in this table: it asks for `require_operator`.

use domain::party::{Role, Scope};

use crate::http::principal::Right;

/// Read the organisation's event feed.
pub const READ: Right = Right::of(&Role::ALL, Scope::EventsRead);
