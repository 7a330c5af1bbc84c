mod approval;
mod cancel;
mod confirmation;
mod cost_centre;
mod decide;
mod place;
mod proposal;
mod stock;
