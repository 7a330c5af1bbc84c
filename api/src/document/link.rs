//! Signed links: whoever holds one reads one file until it expires, or the document is archived.

use domain::kernel::{DocumentId, Kind, Refusal, Timestamp};

use crate::secret::SecretKey;

/// The address of a file for those without a token.
pub fn url(key: &SecretKey, of: DocumentId, version: i32, expires: i64) -> String {
    let signature = hex::encode(tag(key, of, version, expires));
    format!("/v1/documents/{of}/content?version={version}&expires={expires}&signature={signature}")
}

/// Lets pass a link of ours that is still good. One that was never ours names nothing.
pub fn check(
    key: &SecretKey,
    of: DocumentId,
    version: Option<i32>,
    (expires, signature): (i64, &str),
    at: Timestamp,
) -> Result<i32, Refusal> {
    let genuine =
        version.filter(|version| hex::decode(signature).is_ok_and(|given| given == tag(key, of, *version, expires)));
    let version = genuine.ok_or_else(|| Refusal::not_found("document"))?;
    if at.timestamp() >= expires {
        return Err(Refusal::new(Kind::LinkExpired, "The link has expired."));
    }
    Ok(version)
}

fn tag(key: &SecretKey, of: DocumentId, version: i32, expires: i64) -> [u8; 12] {
    key.sign(format!("document {of} {version} {expires}").as_bytes())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_link_is_good_for_one_file_until_it_expires() {
        let key = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        let (id, other) = (DocumentId(Uuid::from_u128(1)), DocumentId(Uuid::from_u128(2)));
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let signature = hex::encode(tag(&key, id, 1, 100));
        assert!(url(&key, id, 1, 100).ends_with(&signature));
        assert_eq!(check(&key, id, Some(1), (100, &signature), at(99)), Ok(1));
        assert_eq!(check(&key, id, Some(1), (100, &signature), at(100)).unwrap_err().kind, Kind::LinkExpired);
        for (id, version, expires) in [(other, Some(1), 100), (id, Some(2), 100), (id, None, 100), (id, Some(1), 101)] {
            let refused = check(&key, id, version, (expires, &signature), at(99));
            assert_eq!(refused.unwrap_err().kind, Kind::NotFound);
        }
        assert!(check(&key, id, Some(1), (100, "zz"), at(99)).is_err());
    }
}
