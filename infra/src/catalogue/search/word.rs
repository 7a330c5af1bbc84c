//! The words that a portal's catalogue knows: for suggestions, and for words that were mistyped.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;

use super::condition::Condition;
use crate::Failure;
use crate::db::Connection;
use crate::schema::catalogue_word;

/// A word and in how many offers' names it stands.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Word {
    #[diesel(sql_type = Text)]
    pub word: String,
    #[diesel(sql_type = BigInt)]
    pub uses: i64,
}

/// The words that begin with a prefix (in small letters), those of most offers first.
pub async fn beginning(
    connection: &Connection,
    portal: PortalId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<Word>, Failure> {
    // The greatest character there is: what begins with the prefix lies between the two.
    let end = format!("{prefix}\u{10FFFF}");
    let found: Vec<(String, i64)> = catalogue_word::table
        .filter(catalogue_word::portal_id.eq(portal.0).and(catalogue_word::uses.gt(0)))
        .filter(catalogue_word::word.ge(prefix).and(catalogue_word::word.lt(end)))
        .order((catalogue_word::uses.desc(), catalogue_word::word))
        .limit(limit)
        .select((catalogue_word::word, catalogue_word::uses))
        .load(&mut &*connection)
        .await?;
    Ok(found.into_iter().map(|(word, uses)| Word { word, uses }).collect())
}

/// Which of these words stand in names.
pub async fn known(connection: &Connection, portal: PortalId, words: &[String]) -> Result<Vec<String>, Failure> {
    let query = catalogue_word::table
        .filter(catalogue_word::portal_id.eq(portal.0).and(catalogue_word::uses.gt(0)))
        .filter(catalogue_word::word.eq_any(words))
        .select(catalogue_word::word);
    Ok(query.load(&mut &*connection).await?)
}

/// The words nearest to one that is unknown, at most three: first by the number of letters that differ (Levenshtein), then by use.
pub async fn nearest(
    connection: &Connection,
    portal: PortalId,
    word: &str,
    distance: i32,
) -> Result<Vec<String>, Failure> {
    let query = diesel::sql_query(
        "SELECT word, uses FROM catalogue_word
         WHERE portal_id = $1 AND uses > 0 AND char_length(word) BETWEEN char_length($2) - $3 AND char_length($2) + $3
            AND levenshtein_less_equal(word, $2, $3) <= $3
         ORDER BY levenshtein_less_equal(word, $2, $3), uses DESC, word LIMIT 3",
    );
    let query = query.bind::<SqlUuid, _>(portal.0).bind::<Text, _>(word).bind::<Integer, _>(distance);
    let found: Vec<Word> = query.load(&mut &*connection).await?;
    Ok(found.into_iter().map(|one| one.word).collect())
}

/// Whether anything is found at all.
pub async fn finds(connection: &Connection, condition: Condition<'_>) -> Result<bool, Failure> {
    Ok(Finds { condition }.get_result(&mut &*connection).await?)
}

struct Finds<'a> {
    condition: Condition<'a>,
}

impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for Finds<'_> {
    fn walk_ast<'b>(&'b self, mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        out.push_sql("SELECT EXISTS (SELECT 1");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl diesel::query_builder::QueryId for Finds<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Finds<'_> {
    type SqlType = Bool;
}

impl<C> diesel::RunQueryDsl<C> for Finds<'_> {}
