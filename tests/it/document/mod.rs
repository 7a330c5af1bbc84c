mod evidence;
mod invoice;
mod lifecycle;
mod link;
mod upload;
mod visibility;
