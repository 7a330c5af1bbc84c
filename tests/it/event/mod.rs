mod audit;
mod catalogue;
mod feed;
mod stream;
