//! Which passwords are taken (after NIST SP 800-63B: length counts, composition rules do not, known ones are refused).

use std::sync::LazyLock;

use crate::kernel::refusal::Invalid;

const SHORTEST: usize = 12;
const LONGEST: usize = 256;

/// Words, names and walks over the keyboard that people build long but guessable passwords from; the longest first, so that a
/// short one does not break up a long one.
static COMMON: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = include_str!("../../data/common-passwords.txt").split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

/// Takes 12 to 256 characters, whole. Refuses what consists of common words, one repeated piece or a run of neighbours, and
/// what holds the name in the e-mail address.
pub fn check_password(password: &str, email: &str) -> Result<(), Invalid> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Invalid::new("too_short", format!("A password has at least {SHORTEST} characters.")));
    }
    if length > LONGEST {
        return Err(Invalid::new("too_long", format!("A password has at most {LONGEST} characters.")));
    }
    let lower = password.to_lowercase();
    if is_common(&lower) || is_repetition(&lower) || is_run(&lower) {
        return Err(Invalid::new("too_common", "The password is too easy to guess."));
    }
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if name.chars().count() >= 4 && lower.contains(&name) {
        return Err(Invalid::new("too_common", "The password holds the name in the e-mail address."));
    }
    Ok(())
}

/// What is left without common words, digits and signs is too little.
fn is_common(lower: &str) -> bool {
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let letters_for_digits =
        [('0', 'o'), ('1', 'i'), ('!', 'i'), ('3', 'e'), ('4', 'a'), ('@', 'a'), ('5', 's'), ('$', 's')];
    let mut rest: String =
        core.chars().map(|c| letters_for_digits.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)).collect();
    let mut plain = lower.to_owned();
    for word in COMMON.iter() {
        rest = rest.replace(word, "");
        plain = plain.replace(word, "");
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    letters(&plain).min(letters(&rest)) < 4
}

/// One piece of up to a third of its length, again and again.
fn is_repetition(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    (1..=chars.len() / 3).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

/// Mostly characters that follow each other in the alphabet or in numbers.
fn is_run(lower: &str) -> bool {
    let chars: Vec<u32> = lower.chars().map(u32::from).collect();
    let steps = chars.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    steps * 4 >= chars.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_phrases_pass_whole() {
        for good in [
            "correct horse battery staple",
            "Зелёный чай по утрам",
            "kV8#pq!zL2mWx",
            &("long phrases of many different words are good; ".to_owned() + &"ab cd".repeat(40)),
        ] {
            assert_eq!(check_password(good, "anna@example.org"), Ok(()), "{good}");
        }
    }

    #[test]
    fn guessable_ones_do_not() {
        for (bad, code) in [
            ("short", "too_short"),
            (&*"x".repeat(257), "too_long"),
            ("password1234!", "too_common"),
            ("Willkommen2026!", "too_common"),
            ("Йцукенгшщзхъ1", "too_common"),
            ("Sommer-Sommer-24", "too_common"),
            ("P@ssw0rd12345", "too_common"),
            ("qwertyqwerty1", "too_common"),
            ("adminadmin2026", "too_common"),
            ("aaaaaaaaaaaaaaa", "too_common"),
            ("xk4xk4xk4xk4xk4", "too_common"),
            ("abcdefghijklmnop", "too_common"),
            ("123456789012345", "too_common"),
            ("my name is anna.k.", "too_common"),
        ] {
            assert_eq!(check_password(bad, "anna.k@example.org").unwrap_err().code, code, "{bad}");
        }
    }
}
