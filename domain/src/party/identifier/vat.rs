//! VAT numbers: the prefix of the country, then a number with the form and check digits of that country. The rules are those
//! published for the European Commission's VIES and by the tax authorities; that a number passes does not say that it is in use.

mod eu;
mod europe;
mod south;

use super::check_digit::Wrong;

type Rule = fn(&str) -> Result<(), Wrong>;

/// The normal form of a VAT number without separators, in upper case.
pub fn check(text: &str) -> Result<String, Wrong> {
    // The rules cut their text into pieces.
    Wrong::format_unless(text.is_ascii())?;
    let (prefix, number) = text.split_at_checked(2).ok_or(Wrong::Format)?;
    let rule = rule_of(prefix).ok_or(Wrong::Format)?;
    let normal = normal_form(prefix, number);
    rule(&normal[2..])?;
    Ok(normal)
}

/// Some numbers are written in more than one way.
fn normal_form(prefix: &str, number: &str) -> String {
    match prefix {
        // Greece is EL in VAT numbers, GR elsewhere. Old numbers lack the leading zero, as in Belgium.
        "EL" | "GR" if number.len() == 8 => format!("EL0{number}"),
        "EL" | "GR" => format!("EL{number}"),
        "BE" if number.len() == 9 => format!("BE0{number}"),
        // The ending names the tax: it always stands in Norway, and in Switzerland in one of four languages.
        "NO" => format!("NO{}MVA", number.strip_suffix("MVA").unwrap_or(number)),
        "CH" => {
            let endings = ["MWST", "TVA", "IVA", "TPV"];
            let plain = endings.into_iter().find_map(|ending| number.strip_suffix(ending));
            format!("CH{}", plain.unwrap_or(number))
        }
        _ => format!("{prefix}{number}"),
    }
}

fn rule_of(prefix: &str) -> Option<Rule> {
    Some(match prefix {
        "AT" => eu::austria,
        "BE" => eu::belgium,
        "BG" => eu::bulgaria,
        "CY" => south::cyprus,
        "CZ" => eu::czechia,
        "DE" => eu::germany,
        "DK" => eu::denmark,
        "EE" => eu::estonia,
        "EL" | "GR" => south::greece,
        "ES" => south::spain,
        "FI" => eu::finland,
        "FR" => south::france,
        "HR" => south::croatia,
        "HU" => eu::hungary,
        "IE" => eu::ireland,
        "IT" => south::italy,
        "LT" => eu::lithuania,
        "LU" => eu::luxembourg,
        "LV" => eu::latvia,
        "MT" => south::malta,
        "NL" => eu::netherlands,
        "PL" => eu::poland,
        "PT" => south::portugal,
        "RO" => eu::romania,
        "SE" => eu::sweden,
        "SI" => south::slovenia,
        "SK" => eu::slovakia,
        "GB" | "XI" => europe::united_kingdom,
        "CH" => europe::switzerland,
        "IS" => europe::iceland,
        "LI" => europe::liechtenstein,
        "NO" => europe::norway,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
