mod code_list;
mod listing;
mod price;
mod price_list;
mod product;
mod taxonomy;
mod unit;
mod visibility;
