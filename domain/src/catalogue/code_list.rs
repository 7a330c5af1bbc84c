//! Code lists: classifications such as OKPD2, each a tree of codes with names.

use std::collections::{BTreeMap, HashMap};

use crate::kernel::Faults;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::refusal::Invalid;

/// The most codes of one list, the longest name, and how deep a tree may be.
pub const MAX_CODES: usize = 200_000;
pub const LONGEST_NAME: usize = 1_000;
pub const MAX_DEPTH: usize = 16;
const LONGEST_CODE: usize = 40;
/// Nobody reads more faults of a file than this.
const MOST_FAULTS: usize = 200;

/// A row of a list as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub parent: Option<String>,
    pub names: Texts,
}

/// Checks the rows of a list, each with the line it stood in, and orders them so that parents come before their children. Faults
/// point at the line and the column, such as `/file/17/parent`.
pub fn check_codes(rows: Vec<(u64, Code)>) -> Result<Vec<Code>, Faults> {
    let mut faults = Faults::default();
    if rows.is_empty() {
        faults.add("/file", "required", "The file has no rows.");
    }
    if rows.len() > MAX_CODES {
        faults.add("/file", "too_many", format!("A list has at most {MAX_CODES} codes."));
        return Err(faults);
    }
    let mut lines: HashMap<&str, u64> = HashMap::new();
    for (line, row) in &rows {
        faults.keep(format!("/file/{line}/code"), check_code(&row.code));
        faults.keep(format!("/file/{line}/name"), check_texts(&row.names, LONGEST_NAME));
        if let Some(first) = lines.insert(&row.code, *line) {
            faults.add(format!("/file/{line}/code"), "twice", format!("The code stands in line {first} already."));
        }
        if faults.0.len() >= MOST_FAULTS {
            return Err(faults);
        }
    }
    for (line, row) in &rows {
        if let Some(parent) = row.parent.as_deref().filter(|parent| !lines.contains_key(parent)) {
            faults.add(format!("/file/{line}/parent"), "unknown", format!("The list has no code `{parent:.40}`."));
        }
    }
    faults.0.truncate(MOST_FAULTS);
    if faults.0.is_empty() { from_the_root_down(rows) } else { Err(faults) }
}

fn from_the_root_down(rows: Vec<(u64, Code)>) -> Result<Vec<Code>, Faults> {
    let mut children: BTreeMap<Option<String>, Vec<(u64, Code)>> = BTreeMap::new();
    let lines: HashMap<String, u64> = rows.iter().map(|(line, row)| (row.code.clone(), *line)).collect();
    for (line, row) in rows {
        children.entry(row.parent.clone()).or_default().push((line, row));
    }
    let mut ordered = Vec::with_capacity(lines.len());
    let mut level = children.remove(&None).unwrap_or_default();
    for _ in 0..MAX_DEPTH {
        let next = level.iter().filter_map(|(_, row)| children.remove(&Some(row.code.clone()))).flatten().collect();
        ordered.extend(std::mem::replace(&mut level, next).into_iter().map(|(_, row)| row));
    }
    let mut faults = Faults::default();
    let left = level.iter().chain(children.values().flatten()).take(MOST_FAULTS);
    for (line, _) in left {
        let detail = format!("The code is deeper than {MAX_DEPTH} levels, or its own ancestor.");
        faults.add(format!("/file/{line}/parent"), "too_deep", detail);
    }
    if faults.0.is_empty() { Ok(ordered) } else { Err(faults) }
}

/// The key by which a list is called: small letters, digits, hyphens.
pub fn check_list_key(key: &str) -> Result<(), Invalid> {
    let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && (1..=LONGEST_CODE).contains(&key.len()) && !key.starts_with('-') {
        return Ok(());
    }
    Err(Invalid::new("key", format!("A key has 1 to {LONGEST_CODE} small letters, digits and hyphens.")))
}

fn check_code(code: &str) -> Result<(), Invalid> {
    let visible = code.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if visible && (1..=LONGEST_CODE).contains(&code.chars().count()) {
        return Ok(());
    }
    Err(Invalid::new("code", format!("A code has 1 to {LONGEST_CODE} characters, none of them blank.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&str, &str)]) -> Vec<(u64, Code)> {
        let names: Texts = [("en".to_owned(), "Thing".to_owned())].into();
        let parent = |parent: &str| Some(parent.to_owned()).filter(|parent| !parent.is_empty());
        let row = |(code, up): &(&str, &str)| Code { code: (*code).into(), parent: parent(up), names: names.clone() };
        (2..).zip(rows.iter().map(row)).collect()
    }

    fn faults(given: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        check_codes(rows(given)).unwrap_err().0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn parents_come_before_their_children_whatever_the_order_of_the_file() {
        let ordered = check_codes(rows(&[("01.1", "01"), ("02", ""), ("01.1.1", "01.1"), ("01", "")])).unwrap();
        let codes: Vec<&str> = ordered.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["02", "01", "01.1", "01.1.1"]);
    }

    #[test]
    fn faults_point_at_line_and_column() {
        assert_eq!(
            faults(&[("01", ""), ("0 1", ""), ("01", ""), ("03", "9")]),
            [
                ("/file/3/code".to_owned(), "code"),
                ("/file/4/code".into(), "twice"),
                ("/file/5/parent".into(), "unknown")
            ]
        );
        assert_eq!(faults(&[]), [("/file".to_owned(), "required")]);
        assert_eq!(faults(&[("a", "b"), ("b", "a"), ("c", "")]).len(), 2);
        let deep: Vec<(String, String)> =
            (0..17).map(|n| (format!("c{n}"), if n == 0 { String::new() } else { format!("c{}", n - 1) })).collect();
        let deep: Vec<(&str, &str)> = deep.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(faults(&deep), [("/file/18/parent".to_owned(), "too_deep")]);
        assert!(check_codes(rows(&deep[..16])).is_ok());
    }

    #[test]
    fn keys_are_plain() {
        assert!(check_list_key("okpd2").is_ok() && check_list_key("un-spsc").is_ok());
        for bad in ["", "-a", "OKPD2", "a b", &"x".repeat(41)] {
            assert!(check_list_key(bad).is_err(), "{bad}");
        }
    }
}
