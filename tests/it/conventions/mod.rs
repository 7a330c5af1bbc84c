mod errors;
mod idempotency;
mod token;
