mod instrument;
mod schedule;
