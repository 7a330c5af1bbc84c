//! Secrets of webhooks and what they sign: HMAC-SHA-256, as Standard Webhooks says.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::integration::webhook::signing;
use infra::Failure;

use crate::secret;

/// The bytes of a new secret.
pub fn new_secret() -> Result<[u8; signing::SECRET_BYTES], Failure> {
    secret::new_seed()
}

/// A secret as it is told to its owner, once.
pub fn text(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: a signature by each secret, the newest first, separated by spaces.
pub fn sign(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &[u8]) -> String {
    let content = signing::content(id, timestamp, body);
    let one = |secret: &Vec<u8>| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), &content);
        format!("v1,{}", STANDARD.encode(tag))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_signs_and_another_body_has_another_signature() {
        let secrets = [new_secret().unwrap().to_vec(), new_secret().unwrap().to_vec()];
        let both = sign(&secrets, "msg_1", 1_800_000_000, b"{}");
        let each: Vec<String> =
            secrets.iter().map(|one| sign(std::slice::from_ref(one), "msg_1", 1_800_000_000, b"{}")).collect();
        assert_eq!(both, each.join(" "));
        assert!(each.iter().all(|one| one.starts_with("v1,") && one.len() == 3 + 44));
        assert_ne!(sign(&secrets, "msg_1", 1_800_000_000, b"{ }"), both);
        assert_ne!(sign(&secrets, "msg_1", 1_800_000_001, b"{}"), both);
        assert!(text(&secrets[0]).starts_with("whsec_"));
    }
}
