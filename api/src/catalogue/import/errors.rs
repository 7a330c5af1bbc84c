//! What was refused of a file, as a table to be opened by a spreadsheet. Loaded a part at a time, as the reader takes it.

use bytes::Bytes;
use domain::catalogue::import::formula::neutralise;
use futures::Stream;
use infra::Failure;
use infra::catalogue::import::error::{self, ErrorRow};
use infra::db::page::{After, Page};
use uuid::Uuid;

use crate::app::App;

const PART: i64 = 200;

/// The rows of the table. It begins with a mark by which spreadsheets know UTF-8.
pub fn table(app: App, import: Uuid) -> impl Stream<Item = Result<Bytes, Failure>> {
    let head = Bytes::from_static("\u{feff}row,sku,column,code,detail\r\n".as_bytes());
    let parts = futures::stream::unfold(Some(None), move |place: Option<Option<After>>| {
        let app = app.clone();
        async move {
            let page = Page { limit: PART, after: place? };
            Some(match part(&app, import, &page).await {
                Ok((bytes, next)) => (Ok(bytes), next.map(Some)),
                Err(failure) => (Err(failure), None),
            })
        }
    });
    futures::StreamExt::chain(futures::stream::once(async { Ok(head) }), parts)
}

async fn part(app: &App, import: Uuid, page: &Page) -> Result<(Bytes, Option<After>), Failure> {
    let found = error::list(&mut *app.pool.get().await?, import, page).await?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in &found.items {
        writer.write_record(cells(row)).map_err(Failure::broken)?;
    }
    Ok((writer.into_inner().map_err(Failure::broken)?.into(), found.next))
}

fn cells(row: &ErrorRow) -> [String; 5] {
    [
        row.row_number.to_string(),
        neutralise(row.sku.as_deref().unwrap_or_default()).into_owned(),
        neutralise(&row.column_name).into_owned(),
        row.code.clone(),
        neutralise(&row.detail).into_owned(),
    ]
}
