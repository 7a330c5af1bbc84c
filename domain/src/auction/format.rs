//! The formats of auctions, and the settings that are one word.

use serde::{Deserialize, Serialize};

use super::price::Direction;
use crate::kernel::refusal::Invalid;

/// How a winner is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Open bids go up.
    English,
    /// Suppliers undercut each other: the mirror of [`Self::English`].
    ReverseEnglish,
    /// The price falls until somebody accepts it.
    Dutch,
    /// The highest sealed bid wins and is paid.
    SealedFirstPrice,
    /// The highest sealed bid wins and pays what the second offered (Vickrey).
    SealedSecondPrice,
    /// A falling price is accepted; sealed bids above it follow; then who accepted may top the best of them once.
    Hybrid,
}

impl Format {
    pub const ALL: [Self; 6] = [
        Self::English,
        Self::ReverseEnglish,
        Self::Dutch,
        Self::SealedFirstPrice,
        Self::SealedSecondPrice,
        Self::Hybrid,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::English => "english",
            Self::ReverseEnglish => "reverse_english",
            Self::Dutch => "dutch",
            Self::SealedFirstPrice => "sealed_first_price",
            Self::SealedSecondPrice => "sealed_second_price",
            Self::Hybrid => "hybrid",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|format| format.code() == code);
        known.ok_or_else(|| Invalid::new("format", format!("`{code}` is not a format of an auction.")))
    }

    /// Which bids are better: the lower ones in a reverse auction, else the higher.
    pub fn direction(self) -> Direction {
        if self == Self::ReverseEnglish { Direction::Down } else { Direction::Up }
    }

    /// Whether bids are open and answer each other.
    pub fn is_open(self) -> bool {
        matches!(self, Self::English | Self::ReverseEnglish)
    }

    /// Whether it begins with a falling price.
    pub fn falls(self) -> bool {
        matches!(self, Self::Dutch | Self::Hybrid)
    }

    /// Whether it begins with sealed bids.
    pub fn is_sealed(self) -> bool {
        matches!(self, Self::SealedFirstPrice | Self::SealedSecondPrice)
    }

    /// Whether a lot may have several units.
    pub fn takes_units(self) -> bool {
        !matches!(self, Self::SealedSecondPrice | Self::Hybrid)
    }
}

/// What the winners of several units pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pricing {
    /// Each what it bid.
    PayAsBid,
    /// All what the last accepted bid offers.
    UniformPrice,
}

impl Pricing {
    pub const ALL: [Self; 2] = [Self::PayAsBid, Self::UniformPrice];

    pub fn code(self) -> &'static str {
        match self {
            Self::PayAsBid => "pay_as_bid",
            Self::UniformPrice => "uniform_price",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|pricing| pricing.code() == code);
        known.ok_or_else(|| Invalid::new("pricing", format!("`{code}` is neither `pay_as_bid` nor `uniform_price`.")))
    }
}

/// What becomes of a sale of several units of which not all find a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undersubscribed {
    /// Those who bid get theirs.
    GoThrough,
    /// Nobody gets anything.
    Cancel,
}

impl Undersubscribed {
    pub const ALL: [Self; 2] = [Self::GoThrough, Self::Cancel];

    pub fn code(self) -> &'static str {
        match self {
            Self::GoThrough => "go_through",
            Self::Cancel => "cancel",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|setting| setting.code() == code);
        known.ok_or_else(|| Invalid::new("undersubscribed", format!("`{code}` is neither `go_through` nor `cancel`.")))
    }
}

/// Who learns who won and what is paid, once a lot is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// The seller; and each winner what it has won itself.
    Parties,
    /// And all who bid for the lot.
    Participants,
    /// Everybody who may see the auction.
    Public,
}

impl Disclosure {
    pub const ALL: [Self; 3] = [Self::Parties, Self::Participants, Self::Public];

    pub fn code(self) -> &'static str {
        match self {
            Self::Parties => "parties",
            Self::Participants => "participants",
            Self::Public => "public",
        }
    }

    /// Whether somebody who may see the auction learns of all awards of a lot. `has_taken_part`: its bids stood at the close.
    pub fn tells(self, is_seller: bool, has_taken_part: bool) -> bool {
        match self {
            Self::Parties => is_seller,
            Self::Participants => is_seller || has_taken_part,
            Self::Public => true,
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|disclosure| disclosure.code() == code);
        let detail = || format!("`{code}` is neither `parties` nor `participants` nor `public`.");
        known.ok_or_else(|| Invalid::new("disclosure", detail()))
    }
}

/// Who may be admitted. The machine takes bids of those alone who were; who admits them is told by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Everybody who may bid on the portal.
    Open,
    /// Whom the seller has qualified.
    Qualified,
    /// Whom the seller has invited; for others the auction does not exist.
    Invited,
}

impl Access {
    pub const ALL: [Self; 3] = [Self::Open, Self::Qualified, Self::Invited];

    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Qualified => "qualified",
            Self::Invited => "invited",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|access| access.code() == code);
        known
            .ok_or_else(|| Invalid::new("access", format!("`{code}` is neither `open` nor `qualified` nor `invited`.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.code()), Ok(format));
        }
        for pricing in Pricing::ALL {
            assert_eq!(Pricing::parse(pricing.code()), Ok(pricing));
        }
        for setting in Undersubscribed::ALL {
            assert_eq!(Undersubscribed::parse(setting.code()), Ok(setting));
        }
        for disclosure in Disclosure::ALL {
            assert_eq!(Disclosure::parse(disclosure.code()), Ok(disclosure));
        }
        for access in Access::ALL {
            assert_eq!(Access::parse(access.code()), Ok(access));
        }
        assert_eq!(Format::parse("swedish").unwrap_err().code, "format");
        assert_eq!(Pricing::parse("").unwrap_err().code, "pricing");
        assert_eq!(Undersubscribed::parse("").unwrap_err().code, "undersubscribed");
        assert_eq!(Disclosure::parse("").unwrap_err().code, "disclosure");
        assert_eq!(Access::parse("").unwrap_err().code, "access");
    }
}
