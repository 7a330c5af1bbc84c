mod amendment;
mod delivery;
mod end;
mod goods_return;
mod sign;
mod weight;
