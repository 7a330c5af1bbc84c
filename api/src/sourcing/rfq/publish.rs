//! Publishing a request: from then on others know of it.

use std::collections::BTreeSet;

use domain::kernel::{RfqId, Timestamp};
use domain::portal::Capability;
use domain::sourcing::{RfqState, RfqStep, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::document::{self, Audience};
use infra::sourcing::recipient::{self, RecipientRow};
use infra::sourcing::rfq::{self, RfqRow};
use infra::sourcing::subscription;
use infra::sourcing::version::{self, VersionRow};
use serde_json::{Value, json};
use uuid::Uuid;

use super::show::RfqDto;
use super::terms::documents_of;
use super::{close, read};
use crate::command::Command;
use crate::http::answer::Answer;
use crate::portal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::tell::{about, tell_all};

/// Publishes a draft.
pub async fn publish(tx: &mut Connection, command: &Command, id: RfqId) -> Result<Answer<RfqDto>, Failure> {
    let mut seen = access::lock_own(tx, command, id).await?;
    publish_held(tx, command, &mut seen).await?;
    let version = seen.row.version;
    Ok(Answer::ok(read::shown(tx, &command.by, &seen).await?).version(version))
}

/// Publishes a request that is held: its first version, those to whom it comes, its documents, its deadlines.
pub async fn publish_held(tx: &mut Connection, command: &Command, seen: &mut Seen) -> Result<(), Failure> {
    portal::access::may(&seen.portal, Capability::Buy)?;
    let Seen { row, terms, .. } = seen;
    row.state = RfqState::parse(&row.state)?.after(RfqStep::Publish)?.code().to_owned();
    terms.check_new(command.at)?;
    row.terms_version = 1;
    row.published_at = Some(command.at);
    row.version += 1;
    rfq::update(tx, row).await?;
    version::insert(tx, &version_row(row, json!([]), false, command.at)).await?;
    bring(tx, row, terms, command.at).await?;
    document::attach(tx, row.id, row.id, &documents_of(terms), Audience::Quoters).await?;
    close::set_timers(tx, row).await?;
    tell_all(tx, command, "rfq.published", row, about(row)).await
}

/// A version of the request as it stands.
pub fn version_row(row: &RfqRow, changes: Value, needs_confirmation: bool, at: Timestamp) -> VersionRow {
    VersionRow { rfq_id: row.id, number: row.terms_version, terms: row.terms.clone(), changes, needs_confirmation, at }
}

/// Brings the request to the invited, and to those who subscribed to what it asks for.
pub async fn bring(tx: &mut Connection, row: &RfqRow, terms: &Terms, at: Timestamp) -> Result<(), Failure> {
    let mut new: Vec<RecipientRow> =
        terms.invitations.iter().map(|company| recipient_row(row.id, company.0, "invitation", at)).collect();
    if row.visibility != "invited" {
        let invited: BTreeSet<Uuid> = terms.invitations.iter().map(|company| company.0).collect();
        let subscribers = subscription::subscribers(tx, row.portal_id.into(), &row.categories).await?;
        let others = subscribers.into_iter().filter(|one| *one != row.buyer_id && !invited.contains(one));
        new.extend(others.map(|company| recipient_row(row.id, company, "subscription", at)));
    }
    recipient::insert(tx, &new).await
}

pub fn recipient_row(request: Uuid, company: Uuid, via: &str, at: Timestamp) -> RecipientRow {
    RecipientRow {
        rfq_id: request,
        organisation_id: company,
        via: via.to_owned(),
        received_at: at,
        declined_at: None,
        reason: None,
    }
}
