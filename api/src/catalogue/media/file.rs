//! Files of media: each has a name of its own in the store, so that it can be removed with what it belongs to.

use actix_web::body::SizedStream;
use infra::Failure;
use infra::catalogue::media;
use infra::db::tx;
use uuid::Uuid;

use crate::app::App;
use crate::document::content;
use crate::http::call::Call;
use crate::http::problem::Reply;

/// What of the media is sent, and under which name it is kept.
#[derive(Debug)]
pub struct MediaFile {
    pub name: String,
    pub sha256: Vec<u8>,
    pub media_type: String,
    pub file_name: String,
}

/// The name of a file in the store, or of its preview.
pub fn name(id: Uuid, edge: Option<i32>) -> String {
    match edge {
        None => id.to_string(),
        Some(edge) => format!("{id}-{edge}"),
    }
}

/// Streams it, as documents are: a download with its hash as its tag.
pub async fn send(app: &App, call: &Call, file: &MediaFile, private: bool) -> Reply {
    if let Some(known) = content::known(call, &file.sha256, private) {
        return Ok(known);
    }
    let (size, stream) = app.files.read_own(&file.name).await?;
    let mut response = content::head(&file.sha256, &file.media_type, &file.file_name, private);
    Ok(response.body(SizedStream::new(size, stream)))
}

/// Removes what belongs to nothing any more, or never did.
pub async fn remove_left(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    for id in media::left(&mut *app.pool.get().await?, at).await? {
        let previews = domain::catalogue::media::EDGES.map(i32::try_from).into_iter().flatten().map(Some);
        for edge in std::iter::once(None).chain(previews) {
            app.files.remove_own(&name(id, edge)).await?;
        }
        tx::transaction(&app.pool, async |tx| media::unleave(tx, id.into()).await).await?;
    }
    Ok(())
}
