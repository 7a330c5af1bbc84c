//! Categories, code lists, products, stock, offers and price lists.

pub mod attribute;
pub mod audience;
pub mod blocked_buyer;
pub mod bulk;
pub mod buyer_group;
pub mod catch_weight;
pub mod category;
pub mod code_list;
pub mod import;
pub mod lot;
pub mod media;
pub mod offer;
pub mod price_list;
pub mod price_list_edition;
pub mod pricing;
pub mod product;
pub mod relation;
pub mod search;
pub mod stock;
pub mod visibility;
pub mod warehouse;
