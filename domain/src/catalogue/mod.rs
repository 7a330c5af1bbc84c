//! What sellers offer: products, their tax, prices by quantity and stock.

pub mod attribute;
pub mod code_list;
pub mod facet;
pub mod gtin;
pub mod import;
pub mod lot;
pub mod media;
pub mod offer;
pub mod pack;
pub mod price;
pub mod product;
pub mod recount;
pub mod spelling;
pub mod stock;
pub mod tax;
pub mod tier;

pub use gtin::Gtin;
pub use lot::{Holding, Lot};
pub use offer::{OfferState, OfferStep, Schedule, Shown};
pub use pack::Pack;
pub use price::{Amount, Audience, CallerPrice, ListTier, PriceList, PriceSource, caller_price};
pub use product::{Product, ProductInput};
pub use stock::Stock;
pub use tax::{Tax, TaxCategory};
pub use tier::{Tier, Tiers};
