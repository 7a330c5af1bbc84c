//! Value added tax of a product: the category and the rate.

use rust_decimal::Decimal;

use crate::kernel::refusal::Invalid;

/// The categories of UN/CEFACT code list 5305 that EN 16931 uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxCategory {
    Standard,
    Zero,
    Exempt,
    ReverseCharge,
    IntraCommunity,
    Export,
    OutsideScope,
}

impl TaxCategory {
    pub const ALL: [Self; 7] = [
        Self::Standard,
        Self::Zero,
        Self::Exempt,
        Self::ReverseCharge,
        Self::IntraCommunity,
        Self::Export,
        Self::OutsideScope,
    ];

    /// The code of UNCL5305.
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::IntraCommunity => "K",
            Self::Export => "G",
            Self::OutsideScope => "O",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|category| category.code() == code);
        found.ok_or_else(|| Invalid::new("tax_category", format!("`{code}` is not one of S, Z, E, AE, K, G and O.")))
    }
}

/// A category with its rate in percent. Equal taxes are one group of an invoice's tax breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tax {
    category: TaxCategory,
    rate: Decimal,
}

impl Tax {
    /// The rate lies between 0 and 100 with at most two decimals. The standard category has a rate above zero, all
    /// others have none (EN 16931, BR-S-05, BR-Z-05 and their like).
    pub fn new(category: TaxCategory, rate: Decimal) -> Result<Self, Invalid> {
        check_percent(rate)?;
        let standard = category == TaxCategory::Standard;
        if standard && rate.is_zero() {
            return Err(Invalid::new("tax_rate", "Category S has a rate above 0; Z is for a rate of 0."));
        }
        if !standard && !rate.is_zero() {
            return Err(Invalid::new("tax_rate", format!("Category {} has a rate of 0.", category.code())));
        }
        Ok(Self { category, rate: rate.normalize() })
    }

    pub fn category(self) -> TaxCategory {
        self.category
    }

    /// In percent: 19 for 19 %.
    pub fn rate(self) -> Decimal {
        self.rate
    }
}

/// Checks a percentage: 0 to 100 with at most two decimals.
pub fn check_percent(percent: Decimal) -> Result<Decimal, Invalid> {
    if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        return Err(Invalid::new("out_of_range", "A percentage lies between 0 and 100."));
    }
    if percent.normalize().scale() > 2 {
        return Err(Invalid::new("too_precise", "A percentage has at most 2 decimals."));
    }
    Ok(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(category: TaxCategory, rate: &str) -> Option<&'static str> {
        Tax::new(category, rate.parse().unwrap()).err().map(|invalid| invalid.code)
    }

    #[test]
    fn only_the_standard_category_has_a_rate() {
        for category in TaxCategory::ALL {
            let standard = category == TaxCategory::Standard;
            assert_eq!(fault(category, "20").is_none(), standard, "{category:?}");
            assert_eq!(fault(category, "0").is_none(), !standard, "{category:?}");
        }
    }

    #[test]
    fn rates_are_percentages_with_two_decimals() {
        let standard = TaxCategory::Standard;
        assert_eq!(fault(standard, "7.25"), None);
        assert_eq!(fault(standard, "100"), None);
        assert_eq!(fault(standard, "5.500"), None);
        assert_eq!(fault(standard, "7.255"), Some("too_precise"));
        assert_eq!(fault(standard, "100.01"), Some("out_of_range"));
        assert_eq!(fault(standard, "-1"), Some("out_of_range"));
    }

    #[test]
    fn codes_are_read_back_and_others_refused() {
        for category in TaxCategory::ALL {
            assert_eq!(TaxCategory::parse(category.code()).unwrap(), category);
        }
        for bad in ["", "s", "B", "L", "SS"] {
            assert_eq!(TaxCategory::parse(bad).unwrap_err().code, "tax_category", "{bad}");
        }
    }

    #[test]
    fn a_rate_written_in_two_ways_is_one_tax() {
        let tax = |rate: &str| Tax::new(TaxCategory::Standard, rate.parse().unwrap()).unwrap();
        assert_eq!(tax("20"), tax("20.00"));
        assert_eq!(tax("20.00").rate().to_string(), "20");
    }
}
