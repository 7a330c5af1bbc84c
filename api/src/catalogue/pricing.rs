//! Prices between rows, rules and JSON.

use domain::catalogue::{Amount, Audience, CallerPrice, ListTier, PriceList, PriceSource, Tier, Tiers};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Faults, PriceListId, Refusal, UnitPrice};
use infra::Failure;
use infra::catalogue::offer::TierRow;
use infra::catalogue::pricing::ListedTier;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::MoneyDto;

/// From this quantity on, a unit costs this.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Tier, example = json!({"from": "10", "unit_price": {"amount": "9.50", "currency": "EUR"}}))]
pub struct TierDto {
    /// In the product's base unit.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub from: String,
    pub unit_price: MoneyDto,
}

/// The price a caller sees, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CallerPrice, example = json!({
    "unit_price": {"amount": "9.50", "currency": "EUR"}, "source": "tier", "from": "10"
}))]
pub struct CallerPriceDto {
    pub unit_price: MoneyDto,
    /// `list`: the offer's first price; `tier`: for this quantity; `price_list`: agreed with the seller.
    pub source: &'static str,
    /// The quantity from which on it holds.
    pub from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_list_id: Option<Uuid>,
    /// In percent, where the price list gives one on the offer's own price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<String>,
}

impl CallerPriceDto {
    pub fn of(price: &CallerPrice) -> Self {
        Self {
            unit_price: MoneyDto::price(price.unit_price.amount(), price.unit_price.currency().code()),
            source: price.source.code(),
            from: price.from.normalize().to_string(),
            price_list_id: price_list_id(price.source),
            discount_percent: price.discount.map(|percent| percent.normalize().to_string()),
        }
    }
}

/// The price list that a price comes from, if it comes from one.
pub fn price_list_id(source: PriceSource) -> Option<Uuid> {
    match source {
        PriceSource::PriceList(id) => Some(id.0),
        PriceSource::List | PriceSource::Tier | PriceSource::Proposal(_) => None,
    }
}

/// The negotiation that a price comes from, if it comes from one.
pub fn price_proposal_id(source: PriceSource) -> Option<Uuid> {
    match source {
        PriceSource::Proposal(id) => Some(id.0),
        _ => None,
    }
}

/// Reads tiers from JSON; all faults with pointers below `pointer`. All prices must be in one currency.
pub fn parse_tiers(tiers: &[TierDto], pointer: &str) -> Result<Tiers, Refusal> {
    let mut faults = Faults::default();
    let mut parsed = Vec::new();
    for (index, tier) in tiers.iter().enumerate() {
        let from = faults.keep(format!("{pointer}/{index}/from"), parse_decimal(&tier.from));
        let unit_price = faults.keep(format!("{pointer}/{index}/unit_price"), tier.unit_price.parse_price());
        if let (Some(from), Some(unit_price)) = (from, unit_price) {
            parsed.push(Tier { from, unit_price });
        }
    }
    faults.result()?;
    Tiers::new(parsed, pointer).map_err(|faults| Refusal::invalid(faults.0))
}

/// The tiers of an offer as they are kept.
pub fn tiers_of(rows: &[TierRow], currency: &str) -> Result<Tiers, Failure> {
    stored(rows.iter().map(|row| (row.from_quantity, row.unit_price)), currency)
}

/// The price lists of a caller for one offer, out of all that were loaded for several: they come in the order of the offers.
pub fn price_lists_of(listed: &[ListedTier], offer: Uuid) -> Result<Vec<PriceList>, Failure> {
    let from = listed.partition_point(|tier| tier.offer_id < offer);
    let until = listed.partition_point(|tier| tier.offer_id <= offer);
    listed[from..until].chunk_by(|a, b| a.price_list_id == b.price_list_id).map(price_list).collect()
}

/// What one list says about one offer.
fn price_list(rows: &[ListedTier]) -> Result<PriceList, Failure> {
    let head = rows.first().ok_or_else(|| Failure::broken("a price list without a price"))?;
    let index = usize::try_from(head.audience).map_err(Failure::broken)?;
    let audience = Audience::ALL.get(index).ok_or_else(|| Failure::broken("a price list for nobody"))?;
    let percent = |part| rows.iter().find(|row| row.part == part).and_then(|row| row.discount_percent);
    let entry: Result<Vec<ListTier>, Failure> = rows.iter().filter(|row| row.part == 0).map(list_tier).collect();
    Ok(PriceList {
        id: PriceListId(head.price_list_id),
        audience: *audience,
        priority: head.priority,
        entry: entry?,
        category_discount: percent(1),
        discount: percent(2),
    })
}

fn list_tier(row: &ListedTier) -> Result<ListTier, Failure> {
    let amount = match (row.unit_price, row.discount_percent, &row.currency) {
        (Some(price), None, Some(currency)) => Amount::Price(UnitPrice::new(price, Currency::parse(currency)?)?),
        (None, Some(percent), _) => Amount::Discount(percent),
        _ => return Err(Failure::broken("a price list entry without an amount")),
    };
    Ok(ListTier { from: row.from_quantity, amount })
}

fn stored(prices: impl Iterator<Item = (Decimal, Decimal)>, currency: &str) -> Result<Tiers, Failure> {
    let currency = Currency::parse(currency)?;
    let tiers: Result<Vec<Tier>, Failure> =
        prices.map(|(from, amount)| Ok(Tier { from, unit_price: UnitPrice::new(amount, currency)? })).collect();
    Tiers::new(tiers?, "").map_err(|_| Failure::broken("stored prices are not in order"))
}

/// Steps of quantity and price as JSON.
pub fn steps_dto(steps: &[(Decimal, UnitPrice)]) -> Vec<TierDto> {
    let dto = |(from, price): &(Decimal, UnitPrice)| TierDto {
        from: from.normalize().to_string(),
        unit_price: MoneyDto::price(price.amount(), price.currency().code()),
    };
    steps.iter().map(dto).collect()
}

/// Tiers as JSON.
pub fn tiers_dto(tiers: &Tiers) -> Vec<TierDto> {
    let steps: Vec<_> = tiers.as_slice().iter().map(|tier| (tier.from, tier.unit_price)).collect();
    steps_dto(&steps)
}
