//! The printed invoice as a document of both parties.

use bytes::Bytes;
use domain::document::{DocumentVisibility, MediaType};
use domain::kernel::{DocumentId, InvoiceId};
use infra::Failure;
use infra::billing::invoice::{self, Invoice};
use infra::db::Connection;
use infra::document::{self, DocumentRow, VersionRow};
use infra::files::Stored;
use infra::timer;
use serde_json::json;

use super::print;
use super::usecase::{PUBLICATION, tell};
use crate::app::App;
use crate::clock::new_id;
use crate::command::{Command, by_service};

/// Prints an issued invoice or credit note and keeps it as a document. It is rendered and stored before the transaction begins;
/// done twice it leaves one document.
pub async fn publish(app: &App, id: InvoiceId) -> Result<(), Failure> {
    let paper = {
        let mut connection = app.pool.get().await?;
        let found = invoice::find_any(&mut connection, id).await?;
        match found.filter(|found| found.row.document_id.is_none()) {
            Some(found) => Some(print::paper(&mut connection, &found, None).await?),
            None => None,
        }
    };
    let file = match paper {
        Some(paper) => {
            let (name, bytes) = print::render(paper).await?;
            Some((name, app.files.keep(new_id(app.clock.now()), Bytes::from(bytes)).await?))
        }
        None => None,
    };
    by_service(app, async |tx, command| {
        if let Some((name, stored)) = &file {
            keep(tx, command, id, name, stored).await?;
        }
        timer::clear(tx, PUBLICATION, id.0).await
    })
    .await
}

async fn keep(
    tx: &mut Connection,
    command: &Command,
    id: InvoiceId,
    file_name: &str,
    stored: &Stored,
) -> Result<(), Failure> {
    let held = invoice::lock_any(tx, id).await?;
    let Some(held) = held.filter(|held| held.row.document_id.is_none()) else { return Ok(()) };
    let row = document_row(command, &held);
    let version = VersionRow {
        document_id: row.id,
        number: 1,
        sha256: stored.sha256.to_vec(),
        size: i64::try_from(stored.size).map_err(Failure::broken)?,
        media_type: MediaType::Pdf.code().to_owned(),
        file_name: file_name.to_owned(),
        uploaded_by: None,
        uploaded_at: command.at,
    };
    document::insert(tx, &row, &version, &[held.row.seller_id, held.row.buyer_id]).await?;
    invoice::publish(tx, id, row.id).await?;
    let data = json!({"document_id": row.id, "sha256": hex::encode(stored.sha256)});
    tell(command, "invoice.published", &held.row, None, data);
    Ok(())
}

fn document_row(command: &Command, of: &Invoice) -> DocumentRow {
    let what = if of.row.kind == "invoice" { "Invoice" } else { "Credit note" };
    DocumentRow {
        id: command.id::<DocumentId>().0,
        owner_id: of.row.seller_id,
        title: format!("{what} {}", of.row.number.as_deref().unwrap_or_default()),
        visibility: DocumentVisibility::Parties.code().to_owned(),
        portal_id: None,
        subject_kind: Some("invoice".to_owned()),
        subject_id: Some(of.row.id),
        published_at: None,
        archived_at: None,
        version: 1,
        created_at: command.at,
    }
}
