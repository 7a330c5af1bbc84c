//! Access tokens: JWTs signed with EdDSA, good for ten minutes. The algorithm is ours to choose, never the token's.

use chrono::{DateTime, TimeDelta};
use domain::kernel::{Kind, Timestamp};
use infra::Failure;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::KeyRing;
use crate::http::problem::Problem;

/// How long an access token lives.
pub const LIFE: TimeDelta = TimeDelta::minutes(10);

const AUDIENCE: &str = "torg";
const TYPE: &str = "at+jwt";

/// What a token says (RFC 9068).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    /// The person or the API client.
    pub sub: Uuid,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
    /// Ours are good at once; one that says otherwise is taken at its word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    pub jti: Uuid,
    /// The session of a person; machines have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    /// The secret of a machine that it was got with, and is revoked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Uuid>,
    /// The organisation that is acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Uuid>,
    /// The scopes of a machine, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl Claims {
    pub fn new(issuer: &str, sub: Uuid, at: Timestamp, jti: Uuid) -> Self {
        Self {
            iss: issuer.to_owned(),
            sub,
            aud: AUDIENCE.to_owned(),
            iat: at.timestamp(),
            exp: (at + LIFE).timestamp(),
            nbf: None,
            jti,
            sid: None,
            secret: None,
            org: None,
            scope: None,
        }
    }

    pub fn expires_at(&self) -> Timestamp {
        DateTime::from_timestamp(self.exp, 0).unwrap_or_default()
    }
}

/// Signs with the key in use.
pub fn sign(keys: &KeyRing, claims: &Claims) -> Result<String, Failure> {
    let (kid, key) = keys.signing()?;
    jsonwebtoken::encode(&header_of(Some(kid)), claims, &key).map_err(Failure::broken)
}

fn header_of(kid: Option<String>) -> Header {
    Header { typ: Some(TYPE.to_owned()), kid, ..Header::new(Algorithm::EdDSA) }
}

/// The key that a token claims to be signed with.
pub fn claimed_key(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).ok()?.kid
}

/// Reads a token that one of our keys signed and that is good at this time. Everything else is the same problem.
pub fn verify(keys: &KeyRing, issuer: &str, token: &str, at: Timestamp) -> Result<Claims, Problem> {
    let invalid = || Problem::new(Kind::InvalidToken, "The access token is malformed, expired, or not ours.");
    let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
    // Our tokens have these three members and no other: a key or an address that a token brings along is never looked at.
    if header != header_of(header.kid.clone()) {
        return Err(invalid());
    }
    let key = header.kid.and_then(|kid| keys.verifying(&kid)).ok_or_else(invalid)?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.leeway = 0;
    // The times are compared with the database's clock below, not with this machine's.
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|_| invalid())?.claims;
    let now = at.timestamp();
    // A token from the future was signed by somebody whose clock we do not share; a few seconds are forgiven.
    if claims.exp <= now || claims.iat.max(claims.nbf.unwrap_or(0)) > now + 5 {
        return Err(invalid());
    }
    Ok(claims)
}
