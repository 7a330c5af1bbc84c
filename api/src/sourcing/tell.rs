//! Events of requests and quotes, each for those alone who may know of what it says.

use domain::kernel::RfqId;
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::recipient;
use infra::sourcing::rfq::RfqRow;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::command::{Command, Subject};
use crate::http::dto::Time;

/// An event of a request for these companies.
pub fn tell(command: &Command, kind: &'static str, row: &RfqRow, to: &[Uuid], data: Value) {
    command.event(kind, subject(row), Some(row.portal_id), to, data);
}

/// An event for the buyer and one company.
pub fn tell_both(command: &Command, kind: &'static str, row: &RfqRow, company: Uuid, data: Value) {
    tell(command, kind, row, &[row.buyer_id, company], data);
}

/// An event for the buyer and all to whom the request came: of a draft for the buyer alone.
pub async fn tell_all(
    tx: &mut Connection,
    command: &Command,
    kind: &'static str,
    row: &RfqRow,
    data: Value,
) -> Result<(), Failure> {
    let mut to = vec![row.buyer_id];
    if row.published_at.is_some() {
        to.extend(recipient::organisations(tx, RfqId(row.id)).await?);
    }
    to.sort_unstable();
    to.dedup();
    tell(command, kind, row, &to, data);
    Ok(())
}

/// An event of a request that does not say who acted, not even on the record: nobody learns of it who has quoted.
pub fn tell_unnamed(command: &Command, kind: &'static str, row: &RfqRow, to: &[Uuid], data: Value) {
    command.unnamed_event(kind, subject(row), Some(row.portal_id), to, data);
}

/// An event of a quote for its quoter alone. Its subject is the request, to which a company has one quote, and it says neither who acted nor
/// which quote it is: the record would tell who has quoted, and what belongs together.
pub fn tell_quoter(command: &Command, kind: &'static str, request: &RfqRow, quoter: Uuid, data: Value) {
    tell_unnamed(command, kind, request, &[quoter], data);
}

fn subject(row: &RfqRow) -> Subject {
    Subject { kind: "rfq", id: row.id, version: row.version }
}

/// What a request is, in a few words.
pub fn about(row: &RfqRow) -> Value {
    json!({
        "title": row.terms["titles"], "state": row.state, "terms_version": row.terms_version, "round": row.round,
        "questions_until": Time(row.questions_until), "quotes_until": Time(row.quotes_until),
    })
}
