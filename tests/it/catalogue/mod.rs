mod listing;
mod product;
mod visibility;
