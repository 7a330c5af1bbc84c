//! The mini-tender: one call with a few lines and an attached specification publishes a request.

use infra::Failure;
use infra::db::Connection;
use utoipa::ToSchema;

use super::dto::RfqData;
use super::show::RfqDto;
use super::usecase;
use crate::command::Command;
use crate::document;
use crate::document::dto::DocumentData;
use crate::document::upload::Received;
use crate::http::answer::Answer;
use crate::sourcing::rights;

/// The parts of a mini-tender.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"request": {
    "title": {"en": "Galvanised sheet"}, "lines": [{"name": {"en": "Sheet DX51D, 0.7 mm"}, "quantity": "12", "unit": "TNE"}],
    "terms": {"incoterm": "DAP", "place": "Leipzig", "payment_days": 30}, "currencies": ["EUR"],
    "deadlines": {"quotes": "2027-03-01T10:00:00Z"}}, "file": "(the bytes)"}))]
pub struct MiniTender {
    pub request: RfqData,
    /// The specification with its name: all who know of the request may read it.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// Makes a document of the specification, and publishes a request that names it.
pub async fn publish(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    data: &RfqData,
    file: &Received,
) -> Result<Answer<RfqDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let title = file.file_name.clone();
    let about = DocumentData { title, visibility: "owner".to_owned(), portal_id: None, subject: None };
    let added = document::usecase::add(tx, command, own, &about, file).await?;
    let added = added.body.ok_or_else(|| Failure::broken("a document without a body"))?;
    let mut data = data.clone();
    data.documents.push(added.id);
    usecase::create(tx, command, portal, &data, true).await
}
