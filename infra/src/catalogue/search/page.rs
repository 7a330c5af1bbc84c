//! Pages of what is found, by keyset.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Sort;
use super::condition::Condition;
use super::entry::{Listed, listed};
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};

/// Of more matches than this, those that were published first are ranked: a word that stands everywhere would cost seconds.
pub const MOST_RANKED: i64 = 5_000;

/// A page of what is found, in the order that is asked for.
pub async fn page(connection: &mut Connection, condition: Condition<'_>, page: &Page) -> Result<List<Listed>, Failure> {
    let places: Vec<(Uuid, String)> = Places { condition, page }.load(connection).await?;
    at(connection, condition, places, page).await
}

/// The offers at these places, which are sorted by the keys beside them; one place more than the page shows says that there is another.
pub async fn at(
    connection: &mut Connection,
    condition: Condition<'_>,
    places: Vec<(Uuid, String)>,
    page: &Page,
) -> Result<List<Listed>, Failure> {
    let list = page.cut(places, |(id, key)| After { key: key.clone(), id: *id });
    let ids: Vec<Uuid> = list.items.into_iter().map(|(id, _)| id).collect();
    let items = listed(connection, *condition.portal, *condition.seen, &ids).await?;
    Ok(List { items, next: list.next })
}

/// Where the offers of a page stand: their ids and the keys they are sorted by.
struct Places<'a> {
    condition: Condition<'a>,
    page: &'a Page,
}

impl Sort {
    /// The key as text and as it is compared, and whether it and the id descend.
    fn order(self) -> (&'static str, &'static str, bool, bool) {
        match self {
            Self::Relevance => ("found.rank", "real", true, false),
            Self::Published => ("''", "text", false, false),
            Self::Newest => ("''", "text", false, true),
            Self::NameEn => ("found.name_en", "text", false, false),
            Self::NameRu => ("found.name_ru", "text", false, false),
            Self::Price => ("found.price", "numeric", false, false),
            Self::PriceDescending => ("found.price", "numeric", true, true),
        }
    }
}

impl QueryFragment<Pg> for Places<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let sort = self.condition.search.sort;
        let (key, _, key_descends, id_descends) = sort.order();
        let plain = matches!(sort, Sort::Published | Sort::Newest);
        for part in
            ["SELECT found.id, (", key, ")::text FROM (SELECT offer.id, offer.name_en, offer.name_ru, offer.price"]
        {
            out.push_sql(part);
        }
        if let (Sort::Relevance, Some(words)) = (sort, &self.condition.search.words) {
            out.push_sql(", ts_rank(offer.search, ");
            words.push(&mut out)?;
            out.push_sql(") AS rank");
        } else if sort == Sort::Relevance {
            out.push_sql(", 0::real AS rank");
        }
        self.condition.walk_ast(out.reborrow())?;
        if sort == Sort::Relevance {
            out.push_sql(" ORDER BY offer.id LIMIT ");
            out.push_bind_param::<BigInt, _>(&MOST_RANKED)?;
        }
        out.push_sql(") found");
        if let Some(after) = &self.page.after {
            self.push_beyond(&mut out, after)?;
        }
        out.push_sql(" ORDER BY ");
        if !plain {
            for part in [key, if key_descends { " DESC, " } else { ", " }] {
                out.push_sql(part);
            }
        }
        out.push_sql(if id_descends { "found.id DESC LIMIT " } else { "found.id LIMIT " });
        out.push_sql(&self.page.rows().to_string());
        Ok(())
    }
}

impl Places<'_> {
    /// What lies beyond the page before: by one comparison of rows, which goes by an index, where key and id go the same way.
    fn push_beyond<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, after: &'b After) -> QueryResult<()> {
        let (key, kind, key_descends, id_descends) = self.condition.search.sort.order();
        let (key_sign, id_sign) = (if key_descends { " < " } else { " > " }, if id_descends { " < " } else { " > " });
        if key == "''" {
            out.push_sql(" WHERE found.id");
            out.push_sql(id_sign);
        } else if key_descends == id_descends {
            for part in [" WHERE (", key, ", found.id)", key_sign, "("] {
                out.push_sql(part);
            }
            push_key(out, &after.key, kind)?;
            out.push_sql(", ");
        } else {
            for part in [" WHERE (", key, key_sign] {
                out.push_sql(part);
            }
            push_key(out, &after.key, kind)?;
            for part in [" OR ", key, " = "] {
                out.push_sql(part);
            }
            push_key(out, &after.key, kind)?;
            out.push_sql(" AND found.id");
            out.push_sql(id_sign);
        }
        out.push_bind_param::<SqlUuid, _>(&after.id)?;
        out.push_sql(if key == "''" { "" } else { ")" });
        Ok(())
    }
}

fn push_key<'b>(out: &mut AstPass<'_, 'b, Pg>, key: &'b String, kind: &'static str) -> QueryResult<()> {
    out.push_bind_param::<Text, _>(key)?;
    for part in ["::", kind, if kind == "text" { " COLLATE \"C\"" } else { "" }] {
        out.push_sql(part);
    }
    Ok(())
}

/// Planned for each search: how many rows words and filters leave cannot be known without them.
impl QueryId for Places<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Places<'_> {
    type SqlType = (SqlUuid, Text);
}

impl<C> diesel::RunQueryDsl<C> for Places<'_> {}
