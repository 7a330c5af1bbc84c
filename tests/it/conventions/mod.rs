mod errors;
mod idempotency;
