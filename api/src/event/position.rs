//! Positions in the feed as callers carry them: opaque, and good for one organisation's feed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::{Kind, OrganisationId};
use infra::event::Position;

use crate::http::problem::Problem;
use crate::secret::SecretKey;

/// Where a reader wants to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At the first event that there is.
    Beginning,
    /// With what happens from now on.
    Now,
    /// Behind this position.
    After(Position),
}

/// Reads `after` or `Last-Event-ID`.
pub fn start(key: &SecretKey, of: OrganisationId, text: Option<&str>) -> Result<Start, Problem> {
    match text {
        None => Ok(Start::Beginning),
        Some("now") => Ok(Start::Now),
        Some(text) => open(key, of, text)
            .map(Start::After)
            .ok_or_else(|| Problem::new(Kind::InvalidCursor, "The position is not one that your feed gave you.")),
    }
}

/// The text of a position.
pub fn seal(key: &SecretKey, of: OrganisationId, at: Position) -> String {
    let bytes = [at.tx.to_be_bytes(), at.seq.to_be_bytes()].concat();
    URL_SAFE_NO_PAD.encode([tag(key, of, &bytes).as_slice(), &bytes].concat())
}

fn open(key: &SecretKey, of: OrganisationId, text: &str) -> Option<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (given, bytes) = bytes.split_at_checked(12)?;
    if tag(key, of, bytes) != given {
        return None;
    }
    let (tx, seq) = bytes.split_at_checked(8)?;
    Some(Position { tx: i64::from_be_bytes(tx.try_into().ok()?), seq: i64::from_be_bytes(seq.try_into().ok()?) })
}

fn tag(key: &SecretKey, of: OrganisationId, bytes: &[u8]) -> [u8; 12] {
    key.sign(&[b"event feed of ".as_slice(), of.0.as_bytes(), bytes].concat())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_position_is_good_for_its_own_feed_only() {
        let key = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        let (own, other) = (OrganisationId(Uuid::from_u128(1)), OrganisationId(Uuid::from_u128(2)));
        let at = Position { tx: 7, seq: i64::MAX };
        let text = seal(&key, own, at);
        assert_eq!(start(&key, own, Some(&text)).unwrap(), Start::After(at));
        assert_eq!(start(&key, own, None).unwrap(), Start::Beginning);
        assert_eq!(start(&key, own, Some("now")).unwrap(), Start::Now);
        assert!(start(&key, other, Some(&text)).is_err());
        for odd in ["", "x", "!!", &text[1..], &format!("{text}A")] {
            assert_eq!(start(&key, own, Some(odd)).unwrap_err().refusal.kind, Kind::InvalidCursor);
        }
    }
}
