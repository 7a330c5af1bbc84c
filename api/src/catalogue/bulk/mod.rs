//! Stock and prices by the thousand in one call, with a result for each row. The rules and the events are those of the single calls.

pub mod dto;
pub mod prices;
pub mod routes;
mod rows;
pub mod stock;
