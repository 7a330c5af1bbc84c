//! The auctions of a portal, as far as the reader may know of them.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb};
use diesel_async::RunQueryDsl;
use domain::auction::Access;
use domain::kernel::{PortalId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{auction, auction_bidder};

/// Who reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    pub organisation: Option<Uuid>,
    /// The operator sees those by invitation, too.
    pub operator: bool,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Those that end soonest first.
    #[default]
    End,
    Newest,
}

/// Which auctions are looked for: all that is said must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    pub state: Option<&'a str>,
    pub format: Option<&'a str>,
    pub currency: Option<&'a str>,
    pub seller: Option<Uuid>,
    pub closing_before: Option<Timestamp>,
    pub sort: Sort,
}

/// An auction in a list.
#[derive(Debug, Clone, Queryable)]
pub struct SummaryRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub seller_id: Uuid,
    pub state: String,
    /// A name per language.
    pub name: Value,
    pub format: String,
    pub currency: String,
    pub access: String,
    pub deposit: Decimal,
    /// How many.
    pub lots: i64,
    pub opens_at: Timestamp,
    pub ends_at: Timestamp,
    pub created_at: Timestamp,
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
    let invited = auction_bidder::table
        .filter(auction_bidder::auction_id.eq(auction::id).and(auction_bidder::organisation_id.eq(own)));
    let open = auction::access.ne(Access::Invited.code()).or(exists(invited)).or(by.operator.into_sql::<Bool>());
    let mut query = auction::table
        .filter(auction::portal_id.eq(of.0))
        .filter(auction::seller_id.eq(own).or(auction::published_at.is_not_null().and(open)))
        .limit(page.rows())
        .select((
            auction::id,
            auction::portal_id,
            auction::seller_id,
            auction::state,
            sql::<Jsonb>("auction.input -> 'name'"),
            auction::format,
            auction::currency,
            auction::access,
            auction::deposit,
            sql::<BigInt>("jsonb_array_length(auction.rules -> 'lots')::bigint"),
            auction::opens_at,
            auction::ends_at,
            auction::created_at,
        ))
        .into_boxed();
    if let Some(state) = search.state {
        query = query.filter(auction::state.eq(state.to_owned()));
    }
    if let Some(format) = search.format {
        query = query.filter(auction::format.eq(format.to_owned()));
    }
    if let Some(currency) = search.currency {
        query = query.filter(auction::currency.eq(currency.to_owned()));
    }
    if let Some(seller) = search.seller {
        query = query.filter(auction::seller_id.eq(seller));
    }
    if let Some(before) = search.closing_before {
        query = query.filter(auction::ends_at.lt(before));
    }
    query = match search.sort {
        Sort::End => query.order((auction::ends_at, auction::id)),
        Sort::Newest => query.order(auction::id.desc()),
    };
    if let Some(after) = &page.after {
        query = match (search.sort, after.time()) {
            (Sort::End, Some(end)) => {
                query.filter(auction::ends_at.gt(end).or(auction::ends_at.eq(end).and(auction::id.gt(after.id))))
            }
            _ => query.filter(auction::id.lt(after.id)),
        };
    }
    let rows: Vec<SummaryRow> = query.load(connection).await?;
    Ok(page.cut(rows, |row| position(search.sort, row)))
}

fn position(sort: Sort, row: &SummaryRow) -> After {
    match sort {
        Sort::End => After::at(row.ends_at, row.id),
        Sort::Newest => After { key: String::new(), id: row.id },
    }
}
