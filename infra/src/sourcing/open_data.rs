//! What everybody may know of the requests of a portal: published ones that were not for invited companies alone, and awards once they are
//! concluded. Of quotes that won nothing, nothing is read here at all.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{PortalId, RfqId, Timestamp};
use domain::sourcing::AwardState;
use serde_json::Value;
use uuid::Uuid;

use super::award::AwardRow;
use super::rfq::RfqRow;
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{category, contract, rfq, rfq_award, rfq_question, rfq_release, rfq_version};

/// A request, with the number and time of its last change.
#[derive(Debug, Clone, Queryable)]
pub struct ReleasedRow {
    pub request: RfqRow,
    pub number: i64,
    pub changed_at: Timestamp,
}

/// A contract, as far as everybody may know of it.
#[derive(Debug, Clone, Queryable)]
pub struct ContractRow {
    pub id: Uuid,
    pub state: String,
    pub activated_at: Option<Timestamp>,
}

/// The requests of a portal that changed since a time, that included; the one that changed first comes first.
pub async fn list(
    connection: &mut Connection,
    of: PortalId,
    since: Option<Timestamp>,
    page: &Page,
) -> Result<List<ReleasedRow>, Failure> {
    let mut query = rfq_release::table
        .inner_join(rfq::table.on(rfq::id.eq(rfq_release::rfq_id)))
        .filter(rfq_release::portal_id.eq(of.0))
        .filter(rfq::visibility.ne("invited").and(rfq::published_at.is_not_null()))
        .order((rfq_release::changed_at, rfq_release::rfq_id))
        .limit(page.rows())
        .select((RfqRow::as_select(), rfq_release::number, rfq_release::changed_at))
        .into_boxed();
    if let Some(since) = since {
        query = query.filter(rfq_release::changed_at.ge(since));
    }
    if let Some(after) = &page.after
        && let Some(time) = after.time()
    {
        let later = rfq_release::changed_at.gt(time);
        query = query.filter(later.or(rfq_release::changed_at.eq(time).and(rfq_release::rfq_id.gt(after.id))));
    }
    let rows: Vec<ReleasedRow> = query.load(connection).await?;
    Ok(page.cut(rows, |row| After::at(row.changed_at, row.request.id)))
}

/// One of them.
pub async fn find(connection: &mut Connection, of: PortalId, id: RfqId) -> Result<Option<ReleasedRow>, Failure> {
    let query = rfq_release::table
        .inner_join(rfq::table.on(rfq::id.eq(rfq_release::rfq_id)))
        .filter(rfq_release::portal_id.eq(of.0).and(rfq_release::rfq_id.eq(id.0)))
        .filter(rfq::visibility.ne("invited").and(rfq::published_at.is_not_null()))
        .select((RfqRow::as_select(), rfq_release::number, rfq_release::changed_at));
    Ok(query.first(connection).await.optional()?)
}

/// The awards of these requests that are concluded.
pub async fn awards(connection: &mut Connection, requests: &[Uuid]) -> Result<Vec<AwardRow>, Failure> {
    let query = rfq_award::table
        .filter(rfq_award::rfq_id.eq_any(requests).and(rfq_award::state.eq(AwardState::Concluded.code())))
        .order(rfq_award::id)
        .select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

pub async fn contracts(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<ContractRow>, Failure> {
    let query = contract::table.filter(contract::id.eq_any(ids)).select((
        contract::id,
        contract::state,
        contract::activated_at,
    ));
    Ok(query.load(connection).await?)
}

/// When the versions after the first one of these requests were published: request, number, time.
pub async fn amendments(
    connection: &mut Connection,
    requests: &[Uuid],
) -> Result<Vec<(Uuid, i32, Timestamp)>, Failure> {
    let query = rfq_version::table
        .filter(rfq_version::rfq_id.eq_any(requests).and(rfq_version::number.gt(1)))
        .order((rfq_version::rfq_id, rfq_version::number))
        .select((rfq_version::rfq_id, rfq_version::number, rfq_version::at));
    Ok(query.load(connection).await?)
}

/// Which of these requests have questions that were answered, and so shown to all who quote.
pub async fn with_answers(connection: &mut Connection, requests: &[Uuid]) -> Result<HashSet<Uuid>, Failure> {
    let query = rfq_question::table
        .filter(rfq_question::rfq_id.eq_any(requests).and(rfq_question::answer.is_not_null()))
        .select(rfq_question::rfq_id)
        .distinct();
    let found: Vec<Uuid> = query.load(connection).await?;
    Ok(found.into_iter().collect())
}

/// Codes and names of categories.
pub async fn categories(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, String, Value)>, Failure> {
    let query = category::table.filter(category::id.eq_any(ids)).select((category::id, category::code, category::name));
    Ok(query.load(connection).await?)
}
