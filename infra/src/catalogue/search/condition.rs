//! What is looked for, as SQL: where the entries come from and which of them.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, Date, Integer, Jsonb, Numeric, Text, Uuid as SqlUuid};
use domain::kernel::PortalId;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::{Common, Search};
use crate::catalogue::visibility::SeenBy;

/// The words that are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Words {
    /// As they were typed; quotes and `or` are understood.
    Typed(String),
    /// Corrected: one of each group.
    Corrected(Vec<Vec<String>>),
}

/// What a product's attribute must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AttributeFilter {
    /// The attributes contain one of these objects.
    OneOf(Vec<Value>),
    /// A number; in this unit, if one is named.
    Number { key: String, from: Option<Decimal>, to: Option<Decimal>, unit: Option<String> },
    /// A day; days are compared as they are written, year first.
    Date { key: String, from: Option<String>, to: Option<String> },
}

/// A search on a portal for a reader. As SQL it is a FROM with a WHERE; the entry goes by the name `offer`, for what an entry says of
/// who sees it is named as the offer itself names it.
#[derive(Debug, Clone, Copy)]
pub struct Condition<'a> {
    pub portal: &'a PortalId,
    pub seen: &'a SeenBy,
    pub search: &'a Search,
    /// Names the row of the product's stock `stock`.
    pub with_stock: bool,
    /// Only these offers.
    pub among: Option<&'a [Uuid]>,
    /// What words are looked for without an index.
    pub common: Option<&'a Common>,
}

impl Words {
    /// The query of PostgreSQL's: each word by its stem, Russian or English by its letters.
    pub fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Typed(text) => push_query(out, "websearch_to_tsquery('russian', ", text),
            Self::Corrected(groups) => {
                for (index, group) in groups.iter().enumerate() {
                    out.push_sql(if index == 0 { "(" } else { " && (" });
                    for (index, word) in group.iter().enumerate() {
                        if index > 0 {
                            out.push_sql(" || ");
                        }
                        push_query(out, "plainto_tsquery('russian', ", word)?;
                    }
                    out.push_sql(")");
                }
                Ok(())
            }
        }
    }
}

fn push_query<'b>(out: &mut AstPass<'_, 'b, Pg>, function: &'static str, text: &'b String) -> QueryResult<()> {
    out.push_sql(function);
    out.push_bind_param::<Text, _>(text)?;
    out.push_sql(")");
    Ok(())
}

/// Whether some of the row `stock` can be had at once: more is there that has not expired than is promised. What has expired and is not
/// written off yet is little, and is looked up once a query, not once an offer.
pub(super) fn push_available<'b>(out: &mut AstPass<'_, 'b, Pg>, seen: &'b SeenBy) -> QueryResult<()> {
    out.push_sql(
        "(stock.on_hand > stock.reserved AND stock.product_id NOT IN (SELECT l.product_id FROM stock_lot l
            JOIN stock s ON s.product_id = l.product_id WHERE l.quantity > 0 AND l.expires_on < ",
    );
    out.push_bind_param::<Date, _>(seen.today())?;
    out.push_sql(" GROUP BY l.product_id, s.on_hand, s.reserved HAVING s.on_hand - s.reserved <= sum(l.quantity)))");
    Ok(())
}

impl QueryFragment<Pg> for Condition<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let search = self.search;
        out.push_sql(
            " FROM catalogue_entry AS offer
             JOIN organisation ON organisation.id = offer.seller_id AND organisation.state = 'verified'",
        );
        if self.with_stock || search.available {
            out.push_sql(" JOIN stock ON stock.product_id = offer.product_id");
        }
        // What no index is to be asked for is said so that none can be.
        let common_portal = search.words.is_some() && self.common.is_some_and(|common| common.has(self.portal));
        out.push_sql(if common_portal { " WHERE (offer.portal_id = " } else { " WHERE offer.portal_id = " });
        out.push_bind_param::<SqlUuid, _>(&self.portal.0)?;
        out.push_sql(if common_portal { ") IS TRUE AND " } else { " AND " });
        self.seen.walk_ast(out.reborrow())?;
        if let Some(words) = &search.words {
            self.walk_words(&mut out, words)?;
        }
        for unwanted in &search.without {
            out.push_sql(" AND NOT offer.search @@ (");
            push_query(&mut out, "phraseto_tsquery('russian', ", unwanted)?;
            out.push_sql(")");
        }
        if search.available {
            out.push_sql(" AND ");
            push_available(&mut out, self.seen)?;
        }
        if let Some(among) = &self.among {
            out.push_sql(" AND offer.id = ANY (");
            out.push_bind_param::<Array<SqlUuid>, _>(among)?;
            out.push_sql(")");
        }
        self.walk_values(&mut out)?;
        for filter in &search.attributes {
            filter.walk(&mut out)?;
        }
        Ok(())
    }
}

impl<'a> Condition<'a> {
    pub fn new(portal: &'a PortalId, seen: &'a SeenBy, search: &'a Search) -> Self {
        Self { portal, seen, search, with_stock: false, among: None, common: None }
    }

    fn walk_words<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, words: &'b Words) -> QueryResult<()> {
        let common = self.common.filter(|common| !common.words.is_empty());
        if let Some(common) = common {
            out.push_sql(" AND offer.search @@ catalogue_rare(");
            words.push(out)?;
            out.push_sql(", ");
            out.push_bind_param::<Array<Text>, _>(&common.words)?;
            out.push_sql(") AND (offer.search @@ (");
        } else {
            out.push_sql(" AND offer.search @@ (");
        }
        words.push(out)?;
        out.push_sql(if common.is_some() { ")) IS TRUE" } else { ")" });
        Ok(())
    }

    fn walk_values<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let search = self.search;
        if let Some(category) = &search.category {
            out.push_sql(" AND offer.category_path @> ARRAY[");
            out.push_bind_param::<SqlUuid, _>(category)?;
            out.push_sql("]");
        }
        if let Some(seller) = &search.seller {
            out.push_sql(" AND offer.seller_id = ");
            out.push_bind_param::<SqlUuid, _>(seller)?;
        }
        if let Some(days) = &search.lead_time_days {
            out.push_sql(" AND offer.lead_time_days <= ");
            out.push_bind_param::<Integer, _>(days)?;
        }
        if let Some(currency) = &search.currency {
            out.push_sql(" AND offer.currency = ");
            out.push_bind_param::<Text, _>(currency)?;
        }
        for (comparison, price) in
            [(" AND offer.price >= ", &search.price_from), (" AND offer.price <= ", &search.price_to)]
        {
            if let Some(price) = price {
                out.push_sql(comparison);
                out.push_bind_param::<Numeric, _>(price)?;
            }
        }
        if let Some((list, code)) = &search.code {
            out.push_sql(
                " AND offer.product_id IN (
                    WITH RECURSIVE below AS (
                        SELECT e.code_list_id, e.code FROM code_list_entry e JOIN code_list l ON l.id = e.code_list_id
                        WHERE l.key = ",
            );
            out.push_bind_param::<Text, _>(list)?;
            out.push_sql(" AND e.code = ");
            out.push_bind_param::<Text, _>(code)?;
            out.push_sql(
                " UNION SELECT e.code_list_id, e.code FROM code_list_entry e
                    JOIN below b ON b.code_list_id = e.code_list_id AND b.code = e.parent)
                    SELECT c.product_id FROM product_code c JOIN below b ON b.code_list_id = c.code_list_id AND b.code = c.code)",
            );
        }
        Ok(())
    }
}

impl AttributeFilter {
    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::OneOf(objects) => {
                out.push_sql(" AND offer.attributes @> ANY (");
                out.push_bind_param::<Array<Jsonb>, _>(objects)?;
                out.push_sql(")");
            }
            Self::Number { key, from, to, unit } => {
                for (comparison, bound) in [(" >= ", from), (" <= ", to)] {
                    let Some(bound) = bound else { continue };
                    out.push_sql(" AND (offer.attributes -> ");
                    out.push_bind_param::<Text, _>(key)?;
                    out.push_sql(" ->> 'value')::numeric");
                    out.push_sql(comparison);
                    out.push_bind_param::<Numeric, _>(bound)?;
                }
                if let Some(unit) = unit {
                    out.push_sql(" AND offer.attributes -> ");
                    out.push_bind_param::<Text, _>(key)?;
                    out.push_sql(" ->> 'unit' = ");
                    out.push_bind_param::<Text, _>(unit)?;
                }
            }
            Self::Date { key, from, to } => {
                for (comparison, bound) in [(" >= ", from), (" <= ", to)] {
                    let Some(bound) = bound else { continue };
                    out.push_sql(" AND (offer.attributes ->> ");
                    out.push_bind_param::<Text, _>(key)?;
                    out.push_sql(") COLLATE \"C\"");
                    out.push_sql(comparison);
                    out.push_bind_param::<Text, _>(bound)?;
                }
            }
        }
        Ok(())
    }
}
