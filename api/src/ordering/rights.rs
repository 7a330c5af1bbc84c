//! Who may do what with orders.

use domain::party::Role::{self, Admin, Approver, Buyer, Finance, Owner, Seller, Trader};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the organisation's orders, on either side.
pub const READ: Right = Right::of(&Role::ALL, Scope::OrdersRead);

/// Draft, place and cancel orders.
pub const BUY: Right = Right::trading(&[Owner, Admin, Buyer], Scope::OrdersWrite);

/// Cancel orders, also when the organisation may no longer trade.
pub const CANCEL: Right = Right::of(&[Owner, Admin, Buyer], Scope::OrdersWrite);

/// Give up orders that are confirmed, as their seller, also when the organisation may no longer trade.
pub const CANCEL_SOLD: Right = Right::of(&[Owner, Admin, Seller], Scope::OrdersWrite);

/// Confirm and decline orders.
pub const SELL: Right = Right::trading(&[Owner, Admin, Seller], Scope::OrdersWrite);

/// See the cost centres and their budgets.
pub const COST_CENTRES_READ: Right = Right::of(&Role::ALL, Scope::OrdersRead);

/// Set up cost centres and say who orders on them.
pub const COST_CENTRES: Right = Right::of(&[Owner, Admin], Scope::OrdersWrite);

/// Set budgets.
pub const BUDGETS: Right = Right::of(&[Owner, Admin, Finance], Scope::OrdersWrite);

/// See the approval policy.
pub const POLICY_READ: Right = Right::of(&Role::ALL, Scope::OrdersRead);

/// Set the approval policy: people alone.
pub const POLICY: Right = Right::of(&[Owner, Admin], Scope::OrdersWrite);

/// Say who stands in for oneself: people alone.
pub const DELEGATIONS: Right = Right::of(ACTING, Scope::OrdersWrite);

/// Decide on the orders of others, where the policy asks: people alone.
pub const APPROVE: Right = Right::trading(ACTING, Scope::OrdersWrite);

/// Everybody but those who only read.
const ACTING: &[Role] = &[Owner, Admin, Buyer, Approver, Seller, Trader, Finance];

/// See credit lines, on either side.
pub const CREDIT_READ: Right = Right::of(&[Owner, Admin, Finance, Seller, Buyer], Scope::OrdersRead);

/// Give credit, and release orders that are over it.
pub const CREDIT: Right = Right::of(&[Owner, Admin, Finance], Scope::OrdersWrite);
