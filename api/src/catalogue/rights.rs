//! Who may do what with the catalogue.

use domain::party::Role::{self, Admin, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// See one's own products, offers and price lists.
pub const READ: Right = Right::of(&Role::ALL, Scope::CatalogueRead);

/// Keep products and stock: also while the organisation waits to be verified.
pub const EDIT: Right = Right::of(&[Owner, Admin, Seller], Scope::CatalogueWrite);

/// Put products on portals, at prices.
pub const OFFER: Right = Right::trading(&[Owner, Admin, Seller], Scope::CatalogueWrite);
