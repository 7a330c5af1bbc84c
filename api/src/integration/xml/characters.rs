//! Characters, names and references of XML 1.0.

use std::borrow::Cow;

/// What is wrong with a piece of text: code and detail of the fault.
pub type Wrong = (&'static str, String);

/// Whether a document may hold the character (production `Char`).
pub fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Fault `character` for what no document may hold, such as NUL.
pub fn check_characters(text: &str) -> Result<(), Wrong> {
    match text.chars().find(|c| !is_char(*c)) {
        Some(c) => Err(("character", format!("The character U+{:04X} is not allowed in XML.", u32::from(c)))),
        None => Ok(()),
    }
}

pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Whether the text is a name without a colon (production `NCName`).
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

fn starts_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(c: char) -> bool {
    starts_name(c) || matches!(c, '0'..='9' | '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// The character that `&name;` stands for. Fault `entity` for one that XML does not predefine.
pub fn reference(name: &str) -> Result<char, Wrong> {
    match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => {}
    }
    let number = match name.strip_prefix("#x") {
        Some(digits) => digits_only(digits, 16),
        None => name.strip_prefix('#').and_then(|digits| digits_only(digits, 10)),
    };
    if !name.starts_with('#') {
        let name: String = name.chars().take(40).collect();
        return Err(("entity", format!("The entity `&{name};` is not one of the five that XML predefines.")));
    }
    let c = number.and_then(char::from_u32).filter(|c| is_char(*c));
    c.ok_or_else(|| ("character", "A character is referred to that is not allowed in XML.".to_owned()))
}

fn digits_only(digits: &str, radix: u32) -> Option<u32> {
    let all = !digits.is_empty() && digits.len() <= 8 && digits.chars().all(|c| c.is_digit(radix));
    if all { u32::from_str_radix(digits, radix).ok() } else { None }
}

/// The value of an attribute: references replaced, white space as single spaces (§3.3.3 of XML 1.0).
pub fn attribute_value<'a>(raw: Cow<'a, str>) -> Result<Cow<'a, str>, Wrong> {
    check_characters(&raw)?;
    if raw.contains('<') {
        return Err(("malformed", "The value of an attribute holds `<`.".to_owned()));
    }
    if !raw.contains(['&', '\t', '\n', '\r']) {
        return Ok(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw.as_ref();
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(reference_on) = rest.strip_prefix('&') {
            let (name, after) = reference_on.split_once(';').ok_or_else(unfinished)?;
            value.push(reference(name)?);
            rest = after;
        } else {
            value.push(' ');
            rest = rest.strip_prefix("\r\n").unwrap_or(&rest[1..]);
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

fn unfinished() -> Wrong {
    ("malformed", "A reference that begins with `&` has no `;`.".to_owned())
}
