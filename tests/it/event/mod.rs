mod audit;
mod feed;
mod stream;
