//! Authentication: passwords, signing keys, access tokens, and who stands behind a token.

pub mod keys;
pub mod password;
pub mod principals;
pub mod token;
