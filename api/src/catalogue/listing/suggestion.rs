//! Suggestions while a buyer types: the last word is completed by the words that the portal's offers have.

use domain::kernel::{Kind, Refusal};
use infra::Failure;
use infra::catalogue::search::{Condition, Search, Words, word};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cache::SuggestionKey;
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
    let mut items = Vec::new();
    if !unfinished.is_empty() {
        let connection = app.pool.get().await?;
        for found in word::beginning(&connection, sight.portal.id, unfinished, limit).await? {
            // Words are counted in what is for everyone; who sees less than that must not hear of the rest.
            let search = Search { words: Some(Words::Corrected(vec![vec![found.word.clone()]])), ..Search::default() };
            let (portal, seen) = (sight.portal.id, sight.seen(app.clock.now()));
            let condition = Condition::new(&portal, &seen, &search);
            if sight.view.is_none() || word::finds(&connection, condition).await? {
                items.push(Suggestion { text: format!("{before}{}", found.word), offers: found.uses });
            }
        }
    }
    let suggestions = Suggestions { items };
    app.catalogues.suggestions.insert(key, suggestions.clone()).await;
    Ok(suggestions)
}
