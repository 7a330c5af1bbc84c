//! Explains prices: to a caller its own, to a seller those of its buyers, of today, of the past and of the time to come.

use domain::catalogue::Tiers;
use domain::catalogue::pack::ratio_to_base;
use domain::catalogue::price::{Candidate, explain};
use domain::kernel::money::parse_decimal;
use domain::kernel::quantity::check_quantity;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Kind, OfferId, OrganisationId, Refusal, Timestamp, Unit};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::offer::{self, TierRow};
use infra::catalogue::search::{self, Condition, Listed, Search};
use infra::catalogue::visibility::seen_by;
use infra::catalogue::{price_list, pricing};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation;
use infra::portal::access::SeenPortal;
use uuid::Uuid;

use super::dto::{Asked, Explanation, PriceQuery};
use crate::catalogue::listing::dto::ListedOffer;
use crate::catalogue::pricing::{price_lists_of, tiers_of};
use crate::catalogue::product::dto::packs_of;
use crate::catalogue::rights;
use crate::http::principal::Principal;
use crate::portal::access;

/// The reader's price of an offer that it sees now. Of the past it is told what it could have seen then, of the time to come nothing.
pub async fn price(
    connection: &mut Connection,
    portal: &str,
    reader: Option<Uuid>,
    id: OfferId,
    query: &PriceQuery,
    now: Timestamp,
) -> Result<Explanation, Failure> {
    let seen = access::look(connection, portal, reader, Function::Catalogue).await?;
    let at = query.at.unwrap_or(now);
    if at > now {
        let detail = "`at`: what will hold is told when it does; a seller sees it beforehand in its preview.";
        return Err(Refusal::new(Kind::InvalidQuery, detail).into());
    }
    let (asked, candidates) = explained(connection, &seen, reader, id, query, now).await?;
    if at < now {
        let since = offer::open_since(connection, id, reader.map(OrganisationId)).await?;
        if since.is_none_or(|since| at < since) {
            return Err(Refusal::not_found("offer").into());
        }
    }
    Ok(Explanation::of(asked, &candidates, None))
}

/// A buyer's price of an offer of the caller's.
pub async fn preview_price(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    reader: Option<Uuid>,
    id: OfferId,
    query: &PriceQuery,
    now: Timestamp,
) -> Result<Explanation, Failure> {
    let (seen, seller) = previewed(connection, by, portal, reader).await?;
    let own = offer::load(connection, &[id.0]).await?;
    if !own.iter().any(|offer| offer.row.seller_id == seller.0) {
        return Err(Refusal::not_found("offer").into());
    }
    let seen = seen.ok_or_else(|| Refusal::not_found("offer"))?;
    let (asked, candidates) = explained(connection, &seen, reader, id, query, now).await?;
    let lists: Vec<Uuid> = candidates.iter().filter_map(|one| one.list).map(|list| list.0).collect();
    let names = price_list::names(connection, &lists).await?;
    Ok(Explanation::of(asked, &candidates, Some(&names)))
}

/// The caller's offers on a portal as a buyer sees them; none if it does not see the portal.
pub async fn preview(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    reader: Option<Uuid>,
    page: &Page,
    languages: &[String],
    now: Timestamp,
) -> Result<List<ListedOffer>, Failure> {
    let (seen, seller) = previewed(connection, by, portal, reader).await?;
    let Some(seen) = seen else { return Ok(List { items: Vec::new(), next: None }) };
    let buyer = reader.map(OrganisationId);
    let search = Search { seller: Some(seller.0), ..Search::default() };
    let sees = seen_by(buyer, now);
    let found = search::page(connection, Condition::new(&seen.id, &sees, &search), page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.offer.id).collect();
    let listed = pricing::listed_prices(connection, buyer, &ids, now).await?;
    let items: Result<Vec<_>, _> =
        found.items.iter().map(|row| ListedOffer::of(row, &listed, None, languages)).collect();
    Ok(List { items: items?, next: found.next })
}

/// The portal as the previewed reader sees it, if it does, and the seller who asks.
async fn previewed(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    reader: Option<Uuid>,
) -> Result<(Option<SeenPortal>, OrganisationId), Failure> {
    access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    if let Some(reader) = reader
        && organisation::known(connection, &[reader]).await?.is_empty()
    {
        return Err(Refusal::not_found("organisation").into());
    }
    let seen = infra::portal::access::seen(connection, portal, reader.map(OrganisationId)).await?;
    Ok((seen, seller))
}

async fn explained(
    connection: &Connection,
    seen: &SeenPortal,
    reader: Option<Uuid>,
    id: OfferId,
    query: &PriceQuery,
    now: Timestamp,
) -> Result<(Asked, Vec<Candidate>), Failure> {
    let buyer = reader.map(OrganisationId);
    let at = query.at.unwrap_or(now);
    let ids = [id.0];
    let lists = async {
        if at < now {
            pricing::listed_prices_then(connection, buyer, &ids, at).await
        } else {
            pricing::listed_prices(connection, buyer, &ids, at).await
        }
    };
    let (found, lists) = futures::try_join!(search::find(connection, seen.id, seen_by(buyer, now), id.0), lists)?;
    let listed = found.ok_or_else(|| Refusal::not_found("offer"))?;
    let mut asked = asked(&listed, query, at)?;
    let lists = price_lists_of(&lists, id.0)?;
    let Some(tiers) = tiers_at(connection, &listed, at, now).await? else { return Ok((asked, Vec::new())) };
    if query.currency.is_none() {
        asked.currency = tiers.currency();
    }
    let candidates = explain(&tiers, &lists, asked.quantity, asked.currency);
    Ok((asked, candidates))
}

/// The offer's own prices at a moment; none before it had any.
async fn tiers_at(
    connection: &Connection,
    listed: &Listed,
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<Tiers>, Failure> {
    if at >= now {
        return Ok(Some(tiers_of(&listed.tiers, &listed.offer.currency)?));
    }
    let past = pricing::offer_tiers_then(connection, listed.offer.id, at).await?;
    let Some(currency) = past.first().map(|tier| tier.currency.clone()) else { return Ok(None) };
    let row = |tier: pricing::PastTier| TierRow {
        offer_id: listed.offer.id,
        from_quantity: tier.from_quantity,
        unit_price: tier.unit_price,
    };
    let rows: Vec<TierRow> = past.into_iter().map(row).collect();
    Ok(Some(tiers_of(&rows, &currency)?))
}

fn asked(listed: &Listed, query: &PriceQuery, at: Timestamp) -> Result<Asked, Failure> {
    let odd = |name: &str, invalid: Invalid| Refusal::new(Kind::InvalidQuery, format!("`{name}`: {}", invalid.detail));
    let quantity = match query.quantity.as_deref() {
        Some(text) => parse_decimal(text).and_then(check_quantity).map_err(|invalid| odd("quantity", invalid))?,
        None => listed.product.minimum_order,
    };
    let base = Unit::parse(&listed.product.base_unit)?;
    let unit = query.unit.as_deref().map_or(Ok(base), Unit::parse).map_err(|invalid| odd("unit", invalid))?;
    let ratio = ratio_to_base(unit, base, &packs_of(&listed.product.packs)?).ok_or_else(|| {
        Refusal::new(Kind::UnitMismatch, format!("The offer is in {base}, into which {unit} does not convert."))
    })?;
    // The minimum of order is in the base unit, whatever unit is asked for.
    let in_base = if query.quantity.is_some() { ratio.apply(quantity) } else { Some(quantity) };
    let inexact = || odd("quantity", Invalid::new("inexact", format!("In {base} it would not be exact.")));
    let quantity = in_base.ok_or_else(inexact)?;
    let currency = query.currency.as_deref().unwrap_or(&listed.offer.currency);
    let currency = Currency::parse(currency).map_err(|invalid| odd("currency", invalid))?;
    Ok(Asked { offer: listed.offer.id, quantity, unit: base.code().to_owned(), currency, at })
}
