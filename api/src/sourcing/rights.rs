//! Who may do what in sourcing. What a portal allows an organisation is its capability there: `buy` to ask for quotes, `quote` to give them.

use domain::party::Role::{self, Buyer, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the requests that are open to one's company, one's own quotes, awards and framework agreements.
pub const READ: Right = Right::of(&Role::ALL, Scope::SourcingRead);

/// Ask for quotes, and all that a buyer does with them.
pub const BUY: Right = Right::trading(&[Owner, Buyer], Scope::SourcingWrite);

/// Ask about requests, quote to them, and answer counter-offers and awards.
pub const QUOTE: Right = Right::trading(&[Owner, Seller], Scope::SourcingQuote);

/// Say which requests one wants to hear of.
pub const SUBSCRIBE: Right = Right::of(&[Owner, Seller], Scope::SourcingQuote);
