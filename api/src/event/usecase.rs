//! Reading what happened.

use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{After, List, Page};
use infra::event::{self, EventRow, Position, Wanted};
use uuid::Uuid;

use super::dto::{AuditDto, AuditQuery};
use super::position::Start;
use super::rights;
use crate::http::principal::Principal;
use crate::ordering::sight;

/// A part of an organisation's feed, and the position to go on from.
pub async fn feed(
    connection: &mut Connection,
    of: OrganisationId,
    start: Start,
    wanted: &Wanted,
    limit: i64,
) -> Result<(Vec<EventRow>, Position), Failure> {
    let after = match start {
        Start::Now => return Ok((Vec::new(), event::end(connection).await?)),
        Start::Beginning => Position { tx: 0, seq: 0 },
        Start::After(position) => position,
    };
    let rows = event::feed(connection, of.0, Some(after), wanted, limit).await?;
    let next = rows.last().map_or(after, |row| Position { tx: row.tx, seq: row.seq });
    Ok((rows, next))
}

/// Whether the caller may read the feed: it tells of all that the organisation orders, so that who does not see all of that does
/// not read it.
pub async fn may_read(connection: &mut Connection, by: &Principal, at: Timestamp) -> Result<OrganisationId, Failure> {
    let own = by.require(rights::READ)?;
    sight::check_all(connection, by, at, "The feed tells").await?;
    Ok(own)
}

/// What a caller asks for of the feed.
pub fn wanted(kind: Option<&str>, portal: Option<Uuid>, subject: Option<Uuid>) -> Result<Wanted, Refusal> {
    Ok(Wanted { kinds: kinds(kind)?, portal, subject })
}

/// The types that are asked for, separated by commas; none means all.
fn kinds(text: Option<&str>) -> Result<Vec<String>, Refusal> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let kinds: Vec<String> = text.split(',').map(|kind| kind.trim().to_owned()).collect();
    if kinds.len() > 50 || kinds.iter().any(|kind| !is_kind(kind)) {
        let detail = "`type` takes at most 50 types of events, separated by commas, such as `order.placed`.";
        return Err(Refusal::new(Kind::InvalidQuery, detail));
    }
    Ok(kinds)
}

fn is_kind(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.')
}

/// All that happened, newest first, for the operator.
pub async fn audit(
    connection: &mut Connection,
    by: &Principal,
    query: &AuditQuery,
    page: &Page,
) -> Result<List<AuditDto>, Failure> {
    by.require_operator()?;
    let before = page.after.as_ref().and_then(|after| position(&after.key));
    let rows = event::audit(connection, query.subject_id, query.kind.as_deref(), before, page.rows()).await?;
    let list = page.cut(rows, |row| After { key: format!("{} {}", row.event.tx, row.event.seq), id: row.event.id });
    Ok(list.map(AuditDto::from))
}

fn position(key: &str) -> Option<Position> {
    let (tx, seq) = key.split_once(' ')?;
    Some(Position { tx: tx.parse().ok()?, seq: seq.parse().ok()? })
}
