mod member;
mod visibility;
