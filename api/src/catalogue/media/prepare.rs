//! Looks at what was uploaded: makes the previews of an image, counts the pages of a data sheet. One at a time, off the threads that
//! serve requests, within bounds of memory and time; whatever the file is, the worst is that it fails.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::TimeDelta;
use domain::document::MediaType;
use domain::kernel::ProductId;
use futures::TryStreamExt;
use infra::Failure;
use infra::catalogue::media::{self, Leased, MediaRow, PreviewRow};
use infra::catalogue::product;
use infra::db::tx;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::file::name;
use super::pdf;
use super::preview::{Fault, Previewed, previews};
use crate::app::App;
use crate::clock::new_id;
use crate::command::{Command, Subject, by_service};

/// How long one may be looked at, and after how many times that ended with the node itself it is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the file store may take to give the file, or to take the previews. With the looking it is less than the lease.
const STORE_PATIENCE: Duration = Duration::from_secs(30);
const MOST_ATTEMPTS: i32 = 3;

/// What was found in a file.
enum Seen {
    Image(Previewed),
    DataSheet { page_count: Option<i32> },
}

/// The thread that looks at a file.
type Looking = tokio::task::JoinHandle<Result<Seen, Fault>>;

/// Looks at what waits longest.
pub async fn prepare_next(app: App) -> Result<(), Failure> {
    let at = app.clock.now();
    let until = at + TimeDelta::minutes(2);
    let leased = tx::transaction(&app.pool, async |tx| media::lease(tx, at, until).await).await?;
    let Some(leased) = leased else { return Ok(()) };
    let mut looking = None;
    let seen = match leased.attempts > MOST_ATTEMPTS {
        true => Err(Fault::Broken),
        false => look(&app, &leased.row, &mut looking).await?,
    };
    let mut done = leased.row.clone();
    let mut made = Vec::new();
    match seen {
        Ok(Seen::Image(image)) => {
            done.width = Some(i32::try_from(image.width).map_err(Failure::broken)?);
            done.height = Some(i32::try_from(image.height).map_err(Failure::broken)?);
            made = in_time(keep(&app, &done, image)).await?;
        }
        Ok(Seen::DataSheet { page_count }) => done.page_count = page_count,
        Err(fault) => done.fault = Some(fault.code().to_owned()),
    }
    done.state = if done.fault.is_some() { "failed" } else { "ready" }.to_owned();
    by_service(&app, async |tx, command| {
        let product = product::lock(tx, leased.seller_id, ProductId(done.product_id)).await?;
        if !media::finish(tx, &done, &made).await? {
            // Removed meanwhile, and so are the previews; or another node was quicker, and they are its own.
            if !media::is_there(tx, done.id).await? {
                media::leave(tx, done.id.into(), command.at).await?;
            }
            return Ok(());
        }
        media::note_first_image(tx, ProductId(done.product_id)).await?;
        tell(command, &leased, &done, product.map_or(1, |(product, _)| product.version));
        Ok(())
    })
    .await?;
    if let Some(thread) = looking {
        // Nothing stops a thread: the next file is not begun beside it.
        tokio::select! { _ = thread => {}, () = app.stopping.cancelled() => {} }
    }
    Ok(())
}

fn tell(command: &Command, leased: &Leased, done: &MediaRow, version: i64) {
    let subject = Subject { kind: "product", id: done.product_id, version };
    let kind = if done.fault.is_some() { "product.media_failed" } else { "product.media_ready" };
    let data = json!({"media_id": done.id, "kind": done.kind, "fault": done.fault});
    command.event(kind, subject, None, &[leased.seller_id.0], data);
}

/// Reads the file as a whole and looks at it on a thread of its own, which is left in `looking` where it takes too long. A panic there is
/// a fault of the file.
async fn look(app: &App, row: &MediaRow, looking: &mut Option<Looking>) -> Result<Result<Seen, Fault>, Failure> {
    let bytes = in_time(read(app, row)).await?;
    let media = MediaType::parse(&row.media_type)?;
    let mut thread = tokio::task::spawn_blocking(move || match media {
        MediaType::Pdf => Ok(Seen::DataSheet { page_count: pdf::pages(&bytes) }),
        _ => previews(&bytes, media).map(Seen::Image),
    });
    Ok(match tokio::time::timeout(PATIENCE, &mut thread).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(_)) => Err(Fault::Broken),
        Err(_) => {
            *looking = Some(thread);
            Err(Fault::TooSlow)
        }
    })
}

async fn read(app: &App, row: &MediaRow) -> Result<BytesMut, Failure> {
    let (_, mut stream) = app.files.read_own(&name(row.id, None)).await?;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn in_time<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = |_| Failure::Unavailable("the file store took too long".to_owned());
    tokio::time::timeout(STORE_PATIENCE, work).await.map_err(late)?
}

async fn keep(app: &App, of: &MediaRow, image: Previewed) -> Result<Vec<PreviewRow>, Failure> {
    let mut kept = Vec::new();
    for preview in image.previews {
        let edge = i32::try_from(preview.edge).map_err(Failure::broken)?;
        let sha256 = Sha256::digest(&preview.bytes).to_vec();
        app.files.keep_own(new_id(app.clock.now()), &name(of.id, Some(edge)), Bytes::from(preview.bytes)).await?;
        kept.push(PreviewRow {
            media_id: of.id,
            edge,
            sha256,
            media_type: preview.media.code().to_owned(),
            width: i32::try_from(preview.width).map_err(Failure::broken)?,
            height: i32::try_from(preview.height).map_err(Failure::broken)?,
        });
    }
    Ok(kept)
}
