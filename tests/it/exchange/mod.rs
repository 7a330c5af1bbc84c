mod hosts;
mod clearing;
mod instrument;
mod schedule;
mod streams;
mod trading;
