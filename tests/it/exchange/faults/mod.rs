//! Whatever fails, what a market has answered is there, once, and nothing else is.

mod database;
mod hosts;
mod journal;
mod kill;
mod load;
mod verdict;
