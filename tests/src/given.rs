//! What tests begin with, made through the API.
