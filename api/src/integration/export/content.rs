//! An export as a download: its parts one after the other, as they are kept or unpacked.

use std::io::Read;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use bytes::Bytes;
use flate2::read::GzDecoder;
use futures::stream::{self, LocalBoxStream};
use futures::{StreamExt, TryStreamExt};
use infra::Failure;
use infra::integration::export::part::PartRow;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::document::content;
use crate::http::call::Call;
use crate::http::problem::Reply;

/// Streams an export that the caller may read: packed to who takes that if it is of one part, else plain. Who has it already gets 304.
pub fn send(app: &App, call: &Call, export: Uuid, parts: Vec<PartRow>) -> Reply {
    let takes = call.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(takes_gzip);
    // Parts are packed each for itself. Several one after the other are a file of several members, which RFC 1952 allows, but which many
    // clients do not read to its end: `curl --compressed` fails behind the first.
    let packed = takes && parts.len() == 1;
    // What is finished never changes, so its name is its tag.
    let tag = Sha256::new().chain_update(export).chain_update([u8::from(packed)]).finalize();
    if let Some(known) = content::known(call, &tag, true) {
        return Ok(known);
    }
    let mut response = content::head(&tag, "application/x-ndjson", &format!("export-{export}.ndjson"), true);
    response.insert_header((VARY, "Authorization, Accept-Encoding"));
    if packed {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(body(response, app, parts, packed))
}

fn body(mut response: actix_web::HttpResponseBuilder, app: &App, parts: Vec<PartRow>, packed: bool) -> HttpResponse {
    let size: i64 = parts.iter().map(|part| if packed { part.packed } else { part.plain }).sum();
    let app = app.clone();
    let content = stream::iter(parts).then(move |part| part_of(app.clone(), part, packed)).try_flatten();
    response.body(SizedStream::new(size.unsigned_abs(), content.boxed_local()))
}

type Content = LocalBoxStream<'static, Result<Bytes, Failure>>;

async fn part_of(app: App, part: PartRow, packed: bool) -> Result<Content, Failure> {
    let (_, content) = app.files.read_waiting(part.file_id).await?;
    if packed {
        return Ok(content.boxed_local());
    }
    let whole: Vec<Bytes> = content.try_collect().await?;
    let plain = tokio::task::spawn_blocking(move || unpacked(&whole.concat())).await.map_err(Failure::broken)??;
    Ok(stream::once(async move { Ok(plain) }).boxed_local())
}

fn unpacked(packed: &[u8]) -> Result<Bytes, Failure> {
    let mut plain = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut plain).map_err(Failure::broken)?;
    Ok(plain.into())
}

/// Whether `Accept-Encoding` names gzip, or anything, with a weight above zero.
fn takes_gzip(header: &str) -> bool {
    let weighed = header.split(',').map(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        let none = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        (coding.trim().to_ascii_lowercase(), !none)
    });
    let weighed: Vec<(String, bool)> = weighed.collect();
    let of = |name: &str| weighed.iter().find(|(coding, _)| coding == name).map(|(_, taken)| *taken);
    of("gzip").or_else(|| of("x-gzip")).or_else(|| of("*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for yes in ["gzip", "deflate, GZIP;q=0.5", "br;q=1, *", "x-gzip", "gzip;q=1.000"] {
            assert!(takes_gzip(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "gzip;q=0.000, br", "*;q=0", "gzip;q=0, *"] {
            assert!(!takes_gzip(no), "{no}");
        }
    }
}
