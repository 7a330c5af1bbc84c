//! Files on their way out: always as downloads, never shown by a browser within this service's pages.

use std::fmt::Write;

use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpResponse, HttpResponseBuilder};
use infra::document::VersionRow;

use crate::app::App;
use crate::http::call::Call;
use crate::http::problem::Reply;

/// Streams a file that the caller may read. Its tag is its hash; who has it already gets 304.
pub async fn of(app: &App, call: &Call, file: &VersionRow, private: bool) -> Reply {
    if let Some(known) = known(call, &file.sha256, private) {
        return Ok(known);
    }
    let (size, content) = app.files.read(&file.sha256).await?;
    let mut response = head(&file.sha256, &file.media_type, &file.file_name, private);
    Ok(response.body(SizedStream::new(size, content)))
}

/// The answer to who has the file already.
pub fn known(call: &Call, sha256: &[u8], private: bool) -> Option<HttpResponse> {
    let tag = tag(sha256);
    let known = call.if_none_match().is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    known.then(|| tagged(HttpResponse::NotModified(), tag, private).finish())
}

/// How an answer with a file begins.
pub fn head(sha256: &[u8], media_type: &str, file_name: &str, private: bool) -> HttpResponseBuilder {
    let mut response = tagged(HttpResponse::Ok(), tag(sha256), private);
    response
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, disposition(file_name)))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(("Content-Security-Policy", "default-src 'none'; sandbox"));
    response
}

fn tag(sha256: &[u8]) -> String {
    format!("\"{}\"", hex::encode(sha256))
}

fn tagged(mut response: HttpResponseBuilder, tag: String, private: bool) -> HttpResponseBuilder {
    let cache = if private { "private, no-cache" } else { "no-cache" };
    response.insert_header((CACHE_CONTROL, cache)).insert_header((VARY, "Authorization")).insert_header((ETAG, tag));
    response
}

/// An attachment with a name in any script (RFC 6266, RFC 8187) and a plain one for old clients.
fn disposition(file_name: &str) -> String {
    let plain: String = file_name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut text = format!("attachment; filename=\"{plain}\"");
    if plain != file_name {
        text.push_str("; filename*=UTF-8''");
        for byte in file_name.bytes() {
            let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            // Writing to a string cannot fail.
            let _ = if unreserved { write!(text, "{}", char::from(byte)) } else { write!(text, "%{byte:02X}") };
        }
    }
    text
}

fn is_plain(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !"\"\\%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_written_into_the_header() {
        assert_eq!(disposition("INV2026-000001.pdf"), "attachment; filename=\"INV2026-000001.pdf\"");
        let odd = disposition("счёт \"1\"\r\n.pdf");
        assert_eq!(
            odd,
            "attachment; filename=\"____ _1___.pdf\"; filename*=UTF-8''%D1%81%D1%87%D1%91%D1%82%20%221%22%0D%0A.pdf"
        );
        assert!(odd.bytes().all(|b| b.is_ascii_graphic() || b == b' '));
    }
}
