//! What happens when something dies, freezes, or is set up wrongly.

mod configuration;
mod crash;
mod database;
mod race;
mod stop;
mod transaction;
