//! The words of a search: which are wanted and which are not, and how far a word may be off that was mistyped.

/// The most words of a search that are looked at by themselves.
const MOST_WORDS: usize = 8;
/// Words beyond this are not compared.
const LONGEST: usize = 40;

/// What was typed, without what has a minus before it, and that: words, or several in quotes.
pub fn wanted(typed: &str) -> (String, Vec<String>) {
    let (mut wanted, mut unwanted) = (String::new(), Vec::new());
    let mut rest = typed;
    while let Some(first) = rest.chars().next() {
        let minus = rest.strip_prefix('-').filter(|_| wanted.is_empty() || wanted.ends_with(char::is_whitespace));
        let (part, after) = split(minus.unwrap_or(rest), minus.is_some() || first == '"');
        match minus {
            Some(_) => unwanted.push(part.trim_matches('"').to_owned()),
            None => wanted.push_str(part),
        }
        rest = after;
    }
    unwanted.retain(|part| part.chars().any(char::is_alphanumeric));
    unwanted.truncate(MOST_WORDS);
    (wanted.trim().to_owned(), unwanted)
}

/// The first part: something in quotes, a word, or (where no part is asked for) one character that is neither.
fn split(text: &str, whole: bool) -> (&str, &str) {
    if let Some(quoted) = text.strip_prefix('"').filter(|_| whole) {
        let end = quoted.find('"').map_or(text.len(), |end| end + 2);
        return text.split_at(end);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end })
}

/// The words of a text in small letters, as the catalogue keeps its own: letters and digits, at least two of them.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
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
    fn what_has_a_minus_before_it_is_not_wanted() {
        for (typed, found, left) in [
            ("steel rebar", "steel rebar", vec![]),
            ("rebar -coated", "rebar", vec!["coated"]),
            ("-coated rebar -\"cold rolled\" 16", "rebar  16", vec!["coated", "cold rolled"]),
            ("cold-rolled \"a -b\"", "cold-rolled \"a -b\"", vec![]),
            ("\"open - -- -", "\"open - -- -", vec![]),
            ("- a -", "a", vec![]),
            ("-only", "", vec!["only"]),
            ("", "", vec![]),
        ] {
            let (wanted, unwanted) = wanted(typed);
            assert_eq!((wanted.as_str(), unwanted), (found, left.into_iter().map(str::to_owned).collect()), "{typed}");
        }
    }

    #[test]
    fn words_are_letters_and_digits_in_small_letters() {
        assert_eq!(words("Болт М8x40, \"оцинкованный\" a"), ["болт", "м8x40", "оцинкованный"]);
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
