mod code_list;
mod listing;
mod product;
mod taxonomy;
mod unit;
mod visibility;
