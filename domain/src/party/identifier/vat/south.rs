//! The south of the European Union.

use super::super::check_digit::{Wrong, luhn, luhn_sum, mod_11_10, number, value, weighted};

/// Eight digits (not of a person: those start with 12) and a letter.
pub fn cyprus(body: &str) -> Result<(), Wrong> {
    let (head, letter) = body.split_at_checked(8).ok_or(Wrong::Format)?;
    let digits = number(head, 8)?;
    Wrong::format_unless(
        !head.starts_with("12") && letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_uppercase()),
    )?;
    let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let weigh = |(index, &digit): (usize, &u32)| if index % 2 == 0 { odd[digit as usize] } else { digit };
    let sum: u32 = digits.iter().enumerate().map(weigh).sum();
    Wrong::check_digit_unless(letter.bytes().map(|b| u32::from(b - b'A')).eq([sum % 26]))
}

/// ΑΦΜ.
pub fn greece(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 9)?;
    let sum = weighted(&digits, &[256, 128, 64, 32, 16, 8, 4, 2]);
    Wrong::check_digit_unless(sum % 11 % 10 == digits[8])
}

/// NIF: that of an organisation (CIF), a citizen (DNI) or a foreigner (NIE).
pub fn spain(body: &str) -> Result<(), Wrong> {
    const PEOPLE: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let bytes = body.as_bytes();
    let &[first, .., last] = bytes else { return Err(Wrong::Format) };
    Wrong::format_unless(bytes.len() == 9 && body.is_ascii())?;
    let middle = &body[1..8];
    Wrong::format_unless(middle.bytes().all(|b| b.is_ascii_digit()))?;
    let of_person = |digits: String| {
        Wrong::format_unless(last.is_ascii_uppercase())?;
        let rest = digits.parse::<usize>().map_err(|_| Wrong::Format)? % 23;
        Wrong::check_digit_unless(PEOPLE[rest] == last)
    };
    match first {
        b'0'..=b'9' => of_person(body[..8].to_owned()),
        b'X' | b'Y' | b'Z' => of_person(format!("{}{middle}", first - b'X')),
        b'K' | b'L' | b'M' => of_person(middle.to_owned()),
        b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U' | b'V' | b'W' => {
            // Which kinds of organisation have a digit and which a letter has changed over time: either is taken.
            Wrong::format_unless(last.is_ascii_digit() || (b'A'..=b'J').contains(&last))?;
            let digits: Vec<u32> = middle.bytes().map(|b| u32::from(b - b'0')).collect();
            let check = ((10 - luhn_sum(&digits) % 10) % 10) as usize;
            Wrong::check_digit_unless(last == b"0123456789"[check] || last == b"JABCDEFGHI"[check])
        }
        _ => Err(Wrong::Format),
    }
}

/// A key of two characters and the SIREN. Keys of digits follow from the SIREN; those with a letter are of a newer kind.
pub fn france(body: &str) -> Result<(), Wrong> {
    const KEYS: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (key, siren) = body.split_at_checked(2).ok_or(Wrong::Format)?;
    let digits = number(siren, 9)?;
    let places: Vec<u64> = key.chars().filter_map(|c| KEYS.find(c)).map(|place| place as u64).collect();
    let &[high, low] = &places[..] else { return Err(Wrong::Format) };
    let number = value(&digits);
    let key_fits = match (high < 10, low < 10) {
        (true, true) => high * 10 + low == (12 + 3 * (number % 97)) % 97,
        (digit_first, _) => {
            let check = if digit_first { high * 24 + low - 10 } else { high * 34 + low - 100 };
            (number + 1 + check / 11) % 11 == check % 11
        }
    };
    // Numbers of Monaco have no SIREN and start with zeros.
    Wrong::check_digit_unless(key_fits && (siren.starts_with("000") || luhn(&digits)))
}

/// OIB.
pub fn croatia(body: &str) -> Result<(), Wrong> {
    Wrong::check_digit_unless(mod_11_10(&number(body, 11)?))
}

/// Partita IVA: seven digits, the province of the office, a check digit.
pub fn italy(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 11)?;
    Wrong::format_unless(digits[..7].iter().any(|&digit| digit != 0))?;
    Wrong::format_unless(matches!(value(&digits[7..10]), 1..=100 | 120 | 121 | 888 | 999))?;
    Wrong::check_digit_unless(luhn(&digits))
}

pub fn malta(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::format_unless(digits[0] != 0)?;
    Wrong::check_digit_unless(weighted(&digits, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37))
}

/// NIF.
pub fn portugal(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 9)?;
    Wrong::format_unless(digits[0] != 0)?;
    let check = (11 - weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
    Wrong::check_digit_unless(check == digits[8])
}

/// Davčna številka.
pub fn slovenia(body: &str) -> Result<(), Wrong> {
    let digits = number(body, 8)?;
    Wrong::format_unless(digits[0] != 0)?;
    // Numbers whose check digit would be 11 are not given out; 10 is written as 0.
    let check = match 11 - weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 => 0,
        check => check,
    };
    Wrong::check_digit_unless(check == digits[7])
}
