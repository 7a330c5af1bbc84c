mod bounds;
mod crash;
mod export;
mod file;
mod goods;
mod hostile;
mod mapping;
mod rows;
