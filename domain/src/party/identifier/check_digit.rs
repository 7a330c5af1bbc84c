//! The arithmetic of check digits.

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Format,
    CheckDigit,
}

impl Wrong {
    pub fn format_unless(holds: bool) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::Format) }
    }

    pub fn check_digit_unless(holds: bool) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::CheckDigit) }
    }
}

/// The digits of a text of exactly this many. Nothing but zeros satisfies most of the sums below, but was never given out.
pub fn number(text: &str, length: usize) -> Result<Vec<u32>, Wrong> {
    let digits: Vec<u32> = text.bytes().filter(u8::is_ascii_digit).map(|b| u32::from(b - b'0')).collect();
    Wrong::format_unless(digits.len() == text.len() && text.len() == length && digits.iter().any(|&d| d != 0))?;
    Ok(digits)
}

/// The sum of the digits times their weights; what has no weight does not count.
pub fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The number that the digits write.
pub fn value(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, &digit| number * 10 + u64::from(digit))
}

/// GS1: the digits, weighted with 1 and 3 in turn from the last one on, sum up to a multiple of 10.
pub fn gs1(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

/// Luhn's sum without the check digit, which doubles the last of these digits.
pub fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    digits.iter().rev().enumerate().map(|(index, &digit)| if index % 2 == 0 { doubled(digit) } else { digit }).sum()
}

/// ISO/IEC 7812-1 (Luhn): the last digit completes the sum of the others to a multiple of 10.
pub fn luhn(digits: &[u32]) -> bool {
    digits.split_last().is_some_and(|(last, others)| (luhn_sum(others) + last).is_multiple_of(10))
}

/// MOD 11,10 of ISO/IEC 7064 over all digits, the check digit being the last.
pub fn mod_11_10(digits: &[u32]) -> bool {
    let Some((last, others)) = digits.split_last() else { return false };
    let product = others.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + last) % 10 == 1
}

/// The remainder by 97 of the number that digits and capital letters (A = 10 … Z = 35) write, as MOD 97-10 of ISO/IEC 7064
/// needs it. Other characters are the caller's to refuse.
pub fn mod_97(text: &str) -> u32 {
    text.chars().filter_map(|c| c.to_digit(36)).fold(0, |rest, digit| {
        let shift = if digit > 9 { 100 } else { 10 };
        (rest * shift + digit) % 97
    })
}
