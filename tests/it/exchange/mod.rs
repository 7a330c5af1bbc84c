mod clearing;
mod faults;
mod hosts;
mod instrument;
mod replay;
mod schedule;
mod streams;
mod trading;
