//! Finding what is looked for: a page of it, counted and explained where that is asked for.

use std::sync::Arc;

use domain::catalogue::facet::{self, Counted, FacetValue, Facets, Tally};
use domain::catalogue::spelling;
use domain::kernel::{ProductId, Timestamp};
use infra::Failure;
use infra::catalogue::media::{self, MediaRow, PreviewRow};
use infra::catalogue::relation;
use infra::catalogue::search::explain::{self, Ranked};
use infra::catalogue::search::facet::{Match, matches};
use infra::catalogue::search::{self, Common, Condition, Listed, MOST_COUNTED, Search, Sort, Words, page, word};
use infra::db::Connection;
use infra::db::page::{List, Page};
use moka::Entry;
use moka::future::Cache;
use moka::ops::compute::Op;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::cache::{CountKey, Remembered, Sight};
use super::facet_names::{self, Names};
use super::own_price::{self, Priced};
use super::query::Asked;

/// What was found for all who see the same.
#[derive(Debug, Default)]
pub struct Found {
    pub list: List<Listed>,
    /// The words that were looked for instead, where the typed ones are nowhere.
    pub read_as: Option<Vec<Vec<String>>>,
    /// The reader's own prices decide, and more was found than was looked at.
    pub partial: bool,
    pub facets: Option<Arc<Counts>>,
    /// The ranks of the offers of the page.
    pub ranks: Vec<Ranked>,
    /// Of one offer: what stands beside it, by kind and offer; these offers follow it in the list.
    pub related: Vec<(String, Uuid)>,
    /// Of one offer: its images and data sheets that are ready.
    pub media: Vec<(MediaRow, Vec<PreviewRow>)>,
}

/// Facets with the names of what they count.
#[derive(Debug)]
pub struct Counts {
    pub facets: Facets,
    /// Nothing more was found than was counted, by whatever is counted.
    pub exact: bool,
    pub names: Names,
}

/// Who looks, and when.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub sight: &'a Sight,
    pub reader: Option<Uuid>,
    pub at: Timestamp,
    /// What best is looked for without an index.
    pub common: &'a Common,
    /// What was counted before, and the generation of now.
    pub counted: &'a Cache<CountKey, Remembered>,
    pub generation: u64,
    /// For how many offers the reader's own prices are worked out.
    pub most_priced: u32,
}

/// Finds a page.
pub async fn find(connection: &mut Connection, look: Look<'_>, asked: &Asked, page: &Page) -> Result<Found, Failure> {
    let mut search = asked.search.clone();
    let mut shown = look.shown(connection, &search, asked.facets, page).await?;
    let mut read_as = None;
    if shown.list.items.is_empty()
        && let Some(Words::Typed(typed)) = &search.words
        && let Some(words) = correct(connection, look, typed).await?
    {
        let corrected = Search { words: Some(Words::Corrected(words.clone())), ..search.clone() };
        let again = look.shown(connection, &corrected, asked.facets, page).await?;
        if !again.list.items.is_empty() {
            (shown, search, read_as) = (again, corrected, Some(words));
        }
    }
    let ranks = match &search.words {
        Some(words) if asked.explain => {
            let ids: Vec<Uuid> = shown.list.items.iter().map(|one| one.offer.id).collect();
            explain::ranks(connection, words, &ids).await?
        }
        _ => Vec::new(),
    };
    let Shown { list, partial, facets } = shown;
    Ok(Found { list, read_as, partial, facets, ranks, ..Found::default() })
}

/// A page and the counts of all that was found.
struct Shown {
    list: List<Listed>,
    /// See [`Found::partial`].
    partial: bool,
    facets: Option<Arc<Counts>>,
}

/// Finds one offer, and what stands beside it.
pub async fn one(connection: &mut Connection, look: Look<'_>, id: Uuid) -> Result<Found, Failure> {
    let (portal, seen) = (look.sight.portal.id, look.sight.seen(look.at));
    let Some(found) = search::find(connection, portal, seen, id).await? else { return Ok(Found::default()) };
    let related = relation::offers(connection, portal, seen, found.product.id).await?;
    let mut media = media::of_product(connection, ProductId(found.product.id)).await?;
    media.retain(|(row, _)| row.state == "ready");
    let mut beside: Vec<Uuid> = related.iter().map(|(_, offer)| *offer).collect();
    beside.sort();
    beside.dedup();
    let mut items = vec![found];
    if !beside.is_empty() {
        items.extend(search::listed(connection, portal, seen, &beside).await?);
    }
    Ok(Found { list: List { items, next: None }, related, media, ..Found::default() })
}

impl Look<'_> {
    /// The page, and with `facets` the counts. Where the reader's own prices decide, both come of the same matches.
    async fn shown(
        self,
        connection: &mut Connection,
        search: &Search,
        facets: bool,
        page: &Page,
    ) -> Result<Shown, Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        if search.by_price() && self.sight.own_prices {
            let (priced, exact) = self.priced(connection, search).await?;
            let list = self.at_own_prices(connection, search, &priced, page).await?;
            let counts = if facets { Some(Arc::new(count(connection, search, priced, exact).await?)) } else { None };
            return Ok(Shown { list, partial: !exact, facets: counts });
        }
        let common = Some(self.common).filter(|_| search.sort == Sort::Relevance);
        let condition = Condition { common, ..Condition::new(&portal, &seen, search) };
        let list = page::page(connection, condition, page).await?;
        let facets = if facets { Some(self.counts(connection, search).await?) } else { None };
        Ok(Shown { list, partial: false, facets })
    }

    /// What was found, counted: from memory, or by one caller while others wait for it.
    async fn counts(self, connection: &mut Connection, search: &Search) -> Result<Arc<Counts>, Failure> {
        let sight = self.sight;
        let key = CountKey {
            portal: sight.portal.id.0,
            view: sight.view,
            buyer: sight.own_prices.then_some(self.reader),
            search: Search { sort: Sort::default(), ..search.clone() },
        };
        if let Some(known) = self.counted.get(&key).await.filter(|known| known.holds(self.generation, self.at)) {
            return Ok(known.counts);
        }
        let count = async |known: Option<Entry<CountKey, Remembered>>| -> Result<Op<Remembered>, Failure> {
            if known.is_some_and(|known| known.value().holds(self.generation, self.at)) {
                return Ok(Op::Nop);
            }
            let counts = Arc::new(self.count_all(connection, search).await?);
            Ok(Op::Put(Remembered { counts, generation: self.generation, at: self.at }))
        };
        let counted = self.counted.entry(key).and_try_compute_with(count).await?.into_entry();
        counted.map(|entry| entry.into_value().counts).ok_or_else(|| Failure::broken("counts were forgotten"))
    }

    /// Counts all that was found, which prices did not decide: at the reader's own prices those that were published first.
    async fn count_all(self, connection: &mut Connection, search: &Search) -> Result<Counts, Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        let own = self.sight.own_prices;
        let mut tally = search::tally(connection, Condition::new(&portal, &seen, search), !own).await?;
        let mut exact = tally.count < MOST_COUNTED;
        if own {
            let (priced, all) = self.priced(connection, search).await?;
            tally.prices = facet::prices(priced.iter().map(|(_, price)| (price.currency(), price.amount())));
            exact &= all;
        }
        told(connection, tally, exact).await
    }

    async fn at_own_prices(
        self,
        connection: &mut Connection,
        search: &Search,
        priced: &[Priced],
        page: &Page,
    ) -> Result<List<Listed>, Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        let search = search.at_any_price();
        let condition = Condition::new(&portal, &seen, &search);
        if matches!(search.sort, Sort::Price | Sort::PriceDescending) {
            let places = own_price::cut(priced, search.sort == Sort::PriceDescending, page);
            return page::at(connection, condition, places, page).await;
        }
        let among: Vec<Uuid> = priced.iter().map(|(one, _)| one.id).collect();
        page::page(connection, Condition { among: Some(&among), ..condition }, page).await
    }

    /// The matches at the reader's prices, as far as he would pay them, and whether these are all.
    async fn priced(self, connection: &mut Connection, search: &Search) -> Result<(Vec<Priced>, bool), Failure> {
        let (portal, seen) = (self.sight.portal.id, self.sight.seen(self.at));
        let own = self.sight.own_prices;
        let loose = if own { search.at_any_price() } else { search.clone() };
        let condition = Condition::new(&portal, &seen, &loose);
        let mut found = matches(connection, condition, self.most_priced.into()).await?;
        let most = usize::try_from(self.most_priced).unwrap_or(usize::MAX);
        let exact = found.len() <= most;
        found.truncate(most);
        let priced = own_price::of_matches(connection, self.reader, found, own, self.at).await?;
        Ok((own_price::affordable(search, priced), exact))
    }
}

async fn count(connection: &Connection, search: &Search, priced: Vec<Priced>, exact: bool) -> Result<Counts, Failure> {
    let counted: Vec<Counted> = priced.into_iter().map(counted).collect();
    told(connection, facet::tally(&counted, search.category), exact).await
}

async fn told(connection: &Connection, tally: Tally, exact: bool) -> Result<Counts, Failure> {
    let facets = facet::facets(tally);
    let names = facet_names::of(connection, &facets).await?;
    Ok(Counts { facets, exact, names })
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
        Value::Object(number) => {
            let unit = number.get("unit").and_then(Value::as_str).map(str::to_owned);
            Some(FacetValue::Number(number.get("value")?.as_str()?.parse::<Decimal>().ok()?, unit))
        }
        _ => None,
    }
}

/// The words that may have been meant; none where each one is found by itself, or nothing is near it.
async fn correct(connection: &Connection, look: Look<'_>, typed: &str) -> Result<Option<Vec<Vec<String>>>, Failure> {
    let (portal, seen) = (look.sight.portal.id, look.sight.seen(look.at));
    let everything = Search::default();
    let condition = Condition::new(&portal, &seen, &everything);
    let judged = word::judge(connection, condition, look.sight.view.is_none(), &spelling::words(typed)).await?;
    let unknown = judged.iter().filter(|one| !one.stop && one.found == 0);
    let unknown: Vec<(String, i32)> =
        unknown.filter_map(|one| Some((one.word.clone(), i32::from(spelling::tolerance(&one.word)?)))).collect();
    if unknown.is_empty() {
        return Ok(None);
    }
    let mut near = word::nearest(connection, portal, &unknown).await?;
    if look.sight.view.is_some() {
        // The words are those of offers for everyone, and this reader may see less.
        let words: Vec<String> = near.iter().map(|one| one.word.clone()).collect();
        let found = word::judge(connection, condition, false, &words).await?;
        near.retain(|one| found.iter().any(|other| other.word == one.word && other.found > 0));
    }
    if near.is_empty() {
        return Ok(None);
    }
    let groups = judged.into_iter().filter(|one| !one.stop).map(|one| {
        let meant: Vec<String> =
            near.iter().filter(|other| other.typed == one.word).map(|other| other.word.clone()).collect();
        if meant.is_empty() { vec![one.word] } else { meant }
    });
    Ok(Some(groups.collect()))
}
