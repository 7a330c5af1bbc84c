//! A request as the conventions see it: its id, key, precondition and languages.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::Bytes;
use domain::kernel::Kind;
use infra::idempotency::Key;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::problem::Problem;

/// The id of a request: taken from the caller or made, in every log line and problem.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The hash of a body that was not kept, left in the request for the idempotency key.
struct BodyHash([u8; 32]);

/// The body that was read, left in the request for the idempotency key and for another node.
pub struct BodyBytes(pub Bytes);

/// The request that a handler answers.
#[derive(Clone)]
pub struct Call(HttpRequest);

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone())))
    }
}

impl Call {
    pub fn request_id(&self) -> String {
        self.0.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
    }

    pub fn method(&self) -> &str {
        self.0.method().as_str()
    }

    /// The body of JSON that was read; empty where there was none.
    pub fn body(&self) -> Bytes {
        self.0.extensions().get::<BodyBytes>().map(|body| body.0.clone()).unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.0.path()
    }

    pub fn query(&self) -> &str {
        self.0.query_string()
    }

    /// The idempotency key in the caller's scope, together with the hash of method, path, query and body.
    pub fn idempotency_key(&self, scope: Uuid) -> Result<Option<Key>, Problem> {
        let malformed =
            || Problem::new(Kind::InvalidIdempotencyKey, "Idempotency-Key takes 1 to 255 visible characters, once.");
        let mut given = self.0.headers().get_all("Idempotency-Key");
        let Some(header) = given.next() else { return Ok(None) };
        let key = header.to_str().map_err(|_| malformed())?;
        let visible = key.bytes().all(|b| b.is_ascii_graphic());
        if given.next().is_some() || !visible || key.is_empty() || key.len() > 255 {
            return Err(malformed());
        }
        let mut hash = Sha256::new();
        for part in [self.0.method().as_str(), self.0.path(), self.0.query_string()] {
            hash.update(part);
            hash.update([0]);
        }
        if let Some(body) = self.body_hash() {
            hash.update(body);
        }
        Ok(Some(Key { scope, key: key.to_owned(), request_hash: hash.finalize().to_vec() }))
    }

    fn body_hash(&self) -> Option<[u8; 32]> {
        let extensions = self.0.extensions();
        let kept = extensions.get::<BodyBytes>().map(|body| Sha256::digest(&body.0).into());
        kept.or_else(|| extensions.get::<BodyHash>().map(|hash| hash.0))
    }

    /// The version that `If-Match` names. 428 without the header, 412 for a tag that was never ours.
    pub fn if_match(&self) -> Result<i64, Problem> {
        let header = self
            .0
            .headers()
            .get(IF_MATCH)
            .ok_or_else(|| Problem::new(Kind::PreconditionRequired, "Send the ETag you read in If-Match."))?;
        let tag = header.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        let version = tag.and_then(|tag| tag.split('.').next()?.parse().ok());
        version.ok_or_else(|| Problem::new(Kind::PreconditionFailed, "The ETag in If-Match is not the current one."))
    }

    /// The version that `If-Match` names, for what is done without it as well.
    pub fn if_match_given(&self) -> Result<Option<i64>, Problem> {
        if self.0.headers().contains_key(IF_MATCH) { self.if_match().map(Some) } else { Ok(None) }
    }

    pub fn if_none_match(&self) -> Option<&str> {
        self.0.headers().get(IF_NONE_MATCH)?.to_str().ok()
    }

    pub fn headers(&self) -> &actix_web::http::header::HeaderMap {
        self.0.headers()
    }

    /// The media type of the body, without parameters.
    pub fn content_type(&self) -> String {
        let given = self.0.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether the body is packed.
    pub fn has_encoding(&self) -> bool {
        self.0.headers().contains_key(CONTENT_ENCODING)
    }

    /// How long the body is, as far as the caller says.
    pub fn content_length(&self) -> Option<u64> {
        self.0.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// Leaves the hash of a body that was read, for the idempotency key.
    pub fn body_is(&self, hash: [u8; 32]) {
        self.0.extensions_mut().insert(BodyHash(hash));
    }

    /// The access token of the request.
    pub fn token(&self) -> Option<&str> {
        let (_, token) = self.0.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        Some(token.trim())
    }

    /// Where a reader of a stream that broke off wants to go on.
    pub fn last_event_id(&self) -> Option<&str> {
        self.0.headers().get("Last-Event-ID")?.to_str().ok()
    }

    /// The languages the reader wants, best first.
    pub fn languages(&self) -> Vec<String> {
        let Some(header) = self.0.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
            return Vec::new();
        };
        let mut wanted: Vec<(u16, String)> = header
            .split(',')
            .take(20)
            .filter_map(|part| {
                let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
                Some((thousandths(weight.trim())?, tag.trim().to_owned()))
            })
            .filter(|(weight, tag)| *weight > 0 && tag != "*")
            .collect();
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.into_iter().map(|(_, tag)| tag).collect()
    }
}

/// A weight of RFC 9110 (`0`, `0.8`, `1.000`) in thousandths.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{fraction:0<3}");
    Some(whole.parse::<u16>().ok()?.checked_mul(1000)?.checked_add(digits.get(..3)?.parse().ok()?)?.min(1000))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn languages_come_in_the_order_of_their_weights() {
        let request = TestRequest::default()
            .insert_header(("Accept-Language", "de;q=0.5, ru-RU, en;q=0.85, fr;q=0"))
            .to_http_request();
        assert_eq!(Call(request).languages(), ["ru-RU", "en", "de"]);
    }

    #[test]
    fn if_match_is_needed_and_must_be_ours() {
        let version = |tag: Option<&str>| {
            let mut request = TestRequest::default();
            if let Some(tag) = tag {
                request = request.insert_header((IF_MATCH, tag));
            }
            Call(request.to_http_request()).if_match().map_err(|p| p.refusal.kind)
        };
        assert_eq!(version(Some("\"7.1a2b\"")), Ok(7));
        assert_eq!(version(None), Err(Kind::PreconditionRequired));
        for odd in ["7", "*", "W/\"7\"", "\"\"", "\"x\""] {
            assert_eq!(version(Some(odd)), Err(Kind::PreconditionFailed), "{odd}");
        }
    }

    #[test]
    fn keys_are_visible_and_bounded() {
        let key = |text: &str| {
            let request = TestRequest::default().insert_header(("Idempotency-Key", text)).to_http_request();
            Call(request).idempotency_key(Uuid::nil()).map(|key| key.is_some()).map_err(|p| p.refusal.kind)
        };
        assert_eq!(key("a-1"), Ok(true));
        for bad in ["", "a b", "é", &"x".repeat(256)] {
            assert_eq!(key(bad), Err(Kind::InvalidIdempotencyKey), "{bad}");
        }
    }
}
