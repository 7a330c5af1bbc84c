mod cancel;
mod confirmation;
mod decide;
mod place;
mod stock;
