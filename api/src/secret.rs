//! The service's secret key and what is derived from it: sealing what must be read again, hashing what must only be compared,
//! signing what callers carry around.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use infra::Failure;
use sha2::{Digest, Sha256};

/// 32 bytes that only the nodes of one service know.
pub struct SecretKey {
    sealing: RandomizedNonceKey,
    signing: hmac::Key,
}

impl SecretKey {
    /// Reads the base64 text of the configuration: 32 bytes at least.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text.trim())
            .map_err(|_| "the secret key is not base64".to_owned())?;
        if bytes.len() < 32 {
            return Err("the secret key needs at least 32 bytes".to_owned());
        }
        let master = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, hmac::sign(&master, b"sealing").as_ref())
            .map_err(|_| "the secret key cannot be used".to_owned())?;
        Ok(Self { sealing, signing: hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&master, b"signing").as_ref()) })
    }

    /// A new random key as configuration text.
    pub fn generate() -> Result<String, Failure> {
        Ok(base64::engine::general_purpose::STANDARD.encode(random::<32>()?))
    }

    /// Encrypts for keeping (AES-256-GCM, a random nonce in front).
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .sealing
            .seal_in_place_append_tag(Aad::empty(), &mut sealed)
            .map_err(|_| Failure::broken("sealing failed"))?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        let (nonce, body) =
            sealed.split_at_checked(NONCE_LEN).ok_or_else(|| Failure::broken("sealed text too short"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Failure::broken("no nonce"))?;
        let mut body = body.to_vec();
        let plain = self
            .sealing
            .open_in_place(nonce, Aad::empty(), &mut body)
            .map_err(|_| Failure::broken("what was sealed cannot be opened: was the secret key changed?"))?;
        Ok(plain.to_vec())
    }

    /// A short tag that only this service can make; for cursors.
    pub fn sign(&self, text: &[u8]) -> [u8; 12] {
        let tag = hmac::sign(&self.signing, text);
        let mut short = [0; 12];
        short.copy_from_slice(&tag.as_ref()[..12]);
        short
    }
}

/// A new secret for a token or a client: 32 random bytes as text.
pub fn new_token() -> Result<String, Failure> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A new secret that something else is worked out from: 32 random bytes.
pub fn new_seed() -> Result<[u8; 32], Failure> {
    random()
}

/// A random number from 0 to 999, for what is to happen not all at once.
pub fn below_a_thousand() -> Result<u16, Failure> {
    Ok(u16::from_be_bytes(random::<2>()?) % 1000)
}

/// How a random secret is kept: it has enough entropy for a plain hash.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Failure::broken("no randomness"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_again_and_only_unchanged() {
        let key = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        let sealed = key.seal(b"text").unwrap();
        assert_eq!(key.open(&sealed).unwrap(), b"text");
        assert_ne!(key.seal(b"text").unwrap(), sealed);
        let mut changed = sealed.clone();
        changed[NONCE_LEN] ^= 1;
        assert!(key.open(&changed).is_err() && key.open(b"short").is_err());
        let other = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        assert!(other.open(&sealed).is_err());
    }

    #[test]
    fn a_weak_key_is_refused() {
        assert!(SecretKey::parse("c2hvcnQ=").is_err() && SecretKey::parse("!").is_err());
    }
}
