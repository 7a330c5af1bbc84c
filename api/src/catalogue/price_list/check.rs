//! Checks what a seller says of a price list; all faults at once.

use std::collections::{HashMap, HashSet};

use domain::catalogue::price::{check_discount, check_list_tiers};
use domain::catalogue::{Amount, ListTier};
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Faults, Kind, OrganisationId, PortalId, Refusal};
use infra::Failure;
use infra::catalogue::category;
use infra::catalogue::price_list::{self, PriceList, PriceListRow};
use infra::catalogue::price_list_edition::ListTierRow;
use infra::db::Connection;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::dto::{PriceListData, PriceListEntry, PriceListTier};
use crate::catalogue::visibility::{check_buyers, check_groups};

/// The list that the data make. Without entries the prices stay those that `kept` are.
pub async fn fill(
    tx: &mut Connection,
    row: PriceListRow,
    data: &PriceListData,
    kept: Option<Vec<ListTierRow>>,
) -> Result<PriceList, Failure> {
    let mut faults = Faults::default();
    let seller = OrganisationId(row.seller_id);
    if data.valid_until.is_some_and(|until| until <= data.valid_from) {
        faults.add("/valid_until", "out_of_range", "The period ends before it begins.");
    }
    if data.buyers.is_empty() && data.buyer_groups.is_empty() && !data.everyone {
        faults.add("/buyers", "required", "Say whom it is for: buyers, buyer groups or everyone.");
    }
    check_buyers(tx, seller, &data.buyers, "/buyers", &mut faults).await?;
    check_groups(tx, seller, &data.buyer_groups, "/buyer_groups", &mut faults).await?;
    let discount = data.discount_percent.as_deref();
    let discount = discount.and_then(|text| faults.keep("/discount_percent", parse_discount(text)));
    let categories = check_categories(tx, data, &mut faults).await?;
    let stated = data.currency.as_deref().and_then(|code| faults.keep("/currency", Currency::parse(code)));
    let mut currency = stated;
    let tiers = match &data.entries {
        Some(entries) => Some(check_entries(tx, &row, entries, &mut currency, &mut faults).await?),
        None => kept,
    };
    if data.entries.is_none() && row.currency.is_some() && row.currency.as_deref() != currency.map(Currency::code) {
        faults.add("/currency", "fixed", "The prices of the list are in it.");
    }
    faults.result()?;
    let row = PriceListRow {
        name: data.name.trim().to_owned(),
        currency: currency.map(|currency| currency.code().to_owned()),
        valid_from: data.valid_from,
        valid_until: data.valid_until,
        everyone: data.everyone,
        priority: data.priority,
        discount_percent: discount,
        ..row
    };
    Ok(PriceList { row, buyers: data.buyers.clone(), groups: data.buyer_groups.clone(), categories, tiers })
}

/// Refuses a list that another one contradicts, as it is written now.
pub async fn refuse_overlap(tx: &mut Connection, list: &PriceListRow) -> Result<(), Failure> {
    price_list::hold_all(tx, list.portal_id, list.seller_id).await?;
    match price_list::overlapping(tx, list.id).await? {
        Some((id, name)) => {
            let detail =
                format!("The price list “{name}” ({id}) is for the same buyers, offers and time, with equal priority.");
            Err(Refusal::new(Kind::PriceListsOverlap, detail).into())
        }
        None => Ok(()),
    }
}

pub fn parse_discount(text: &str) -> Result<Decimal, Invalid> {
    check_discount(parse_decimal(text)?)
}

async fn check_categories(
    tx: &mut Connection,
    data: &PriceListData,
    faults: &mut Faults,
) -> Result<Vec<(Uuid, Decimal)>, Failure> {
    let wanted: Vec<Uuid> = data.categories.iter().map(|one| one.category_id).collect();
    let known: HashSet<Uuid> = category::known(tx, &wanted).await?.into_iter().collect();
    let mut checked = HashMap::new();
    for (index, one) in data.categories.iter().enumerate() {
        let pointer = format!("/categories/{index}");
        let percent = faults.keep(format!("{pointer}/discount_percent"), parse_discount(&one.discount_percent));
        if !known.contains(&one.category_id) {
            faults.add(format!("{pointer}/category_id"), "unknown", "There is no such category.");
        } else if checked.insert(one.category_id, percent.unwrap_or_default()).is_some() {
            faults.add(format!("{pointer}/category_id"), "twice", "The category is named twice.");
        }
    }
    let mut categories: Vec<(Uuid, Decimal)> = checked.into_iter().collect();
    categories.sort_unstable();
    Ok(categories)
}

/// The entries as rows. Their prices are all in one currency: the one that was stated, or else the first.
async fn check_entries(
    tx: &mut Connection,
    row: &PriceListRow,
    entries: &[PriceListEntry],
    currency: &mut Option<Currency>,
    faults: &mut Faults,
) -> Result<Vec<ListTierRow>, Failure> {
    let wanted: Vec<Uuid> = entries.iter().map(|entry| entry.offer_id).collect();
    let known = price_list::own_offers(tx, PortalId(row.portal_id), OrganisationId(row.seller_id), &wanted).await?;
    let known: HashSet<Uuid> = known.into_iter().collect();
    let mut named = HashSet::new();
    let mut rows = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let pointer = format!("/entries/{index}");
        if !known.contains(&entry.offer_id) {
            faults.add(format!("{pointer}/offer_id"), "unknown", "You have no such offer on this portal.");
        } else if !named.insert(entry.offer_id) {
            faults.add(format!("{pointer}/offer_id"), "twice", "The offer is named twice.");
        }
        let tiers = list_tiers(&entry.tiers, &format!("{pointer}/tiers"), faults);
        for (place, tier) in tiers.iter().enumerate() {
            if let Amount::Price(price) = tier.amount
                && *currency.get_or_insert(price.currency()) != price.currency()
            {
                let at = format!("{pointer}/tiers/{place}/unit_price");
                faults.add(at, "currency_mismatch", "A price list is in one currency.");
            }
            rows.push(tier_row(entry.offer_id, tier));
        }
    }
    rows.sort_by_key(|tier| (tier.offer_id, tier.from_quantity));
    Ok(rows)
}

fn tier_row(offer: Uuid, tier: &ListTier) -> ListTierRow {
    let (unit_price, discount_percent) = match tier.amount {
        Amount::Price(price) => (Some(price.amount()), None),
        Amount::Discount(percent) => (None, Some(percent)),
    };
    ListTierRow { offer_id: offer, from_quantity: tier.from, unit_price, discount_percent }
}

/// The tiers of an entry, as far as each is one.
fn list_tiers(tiers: &[PriceListTier], pointer: &str, faults: &mut Faults) -> Vec<ListTier> {
    let mut parsed = Vec::new();
    for (index, tier) in tiers.iter().enumerate() {
        let from = faults.keep(format!("{pointer}/{index}/from"), parse_decimal(&tier.from));
        let at = format!("{pointer}/{index}");
        let amount = match (&tier.unit_price, &tier.discount_percent) {
            (Some(price), None) => faults.keep(format!("{at}/unit_price"), price.parse_price()).map(Amount::Price),
            (None, Some(percent)) => {
                faults.keep(format!("{at}/discount_percent"), parse_decimal(percent)).map(Amount::Discount)
            }
            _ => {
                faults.add(at, "required", "A tier has either a unit price or a discount.");
                None
            }
        };
        if let (Some(from), Some(amount)) = (from, amount) {
            parsed.push(ListTier { from, amount });
        }
    }
    if parsed.len() == tiers.len() {
        check_list_tiers(&parsed, pointer, faults);
    }
    parsed
}
