mod amendment;
mod delivery;
mod end;
mod sign;
mod weight;
