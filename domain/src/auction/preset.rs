//! Rules as known auction houses have them, by one word; single settings override them.

use super::format::{Access, Disclosure, Format, Pricing, Undersubscribed};
use super::increments::{Increments, Range};
use super::price::Price;
use super::rules::{Parts, SoftClose};
use crate::kernel::refusal::Invalid;

/// A set of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Open bids with maxima, an increment table, a fixed end.
    EbayLike,
    /// Three parts: the price falls in steps of 1 % to a fifth, ten minutes for sealed bids, five to top the best of them.
    ProzorroLike,
    /// Suppliers undercut each other in steps of 0.5–5 % of the start price; each bid in the last ten minutes gives ten more.
    Tender44fzLike,
    /// Sealed bids for units at a uniform price; the whole sale is cancelled when undersubscribed.
    AllowanceLike,
}

/// What a preset says; what it leaves open is as without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub format: Format,
    pub pricing: Pricing,
    pub increments: Option<Increments>,
    pub proxy: bool,
    pub soft_close: Option<SoftClose>,
    pub interval: Option<u32>,
    pub parts: Option<Parts>,
    /// Step and floor of a falling price, in hundredths of a percent of the start price.
    pub fall: Option<(u32, u32)>,
    pub undersubscribed: Undersubscribed,
    pub disclosure: Disclosure,
    pub access: Access,
}

/// From each price on the step, in minor units.
const EBAY_INCREMENTS: [(Price, Price); 10] = [
    (0, 5),
    (100, 25),
    (500, 50),
    (2_500, 100),
    (10_000, 250),
    (25_000, 500),
    (50_000, 1_000),
    (100_000, 2_500),
    (250_000, 5_000),
    (500_000, 10_000),
];

impl Preset {
    pub const ALL: [Self; 4] = [Self::EbayLike, Self::ProzorroLike, Self::Tender44fzLike, Self::AllowanceLike];

    pub fn code(self) -> &'static str {
        match self {
            Self::EbayLike => "ebay_like",
            Self::ProzorroLike => "prozorro_like",
            Self::Tender44fzLike => "tender_44fz_like",
            Self::AllowanceLike => "allowance_like",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|preset| preset.code() == code);
        known.ok_or_else(|| Invalid::new("preset", format!("`{code}` is not a preset of auctions.")))
    }

    /// What it says.
    pub fn settings(self) -> Settings {
        match self {
            Self::EbayLike => {
                let ranges = EBAY_INCREMENTS.map(|(from, step)| Range { from, step });
                let increments = Some(Increments::Table(ranges.into()));
                Settings { increments, proxy: true, ..Settings::of(Format::English) }
            }
            Self::ProzorroLike => Settings {
                increments: Some(Increments::Share { least: 100, most: None }),
                interval: Some(300),
                parts: Some(Parts { sealed: 600, topping: 300 }),
                fall: Some((100, 2_000)),
                disclosure: Disclosure::Public,
                ..Settings::of(Format::Hybrid)
            },
            Self::Tender44fzLike => Settings {
                increments: Some(Increments::Share { least: 50, most: Some(500) }),
                proxy: false,
                soft_close: Some(SoftClose { seconds: 600, final_end: None }),
                disclosure: Disclosure::Public,
                access: Access::Qualified,
                ..Settings::of(Format::ReverseEnglish)
            },
            Self::AllowanceLike => Settings {
                pricing: Pricing::UniformPrice,
                undersubscribed: Undersubscribed::Cancel,
                disclosure: Disclosure::Public,
                access: Access::Qualified,
                ..Settings::of(Format::SealedFirstPrice)
            },
        }
    }
}

impl Settings {
    /// Those of an auction of a format for which nothing else is said.
    pub fn of(format: Format) -> Self {
        Self {
            format,
            pricing: Pricing::PayAsBid,
            increments: None,
            proxy: format.is_open(),
            soft_close: None,
            interval: None,
            parts: None,
            fall: None,
            undersubscribed: Undersubscribed::GoThrough,
            disclosure: Disclosure::Parties,
            access: Access::Open,
        }
    }

    /// The same for another format: what that one does not take is left out.
    pub fn for_format(self, format: Format) -> Self {
        Self {
            format,
            proxy: self.proxy && format.is_open(),
            soft_close: self.soft_close.filter(|_| format.is_open()),
            interval: self.interval.filter(|_| format.falls()),
            parts: self.parts.filter(|_| format == Format::Hybrid),
            fall: self.fall.filter(|_| format.falls()),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for preset in Preset::ALL {
            assert_eq!(Preset::parse(preset.code()), Ok(preset));
        }
        assert_eq!(Preset::parse("sothebys_like").unwrap_err().code, "preset");
    }

    #[test]
    fn increments_of_all_presets_fit() {
        for preset in Preset::ALL {
            assert!(preset.settings().increments.is_none_or(|increments| increments.check().is_ok()), "{preset:?}");
        }
    }

    #[test]
    fn another_format_leaves_out_what_it_does_not_take() {
        let settings = Preset::ProzorroLike.settings().for_format(Format::English);
        assert_eq!((settings.parts, settings.interval, settings.fall), (None, None, None));
        assert_eq!(Preset::Tender44fzLike.settings().for_format(Format::SealedFirstPrice).soft_close, None);
    }
}
