//! Categories, products, stock, offers and price lists.

pub mod category;
pub mod offer;
pub mod price_list;
pub mod product;
pub mod search;
pub mod stock;
