//! The United Kingdom (GB; Northern Ireland's trade in goods as XI) and EFTA.

use super::super::check_digit::{Wrong, number, value, weighted};

/// Nine digits, or twelve where a branch is named; government departments have GD and health authorities HA with three digits
/// and no check digit. The sum leaves no remainder by 97, or 42 or 55 in the newer numbers (from 100 on).
pub fn united_kingdom(body: &str) -> Result<(), Wrong> {
    let (head, rest) = body.split_at_checked(2).ok_or(Wrong::Format)?;
    if body.len() == 5 && matches!(head, "GD" | "HA") {
        let department = rest.bytes().all(|b| b.is_ascii_digit()) && (rest < "500") == (head == "GD");
        return Wrong::format_unless(department);
    }
    let digits = number(body, if body.len() == 12 { 12 } else { 9 })?;
    let rest = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
    let newer = value(&digits[..3]) >= 100 && matches!(rest, 42 | 55);
    Wrong::check_digit_unless(rest == 0 || newer)
}

/// The organisation number and MVA.
pub fn norway(body: &str) -> Result<(), Wrong> {
    let digits = number(body.strip_suffix("MVA").ok_or(Wrong::Format)?, 9)?;
    Wrong::check_digit_unless(weighted(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

/// The UID: E (the prefix of three letters begins like the country) and nine digits.
pub fn switzerland(body: &str) -> Result<(), Wrong> {
    let digits = number(body.strip_prefix('E').ok_or(Wrong::Format)?, 9)?;
    Wrong::check_digit_unless((weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4]) + digits[8]).is_multiple_of(11))
}

/// Five or six digits without a check digit.
pub fn iceland(body: &str) -> Result<(), Wrong> {
    Wrong::format_unless(matches!(body.len(), 5 | 6) && body.bytes().all(|b| b.is_ascii_digit()))
}

/// Five digits without a check digit.
pub fn liechtenstein(body: &str) -> Result<(), Wrong> {
    number(body, 5).map(drop)
}
