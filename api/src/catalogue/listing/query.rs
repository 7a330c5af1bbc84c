//! What a reader looks for, out of the query of a request.

use domain::catalogue::attribute::check_key;
use domain::catalogue::spelling;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Kind, Refusal};
use infra::catalogue::search::{AttributeFilter, Search, Sort, Words};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::query;

/// The most attributes that are looked for at once, and the most values of one.
const MOST_ATTRIBUTES: usize = 20;

/// What to look for in a catalogue.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CatalogueQuery {
    /// Words in Russian or English, in any form; `"in quotes"`, `or` and `-without` are understood. Where nothing has them, words that
    /// are almost the same are looked for, and `read_as` says which.
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// With all categories below it.
    pub category_id: Option<Uuid>,
    /// `list:code` of a code list, such as `okpd2:24.10`, with all codes below it.
    #[param(pattern = "^[a-z0-9][a-z0-9-]{0,39}:.{1,40}$")]
    pub code: Option<String>,
    pub seller_id: Option<Uuid>,
    /// Only what is in stock.
    pub available: Option<bool>,
    /// Only what is delivered within so many days.
    #[param(minimum = 0, maximum = 3650)]
    pub delivery_within_days: Option<i32>,
    /// Only what is offered in this currency.
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// The least that you pay for a unit at the minimum of order.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub price_from: Option<String>,
    /// The most.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub price_to: Option<String>,
    /// `key:value`, `key:one,or,another`, or a range `key:from..to` of numbers or days, either end of which may be left out. Behind a
    /// number or a range of numbers the unit may stand, `length:2..5 MTR`, where categories give the same key different units. May be
    /// given several times; all must hold.
    #[serde(skip)]
    #[param(max_items = 20)]
    pub attribute: Vec<String>,
    /// `relevance` (default with `q`), `published` (default without; oldest first), `newest`, `name`, `price` or `-price`. By relevance
    /// come at most 5,000 offers: of more, those that were published first. Prices are compared as numbers: name a `currency` where
    /// offers are in several. Where price lists speak for you, prices are looked at in the 10,000 offers that were published first
    /// (unless the operator has set it otherwise).
    #[param(pattern = "^(relevance|published|newest|name|-?price)$")]
    pub sort: Option<String>,
    /// With counts of what was found, by which the search can be narrowed.
    pub facets: Option<bool>,
    /// With why each offer is ranked where it is.
    pub explain: Option<bool>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// What is wanted besides offers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub search: Search,
    pub facets: bool,
    pub explain: bool,
}

impl CatalogueQuery {
    /// Reads a query in which `attribute` may come several times.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        let (attributes, others): (Vec<&str>, Vec<&str>) =
            query.split('&').partition(|pair| pair.starts_with("attribute="));
        let pairs: Vec<(String, String)> = query::parse(&attributes.join("&"))?;
        let mut parsed: Self = query::parse(&others.join("&"))?;
        parsed.attribute = pairs.into_iter().map(|(_, value)| value).collect();
        Ok(parsed)
    }

    /// What is asked for, by a reader of these languages.
    pub fn asked(&self, languages: &[String]) -> Result<Asked, Refusal> {
        if self.q.as_ref().is_some_and(|words| words.chars().count() > 200 || words.contains('\0')) {
            return Err(invalid("`q` has at most 200 characters, none of them NUL."));
        }
        if self.attribute.len() > MOST_ATTRIBUTES {
            return Err(invalid(format!("`attribute` is given at most {MOST_ATTRIBUTES} times.")));
        }
        let (wanted, without) = spelling::wanted(self.q.as_deref().unwrap_or_default());
        let words = Some(wanted).filter(|words| !words.is_empty()).map(Words::Typed);
        if self.delivery_within_days.is_some_and(|days| !(0..=3650).contains(&days)) {
            return Err(invalid("`delivery_within_days` is a number from 0 to 3650."));
        }
        let attributes: Result<Vec<_>, Refusal> = self.attribute.iter().map(|one| attribute(one)).collect();
        let currency = self.currency.as_deref().map(Currency::parse).transpose();
        let currency = currency.map_err(|fault| invalid(format!("`currency`: {}", fault.detail)))?;
        let search = Search {
            sort: self.sort(words.is_some(), languages)?,
            words,
            without,
            category: self.category_id,
            code: self.code.as_deref().map(code).transpose()?,
            seller: self.seller_id,
            available: self.available.unwrap_or(false),
            lead_time_days: self.delivery_within_days,
            currency: currency.map(|currency| currency.code().to_owned()),
            price_from: self.price_from.as_deref().map(|text| price("price_from", text)).transpose()?,
            price_to: self.price_to.as_deref().map(|text| price("price_to", text)).transpose()?,
            attributes: attributes?,
        };
        Ok(Asked { search, facets: self.facets.unwrap_or(false), explain: self.explain.unwrap_or(false) })
    }

    /// What a cursor must agree with besides the query itself: names are sorted by language.
    pub fn order(&self, languages: &[String]) -> &'static str {
        if self.sort.as_deref() == Some("name") && russian(languages) { "ru" } else { "" }
    }

    fn sort(&self, words: bool, languages: &[String]) -> Result<Sort, Refusal> {
        match self.sort.as_deref() {
            None if words => Ok(Sort::Relevance),
            Some("relevance") => Ok(Sort::Relevance),
            None | Some("published") => Ok(Sort::Published),
            Some("newest") => Ok(Sort::Newest),
            Some("name") => Ok(if russian(languages) { Sort::NameRu } else { Sort::NameEn }),
            Some("price") => Ok(Sort::Price),
            Some("-price") => Ok(Sort::PriceDescending),
            Some(other) => {
                Err(invalid(format!("`sort` is relevance, published, newest, name, price or -price, not {other}.")))
            }
        }
    }
}

fn russian(languages: &[String]) -> bool {
    languages.first().is_some_and(|tag| tag.split('-').next() == Some("ru"))
}

fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::new(Kind::InvalidQuery, detail)
}

fn price(name: &str, text: &str) -> Result<Decimal, Refusal> {
    parse_decimal(text).map_err(|fault| invalid(format!("`{name}`: {}", fault.detail)))
}

fn code(text: &str) -> Result<(String, String), Refusal> {
    let (list, code) =
        text.split_once(':').ok_or_else(|| invalid("`code` is a list and a code of it: okpd2:24.10."))?;
    Ok((list.to_owned(), code.to_owned()))
}

/// One `key:value`, `key:one,or,another` or `key:from..to`.
fn attribute(text: &str) -> Result<AttributeFilter, Refusal> {
    let malformed = || invalid(format!("`attribute` is key:value, key:one,another or key:from..to, not {text}."));
    let (key, value) = text.split_once(':').ok_or_else(malformed)?;
    check_key(key).map_err(|_| malformed())?;
    if value.is_empty() || value.contains('\0') || value.len() > 1_000 {
        return Err(malformed());
    }
    match value.split_once("..") {
        Some((from, to)) => range(key.to_owned(), from, to).ok_or_else(malformed),
        None => Ok(AttributeFilter::OneOf(value.split(',').flat_map(|value| holding(key, value)).collect())),
    }
}

fn range(key: String, from: &str, to: &str) -> Option<AttributeFilter> {
    let bound = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (to, unit) = with_unit(to);
    let (from, to) = (bound(from), bound(to));
    let day = |text: &String| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() && text.len() == 10;
    let given: Vec<&String> = from.iter().chain(&to).collect();
    if given.is_empty() {
        return None;
    }
    if unit.is_none() && given.iter().all(|text| day(text)) {
        return Some(AttributeFilter::Date { key, from, to });
    }
    let number = |text: Option<String>| text.map(|text| parse_decimal(&text)).transpose().ok();
    Some(AttributeFilter::Number { key, from: number(from)?, to: number(to)?, unit })
}

/// What stands before a unit's code (Rec 20: two or three capital letters and digits), and the code.
fn with_unit(text: &str) -> (&str, Option<String>) {
    let code = |unit: &&str| {
        (2..=3).contains(&unit.len()) && unit.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    match text.rsplit_once(' ').filter(|(_, unit)| code(unit)) {
        Some((value, unit)) => (value, Some(unit.to_owned())),
        None => (text, None),
    }
}

/// The attributes of products that hold this value: as a text or the key of a choice, as yes or no, or as a number.
fn holding(key: &str, value: &str) -> Vec<Value> {
    let mut objects = vec![json!({key: value})];
    match value {
        "true" | "yes" => objects.push(json!({key: true})),
        "false" | "no" => objects.push(json!({key: false})),
        _ => {}
    }
    let (number, unit) = with_unit(value);
    if let Ok(number) = parse_decimal(number) {
        let number = number.normalize().to_string();
        objects.push(match unit {
            Some(unit) => json!({key: {"value": number, "unit": unit}}),
            None => json!({key: {"value": number}}),
        });
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Asked, String> {
        CatalogueQuery::parse(query)
            .and_then(|query| query.asked(&["ru-RU".to_owned()]))
            .map_err(|refusal| refusal.detail)
    }

    #[test]
    fn attributes_are_values_or_ranges_and_come_several_times() {
        let found =
            asked("attribute=colour%3Ared,blue&attribute=length:2.50..&q=bolt&attribute=made:2026-01-01..2026-02-01")
                .unwrap();
        assert_eq!(
            found.search.attributes,
            [
                AttributeFilter::OneOf(vec![json!({"colour": "red"}), json!({"colour": "blue"})]),
                AttributeFilter::Number {
                    key: "length".into(),
                    from: Some("2.50".parse().unwrap()),
                    to: None,
                    unit: None
                },
                AttributeFilter::Date {
                    key: "made".into(),
                    from: Some("2026-01-01".into()),
                    to: Some("2026-02-01".into())
                },
            ]
        );
        let number = asked("attribute=length:12.0").unwrap().search.attributes;
        assert_eq!(
            number,
            [AttributeFilter::OneOf(vec![json!({"length": "12.0"}), json!({"length": {"value": "12"}})])]
        );
        let unit = asked("attribute=length:2.0%20MTR&attribute=length:..5%2023").unwrap().search.attributes;
        assert_eq!(
            unit,
            [
                AttributeFilter::OneOf(vec![
                    json!({"length": "2.0 MTR"}),
                    json!({"length": {"value": "2", "unit": "MTR"}})
                ]),
                AttributeFilter::Number {
                    key: "length".into(),
                    from: None,
                    to: Some("5".parse().unwrap()),
                    unit: Some("23".into())
                },
            ]
        );
        for odd in ["colour", "colour:", "Colour:red", ":red", "length:..", "length:a..b"] {
            assert!(asked(&format!("attribute={odd}")).is_err(), "{odd}");
        }
    }

    #[test]
    fn what_is_best_comes_first_where_words_are_given() {
        assert_eq!(asked("q=bolt").unwrap().search.sort, Sort::Relevance);
        assert_eq!(asked("").unwrap().search.sort, Sort::Published);
        assert_eq!(asked("sort=name").unwrap().search.sort, Sort::NameRu);
        assert!(asked("sort=size").unwrap_err().contains("size"));
        assert!(asked("colour=red").unwrap_err().contains("colour"));
    }
}
