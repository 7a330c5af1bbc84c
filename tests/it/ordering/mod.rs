mod decide;
mod place;
mod stock;
