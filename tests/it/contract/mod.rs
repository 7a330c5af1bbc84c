mod amendment;
mod delivery;
mod end;
mod sign;
