//! By what quotes are judged, and how much each of it counts.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::catalogue::attribute::check_key;
use crate::catalogue::tax::check_percent;
use crate::kernel::Faults;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;

/// The most criteria of a request.
pub const MAX_CRITERIA: usize = 20;

const LONGEST_NAME: usize = 200;

/// How a quote gets its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    /// From its total.
    Price,
    /// From the line that takes longest.
    LeadTime,
    /// From the buyer, 0 to 100.
    Score,
}

impl CriterionKind {
    pub const ALL: [Self; 3] = [Self::Price, Self::LeadTime, Self::Score];

    pub fn code(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::LeadTime => "lead_time",
            Self::Score => "score",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| Invalid::new("kind", format!("`{code}` is not one of price, lead_time and score.")))
    }
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// What scores refer to; `price` and `lead_time` are those two.
    pub key: String,
    pub kind: CriterionKind,
    /// Empty for price and lead time.
    pub names: Texts,
    /// In percent; all weights together are 100.
    pub weight: Decimal,
}

/// A criterion as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionInput {
    pub kind: String,
    /// Needed for scores, not taken for the others.
    pub key: Option<String>,
    pub names: Texts,
    pub weight: String,
}

impl Criterion {
    /// The lowest price wins.
    pub fn price_alone() -> Self {
        let kind = CriterionKind::Price;
        Self { key: kind.code().to_owned(), kind, names: Texts::new(), weight: Decimal::ONE_HUNDRED }
    }

    /// The criterion as if it were sent in anew.
    pub fn input(&self) -> CriterionInput {
        let key = Some(self.key.clone()).filter(|_| self.kind == CriterionKind::Score);
        CriterionInput {
            kind: self.kind.code().to_owned(),
            key,
            names: self.names.clone(),
            weight: self.weight.to_string(),
        }
    }
}

/// Checks all criteria; none at all are the price alone. Notes all faults with pointers that begin with `pointer`.
pub(super) fn check_criteria(inputs: &[CriterionInput], pointer: &str, faults: &mut Faults) -> Option<Vec<Criterion>> {
    let before = faults.0.len();
    if inputs.is_empty() {
        return Some(vec![Criterion::price_alone()]);
    }
    if inputs.len() > MAX_CRITERIA {
        faults.add(pointer, "too_many", format!("There are at most {MAX_CRITERIA} criteria."));
        return None;
    }
    let mut keys = BTreeSet::new();
    let mut criteria = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let at = format!("{pointer}/{index}");
        let Some(criterion) = input.check(&at, faults) else { continue };
        if !keys.insert(criterion.key.clone()) {
            faults.add(at, "twice", format!("There is a criterion `{}` already.", criterion.key));
        }
        criteria.push(criterion);
    }
    let sum: Decimal = criteria.iter().map(|criterion| criterion.weight).sum();
    if faults.0.len() == before && sum != Decimal::ONE_HUNDRED {
        faults.add(pointer, "sum", format!("The weights are {} together, not 100.", sum.normalize()));
    }
    (faults.0.len() == before).then_some(criteria)
}

impl CriterionInput {
    fn check(&self, pointer: &str, faults: &mut Faults) -> Option<Criterion> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        let kind = faults.keep(at("kind"), CriterionKind::parse(&self.kind));
        let weight = faults.keep(at("weight"), parse_decimal(&self.weight).and_then(check_weight));
        let kind = kind?;
        let key = match (&self.key, kind) {
            (Some(key), CriterionKind::Score) => faults.keep(at("key"), check_score_key(key)),
            (None, CriterionKind::Score) => {
                faults.add(at("key"), "required", "A criterion that the buyer scores needs a key.");
                None
            }
            (Some(_), _) => {
                faults.add(at("key"), "not_taken", "Only what the buyer scores has a key of its own.");
                None
            }
            (None, kind) => Some(kind.code().to_owned()),
        };
        match kind {
            CriterionKind::Score => {
                faults.keep(at("name"), check_texts(&self.names, LONGEST_NAME));
            }
            _ if !self.names.is_empty() => faults.add(at("name"), "not_taken", "Price and lead time have their names."),
            _ => {}
        }
        let criterion = Criterion { key: key?, kind, names: self.names.clone(), weight: weight? };
        (faults.0.len() == before).then_some(criterion)
    }
}

fn check_weight(weight: Decimal) -> Result<Decimal, Invalid> {
    let weight = check_percent(weight)?;
    if weight.is_zero() {
        return Err(Invalid::new("not_positive", "What counts for nothing is no criterion."));
    }
    Ok(weight.normalize())
}

fn check_score_key(key: &str) -> Result<String, Invalid> {
    check_key(key)?;
    if CriterionKind::ALL.iter().any(|kind| kind.code() == key) {
        return Err(Invalid::new("reserved", format!("`{key}` is a kind of criterion.")));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: &str, key: Option<&str>, weight: &str) -> CriterionInput {
        let names = key.map(|_| ("en".to_owned(), "Quality".to_owned())).into_iter().collect();
        CriterionInput { kind: kind.into(), key: key.map(String::from), names, weight: weight.into() }
    }

    fn faults(inputs: &[CriterionInput]) -> Vec<String> {
        let mut faults = Faults::default();
        let checked = check_criteria(inputs, "", &mut faults);
        assert_eq!(checked.is_none(), !faults.0.is_empty());
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn nothing_said_is_the_price_alone() {
        let mut faults = Faults::default();
        assert_eq!(check_criteria(&[], "", &mut faults), Some(vec![Criterion::price_alone()]));
    }

    #[test]
    fn weights_are_a_hundred_together() {
        let price = input("price", None, "60");
        assert!(
            faults(&[price.clone(), input("lead_time", None, "15.5"), input("score", Some("q"), "24.5")]).is_empty()
        );
        assert_eq!(faults(&[price.clone(), input("score", Some("q"), "39.99")]), [" sum"]);
        assert_eq!(faults(&[price, input("score", Some("q"), "0")]), ["/1/weight not_positive"]);
    }

    #[test]
    fn each_criterion_is_there_once_and_scores_have_keys() {
        let price = input("price", None, "50");
        assert_eq!(faults(&[price.clone(), price.clone()]), ["/1 twice"]);
        assert_eq!(faults(&[price.clone(), input("score", None, "50")]), ["/1/key required", "/1/name required"]);
        assert_eq!(faults(&[price.clone(), input("score", Some("price"), "50")]), ["/1/key reserved"]);
        assert_eq!(faults(&[price, input("lead_time", Some("x"), "50")]), ["/1/key not_taken", "/1/name not_taken"]);
        assert_eq!(faults(&[input("colour", None, "x")]), ["/0/kind kind", "/0/weight decimal"]);
    }

    #[test]
    fn what_was_checked_can_be_sent_in_again() {
        let inputs = [input("price", None, "60"), input("score", Some("q"), "40")];
        let mut faults = Faults::default();
        let checked = check_criteria(&inputs, "", &mut faults).unwrap();
        assert_eq!(checked.iter().map(Criterion::input).collect::<Vec<_>>(), inputs);
    }
}
