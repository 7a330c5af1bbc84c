//! What a quote offers for a line: what was asked for, or something else.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::line::{Line, LineNumber};
use super::offer_input::{OfferInput, TierInput};
use crate::kernel::refusal::Invalid;
use crate::kernel::unit::Ratio;
use crate::kernel::{DocumentId, Money, Unit, UnitPrice};

/// Which of the offers for a line: 0 is what was asked for, others are numbered as they stand in the quote.
pub type Variant = u8;

/// How an offer relates to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    AsAsked,
    /// Something else that does the same, as the quoter says.
    Equivalent,
    /// Something that differs from the specification.
    Alternative,
}

impl OfferKind {
    pub const ALL: [Self; 3] = [Self::AsAsked, Self::Equivalent, Self::Alternative];

    pub fn code(self) -> &'static str {
        match self {
            Self::AsAsked => "as_asked",
            Self::Equivalent => "equivalent",
            Self::Alternative => "alternative",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| {
            Invalid::new("kind", format!("`{code}` is not one of as_asked, equivalent and alternative."))
        })
    }
}

/// From this quantity on, a unit costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTier {
    pub from: Decimal,
    pub unit_price: UnitPrice,
}

/// Prices and quantities in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    pub unit: Unit,
    /// Below the first tier.
    pub unit_price: UnitPrice,
    /// Ascending.
    pub tiers: Vec<PriceTier>,
    /// The most that is offered; none is as much as was asked for.
    pub quantity: Option<Decimal>,
    /// The least that has to be awarded of the line, if any of it is.
    pub least_quantity: Option<Decimal>,
}

impl Prices {
    /// The price of a unit when that many are bought: that of the last tier that starts at or below the quantity.
    pub fn price_for(&self, quantity: Decimal) -> UnitPrice {
        let tier = self.tiers.iter().rev().find(|tier| tier.from <= quantity);
        tier.map_or(self.unit_price, |tier| tier.unit_price)
    }

    /// The same in another unit, exactly: nothing is rounded, and `None` is what would have to be. `into` is how many of the other unit
    /// one of this is.
    pub(super) fn converted(&self, unit: Unit, into: Ratio) -> Option<Self> {
        let back = Ratio::ONE.divided_by(into)?;
        let quantity = |value: Option<Decimal>| match value {
            None => Some(None),
            Some(value) => into.apply(value).map(Some),
        };
        let tier =
            |tier: &PriceTier| Some(PriceTier { from: into.apply(tier.from)?, unit_price: tier.unit_price.per(back)? });
        Some(Self {
            unit,
            unit_price: self.unit_price.per(back)?,
            tiers: self.tiers.iter().map(tier).collect::<Option<Vec<_>>>()?,
            quantity: quantity(self.quantity)?,
            least_quantity: quantity(self.least_quantity)?,
        })
    }
}

/// An offer that passed the checks of [`OfferInput`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub line: LineNumber,
    pub variant: Variant,
    pub kind: OfferKind,
    /// What is offered instead; empty if it is what was asked for.
    pub description: String,
    /// As the quoter states them.
    pub stated: Prices,
    /// The same in the unit of the line, in which quotes are compared and awarded.
    pub asked: Prices,
    /// Days from the contract to the delivery.
    pub lead_time_days: u16,
    pub remarks: String,
    pub documents: Vec<DocumentId>,
}

impl Offer {
    /// How much of the line it offers, in the line's unit.
    pub fn quantity(&self, line: &Line) -> Decimal {
        self.asked.quantity.unwrap_or(line.quantity.value())
    }

    /// Whether it offers all that was asked for.
    pub fn is_full(&self, line: &Line) -> bool {
        self.quantity(line) == line.quantity.value()
    }

    /// Net amount for a quantity in the line's unit, with a discount in percent: rounded once, half to even, to the minor unit.
    pub fn amount(&self, quantity: Decimal, discount_percent: Decimal) -> Result<Money, Invalid> {
        self.asked.price_for(quantity).line_amount(quantity, discount_percent)
    }

    /// The offer as if it were sent in anew.
    pub fn input(&self) -> OfferInput {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let tier = |tier: &PriceTier| TierInput {
            from: tier.from.to_string(),
            unit_price: tier.unit_price.amount().to_string(),
        };
        OfferInput {
            line: self.line,
            kind: Some(self.kind.code().to_owned()),
            description: text(&self.description),
            unit: Some(self.stated.unit.code().to_owned()),
            quantity: self.stated.quantity.map(|quantity| quantity.to_string()),
            least_quantity: self.stated.least_quantity.map(|quantity| quantity.to_string()),
            unit_price: self.stated.unit_price.amount().to_string(),
            tiers: self.stated.tiers.iter().map(tier).collect(),
            lead_time_days: self.lead_time_days,
            remarks: text(&self.remarks),
            documents: self.documents.clone(),
        }
    }
}
