//! What an offer costs the buyer at its place, in the currency of comparison.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Entrant;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Money, UnitPrice};
use crate::sourcing::line::Line;
use crate::sourcing::offer::{Offer, OfferKind, Variant};
use crate::sourcing::quote::Quote;
use crate::sourcing::rates::Rates;
use crate::sourcing::terms::Terms;

/// The decimals of unit prices in the currency of comparison.
const PRICE_DECIMALS: u32 = 6;

/// One offer of one quote for a line, brought to landed cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LandedOffer {
    pub variant: Variant,
    pub kind: OfferKind,
    /// In the line's unit: as much as is offered.
    pub quantity: Decimal,
    /// Whether that is all that was asked for.
    pub full: bool,
    /// Whether it competes: it is offered in full, and is what was asked for or was accepted by the buyer as good as that.
    pub counts: bool,
    /// For one of the line's unit, without tax, in the currency of comparison; rounded half to even to six decimals.
    pub unit_price: Decimal,
    /// Without tax, in the quote's currency, rounded once.
    pub net: Money,
    /// With tax, in the currency of comparison, rounded once from the net amount.
    pub landed: Money,
    /// The same if all that the quote offers is awarded to it.
    pub landed_as_whole: Money,
    pub lead_time_days: u16,
}

/// How the amounts of one quote become comparable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basis<'a> {
    rates: &'a Rates,
    rate: Decimal,
    /// What one of the quote's currency, net, comes to with tax in that of comparison.
    factor: Decimal,
    discount: Decimal,
}

impl<'a> Basis<'a> {
    pub fn of(quote: &Quote, rates: &'a Rates) -> Result<Self, Invalid> {
        let rate = rates.rate(quote.currency)?;
        let factor = rate * (Decimal::ONE + quote.tax_rate / Decimal::ONE_HUNDRED);
        Ok(Self { rates, rate, factor, discount: quote.whole_discount_percent })
    }

    /// A net amount of the quote with its tax, in the currency of comparison; rounded once, half to even.
    pub fn landed(&self, net: Money) -> Result<Money, Invalid> {
        self.rates.rounded(net.amount(), self.factor)
    }

    fn unit_price(&self, price: UnitPrice) -> Decimal {
        let converted = price.amount() * self.rate;
        converted.round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::MidpointNearestEven)
    }

    pub fn offer(&self, entrant: &Entrant<'_>, offer: &Offer, line: &Line) -> Result<LandedOffer, Invalid> {
        let quantity = offer.quantity(line);
        let full = offer.is_full(line);
        let good = offer.kind == OfferKind::AsAsked || entrant.accepted.contains(&(offer.line, offer.variant));
        let net = offer.amount(quantity, Decimal::ZERO)?;
        let landed = self.landed(net)?;
        let as_whole = match self.discount.is_zero() {
            true => landed,
            false => self.landed(offer.amount(quantity, self.discount)?)?,
        };
        Ok(LandedOffer {
            variant: offer.variant,
            kind: offer.kind,
            quantity,
            full,
            counts: full && good,
            unit_price: self.unit_price(offer.asked.price_for(quantity)),
            net,
            landed,
            landed_as_whole: as_whole,
            lead_time_days: offer.lead_time_days,
        })
    }
}

/// Refuses a quote whose offers and freight together are too large to be compared: one absurd number must not keep the buyer from
/// comparing the others.
pub(in crate::sourcing) fn check_comparable(quote: &Quote, terms: &Terms) -> Result<(), Invalid> {
    let basis = Basis::of(quote, &terms.rates)?;
    let mut sum = basis.landed(quote.freight)?.amount();
    for (offer, line) in quote.offers.iter().filter_map(|offer| Some((offer, terms.line(offer.line)?))) {
        sum += basis.landed(offer.amount(offer.quantity(line), Decimal::ZERO)?)?.amount();
    }
    Money::new(sum, terms.comparison_currency()).map(drop)
}
