//! The price one caller gets, and why: of all that could apply exactly one wins, by a rule that is written down here.

use std::cmp::Reverse;

use rust_decimal::{Decimal, RoundingStrategy};

use super::tier::{MAX_TIERS, Tiers};
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, PriceListId, PriceProposalId, UnitPrice};

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceSource {
    /// The first tier of the offer.
    List,
    /// A higher tier of the offer.
    Tier,
    /// A price list that is in force for the caller.
    PriceList(PriceListId),
    /// The two agreed on it for one order.
    Proposal(PriceProposalId),
}

impl PriceSource {
    pub fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Tier => "tier",
            Self::PriceList(_) => "price_list",
            Self::Proposal(_) => "proposal",
        }
    }
}

/// How a price list comes to be for the caller; the most specific comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// It names the company.
    Buyer,
    /// It names a group that the company is in.
    BuyerGroup,
    /// It is for everyone.
    Everyone,
}

impl Audience {
    pub const ALL: [Self; 3] = [Self::Buyer, Self::BuyerGroup, Self::Everyone];

    pub fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::BuyerGroup => "buyer_group",
            Self::Everyone => "everyone",
        }
    }
}

/// What a price list asks for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    Price(UnitPrice),
    /// So many percent less than the offer's own price at the quantity, from 0 to 100.
    Discount(Decimal),
}

/// From this quantity on, a unit costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListTier {
    pub from: Decimal,
    pub amount: Amount,
}

/// Which part of a price list a price comes from; the most specific comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// It names the offer.
    Entry,
    /// It names the product's category, or one above it.
    Category,
    /// It is for all offers.
    All,
}

impl Part {
    pub fn code(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Category => "category",
            Self::All => "all",
        }
    }
}

/// What a price list says about an offer. Whoever loads it has seen to it that the list is in force for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    pub id: PriceListId,
    pub audience: Audience,
    pub priority: i32,
    /// For this offer, in the order of their quantities.
    pub entry: Vec<ListTier>,
    /// On the product's category: of several the nearest.
    pub category_discount: Option<Decimal>,
    /// On all offers.
    pub discount: Option<Decimal>,
}

/// The price of a unit for one caller at one quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerPrice {
    pub unit_price: UnitPrice,
    pub source: PriceSource,
    /// The quantity from which on this price holds.
    pub from: Decimal,
    /// In percent, where it is one on the offer's price.
    pub discount: Option<Decimal>,
}

/// Why a price was not taken, or that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Won,
    /// The winner is for a more specific audience.
    LessSpecific,
    /// The winner's priority is higher.
    LowerPriority,
    /// Otherwise equal, and dearer.
    Dearer,
    /// Equal in everything, and its id is the larger one.
    LaterId,
    /// The offer's own price counts only where no price list has one.
    BehindPriceList,
    /// It begins at a larger quantity.
    AboveQuantity,
    /// It is in another currency than was asked for.
    OtherCurrency,
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::LessSpecific => "less_specific",
            Self::LowerPriority => "lower_priority",
            Self::Dearer => "dearer",
            Self::LaterId => "later_id",
            Self::BehindPriceList => "behind_price_list",
            Self::AboveQuantity => "above_quantity",
            Self::OtherCurrency => "other_currency",
        }
    }

    /// The same as a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Won => {
                "It is for the most specific audience, and of those the list with the highest priority, then the lowest price."
            }
            Self::LessSpecific => "Another list is for a more specific audience.",
            Self::LowerPriority => "Another list has a higher priority.",
            Self::Dearer => "Another list is equal in audience and priority, and asks less.",
            Self::LaterId => "Another list asks the same, and is the one with the smaller id.",
            Self::BehindPriceList => "A price list goes before the offer's own price.",
            Self::AboveQuantity => "It has no price for so small a quantity.",
            Self::OtherCurrency => "It has no price in this currency.",
        }
    }
}

/// A price that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// None for the offer's own prices.
    pub list: Option<PriceListId>,
    pub audience: Option<Audience>,
    pub priority: Option<i32>,
    /// The part of the list that speaks for the quantity.
    pub part: Option<Part>,
    /// None where there is none at the quantity, or in the currency.
    pub price: Option<CallerPrice>,
    pub outcome: Outcome,
}

/// The price of an offer for a caller who orders `quantity` and pays in `currency`; `None` if there is none.
///
/// A price list goes before the offer, even if it is dearer: it is what was agreed. Of several lists the one for the most
/// specific audience wins (the company, then a group of it, then everyone); then the one with the highest priority; then
/// the lowest price; then the smallest id. Within a list an entry for the offer goes before a discount on the category (the
/// nearest one), and that before one on everything. A discount is taken off the offer's own price at the quantity, in the
/// offer's currency, and rounded half to even to six decimals. What is in another currency, or begins above the quantity,
/// does not apply.
pub fn caller_price(offer: &Tiers, lists: &[PriceList], quantity: Decimal, currency: Currency) -> Option<CallerPrice> {
    let best = lists.iter().filter_map(|list| {
        let (price, _) = list.price_at(offer, quantity, currency).ok()?;
        Some((rank(list, &price), price))
    });
    match best.min_by_key(|(rank, _)| *rank) {
        Some((_, price)) => Some(price),
        None => own_price(offer, quantity).filter(|_| offer.currency() == currency),
    }
}

/// All that could apply with the reason why it won or lost, the winner first.
pub fn explain(offer: &Tiers, lists: &[PriceList], quantity: Decimal, currency: Currency) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = lists.iter().map(|list| considered(list, offer, quantity, currency)).collect();
    candidates.sort_by_key(|one| match one.price {
        Some(price) => (false, one.audience, Reverse(one.priority), price.unit_price.amount(), one.list),
        None => (true, one.audience, Reverse(one.priority), Decimal::ZERO, one.list),
    });
    let winner = candidates.first().filter(|first| first.price.is_some()).cloned();
    for one in candidates.iter_mut().skip(1).filter(|one| one.price.is_some()) {
        if let Some(winner) = &winner {
            one.outcome = lost_to(one, winner);
        }
    }
    let own = own_price(offer, quantity).filter(|_| offer.currency() == currency);
    let outcome = match (own, winner) {
        _ if offer.currency() != currency => Outcome::OtherCurrency,
        (None, _) => Outcome::AboveQuantity,
        (Some(_), Some(_)) => Outcome::BehindPriceList,
        (Some(_), None) => Outcome::Won,
    };
    let place = if outcome == Outcome::Won { 0 } else { candidates.len() };
    let own = Candidate { list: None, audience: None, priority: None, part: None, price: own, outcome };
    candidates.insert(place, own);
    candidates
}

/// The smaller one wins.
type Rank = (Audience, Reverse<i32>, Decimal, PriceListId);

fn rank(list: &PriceList, price: &CallerPrice) -> Rank {
    (list.audience, Reverse(list.priority), price.unit_price.amount(), list.id)
}

fn lost_to(loser: &Candidate, winner: &Candidate) -> Outcome {
    let amount = |one: &Candidate| one.price.map(|price| price.unit_price.amount());
    if loser.audience != winner.audience {
        Outcome::LessSpecific
    } else if loser.priority != winner.priority {
        Outcome::LowerPriority
    } else if amount(loser) != amount(winner) {
        Outcome::Dearer
    } else {
        Outcome::LaterId
    }
}

fn considered(list: &PriceList, offer: &Tiers, quantity: Decimal, currency: Currency) -> Candidate {
    let (price, part, outcome) = match list.price_at(offer, quantity, currency) {
        Ok((price, part)) => (Some(price), Some(part), Outcome::Won),
        Err(outcome) => (None, None, outcome),
    };
    Candidate {
        list: Some(list.id),
        audience: Some(list.audience),
        priority: Some(list.priority),
        part,
        price,
        outcome,
    }
}

fn own_price(offer: &Tiers, quantity: Decimal) -> Option<CallerPrice> {
    let index = offer.tier_for(quantity)?;
    let tier = offer.as_slice()[index];
    let source = if index == 0 { PriceSource::List } else { PriceSource::Tier };
    Some(CallerPrice { unit_price: tier.unit_price, source, from: tier.from, discount: None })
}

impl PriceList {
    /// What the list asks at a quantity, by the most specific of its parts that says anything; or why it asks nothing.
    fn price_at(&self, offer: &Tiers, quantity: Decimal, currency: Currency) -> Result<(CallerPrice, Part), Outcome> {
        let entry = self.entry.iter().rev().find(|tier| tier.from <= quantity).map(|tier| (Part::Entry, *tier));
        let everywhere = |percent| ListTier { from: Decimal::ZERO, amount: Amount::Discount(percent) };
        let category = self.category_discount.map(|percent| (Part::Category, everywhere(percent)));
        let all = self.discount.map(|percent| (Part::All, everywhere(percent)));
        let mut why = Outcome::AboveQuantity;
        for (part, tier) in [entry, category, all].into_iter().flatten() {
            match self.tier_price(tier, offer, quantity, currency) {
                Ok(price) => return Ok((price, part)),
                Err(outcome) => why = outcome,
            }
        }
        Err(why)
    }

    fn tier_price(
        &self,
        tier: ListTier,
        offer: &Tiers,
        quantity: Decimal,
        currency: Currency,
    ) -> Result<CallerPrice, Outcome> {
        let source = PriceSource::PriceList(self.id);
        match tier.amount {
            Amount::Price(unit_price) if unit_price.currency() == currency => {
                Ok(CallerPrice { unit_price, source, from: tier.from, discount: None })
            }
            Amount::Discount(percent) if offer.currency() == currency => {
                let own = own_price(offer, quantity).ok_or(Outcome::AboveQuantity)?;
                let unit_price = discounted(own.unit_price, percent).ok_or(Outcome::AboveQuantity)?;
                Ok(CallerPrice { unit_price, source, from: tier.from.max(own.from), discount: Some(percent) })
            }
            Amount::Price(_) | Amount::Discount(_) => Err(Outcome::OtherCurrency),
        }
    }
}

/// A price less a discount in percent, rounded half to even to six decimals. None only for a percentage that is none.
pub fn discounted(price: UnitPrice, percent: Decimal) -> Option<UnitPrice> {
    let share = (Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED;
    let amount = price.amount().checked_mul(share)?;
    let rounded = amount.round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven);
    UnitPrice::new(rounded, price.currency()).ok()
}

/// A discount in percent: from 0 to 100, with at most four decimals.
pub fn check_discount(percent: Decimal) -> Result<Decimal, Invalid> {
    if percent.is_sign_negative() && !percent.is_zero() || percent > Decimal::ONE_HUNDRED {
        return Err(Invalid::new("out_of_range", "A discount is 0 to 100 percent."));
    }
    if percent.normalize().scale() > 4 {
        return Err(Invalid::new("too_precise", "A discount has at most 4 decimals."));
    }
    Ok(percent)
}

/// No unit price reaches this.
pub const MAX_PRICE: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// A change of prices in percent: more than -100, at most 1000, with at most four decimals.
pub fn check_change(percent: Decimal) -> Result<Decimal, Invalid> {
    if percent <= -Decimal::ONE_HUNDRED || percent > Decimal::ONE_THOUSAND {
        return Err(Invalid::new("out_of_range", "Prices change by more than -100 and at most 1000 percent."));
    }
    if percent.normalize().scale() > 4 {
        return Err(Invalid::new("too_precise", "A change has at most 4 decimals."));
    }
    Ok(percent)
}

/// One to twenty tiers of a price list for an offer: each begins above the one before (the first one anywhere, zero included),
/// and all prices are in one currency. All faults are told, with pointers that begin with `pointer`.
pub fn check_list_tiers(tiers: &[ListTier], pointer: &str, faults: &mut Faults) {
    if tiers.is_empty() || tiers.len() > MAX_TIERS {
        faults.add(pointer, "too_many", format!("There are 1 to {MAX_TIERS} tiers."));
    }
    let mut currency = None;
    for (index, tier) in tiers.iter().enumerate() {
        let from = format!("{pointer}/{index}/from");
        let sound = faults.keep(&from, check_quantity(tier.from)).is_some();
        if sound && index > 0 && tier.from <= tiers[index - 1].from {
            faults.add(from, "not_ascending", "Each tier starts at a larger quantity than the one before.");
        }
        match tier.amount {
            Amount::Price(price) if currency.is_some_and(|known| known != price.currency()) => {
                faults.add(format!("{pointer}/{index}/unit_price"), "currency", "All tiers have one currency.");
            }
            Amount::Price(price) => currency = Some(price.currency()),
            Amount::Discount(percent) => {
                faults.keep(format!("{pointer}/{index}/discount_percent"), check_discount(percent));
            }
        }
    }
}

/// The caller's prices by quantity, in the offer's currency: what [`caller_price`] gives at each quantity at which the offer or a list
/// has another one. Steps that change nothing are left out.
pub fn caller_steps(offer: &Tiers, lists: &[PriceList]) -> Vec<(Decimal, UnitPrice)> {
    let entries = lists.iter().flat_map(|list| list.entry.iter().map(|tier| tier.from));
    let mut steps: Vec<Decimal> = offer.as_slice().iter().map(|tier| tier.from).chain(entries).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut shown: Vec<(Decimal, UnitPrice)> = Vec::new();
    for from in steps {
        if let Some(price) = caller_price(offer, lists, from, offer.currency())
            && shown.last().is_none_or(|(_, last)| *last != price.unit_price)
        {
            shown.push((from, price.unit_price));
        }
    }
    shown
}

#[cfg(test)]
mod tests;
