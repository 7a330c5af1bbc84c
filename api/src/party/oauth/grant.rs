//! Reads a token request: who asks, for what.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Why there is no token. The names are those of RFC 6749 §5.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    InvalidRequest(&'static str),
    /// Unknown, revoked, a wrong secret: which of them is not told.
    InvalidClient,
    UnsupportedGrantType,
    InvalidScope(String),
}

/// A request for a token.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    pub client: Uuid,
    pub secret: String,
    /// The scopes that are wanted; none: all of the client's.
    pub scopes: Option<Vec<String>>,
}

impl Grant {
    /// From the value of `Authorization` and the fields of the form. Parameters without a value count as absent, unknown ones are
    /// ignored, none may come twice (RFC 6749 §3.2).
    pub fn read(authorization: Option<&str>, form: &[(String, String)]) -> Result<Self, Denial> {
        let field = |name: &str| {
            let mut values = form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            let first = values.next().filter(|value| !value.is_empty());
            if values.next().is_some() { Err(Denial::InvalidRequest("A parameter came twice.")) } else { Ok(first) }
        };
        let (grant_type, id) = (field("grant_type")?, field("client_id")?);
        let (secret, scope) = (field("client_secret")?, field("scope")?);
        match grant_type {
            Some("client_credentials") => {}
            Some(_) => return Err(Denial::UnsupportedGrantType),
            None => return Err(Denial::InvalidRequest("The parameter grant_type is missing.")),
        }
        let (client, secret) = match (authorization, id, secret) {
            (Some(_), _, Some(_)) => return Err(Denial::InvalidRequest("The credentials came in two ways.")),
            (Some(header), id, None) => {
                let (client, secret) = basic(header).ok_or(Denial::InvalidClient)?;
                if id.is_some_and(|id| id != client) {
                    return Err(Denial::InvalidRequest("The parameter client_id names another client."));
                }
                (client, secret)
            }
            (None, Some(id), Some(secret)) => (id.to_owned(), secret.to_owned()),
            (None, _, _) => return Err(Denial::InvalidClient),
        };
        let client = Uuid::parse_str(&client).map_err(|_| Denial::InvalidClient)?;
        Ok(Self { client, secret, scopes: scope.map(|text| text.split(' ').map(str::to_owned).collect()) })
    }
}

/// The two parts of `Basic …`, each form-encoded before they were joined (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

/// A form-encoded text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                hex::decode(digits).ok()?.first().copied()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190b5a0-0000-7000-8000-000000000001";

    fn read(authorization: Option<&str>, form: &[(&str, &str)]) -> Result<Grant, Denial> {
        let form: Vec<_> = form.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Grant::read(authorization, &form)
    }

    #[test]
    fn credentials_come_in_the_header_or_in_the_form() {
        let grant = ("grant_type", "client_credentials");
        let header = format!("Basic {}", STANDARD.encode(format!("{}:s%2Dx+y", ID.replace('-', "%2D"))));
        let found = read(Some(&header), &[grant, ("scope", "a b")]).unwrap();
        assert_eq!((found.client.to_string().as_str(), found.secret.as_str()), (ID, "s-x y"));
        assert_eq!(found.scopes, Some(vec!["a".to_owned(), "b".to_owned()]));
        let found = read(None, &[grant, ("client_id", ID), ("client_secret", "s"), ("scope", ""), ("odd", "1")]);
        assert_eq!(found.unwrap().scopes, None);
        assert!(read(Some(&header), &[grant, ("client_id", ID)]).is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_request_is_named() {
        let (grant, id, secret) = (("grant_type", "client_credentials"), ("client_id", ID), ("client_secret", "s"));
        let header = format!("Basic {}", STANDARD.encode(format!("{ID}:s")));
        assert!(matches!(read(None, &[id, secret]), Err(Denial::InvalidRequest(_))));
        assert_eq!(read(None, &[("grant_type", "password"), id, secret]), Err(Denial::UnsupportedGrantType));
        assert!(matches!(read(None, &[grant, id, id, secret]), Err(Denial::InvalidRequest(_))));
        assert!(matches!(read(Some(&header), &[grant, id, secret]), Err(Denial::InvalidRequest(_))));
        assert!(matches!(read(Some(&header), &[grant, ("client_id", "x")]), Err(Denial::InvalidRequest(_))));
        for odd in ["Bearer x", "Basic", "Basic !", "Basic eDp5", "Basic JTp5"] {
            assert_eq!(read(Some(odd), &[grant]), Err(Denial::InvalidClient), "{odd}");
        }
        assert_eq!(read(None, &[grant, ("client_id", "x"), secret]), Err(Denial::InvalidClient));
        assert_eq!(read(None, &[grant, id]), Err(Denial::InvalidClient));
    }
}
