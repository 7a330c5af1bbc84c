//! Bodies of XML: read within limits, as they came.

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::Bytes;
use domain::kernel::Kind;
use futures::future::LocalBoxFuture;

use super::body::read;
use super::call::BodyBytes;
use super::problem::Problem;

/// The largest document.
pub const MAX_XML: usize = 4 * 1024 * 1024;

/// A document in UTF-8, declared as `application/xml` or `text/xml`.
pub struct XmlBody(pub Bytes);

impl FromRequest for XmlBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            check_type(&request)?;
            let bytes = read(&request, payload, MAX_XML).await?.freeze();
            request.extensions_mut().insert(BodyBytes(bytes.clone()));
            Ok(Self(bytes))
        })
    }
}

/// The media type, and UTF-8 where a character set is said: what the header says goes before what the document says (RFC 7303).
fn check_type(request: &HttpRequest) -> Result<(), Problem> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.to_ascii_lowercase();
    let mut parts = given.split(';').map(str::trim);
    if !matches!(parts.next(), Some("application/xml" | "text/xml")) {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Send application/xml."));
    }
    let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|name| name.trim_matches('"'));
    if charset.is_some_and(|name| !matches!(name, "utf-8" | "utf8" | "us-ascii")) {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Documents are taken in UTF-8."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn documents_are_xml_in_utf_8() {
        let check =
            |kind: &str| check_type(&TestRequest::default().insert_header((CONTENT_TYPE, kind)).to_http_request());
        for good in ["application/xml", "text/xml; charset=utf-8", "Application/XML; charset=\"UTF-8\""] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["application/json", "", "application/xml; charset=windows-1251", "text/xml;charset=utf-16"] {
            assert_eq!(check(bad).unwrap_err().refusal.kind, Kind::UnsupportedMediaType, "{bad}");
        }
    }
}
