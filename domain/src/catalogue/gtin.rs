//! Global Trade Item Numbers after the GS1 General Specifications.

use crate::kernel::refusal::Invalid;

/// A GTIN-8, GTIN-12, GTIN-13 or GTIN-14 whose check digit is right, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gtin(String);

impl Gtin {
    /// Only digits are read; fault `gtin` for the form, `check_digit` for a wrong last digit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid::new("gtin", "A GTIN has 8, 12, 13 or 14 digits."));
        }
        // From the right the digits weigh 1, 3, 1, 3 …, the check digit included: the sum is a multiple of ten.
        let weighted = |(place, digit): (usize, u8)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 };
        let sum: u32 = text.bytes().rev().enumerate().map(weighted).sum();
        if !sum.is_multiple_of(10) {
            return Err(Invalid::new("check_digit", format!("The check digit of the GTIN {text} is wrong.")));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_of_each_length_are_read() {
        // 4006381333931 is on a highlighter, 036000291452 on a box of tissues; the others are GS1's own examples.
        for good in ["96385074", "036000291452", "4006381333931", "6291041500213", "10614141000415"] {
            assert_eq!(Gtin::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn every_wrong_check_digit_is_refused() {
        for last in (0..=9).filter(|last| *last != 1) {
            assert_eq!(Gtin::parse(&format!("400638133393{last}")).unwrap_err().code, "check_digit");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in ["", "1234567", "123456789", "4006381333931 ", "40O6381333931", "400638133393100", "٤٠٠٦٣٨١٣"]
        {
            assert_eq!(Gtin::parse(bad).unwrap_err().code, "gtin", "{bad}");
        }
    }
}
