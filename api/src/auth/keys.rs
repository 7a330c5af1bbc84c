//! The keys that sign access tokens: Ed25519, kept sealed in the database, rotated by `kid`, published as a JWKS.

use std::collections::HashMap;
use std::sync::RwLock;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::kernel::Timestamp;
use infra::Failure;
use infra::db::{Connection, tx};
use infra::signing_key::{self, SigningKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::app::App;
use crate::secret::SecretKey;

/// How long a key signs before a new one takes over.
const LIFE: TimeDelta = TimeDelta::days(30);

/// How long a retired key is still published: longer than any token lives.
pub const AFTERLIFE: TimeDelta = TimeDelta::hours(2);

/// How often tokens of unknown keys make a node look for new ones: they may be forged, and come in any number.
const LOOK_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// The keys as this node knows them.
#[derive(Default)]
pub struct KeyRing {
    known: RwLock<Known>,
    /// When a token of an unknown key last made this node look; held while it does.
    looked_at: Mutex<Option<Timestamp>>,
}

#[derive(Default, Clone)]
struct Known {
    signing: Option<(String, EncodingKey)>,
    verifying: HashMap<String, DecodingKey>,
    published: Vec<Value>,
}

impl KeyRing {
    /// Reads the keys, after making a first one, or a new one where the last has signed for long enough. One transaction.
    pub async fn refresh(&self, tx: &mut Connection, secret: &SecretKey, at: Timestamp) -> Result<(), Failure> {
        let mut keys = signing_key::load_published(tx, at - AFTERLIFE).await?;
        if !keys.iter().any(|key| key.retired_at.is_none() && key.created_at > at - LIFE) {
            rotate(tx, secret, at).await?;
            keys = signing_key::load_published(tx, at - AFTERLIFE).await?;
        }
        let known = known(&keys, secret)?;
        *self.known.write().map_err(|_| Failure::broken("the key ring is poisoned"))? = known;
        Ok(())
    }

    /// The key that signs, with its `kid`.
    pub fn signing(&self) -> Result<(String, EncodingKey), Failure> {
        let known = self.known.read().map_err(|_| Failure::broken("the key ring is poisoned"))?;
        known.signing.clone().ok_or_else(|| Failure::broken("there is no signing key"))
    }

    pub fn verifying(&self, kid: &str) -> Option<DecodingKey> {
        self.known.read().ok()?.verifying.get(kid).cloned()
    }

    /// The JSON Web Key Set (RFC 7517).
    pub fn jwks(&self) -> Value {
        json!({"keys": self.known.read().map(|known| known.published.clone()).unwrap_or_default()})
    }
}

/// Makes sure of a key before tokens of it are refused: another node may have made it a moment ago.
pub async fn look_for(app: &App, kid: &str) -> Result<(), Failure> {
    let unknown = || app.keys.verifying(kid).is_none();
    if !unknown() {
        return Ok(());
    }
    // Whoever comes while somebody looks waits for what that brings.
    let mut looked_at = app.keys.looked_at.lock().await;
    let at = app.clock.now();
    if unknown() && looked_at.is_none_or(|last| at - last >= LOOK_PAUSE) {
        *looked_at = Some(at);
        tx::transaction(&app.pool, async |tx| app.keys.refresh(tx, &app.secret, at).await).await?;
    }
    Ok(())
}

/// Retires the keys in use and makes a new one.
pub async fn rotate(tx: &mut Connection, secret: &SecretKey, at: Timestamp) -> Result<(), Failure> {
    let pair = Ed25519KeyPair::generate().map_err(|_| Failure::broken("no key could be made"))?;
    let private = pair.to_pkcs8().map_err(|_| Failure::broken("the key has no PKCS#8 form"))?;
    let public = pair.public_key().as_ref().to_vec();
    let kid = hex::encode(Sha256::digest(&public))[..16].to_owned();
    let row = SigningKey {
        kid,
        private_key_sealed: secret.seal(private.as_ref())?,
        public_key: public,
        created_at: at,
        retired_at: None,
    };
    signing_key::replace(tx, &row).await
}

fn known(keys: &[SigningKey], secret: &SecretKey) -> Result<Known, Failure> {
    let mut known = Known::default();
    for key in keys {
        let x = URL_SAFE_NO_PAD.encode(&key.public_key);
        known.verifying.insert(key.kid.clone(), DecodingKey::from_ed_components(&x).map_err(Failure::broken)?);
        known.published.push(json!({
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x
        }));
        if key.retired_at.is_none() {
            let private = secret.open(&key.private_key_sealed)?;
            known.signing = Some((key.kid.clone(), EncodingKey::from_ed_der(&private)));
        }
    }
    Ok(known)
}
