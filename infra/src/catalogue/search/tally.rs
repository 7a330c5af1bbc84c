//! What is found, counted by the database: for facets.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::catalogue::facet::{AttributeFacet, MOST_VALUES, Tally};
use domain::kernel::Currency;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::condition::{Condition, push_available};
use crate::Failure;
use crate::db::Connection;

/// The most matches that are counted.
pub const MOST_COUNTED: usize = 200_000;

/// Counts all matches at the offers' own prices, or without a look at prices; of more than [`MOST_COUNTED`] that many, whichever are read
/// first, since to sort them takes as long as to count them.
pub async fn tally(connection: &Connection, condition: Condition<'_>, with_prices: bool) -> Result<Tally, Failure> {
    let condition = Condition { with_stock: true, ..condition };
    let rows: Vec<Row> = Query { condition, with_prices }.load(&mut &*connection).await?;
    let mut tally = Tally::default();
    for row in rows {
        row.add_to(&mut tally)?;
    }
    Ok(tally)
}

/// One count: what of, and whatever says which.
#[derive(Debug, Queryable)]
struct Row {
    of: String,
    id: Option<Uuid>,
    key: Option<String>,
    text: Option<String>,
    from: Option<Decimal>,
    to: Option<Decimal>,
    count: i64,
    /// Of texts, how many state one at all; of yes and no, how many say yes.
    among: i64,
}

impl Row {
    fn add_to(self, tally: &mut Tally) -> Result<(), Failure> {
        let (count, among) = (size(self.count)?, size(self.among)?);
        let key = self.key.unwrap_or_default();
        match (self.of.as_str(), self.id, self.from) {
            ("offer", ..) => (tally.count, tally.available) = (count, among),
            ("category", Some(id), _) => tally.categories.push((id, count)),
            ("seller", Some(id), _) => tally.sellers.push((id, count)),
            ("lead_time", _, Some(days)) => tally.lead_times.push((days.try_into().map_err(Failure::broken)?, count)),
            ("price", _, Some(price)) => tally.prices.push((Currency::parse(&key)?, price, count)),
            ("number", _, Some(minimum)) => {
                let maximum = self.to.unwrap_or(minimum);
                tally.attributes.push((key, self.text, AttributeFacet::Number { minimum, maximum, count }));
            }
            ("yes_no", ..) => {
                tally.attributes.push((key, None, AttributeFacet::YesNo { yes: among, no: count - among }));
            }
            ("text", ..) => add_text(tally, key, (self.text.unwrap_or_default(), count), among),
            (other, ..) => return Err(Failure::broken(format!("a count of {other}"))),
        }
        Ok(())
    }
}

fn size(count: i64) -> Result<usize, Failure> {
    usize::try_from(count).map_err(Failure::broken)
}

fn add_text(tally: &mut Tally, key: String, value: (String, usize), count: usize) {
    for (known, _, facet) in &mut tally.attributes {
        if let AttributeFacet::Values { values, .. } = facet
            && *known == key
        {
            values.push(value);
            return;
        }
    }
    tally.attributes.push((key, None, AttributeFacet::Values { values: vec![value], count }));
}

struct Query<'a> {
    condition: Condition<'a>,
    with_prices: bool,
}

/// The counts, from what was found: each attribute's values first, as they are written; then by what they are. Of texts those that
/// most have are told.
const COUNTS: &str = "), stated AS MATERIALIZED (
        SELECT a.key, a.value, count(*) AS n FROM found, jsonb_each(found.attributes) a GROUP BY a.key, a.value
    ), texts AS (
        SELECT key, value #>> '{}' AS text, n, sum(n) OVER (PARTITION BY key) AS among,
            row_number() OVER (PARTITION BY key ORDER BY n DESC, (value #>> '{}') COLLATE \"C\") AS place
        FROM stated WHERE jsonb_typeof(value) = 'string'
    )
    SELECT 'offer', NULL::uuid, NULL::text, NULL::text, NULL::numeric, NULL::numeric, count(*), count(*) FILTER (WHERE available) FROM found
    UNION ALL SELECT 'category', category, NULL, NULL, NULL, NULL, count(*), 0 FROM found WHERE category IS NOT NULL GROUP BY category
    UNION ALL SELECT 'seller', seller_id, NULL, NULL, NULL, NULL, count(*), 0 FROM found GROUP BY seller_id
    UNION ALL SELECT 'lead_time', NULL, NULL, NULL, lead_time_days, NULL, count(*), 0 FROM found GROUP BY lead_time_days
    UNION ALL SELECT 'number', NULL, key, value ->> 'unit', min((value ->> 'value')::numeric), max((value ->> 'value')::numeric),
        sum(n)::bigint, 0 FROM stated WHERE jsonb_typeof(value) = 'object' GROUP BY key, value ->> 'unit'
    UNION ALL SELECT 'yes_no', NULL, key, NULL, NULL, NULL, sum(n)::bigint, coalesce(sum(n) FILTER (WHERE value = 'true'), 0)::bigint
        FROM stated WHERE jsonb_typeof(value) = 'boolean' GROUP BY key
    UNION ALL (SELECT 'text', NULL, key, text, NULL, NULL, n, among::bigint FROM texts WHERE place <= ";

const PRICES: &str =
    " UNION ALL SELECT 'price', NULL, currency, NULL, price, NULL, count(*), 0 FROM found GROUP BY currency, price";

impl QueryFragment<Pg> for Query<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH found AS MATERIALIZED (SELECT offer.seller_id, offer.category_path[");
        if let Some(chosen) = &self.condition.search.category {
            out.push_sql("1 + array_position(offer.category_path, ");
            out.push_bind_param::<SqlUuid, _>(chosen)?;
            out.push_sql(")");
        } else {
            out.push_sql("1");
        }
        out.push_sql("] AS category, offer.currency, offer.price, offer.lead_time_days, offer.attributes, ");
        push_available(&mut out, self.condition.seen)?;
        out.push_sql(" AS available");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&MOST_COUNTED.to_string());
        out.push_sql(COUNTS);
        out.push_sql(&MOST_VALUES.to_string());
        out.push_sql(")");
        out.push_sql(if self.with_prices { PRICES } else { "" });
        Ok(())
    }
}

impl QueryId for Query<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Query<'_> {
    type SqlType =
        (Text, Nullable<SqlUuid>, Nullable<Text>, Nullable<Text>, Nullable<Numeric>, Nullable<Numeric>, BigInt, BigInt);
}

impl<C> diesel::RunQueryDsl<C> for Query<'_> {}
