//! Words that were mistyped: which words of a search are looked at, and how far they may be off.

/// The most words of a search that are corrected.
const MOST_WORDS: usize = 8;
/// Words beyond this are not compared.
const LONGEST: usize = 40;

/// The words of a search in small letters, as the catalogue keeps its own: letters and digits, at least two of them. Words with a
/// minus before them are left out: what nobody wants needs no correction.
pub fn words(typed: &str) -> Vec<String> {
    let wanted = typed.split_whitespace().filter(|part| !part.starts_with('-'));
    let words = wanted.flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let fitting = words.filter(|word| (2..=LONGEST).contains(&word.chars().count()));
    fitting.map(str::to_lowercase).take(MOST_WORDS).collect()
}

/// How many letters of a word may be wrong, missing or too many: none in a short one or in one with digits, where a letter more or
/// less makes another word. Two letters that changed places are two.
pub fn tolerance(word: &str) -> Option<u8> {
    if word.chars().any(char::is_numeric) {
        return None;
    }
    match word.chars().count() {
        0..=3 => None,
        4..=5 => Some(1),
        _ => Some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_in_small_letters() {
        assert_eq!(words("Болт М8x40, \"оцинкованный\" -шайба a"), ["болт", "м8x40", "оцинкованный"]);
        assert_eq!(words(" & | ! ( ' "), Vec::<String>::new());
        assert_eq!(words(&"слово ".repeat(20)).len(), 8);
    }

    #[test]
    fn longer_words_may_be_further_off() {
        for (word, expected) in [("м8x40", None), ("чай", None), ("болт", Some(1)), ("арматура", Some(2))]
        {
            assert_eq!(tolerance(word), expected, "{word}");
        }
    }
}
