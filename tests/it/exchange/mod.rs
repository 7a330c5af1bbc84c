mod hosts;
mod instrument;
mod schedule;
mod streams;
mod trading;
