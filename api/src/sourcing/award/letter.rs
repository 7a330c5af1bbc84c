//! Letters to those who quoted: what they were awarded, or that others were. They are documents of the buyer that its
//! quoter reads as well; none says anything of another quote.

use bytes::Bytes;
use domain::document::{DocumentVisibility, MediaType};
use domain::kernel::{DocumentId, QuoteId, RfqAwardId, RfqId};
use domain::sourcing::QuoteState;
use infra::Failure;
use infra::db::Connection;
use infra::document::{self, DocumentRow, VersionRow};
use infra::files::Stored;
use infra::sourcing::award::{self, AwardRow};
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::rfq::{self, RfqRow};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::paper::{self, Letter};
use super::write;
use crate::app::App;
use crate::clock::new_id;
use crate::command::{Command, by_service};
use crate::sourcing::tell::tell_both;

/// The timer that prints what a quoter is told about its quote.
pub const LETTER: &str = "quote.letter";

/// The longest title of a document.
const LONGEST_TITLE: usize = 200;

/// What a quoter is still to be told in writing.
#[derive(Debug, Clone)]
pub enum Due {
    Awarded(Box<AwardRow>),
    /// By this award of the last decision, or another one of it, it was not.
    PassedOver(Box<AwardRow>),
}

impl Due {
    /// By what it is known again: an award, or the decision that passed the quote over.
    fn key(&self) -> Uuid {
        match self {
            Self::Awarded(award) => award.id,
            Self::PassedOver(award) => award.decision_id,
        }
    }
}

/// A letter that was printed and stored.
struct Printed {
    due: Due,
    title: String,
    stored: Stored,
}

/// Prints what a quoter is to be told, and keeps it as documents. It is rendered and stored before the transaction
/// begins; done twice it leaves each letter once.
pub async fn publish(app: &App, id: QuoteId) -> Result<(), Failure> {
    let mut letters: Vec<(Due, Letter)> = Vec::new();
    {
        let mut connection = app.pool.get().await?;
        if let Some(row) = quote::of_id(&mut connection, id).await? {
            for due in due(&mut connection, &row).await? {
                let letter = write::letter(&mut connection, app, &row, &due).await?;
                letters.push((due, letter));
            }
        }
    }
    let mut printed = Vec::with_capacity(letters.len());
    for (due, letter) in letters {
        let title = title(&letter);
        let rendered = tokio::task::spawn_blocking(move || paper::render(&letter).map_err(|error| error.to_string()));
        let bytes = rendered.await.map_err(Failure::broken)?.map_err(Failure::broken)?;
        let stored = app.files.keep(new_id(app.clock.now()), Bytes::from(bytes)).await?;
        printed.push(Printed { due, title, stored });
    }
    by_service(app, async |tx, command| keep_all(tx, command, id, &printed).await).await
}

/// The title of the document: what the letter is, and about which request.
fn title(letter: &Letter) -> String {
    let about = letter.facts.first().map(|(_, value)| value.as_str()).unwrap_or_default();
    format!("{}: {about}", letter.title).chars().take(LONGEST_TITLE).collect()
}

/// What the quoter is to be told: each award that it was not told of yet; without any that it was passed over.
async fn due(connection: &mut Connection, of: &QuoteRow) -> Result<Vec<Due>, Failure> {
    let awards = award::of_request(connection, RfqId(of.rfq_id)).await?;
    let announced: Vec<&AwardRow> = awards.iter().filter(|award| award.announced_at.is_some()).collect();
    let own = announced.iter().filter(|award| award.quote_id == of.id && award.letter_id.is_none());
    let due: Vec<Due> = own.map(|award| Due::Awarded(Box::new((*award).clone()))).collect();
    if !due.is_empty() || of.state()? != QuoteState::NotAwarded {
        return Ok(due);
    }
    let last = announced.into_iter().max_by_key(|award| (award.announced_at, award.id));
    Ok(last.map(|award| Due::PassedOver(Box::new(award.clone()))).into_iter().collect())
}

async fn keep_all(tx: &mut Connection, command: &Command, id: QuoteId, printed: &[Printed]) -> Result<(), Failure> {
    let Some(found) = quote::of_id(tx, id).await? else { return timer::clear(tx, LETTER, id.0).await };
    let Some(request) = rfq::lock(tx, RfqId(found.rfq_id)).await? else { return Ok(()) };
    // Whoever was slower finds the timer gone.
    if timer::of_subjects(tx, LETTER, &[id.0]).await?.is_empty() {
        return Ok(());
    }
    let Some(row) = quote::lock(tx, id).await? else { return Ok(()) };
    let due: Vec<Uuid> = due(tx, &row).await?.iter().map(Due::key).collect();
    for one in printed.iter().filter(|one| due.contains(&one.due.key())) {
        keep(tx, command, &request, &row, one).await?;
    }
    if due.iter().all(|key| printed.iter().any(|one| one.due.key() == *key)) {
        return timer::clear(tx, LETTER, id.0).await;
    }
    // Something was decided while it was printed.
    timer::set(tx, LETTER, id.0, command.at).await
}

async fn keep(
    tx: &mut Connection,
    command: &Command,
    request: &RfqRow,
    quote: &QuoteRow,
    printed: &Printed,
) -> Result<(), Failure> {
    let row = DocumentRow {
        id: command.id::<DocumentId>().0,
        owner_id: request.buyer_id,
        title: printed.title.clone(),
        visibility: DocumentVisibility::Parties.code().to_owned(),
        portal_id: None,
        subject_kind: Some("rfq".to_owned()),
        subject_id: Some(request.id),
        published_at: None,
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    let version = VersionRow {
        document_id: row.id,
        number: 1,
        sha256: printed.stored.sha256.to_vec(),
        size: i64::try_from(printed.stored.size).map_err(Failure::broken)?,
        media_type: MediaType::Pdf.code().to_owned(),
        file_name: format!("letter-{}.pdf", row.id),
        uploaded_by: None,
        uploaded_at: command.at,
    };
    document::insert(tx, &row, &version, &[request.buyer_id, quote.quoter_id]).await?;
    let mut told = json!({"quote_id": quote.id, "document_id": row.id, "sha256": hex::encode(printed.stored.sha256)});
    if let Due::Awarded(award) = &printed.due
        && let Some(mut award) = award::lock(tx, RfqAwardId(award.id)).await?
    {
        told["award_id"] = json!(award.id);
        award.letter_id = Some(row.id);
        award.version += 1;
        award::update(tx, &award).await?;
    }
    tell_both(command, "quote.letter", request, quote.quoter_id, told);
    Ok(())
}
