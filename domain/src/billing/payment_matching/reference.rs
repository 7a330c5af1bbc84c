//! Numbers of invoices in what people write on transfers.
//!
//! Only letters and digits count, and case does not: `inv 2026/000042` names `INV2026-000042`. A number does not begin or end within a run
//! of digits, nor does one that ends with a letter go on with another one: `INV2026-0000421` is another number, while a space ends every one.
//! Where two numbers overlap, the longer one is meant. Numbers of fewer than five letters and digits are named only by a text that says
//! nothing else, since years, days and amounts would name them, too. A reference by ISO 11649 (`RF`, two check digits, reference) names what
//! its reference names.

use std::collections::{BTreeSet, HashMap, HashSet};

/// Shorter numbers have to stand alone.
const SHORTEST: usize = 5;
/// More than this of a text is not read.
const LONGEST_TEXT: usize = 2_000;

/// All numbers of invoices, by what of them counts.
pub struct Index {
    places: HashMap<Vec<char>, Vec<usize>>,
    /// Which lengths there are, of those that may stand within a text.
    lengths: BTreeSet<usize>,
    /// For each invoice what of its number counts.
    numbers: Vec<Vec<char>>,
}

/// A letter or digit of a text, and whether the next one directly follows it.
struct Written {
    chars: Vec<char>,
    goes_on: Vec<bool>,
}

impl Index {
    pub fn new<'a>(numbers: impl Iterator<Item = &'a str>) -> Self {
        let numbers: Vec<Vec<char>> = numbers.map(|number| written(number).chars).collect();
        let mut places: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
        for (place, number) in numbers.iter().enumerate().filter(|(_, number)| !number.is_empty()) {
            places.entry(number.clone()).or_default().push(place);
        }
        let lengths = places.keys().map(Vec::len).filter(|length| *length >= SHORTEST).collect();
        Self { places, lengths, numbers }
    }

    /// The places of the invoices that the text names.
    pub fn find(&self, text: &str) -> Vec<usize> {
        let mut found = self.find_in_order(text);
        found.sort_unstable();
        found
    }

    /// [`Index::find`], each once, in the order in which they stand in the text.
    pub fn find_in_order(&self, text: &str) -> Vec<usize> {
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        let text = written(&text);
        let mut found = self.within(&text);
        found.extend(self.whole(&text.chars));
        if let Some(reference) = iso_11649(&text.chars) {
            let goes_on = text.goes_on[4..].to_vec();
            found.extend(self.within(&Written { chars: reference.to_vec(), goes_on }));
            found.extend(self.whole(reference));
        }
        let mut seen = HashSet::new();
        found.retain(|place| seen.insert(*place));
        found
    }

    /// Whether two of these invoices have the same number.
    pub fn share_a_number(&self, places: &[usize]) -> bool {
        let mut numbers: Vec<&Vec<char>> = places.iter().map(|place| &self.numbers[*place]).collect();
        numbers.sort_unstable();
        numbers.windows(2).any(|pair| pair[0] == pair[1])
    }

    fn whole(&self, text: &[char]) -> Vec<usize> {
        self.places.get(text).cloned().unwrap_or_default()
    }

    fn within(&self, text: &Written) -> Vec<usize> {
        let mut found: Vec<(usize, usize, &Vec<usize>)> = Vec::new();
        for start in 0..text.chars.len() {
            for length in &self.lengths {
                let end = start + length;
                let Some(piece) = text.chars.get(start..end) else { break };
                if let Some(places) = self.places.get(piece).filter(|_| stands_alone(text, start, end)) {
                    found.push((start, end, places));
                }
            }
        }
        found.sort_by_key(|(start, end, _)| (usize::MAX - (end - start), *start));
        let mut kept: Vec<(usize, usize, &Vec<usize>)> = Vec::new();
        for one in found {
            if kept.iter().all(|(start, end, _)| one.1 <= *start || *end <= one.0) {
                kept.push(one);
            }
        }
        kept.sort_by_key(|(start, ..)| *start);
        kept.into_iter().flat_map(|(_, _, places)| places.iter().copied()).collect()
    }
}

/// Whether the piece is not the middle of something longer.
fn stands_alone(text: &Written, start: usize, end: usize) -> bool {
    let begins_within = start > 0
        && text.goes_on[start - 1]
        && text.chars[start - 1].is_ascii_digit()
        && text.chars[start].is_ascii_digit();
    let last = text.chars[end - 1];
    let goes_on =
        text.goes_on[end - 1] && text.chars.get(end).is_some_and(|next| next.is_ascii_digit() == last.is_ascii_digit());
    !begins_within && !goes_on
}

/// The letters and digits alone, in capitals.
fn written(text: &str) -> Written {
    let (mut chars, mut goes_on) = (Vec::new(), Vec::new());
    let mut was_kept = false;
    for c in text.chars() {
        let is_kept = c.is_alphanumeric();
        if let Some(last) = goes_on.last_mut() {
            *last = if was_kept { is_kept } else { *last };
        }
        if is_kept {
            let capital = c.to_uppercase();
            let length = capital.len();
            chars.extend(capital);
            goes_on.extend((0..length).map(|n| n + 1 < length));
        }
        was_kept = is_kept;
    }
    Written { chars, goes_on }
}

/// The reference within a creditor reference whose check digits are right: `RF`, check digits, up to 21 letters and digits; MOD 97-10.
fn iso_11649(text: &[char]) -> Option<&[char]> {
    let (head, reference) = text.split_at_checked(4)?;
    let has_form = head[..2] == ['R', 'F'] && (1..=21).contains(&reference.len());
    let rearranged = || reference.iter().chain(head);
    if !has_form || !rearranged().all(char::is_ascii_alphanumeric) {
        return None;
    }
    let remainder = rearranged().fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or_default();
        if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }
    });
    (remainder == 1).then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(numbers: &[&str], text: &str) -> Vec<usize> {
        Index::new(numbers.iter().copied()).find(text)
    }

    #[test]
    fn spacing_case_and_punctuation_do_not_matter() {
        for text in [
            "INV2026-000042",
            "inv 2026 000042",
            "Rechnung Inv2026/000042.",
            "i.n.v.2026_000042",
            "X\u{a0}INV2026-000042 7",
        ] {
            assert_eq!(find(&["INV2026-000042"], text), [0], "{text}");
        }
        assert_eq!(find(&["СЧ-000123"], "оплата по сч 000123 от 05.03.2026"), [0]);
        assert_eq!(find(&["Straße-7"], "STRASSE-7"), [0]);
    }

    #[test]
    fn a_number_within_a_longer_one_is_not_named() {
        for text in ["INV2026-0000421", "INV2026-00004", "", "000042", "INV2027-000042"] {
            assert!(find(&["INV2026-000042"], text).is_empty(), "{text}");
        }
        assert!(find(&["2026-000042"], "12026-000042").is_empty());
        assert!(find(&["2026-0042A"], "2026-0042AB").is_empty());
        assert_eq!(find(&["2026-0042"], "2026-0042A"), [0]);
        assert_eq!(find(&["INV-1000", "1000-2000"], "INV-1000-2000"), [1]);
        assert_eq!(find(&["INV-1000", "INV-10002"], "INV-10002"), [1]);
        assert_eq!(find(&["INV-1000", "INV-1001"], "INV-1001, inv1000"), [0, 1]);
    }

    #[test]
    fn short_numbers_are_named_by_what_says_nothing_else() {
        assert!(find(&["2026", "7"], "paid 7 on 05.03.2026").is_empty());
        assert_eq!(find(&["2026", "7"], " 7. "), [1]);
    }

    #[test]
    fn a_creditor_reference_names_what_is_in_it() {
        assert_eq!(find(&["539007547034"], "RF18 5390 0754 7034"), [0]);
        assert_eq!(find(&["54-7034"], "RF18 5390 0754 7034"), [] as [usize; 0]);
        assert!(find(&["539007547034"], "RF19539007547034").is_empty());
    }

    #[test]
    fn of_an_endless_text_only_the_beginning_is_read() {
        let text = |before: usize| format!("{} INV-100 {}", "-".repeat(before), "A00".repeat(1_000_000));
        assert_eq!(find(&["INV-100"], &text(LONGEST_TEXT - 10)), [0]);
        assert!(find(&["INV-100"], &text(LONGEST_TEXT)).is_empty());
    }
}
