//! The west, north and east of the European Union.

use super::super::check_digit::{Wrong, luhn, luhn_sum, mod_11_10, mod_97, number, value, weighted};

/// U and eight digits: Luhn's sum with the seventh digit not doubled, and 4 more.
pub fn austria(body: &str) -> Result<(), Wrong> {
    let digits = number(body.strip_prefix('U').ok_or(Wrong::Format)?, 8)?;
    Wrong::check_digit_unless((luhn_sum(&digits[..6]) + digits[6] + 4 + digits[7]).is_multiple_of(10))
}

/// The enterprise number: the last two digits complete the first eight to a multiple of 97.
pub fn belgium(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 10)?;
    Wrong::format_unless(digits[0] < 2)?;
    Wrong::check_digit_unless(97 - value(&digits[..8]) % 97 == value(&digits[8..]))
}

/// Nine digits of a legal entity, checked; ten of a person or foreigner, whose several kinds are not told apart here.
pub fn bulgaria(body: &str) -> Result<(), Wrong> {
    if body.len() == 10 {
        return number(body, 10).map(drop);
    }
    let digits = number(body, 9)?;
    let check = match weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
        10 => weighted(&digits, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
        check => check,
    };
    Wrong::check_digit_unless(check == digits[8])
}

/// DIČ: eight digits of a legal entity; nine from 6 on of a person without a birth number; else the birth number, which has a
/// check digit since it has ten digits (1954).
pub fn czechia(body: &str) -> Result<(), Wrong> {
    let digits = number(body, body.len().clamp(8, 10))?;
    Wrong::check_digit_unless(match digits.len() {
        8 => {
            Wrong::format_unless(digits[0] != 9)?;
            let check = (11 - weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            (if check == 0 { 1 } else { check % 10 }) == digits[7]
        }
        9 if digits[0] == 6 => (weighted(&digits[1..], &[8, 7, 6, 5, 4, 3, 2]) % 11 + 8) % 10 == digits[8],
        9 => true,
        _ => value(&digits[..9]) % 11 % 10 == u64::from(digits[9]),
    })
}

/// USt-IdNr.
pub fn germany(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 9)?;
    Wrong::format_unless(digits[0] != 0)?;
    Wrong::check_digit_unless(mod_11_10(&digits))
}

/// CVR number.
pub fn denmark(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::format_unless(digits[0] != 0)?;
    Wrong::check_digit_unless(weighted(&digits, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

/// KMKR number.
pub fn estonia(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 9)?;
    Wrong::check_digit_unless(weighted(&digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

/// The business identity code without its hyphen.
pub fn finland(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::check_digit_unless(weighted(&digits, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11))
}

/// The first eight digits of the adószám.
pub fn hungary(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::check_digit_unless(weighted(&digits, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10))
}

/// Seven digits, a check letter and since 2013 a second letter that counts; in old numbers the second character is a letter, `+`
/// or `*`, and the first stands for the last of the seven digits.
pub fn ireland(body: &str) -> Result<(), Wrong> {
    const LETTERS: &[u8] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let bytes = body.as_bytes();
    let &[first, second, _, _, _, _, _, check, ref more @ ..] = bytes else { return Err(Wrong::Format) };
    let old = more.is_empty() && (second.is_ascii_uppercase() || matches!(second, b'+' | b'*'));
    let digits: Vec<u32> = match old {
        true => number(&format!("0{}{}", &body[2..7], char::from(first)), 7)?,
        false => number(body.get(..7).ok_or(Wrong::Format)?, 7)?,
    };
    let second_letter = match more {
        [] => 0,
        &[letter @ b'A'..=b'I'] => u32::from(letter - b'A') + 1,
        b"W" => 0,
        _ => return Err(Wrong::Format),
    };
    Wrong::format_unless(LETTERS.contains(&check))?;
    let sum = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second_letter;
    Wrong::check_digit_unless(LETTERS[(sum % 23) as usize] == check)
}

/// Nine digits of a legal entity or twelve of others; the last but one is 1.
pub fn lithuania(body: &str) -> Result<(), Wrong> {
    let digits = number(body, if body.len() == 12 { 12 } else { 9 })?;
    let (last, others) = digits.split_last().ok_or(Wrong::Format)?;
    Wrong::format_unless(others.last() == Some(&1))?;
    let check = match weighted(others, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]) % 11 {
        10 => weighted(others, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4]) % 11 % 10,
        check => check,
    };
    Wrong::check_digit_unless(check == *last)
}

/// Six digits, then their remainder by 89.
pub fn luxembourg(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::check_digit_unless(value(&digits[..6]) % 89 == value(&digits[6..]))
}

/// Eleven digits: from 4 on of a legal entity, checked; below of a person, by form only.
pub fn latvia(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 11)?;
    let sum = weighted(&digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]);
    Wrong::check_digit_unless(digits[0] < 4 || sum % 11 == 3)
}

/// Nine digits, B, two digits: checked either as RSIN or BSN (the test of eleven) or, for sole traders since 2020, by
/// MOD 97-10 over the whole with NL.
pub fn netherlands(body: &str) -> Result<(), Wrong> {
    let (head, branch) = body.split_once('B').ok_or(Wrong::Format)?;
    let digits = number(head, 9)?;
    number(branch, 2)?;
    let rest = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    Wrong::check_digit_unless(rest == digits[8] || mod_97(&format!("NL{body}")) == 1)
}

/// NIP.
pub fn poland(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 10)?;
    Wrong::check_digit_unless(weighted(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9])
}

/// CUI of an organisation, two to ten digits, or the thirteen of a person (CNP).
pub fn romania(body: &str) -> Result<(), Wrong> {
    Wrong::format_unless(!body.starts_with('0'))?;
    if body.len() == 13 {
        let digits = number(body, 13)?;
        let rest = weighted(&digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        return Wrong::check_digit_unless((if rest == 10 { 1 } else { rest }) == digits[12]);
    }
    Wrong::format_unless((2..=10).contains(&body.len()))?;
    let digits = number(&format!("{body:0>10}"), 10)?;
    let check = weighted(&digits, &[7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11 % 10;
    Wrong::check_digit_unless(check == digits[9])
}

/// The organisation number and two digits from 01 to 94.
pub fn sweden(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 12)?;
    Wrong::format_unless((1..=94).contains(&value(&digits[10..])))?;
    Wrong::check_digit_unless(luhn(&digits[..10]))
}

/// IČ DPH: a multiple of 11.
pub fn slovakia(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 10)?;
    Wrong::format_unless(digits[0] != 0 && matches!(digits[2], 2 | 3 | 4 | 7 | 8 | 9))?;
    Wrong::check_digit_unless(value(&digits).is_multiple_of(11))
}
