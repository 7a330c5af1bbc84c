//! Who may do what with organisations, people and credentials. Steps of the operator are not in this table: they ask for
//! `require_operator`.

use domain::party::Role::{self, Admin, Finance, Owner};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the organisation, its people and its directory entry.
pub const READ: Right = Right::of(&Role::ALL, Scope::OrganisationRead);

/// Change the organisation's data, its group, its people.
pub const EDIT: Right = Right::of(&[Owner, Admin], Scope::OrganisationWrite);

/// Bank accounts: what invoices ask others to pay to.
pub const BANKING: Right = Right::of(&[Owner, Finance], Scope::OrganisationWrite);

/// People, invitations and API clients: persons alone, since a machine that makes machines could not be stopped.
pub const PEOPLE: Right = Right::of(&[Owner, Admin], Scope::OrganisationWrite);

/// To which group the organisation belongs, and who to its own: people alone.
pub const GROUP: Right = Right::of(&[Owner], Scope::OrganisationWrite);
