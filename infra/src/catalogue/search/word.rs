//! The words that a portal's catalogue knows: for suggestions, and for words that were mistyped.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;

use super::condition::Condition;
use crate::Failure;
use crate::db::Connection;
use crate::schema::catalogue_word;

/// The words that begin with a prefix (in small letters) and in how many names they stand, the most frequent first.
pub async fn beginning(
    connection: &Connection,
    portal: PortalId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, Failure> {
    // The greatest character there is: what begins with the prefix lies between the two.
    let end = format!("{prefix}\u{10FFFF}");
    let query = catalogue_word::table
        .filter(catalogue_word::portal_id.eq(portal.0).and(catalogue_word::uses.gt(0)))
        .filter(catalogue_word::word.ge(prefix).and(catalogue_word::word.lt(end)))
        .order((catalogue_word::uses.desc(), catalogue_word::word))
        .limit(limit)
        .select((catalogue_word::word, catalogue_word::uses));
    Ok(query.load(&mut &*connection).await?)
}

/// A word of a search.
#[derive(Debug, Clone, Queryable)]
pub struct Judged {
    pub word: String,
    /// A word such as "for", which is in everything and is not looked for.
    pub stop: bool,
    /// In how many offers the reader finds it; see [`judge`].
    pub found: i64,
}

/// What the reader of a search without words finds by each of these words. A reader who sees all that is for everyone (`sees_all`) finds
/// the words of names that are counted anyway: such a word is said to be in one offer, since to count the offers of a common word takes
/// longer than any search.
pub async fn judge(
    connection: &Connection,
    condition: Condition<'_>,
    sees_all: bool,
    words: &[String],
) -> Result<Vec<Judged>, Failure> {
    Ok(Judge { condition, sees_all, words }.load(&mut &*connection).await?)
}

struct Judge<'a> {
    condition: Condition<'a>,
    sees_all: bool,
    words: &'a [String],
}

impl QueryFragment<Pg> for Judge<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT w.word, numnode(plainto_tsquery('russian', w.word)) = 0, CASE WHEN ");
        out.push_bind_param::<Bool, _>(&self.sees_all)?;
        out.push_sql(" AND EXISTS (SELECT FROM catalogue_word k WHERE k.portal_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.condition.portal.0)?;
        out.push_sql(" AND k.word = w.word AND k.uses > 0) THEN 1 ELSE (SELECT count(*)");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(" AND offer.search @@ plainto_tsquery('russian', w.word)) END FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(self.words)?;
        out.push_sql(") WITH ORDINALITY AS w (word, position) ORDER BY w.position");
        Ok(())
    }
}

impl QueryId for Judge<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Judge<'_> {
    type SqlType = (Text, Bool, BigInt);
}

impl<C> diesel::RunQueryDsl<C> for Judge<'_> {}

/// A word that was typed, and one near it.
#[derive(Debug, Clone, QueryableByName)]
pub struct Near {
    #[diesel(sql_type = Text)]
    pub typed: String,
    #[diesel(sql_type = Text)]
    pub word: String,
}

/// The words nearest to those that are unknown, at most three for each: first by the number of letters that differ (Levenshtein),
/// then by use. Words are given with how much they may be off.
pub async fn nearest(
    connection: &Connection,
    portal: PortalId,
    unknown: &[(String, i32)],
) -> Result<Vec<Near>, Failure> {
    let (words, distances): (Vec<&str>, Vec<i32>) = unknown.iter().map(|(word, off)| (word.as_str(), *off)).unzip();
    // Short words have too little in common for trigrams, but there are few of a length.
    let query = diesel::sql_query(
        "SELECT t.typed, n.word FROM unnest($2, $3) AS t (typed, off) CROSS JOIN LATERAL (
             SELECT c.word, c.uses FROM (
                 SELECT word, uses FROM catalogue_word WHERE t.off = 1 AND portal_id = $1 AND uses > 0
                    AND char_length(word) IN (char_length(t.typed) - 1, char_length(t.typed), char_length(t.typed) + 1)
                 UNION ALL
                 SELECT word, uses FROM catalogue_word WHERE t.off > 1 AND portal_id = $1 AND uses > 0 AND word % t.typed
             ) c WHERE levenshtein_less_equal(c.word, t.typed, t.off) <= t.off
             ORDER BY levenshtein_less_equal(c.word, t.typed, t.off), c.uses DESC, c.word LIMIT 3) n",
    );
    let query = query.bind::<SqlUuid, _>(portal.0).bind::<Array<Text>, _>(words).bind::<Array<Integer>, _>(distances);
    Ok(query.load(&mut &*connection).await?)
}
