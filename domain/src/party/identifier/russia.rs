//! Numbers of the Federal Tax Service of Russia.

use super::check_digit::{Wrong, number, value, weighted};

const INN_10: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_12_FIRST: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const INN_12_SECOND: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// INN: ten digits with one check digit, or twelve with two.
pub fn inn(text: &str) -> Result<(), Wrong> {
    let digits = number(text, if text.len() == 12 { 12 } else { 10 })?;
    let fits = |weights: &[u32]| weighted(&digits, weights) % 11 % 10 == digits[weights.len()];
    Wrong::check_digit_unless(match digits.len() {
        10 => fits(&INN_10),
        _ => fits(&INN_12_FIRST) && fits(&INN_12_SECOND),
    })
}

/// KPP: tax office (four digits), reason (two characters), number (three digits). It has no check digit.
pub fn kpp(text: &str) -> Result<(), Wrong> {
    let fits =
        |(index, byte): (usize, u8)| byte.is_ascii_digit() || matches!(index, 4 | 5) && byte.is_ascii_uppercase();
    Wrong::format_unless(text.len() == 9 && text.bytes().enumerate().all(fits))
}

/// OGRN of a legal entity (the first digit is 1, or 5 when the former run out), or OGRNIP of a sole trader (it is 3).
pub fn ogrn(text: &str) -> Result<(), Wrong> {
    let (length, divisor) = if text.starts_with('3') { (15, 13) } else { (13, 11) };
    let digits = number(text, length)?;
    Wrong::format_unless(matches!(digits[0], 1 | 3 | 5))?;
    let (last, others) = digits.split_last().ok_or(Wrong::Format)?;
    Wrong::check_digit_unless(value(others) % divisor % 10 == u64::from(*last))
}
