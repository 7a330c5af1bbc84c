//! Who may do what with orders.

use domain::party::Role::{self, Admin, Buyer, Finance, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the organisation's orders, on either side.
pub const READ: Right = Right::of(&Role::ALL, Scope::OrdersRead);

/// Draft, place and cancel orders.
pub const BUY: Right = Right::trading(&[Owner, Admin, Buyer], Scope::OrdersWrite);

/// Cancel orders, also when the organisation may no longer trade.
pub const CANCEL: Right = Right::of(&[Owner, Admin, Buyer], Scope::OrdersWrite);

/// Confirm and decline orders.
pub const SELL: Right = Right::trading(&[Owner, Admin, Seller], Scope::OrdersWrite);

/// See the cost centres and their budgets.
pub const COST_CENTRES_READ: Right = Right::of(&Role::ALL, Scope::OrdersRead);

/// Set up cost centres and say who orders on them.
pub const COST_CENTRES: Right = Right::of(&[Owner, Admin], Scope::OrdersWrite);

/// Set budgets.
pub const BUDGETS: Right = Right::of(&[Owner, Admin, Finance], Scope::OrdersWrite);
