//! What a reader pays for what was found: where price lists speak for him, his prices decide, not the offers' own.

use domain::catalogue::{Tier, Tiers, caller_price};
use domain::kernel::{Currency, OrganisationId, Timestamp, UnitPrice};
use infra::Failure;
use infra::catalogue::pricing::{self, ListedTier};
use infra::catalogue::search::Search;
use infra::catalogue::search::facet::Match;
use infra::db::Connection;
use infra::db::page::Page;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::catalogue::pricing::price_lists_of;

/// A match at the reader's price of a unit at the minimum of order.
pub type Priced = (Match, UnitPrice);

/// The matches at what lists in force give the reader; `with_lists` is false where none can.
pub async fn of_matches(
    connection: &Connection,
    reader: Option<Uuid>,
    matches: Vec<Match>,
    with_lists: bool,
    at: Timestamp,
) -> Result<Vec<Priced>, Failure> {
    let ids: Vec<Uuid> = matches.iter().map(|one| one.id).collect();
    let listed = match with_lists {
        true => pricing::listed_prices(connection, reader.map(OrganisationId), &ids, at).await?,
        false => Vec::new(),
    };
    matches
        .into_iter()
        .map(|one| {
            let price = price(&one, &listed)?;
            Ok((one, price))
        })
        .collect()
}

fn price(one: &Match, listed: &[ListedTier]) -> Result<UnitPrice, Failure> {
    let currency = Currency::parse(&one.currency)?;
    let own = UnitPrice::new(one.price, currency)?;
    let lists = price_lists_of(listed, one.id)?;
    if lists.is_empty() {
        return Ok(own);
    }
    let tiers = Tiers::new(vec![Tier { from: one.minimum_order, unit_price: own }], "");
    let tiers = tiers.map_err(|_| Failure::broken("a price in an entry of the catalogue is none"))?;
    let price = caller_price(&tiers, &lists, one.minimum_order, currency);
    Ok(price.map_or(own, |price| price.unit_price))
}

/// Keeps what the reader pays as much for as is asked.
pub fn affordable(search: &Search, matches: Vec<Priced>) -> Vec<Priced> {
    let fits = |price: Decimal| {
        search.price_from.is_none_or(|from| price >= from) && search.price_to.is_none_or(|to| price <= to)
    };
    matches.into_iter().filter(|(_, price)| fits(price.amount())).collect()
}

/// The part of the page with the keys it is sorted by: one more than is shown, as pages are loaded.
pub fn cut(matches: &[Priced], descending: bool, page: &Page) -> Vec<(Uuid, String)> {
    let mut sorted: Vec<(Decimal, Uuid)> = matches.iter().map(|(one, price)| (price.amount(), one.id)).collect();
    let place = |a: &(Decimal, Uuid), b: &(Decimal, Uuid)| if descending { b.cmp(a) } else { a.cmp(b) };
    sorted.sort_by(place);
    let after = page.after.as_ref().map(|after| (after.key.parse().unwrap_or_default(), after.id));
    let beyond = |one: &(Decimal, Uuid)| after.as_ref().is_none_or(|after| place(one, after).is_gt());
    let rest = sorted.into_iter().filter(beyond);
    let rows = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    rest.take(rows).map(|(price, id)| (id, price.to_string())).collect()
}
