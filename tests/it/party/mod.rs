mod api_client;
mod registration;
mod session;
mod token;
