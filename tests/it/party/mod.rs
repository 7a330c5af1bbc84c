mod registration;
mod session;
