//! Cells that a spreadsheet would run as a formula. Written out they get an apostrophe in front, which is taken off again when they
//! are read; a bare formula is refused.

use std::borrow::Cow;

use crate::kernel::refusal::Invalid;

/// A text as a cell that no spreadsheet runs.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_dangerous(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text behind a cell: what [`neutralise`] was given.
pub fn read(cell: String) -> Result<String, Invalid> {
    if !is_dangerous(cell.trim_start_matches('\'')) {
        return Ok(cell);
    }
    match cell.strip_prefix('\'') {
        Some(text) => Ok(text.to_owned()),
        None => Err(Invalid::new(
            "formula",
            "The cell begins like a formula: put an apostrophe before it to have it as a text.",
        )),
    }
}

/// Begins with `=`, `+`, `-`, `@`, a tabulator or a carriage return, and is no number.
fn is_dangerous(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text)
}

/// Digits with a sign, and a point or comma within them.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_stay_numbers() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("-40 °C", "'-40 °C"),
            ("'=x", "''=x"),
            ("'it", "'it"),
            ("-12.5", "-12.5"),
            ("+7", "+7"),
            ("-1,5", "-1,5"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(neutralise(text), cell);
            assert_eq!(read(cell.to_owned()).unwrap(), text);
        }
        for bare in ["=1+1", "+SUM(A1)", "-2+3", "@x", "\rx", "=cmd|' /C calc'!A0"] {
            assert_eq!(read(bare.to_owned()).unwrap_err().code, "formula", "{bare}");
        }
    }
}
