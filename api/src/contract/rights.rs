//! Who may do what with contracts and deliveries.

use domain::contract::Side;
use domain::party::Role::{self, Admin, Buyer, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// See the organisation's contracts and deliveries.
pub const READ: Right = Right::of(&Role::ALL, Scope::ContractsRead);

/// Despatch goods under a contract.
pub const DESPATCH: Right = Right::trading(&[Owner, Admin, Seller], Scope::ContractsWrite);

/// Say what arrived. Also a buyer that may no longer trade says it, since its seller waits for it.
pub const RECEIVE: Right = Right::of(&[Owner, Admin, Buyer], Scope::ContractsWrite);

/// Decide on returns, and take goods back: they are credited with that, so it is for those who invoice.
pub const TAKE_BACK: Right = Right::of(&[Owner, Seller], Scope::ContractsWrite);

/// Sign, and propose amendments, for one side. Machines do not sign: the use case asks for a person as well.
pub const fn sign(side: Side) -> Right {
    match side {
        Side::Seller => Right::trading(&[Owner, Seller], Scope::ContractsWrite),
        Side::Buyer => Right::trading(&[Owner, Buyer], Scope::ContractsWrite),
    }
}

/// Cancel, dispute and settle for one side, also when the organisation may no longer trade.
pub const fn steer(side: Side) -> Right {
    match side {
        Side::Seller => Right::of(&[Owner, Admin, Seller], Scope::ContractsWrite),
        Side::Buyer => Right::of(&[Owner, Admin, Buyer], Scope::ContractsWrite),
    }
}
