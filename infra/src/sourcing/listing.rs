//! The requests of a portal, as far as the reader may know of them.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb, Text};
use diesel_async::RunQueryDsl;
use domain::kernel::{PortalId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{rfq, rfq_recipient};

/// Who reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    pub organisation: Option<Uuid>,
    /// Whether it may quote on the portal.
    pub may_quote: bool,
    /// The operator sees all that are published.
    pub operator: bool,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Those whose deadline is next first.
    #[default]
    Deadline,
    Newest,
}

/// Which requests are looked for: all that is said must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    pub state: Option<&'a str>,
    /// Asked for by a line.
    pub category: Option<Uuid>,
    pub buyer: Option<Uuid>,
    /// Those to which the reader is invited.
    pub invited: bool,
    pub deadline_after: Option<Timestamp>,
    pub deadline_before: Option<Timestamp>,
    pub sort: Sort,
}

/// A request in a list.
#[derive(Debug, Clone, Queryable)]
pub struct SummaryRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub state: String,
    /// A title per language.
    pub titles: Value,
    pub visibility: String,
    pub secrecy: String,
    pub outcome: String,
    pub categories: Vec<Uuid>,
    /// How many.
    pub lines: i64,
    pub round: i16,
    pub questions_until: Timestamp,
    pub quotes_until: Timestamp,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
}

/// A page of them.
pub async fn list(
    connection: &mut Connection,
    of: PortalId,
    by: Reader,
    search: Search<'_>,
    page: &Page,
) -> Result<List<SummaryRow>, Failure> {
    // No organisation has the nil identifier.
    let own = by.organisation.unwrap_or_default();
    let invitation = rfq_recipient::table
        .filter(rfq_recipient::rfq_id.eq(rfq::id).and(rfq_recipient::organisation_id.eq(own)))
        .filter(rfq_recipient::via.eq("invitation"));
    let open = rfq::visibility.ne("invited").and(by.may_quote.into_sql::<Bool>());
    let known = open.or(exists(invitation)).or(by.operator.into_sql::<Bool>());
    let mut query = rfq::table
        .filter(rfq::portal_id.eq(of.0))
        .filter(rfq::buyer_id.eq(own).or(rfq::published_at.is_not_null().and(known)))
        .limit(page.rows())
        .select((
            rfq::id,
            rfq::portal_id,
            rfq::buyer_id,
            rfq::state,
            sql::<Jsonb>("rfq.terms -> 'titles'"),
            rfq::visibility,
            rfq::secrecy,
            sql::<Text>("rfq.terms #>> '{procedure,outcome}'"),
            rfq::categories,
            sql::<BigInt>("jsonb_array_length(rfq.terms -> 'lines')::bigint"),
            rfq::round,
            rfq::questions_until,
            rfq::quotes_until,
            rfq::created_at,
            rfq::published_at,
        ))
        .into_boxed();
    if let Some(state) = search.state {
        query = query.filter(rfq::state.eq(state.to_owned()));
    }
    if let Some(category) = search.category {
        query = query.filter(rfq::categories.contains(vec![category]));
    }
    if let Some(buyer) = search.buyer {
        query = query.filter(rfq::buyer_id.eq(buyer));
    }
    if search.invited {
        let invited = rfq_recipient::table
            .filter(rfq_recipient::organisation_id.eq(own).and(rfq_recipient::via.eq("invitation")))
            .select(rfq_recipient::rfq_id);
        query = query.filter(rfq::id.eq_any(invited));
    }
    if let Some(after) = search.deadline_after {
        query = query.filter(rfq::quotes_until.gt(after));
    }
    if let Some(before) = search.deadline_before {
        query = query.filter(rfq::quotes_until.lt(before));
    }
    query = match search.sort {
        Sort::Deadline => query.order((rfq::quotes_until, rfq::id)),
        Sort::Newest => query.order(rfq::id.desc()),
    };
    if let Some(after) = &page.after {
        query = match (search.sort, after.time()) {
            (Sort::Deadline, Some(end)) => {
                query.filter(rfq::quotes_until.gt(end).or(rfq::quotes_until.eq(end).and(rfq::id.gt(after.id))))
            }
            _ => query.filter(rfq::id.lt(after.id)),
        };
    }
    let rows: Vec<SummaryRow> = query.load(connection).await?;
    Ok(page.cut(rows, |row| position(search.sort, row)))
}

fn position(sort: Sort, row: &SummaryRow) -> After {
    match sort {
        Sort::Deadline => After::at(row.quotes_until, row.id),
        Sort::Newest => After { key: String::new(), id: row.id },
    }
}
