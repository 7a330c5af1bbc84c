mod listing;
mod product;
