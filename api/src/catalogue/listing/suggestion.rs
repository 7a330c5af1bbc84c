//! Suggestions while a buyer types: the last word is completed by the words that the portal's offers have.

use domain::kernel::{Kind, Refusal, Timestamp};
use infra::Failure;
use infra::catalogue::search::{Condition, Search, entry, word};
use infra::db::{Connection, tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cache::{Sight, SuggestionKey};
use super::usecase::{Reader, look};
use crate::app::App;

/// What was typed so far.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SuggestionQuery {
    /// The last word may be unfinished.
    #[serde(default)]
    #[param(max_length = 200)]
    pub q: String,
    #[param(minimum = 1, maximum = 20, default = 10)]
    pub limit: Option<i64>,
}

/// What may be meant, what most offers have first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestions {
    pub items: Vec<Suggestion>,
}

/// A way to finish what was typed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"text": "steel bolt", "offers": 120}))]
pub struct Suggestion {
    /// What to search for.
    pub text: String,
    /// How many offers for everyone have the last word in their names.
    pub offers: i64,
}

/// The best ways to finish what was typed on a portal.
pub async fn suggestions(
    app: &App,
    portal: &str,
    query: &SuggestionQuery,
    by: &Reader,
) -> Result<Suggestions, Failure> {
    let limit = query.limit.unwrap_or(10);
    if !(1..=20).contains(&limit) || query.q.chars().count() > 200 || query.q.contains('\0') {
        let detail = "`q` has at most 200 characters, none of them NUL; `limit` is a number from 1 to 20.";
        return Err(Refusal::new(Kind::InvalidQuery, detail).into());
    }
    let sight = look(app, portal, by.organisation).await?;
    let typed = query.q.to_lowercase();
    let key = SuggestionKey {
        generation: app.news.catalogue(),
        portal: sight.portal.id.0,
        view: sight.view,
        typed: typed.clone(),
        limit,
    };
    if let Some(known) = app.catalogues.suggestions.get(&key).await {
        return Ok(known);
    }
    let start = typed
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + typed[at..].chars().next().map_or(1, char::len_utf8));
    let (before, unfinished) = typed.split_at(start);
    let mut found = Vec::new();
    if !unfinished.is_empty() {
        let connection = app.pool.get().await?;
        found = word::beginning(&connection, sight.portal.id, unfinished, limit).await?;
        if sight.view.is_some() {
            found = in_sight(&connection, &sight, app.clock.now(), found).await?;
        }
    }
    let suggestion = |(word, offers)| Suggestion { text: format!("{before}{word}"), offers };
    let items = found.into_iter().map(suggestion).collect();
    let suggestions = Suggestions { items };
    app.catalogues.suggestions.insert(key, suggestions.clone()).await;
    Ok(suggestions)
}

/// How many entries are brought up to date in a transaction, and in a run; the rest waits for the next.
const AT_ONCE: i64 = 500;
const ROUNDS: usize = 200;

/// Counts the words of offers that were published by the clock, and no longer those of withdrawn ones.
pub async fn keep_time(app: App) -> Result<(), Failure> {
    for _ in 0..ROUNDS {
        if !tx::transaction(&app.pool, async |tx| entry::keep_time(tx, AT_ONCE).await).await? {
            break;
        }
    }
    Ok(())
}

/// Words are counted in what is for everyone; who sees less than that hears only of what he finds.
async fn in_sight(
    connection: &Connection,
    sight: &Sight,
    at: Timestamp,
    words: Vec<(String, i64)>,
) -> Result<Vec<(String, i64)>, Failure> {
    let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
    let (seen, everything) = (sight.seen(at), Search::default());
    let condition = Condition::new(&sight.portal.id, &seen, &everything);
    let judged = word::judge(connection, condition, false, &words).await?;
    Ok(judged.into_iter().filter(|one| one.found > 0).map(|one| (one.word, one.found)).collect())
}
