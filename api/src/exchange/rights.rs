//! Who may do what on exchanges. What a portal allows an organisation is its capability there: `trade`, or `manage`.

use domain::party::Role::{self, Admin, Owner, Trader};
use domain::party::Scope;

use crate::http::principal::Right;

/// See one's own orders, trades and positions. Instruments and market data are read by whoever sees the portal.
pub const READ: Right = Right::of(&Role::ALL, Scope::ExchangeRead);

/// With the capability `manage`: list instruments, decide on schedules and phases.
pub const MANAGE: Right = Right::of(&[Owner, Admin], Scope::ExchangeWrite);

/// With the capability `trade`: place, change and cancel orders.
pub const TRADE: Right = Right::trading(&[Owner, Trader], Scope::ExchangeTrade);
