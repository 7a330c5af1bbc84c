mod amendment;
mod delivery;
mod end;
mod goods_return;
mod settled;
mod sign;
mod weight;
