//! Texts that people read, given per language.

use std::collections::BTreeMap;

use super::refusal::Invalid;

/// A text per language; the keys are BCP 47 tags of a language, optionally with a region (`en`, `ru`, `pt-BR`).
pub type Texts = BTreeMap<String, String>;

/// The language served when none of the wanted ones is there.
pub const DEFAULT_LANGUAGE: &str = "en";

/// The most languages of one text.
pub const MAX_LANGUAGES: usize = 20;

/// Refuses tags that are not of the form language or language-region (a subset of RFC 5646).
pub fn check_tag(tag: &str) -> Result<(), Invalid> {
    let (language, region) = tag.split_once('-').map_or((tag, None), |(l, r)| (l, Some(r)));
    let language_ok = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let region_ok = region.is_none_or(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_uppercase()));
    if language_ok && region_ok {
        return Ok(());
    }
    Err(Invalid::new("language", format!("`{tag}` is not a language tag such as `en` or `pt-BR`.")))
}

/// Checks the texts of something that must be named: one to twenty, none blank, none longer than `longest` characters.
pub fn check_texts(texts: &Texts, longest: usize) -> Result<(), Invalid> {
    if texts.is_empty() {
        return Err(Invalid::new("required", "At least one language is needed."));
    }
    if texts.len() > MAX_LANGUAGES {
        return Err(Invalid::new("too_many", format!("There are at most {MAX_LANGUAGES} languages.")));
    }
    for (tag, text) in texts {
        check_tag(tag)?;
        if text.trim().is_empty() {
            return Err(Invalid::new("blank", format!("The text for `{tag}` is blank.")));
        }
        if text.chars().count() > longest {
            return Err(Invalid::new("too_long", format!("The text for `{tag}` is longer than {longest} characters.")));
        }
    }
    Ok(())
}

/// The text in the first of the wanted languages that is there (a region falls back to its language), else in
/// [`DEFAULT_LANGUAGE`], else the first one.
pub fn pick<'a>(texts: &'a Texts, wanted: &[String]) -> &'a str {
    wanted
        .iter()
        .flat_map(|tag| [tag.as_str(), tag.split('-').next().unwrap_or(tag)])
        .chain([DEFAULT_LANGUAGE])
        .find_map(|tag| texts.get(tag))
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_language_wins_then_english_then_any() {
        let texts: Texts = [("en", "Rebar"), ("ru", "Арматура")].map(|(k, v)| (k.into(), v.into())).into();
        let pick = |wanted: &[&str]| super::pick(&texts, &wanted.iter().map(|w| w.to_string()).collect::<Vec<_>>());
        assert_eq!(pick(&["ru-RU"]), "Арматура");
        assert_eq!(pick(&["de", "ru"]), "Арматура");
        assert_eq!(pick(&["de"]), "Rebar");
        assert_eq!(super::pick(&[("fr".to_owned(), "Blé".to_owned())].into(), &[]), "Blé");
    }

    #[test]
    fn tags_and_texts_are_checked() {
        assert!(check_tag("pt-BR").is_ok() && check_tag("ru").is_ok());
        for bad in ["", "EN", "english", "en_US", "en-us", "e"] {
            assert!(check_tag(bad).is_err(), "{bad}");
        }
        assert_eq!(check_texts(&[("en".to_owned(), " ".to_owned())].into(), 9).unwrap_err().code, "blank");
        assert_eq!(check_texts(&Texts::new(), 9).unwrap_err().code, "required");
        let many = |count: u8| (0..count).map(|n| (format!("a{}", char::from(b'a' + n)), "x".to_owned())).collect();
        assert!(check_texts(&many(20), 9).is_ok());
        assert_eq!(check_texts(&many(21), 9).unwrap_err().code, "too_many");
    }
}
