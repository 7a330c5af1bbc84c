//! Finding what is looked for: a page of it, counted and explained where that is asked for.

use domain::catalogue::facet::{self, Counted, FacetValue, Facets};
use domain::catalogue::spelling;
use domain::kernel::{PortalId, Timestamp};
use infra::Failure;
use infra::catalogue::relation;
use infra::catalogue::search::explain::{self, Ranked};
use infra::catalogue::search::facet::{MOST_COUNTED, Match, matches};
use infra::catalogue::search::{self, Condition, Listed, Search, Sort, Words, page, word};
use infra::db::Connection;
use infra::db::page::{List, Page};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::cache::Sight;
use super::facet_names::{self, Names};
use super::own_price::{self, Priced};
use super::query::Asked;

/// What was found for all who see the same.
#[derive(Debug, Default)]
pub struct Found {
    pub list: List<Listed>,
    /// The words that were looked for instead, where the typed ones are nowhere.
    pub read_as: Option<Vec<Vec<String>>>,
    pub facets: Option<Counts>,
    /// The ranks of the offers of the page.
    pub ranks: Vec<Ranked>,
    /// Of one offer: what stands beside it, by kind and offer; these offers follow it in the list.
    pub related: Vec<(String, Uuid)>,
}

/// Facets with the names of what they count.
#[derive(Debug)]
pub struct Counts {
    pub facets: Facets,
    /// Nothing more was found than was counted.
    pub exact: bool,
    pub names: Names,
}

/// Who looks, and when.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub sight: &'a Sight,
    pub reader: Option<Uuid>,
    pub at: Timestamp,
}

/// Finds a page.
pub async fn find(connection: &mut Connection, look: Look<'_>, asked: &Asked, page: &Page) -> Result<Found, Failure> {
    let mut search = asked.search.clone();
    let mut list = look.list(connection, &search, page).await?;
    let mut read_as = None;
    if list.items.is_empty()
        && let Some(Words::Typed(typed)) = &search.words
        && let Some(words) = correct(connection, look.sight.portal.id, typed).await?
    {
        let corrected = Search { words: Some(Words::Corrected(words.clone())), ..search.clone() };
        let again = look.list(connection, &corrected, page).await?;
        if !again.items.is_empty() {
            (list, search, read_as) = (again, corrected, Some(words));
        }
    }
    let facets = if asked.facets { Some(look.count(connection, &search).await?) } else { None };
    let ranks = match &search.words {
        Some(words) if asked.explain => {
            let ids: Vec<Uuid> = list.items.iter().map(|one| one.offer.id).collect();
            explain::ranks(connection, words, &ids).await?
        }
        _ => Vec::new(),
    };
    Ok(Found { list, read_as, facets, ranks, related: Vec::new() })
}

/// Finds one offer, and what stands beside it.
pub async fn one(connection: &mut Connection, look: Look<'_>, id: Uuid) -> Result<Found, Failure> {
    let (portal, seen) = (look.sight.portal.id, look.sight.seen(look.at));
    let Some(found) = search::find(connection, portal, seen, id).await? else { return Ok(Found::default()) };
    let related = relation::offers(connection, portal, seen, found.product.id).await?;
    let mut beside: Vec<Uuid> = related.iter().map(|(_, offer)| *offer).collect();
    beside.sort();
    beside.dedup();
    let mut items = vec![found];
    if !beside.is_empty() {
        items.extend(search::listed(connection, &beside).await?);
    }
    Ok(Found { list: List { items, next: None }, related, ..Found::default() })
}

impl Look<'_> {
    async fn list(self, connection: &mut Connection, search: &Search, page: &Page) -> Result<List<Listed>, Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        if !(search.by_price() && self.sight.own_prices) {
            return page::page(connection, Condition::new(&portal, &seen, search), page).await;
        }
        let (priced, _) = self.priced(connection, search).await?;
        if matches!(search.sort, Sort::Price | Sort::PriceDescending) {
            let places = own_price::cut(&priced, search.sort == Sort::PriceDescending, page);
            return page::at(connection, places, page).await;
        }
        let among: Vec<Uuid> = priced.into_iter().map(|(one, _)| one.id).collect();
        let search = search.at_any_price();
        page::page(connection, Condition { among: Some(&among), ..Condition::new(&portal, &seen, &search) }, page).await
    }

    /// The matches at the reader's prices, as far as he would pay them, and whether these are all.
    async fn priced(self, connection: &mut Connection, search: &Search) -> Result<(Vec<Priced>, bool), Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        let own = self.sight.own_prices;
        let loose = if own { search.at_any_price() } else { search.clone() };
        let mut found = matches(connection, Condition::new(&portal, &seen, &loose)).await?;
        let most = usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX);
        let exact = found.len() <= most;
        found.truncate(most);
        let priced = own_price::of_matches(connection, self.reader, found, own, self.at).await?;
        Ok((own_price::affordable(search, priced), exact))
    }

    async fn count(self, connection: &mut Connection, search: &Search) -> Result<Counts, Failure> {
        let (priced, exact) = self.priced(connection, search).await?;
        let counted: Vec<Counted> = priced.into_iter().map(counted).collect();
        let facets = facet::facets(&counted, search.category);
        let names = facet_names::of(connection, &facets).await?;
        Ok(Counts { facets, exact, names })
    }
}

fn counted((one, price): Priced) -> Counted {
    let Match { category_path, seller_id, lead_time_days, available, attributes, .. } = one;
    let attributes = match attributes {
        Value::Object(attributes) => {
            attributes.into_iter().filter_map(|(key, value)| Some((key, read(value)?))).collect()
        }
        _ => Vec::new(),
    };
    Counted {
        categories: category_path,
        seller: seller_id,
        price: (price.currency(), price.amount()),
        lead_time_days,
        available,
        attributes,
    }
}

fn read(value: Value) -> Option<FacetValue> {
    match value {
        Value::String(text) => Some(FacetValue::Text(text)),
        Value::Bool(yes) => Some(FacetValue::YesNo(yes)),
        Value::Object(number) => number.get("value")?.as_str()?.parse::<Decimal>().ok().map(FacetValue::Number),
        _ => None,
    }
}

/// The words that may have been meant; none where all that were typed are known, or nothing is near them.
async fn correct(connection: &Connection, portal: PortalId, typed: &str) -> Result<Option<Vec<Vec<String>>>, Failure> {
    let words = spelling::words(typed);
    let known = word::known(connection, portal, &words).await?;
    let mut groups = Vec::new();
    let mut changed = false;
    for word in words {
        let near = match spelling::tolerance(&word) {
            Some(distance) if !known.contains(&word) => {
                word::nearest(connection, portal, &word, i32::from(distance)).await?
            }
            _ => Vec::new(),
        };
        changed |= !near.is_empty();
        groups.push(if near.is_empty() { vec![word] } else { near });
    }
    Ok(Some(groups).filter(|_| changed))
}
