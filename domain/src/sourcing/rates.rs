//! What currencies are worth in the one in which quotes are compared, as the buyer says.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, Money};

/// The most currencies of a request.
pub const MAX_CURRENCIES: usize = 10;

const MOST_DECIMALS: u32 = 10;
const LARGEST_RATE: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// What [`Money`] does not hold any more: a thousand million million.
const LARGEST_AMOUNT: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// A rate as it is sent in: one of `currency` is worth `rate` of the currency of comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateInput {
    pub currency: String,
    pub rate: String,
}

/// The currencies in which may be quoted, each with its rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// That of comparison first, whose rate is 1.
    rates: Vec<(Currency, Decimal)>,
}

impl Rates {
    /// `currencies` are those in which may be quoted, the one of comparison first; each other one needs a rate. Notes all faults, with
    /// pointers below `/currencies` and `/rates`.
    pub(super) fn check(
        currencies: &[String],
        inputs: &[RateInput],
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Self> {
        let before = faults.0.len();
        let at = format!("{pointer}/currencies");
        if !(1..=MAX_CURRENCIES).contains(&currencies.len()) {
            faults.add(at, "out_of_range", format!("There are 1 to {MAX_CURRENCIES} currencies."));
            return None;
        }
        let mut allowed: Vec<Currency> = Vec::new();
        for (index, code) in currencies.iter().enumerate() {
            let Some(currency) = faults.keep(format!("{at}/{index}"), Currency::parse(code)) else { continue };
            if allowed.contains(&currency) {
                faults.add(format!("{at}/{index}"), "twice", format!("{currency} is there already."));
            }
            allowed.push(currency);
        }
        if faults.0.len() > before {
            return None;
        }
        let given = check_rates(&allowed, inputs, &format!("{pointer}/rates"), faults);
        let rate = |currency: &Currency| given.iter().find(|(given, _)| given == currency).copied();
        for missing in allowed.iter().skip(1).filter(|currency| rate(currency).is_none()) {
            let is_told = inputs.iter().any(|input| input.currency == missing.code());
            if !is_told {
                faults.add(format!("{pointer}/rates"), "required", format!("The rate of {missing} is missing."));
            }
        }
        let one = (allowed[0], Decimal::ONE);
        let rates = std::iter::once(one).chain(allowed.iter().skip(1).filter_map(rate)).collect();
        (faults.0.len() == before).then_some(Self { rates })
    }

    /// The currency in which quotes are compared.
    pub fn comparison(&self) -> Currency {
        self.rates[0].0
    }

    /// How much of the currency of comparison one of this is worth. Refuses a currency in which may not be quoted.
    pub fn rate(&self, currency: Currency) -> Result<Decimal, Invalid> {
        let known = self.rates.iter().find(|(known, _)| *known == currency).map(|(_, rate)| *rate);
        known.ok_or_else(|| {
            let codes: Vec<&str> = self.currencies().map(Currency::code).collect();
            Invalid::new("currency_mismatch", format!("Quotes are in {}, not in {currency}.", codes.join(", ")))
        })
    }

    /// In the currency of comparison, rounded once, half to even. Refuses other currencies, and amounts beyond the range of [`Money`].
    pub fn convert(&self, money: Money) -> Result<Money, Invalid> {
        self.rounded(money.amount(), self.rate(money.currency())?)
    }

    /// `amount × factor` in the currency of comparison, rounded once, half to even.
    pub(super) fn rounded(&self, amount: Decimal, factor: Decimal) -> Result<Money, Invalid> {
        let product = amount.checked_mul(factor).filter(|product| product.abs() < LARGEST_AMOUNT);
        let too_large = || Invalid::new("out_of_range", "The amount is too large to be compared.");
        product.map(|product| Money::rounded(product, self.comparison())).ok_or_else(too_large)
    }

    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.rates.iter().map(|(currency, _)| *currency)
    }

    /// The currencies and rates as if they were sent in anew.
    pub fn inputs(&self) -> (Vec<String>, Vec<RateInput>) {
        let currencies = self.currencies().map(|currency| currency.code().to_owned()).collect();
        let rate = |(currency, rate): &(Currency, Decimal)| RateInput {
            currency: currency.code().to_owned(),
            rate: rate.to_string(),
        };
        (currencies, self.rates.iter().skip(1).map(rate).collect())
    }
}

fn check_rates(
    allowed: &[Currency],
    inputs: &[RateInput],
    pointer: &str,
    faults: &mut Faults,
) -> Vec<(Currency, Decimal)> {
    let mut given: Vec<(Currency, Decimal)> = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let at = |name: &str| format!("{pointer}/{index}/{name}");
        let currency = faults.keep(at("currency"), Currency::parse(&input.currency));
        let rate = faults.keep(at("rate"), parse_decimal(&input.rate).and_then(check_rate));
        let Some(currency) = currency else { continue };
        if !allowed[1..].contains(&currency) {
            let detail = if currency == allowed[0] { "Its rate is 1." } else { "Nobody may quote in it." };
            faults.add(at("currency"), "not_taken", detail);
        } else if given.iter().any(|(known, _)| *known == currency) {
            faults.add(at("currency"), "twice", format!("The rate of {currency} is there already."));
        } else {
            given.extend(rate.map(|rate| (currency, rate)));
        }
    }
    given
}

fn check_rate(rate: Decimal) -> Result<Decimal, Invalid> {
    if rate <= Decimal::ZERO {
        return Err(Invalid::new("not_positive", "A rate is more than zero."));
    }
    if rate.normalize().scale() > MOST_DECIMALS {
        return Err(Invalid::new("too_precise", format!("A rate has at most {MOST_DECIMALS} decimals.")));
    }
    if rate > LARGEST_RATE {
        return Err(Invalid::new("out_of_range", format!("A rate is at most {LARGEST_RATE}.")));
    }
    Ok(rate.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(currencies: &[&str], rates: &[(&str, &str)]) -> Result<Rates, Vec<String>> {
        let currencies: Vec<String> = currencies.iter().map(ToString::to_string).collect();
        let input = |(currency, rate): &(&str, &str)| RateInput { currency: (*currency).into(), rate: (*rate).into() };
        let inputs: Vec<RateInput> = rates.iter().map(input).collect();
        let mut faults = Faults::default();
        let checked = Rates::check(&currencies, &inputs, "", &mut faults);
        checked.ok_or(faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect())
    }

    fn money(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap()).unwrap()
    }

    #[test]
    fn amounts_are_rounded_once_and_half_to_even() {
        let rates = check(&["EUR", "JPY", "USD"], &[("JPY", "0.0065"), ("USD", "0.5")]).unwrap();
        assert_eq!(rates.convert(money("12.34", "EUR")), Ok(money("12.34", "EUR")));
        assert_eq!(rates.convert(money("1000", "JPY")), Ok(money("6.50", "EUR")));
        assert_eq!(rates.convert(money("0.05", "USD")), Ok(money("0.02", "EUR")));
        assert_eq!(rates.convert(money("0.07", "USD")), Ok(money("0.04", "EUR")));
        assert_eq!(rates.convert(money("1", "RUB")).unwrap_err().code, "currency_mismatch");
    }

    #[test]
    fn what_cannot_be_money_is_not_compared() {
        assert!(Money::new(LARGEST_AMOUNT, Currency::parse("EUR").unwrap()).is_err());
        assert!(Money::new(LARGEST_AMOUNT - Decimal::ONE, Currency::parse("EUR").unwrap()).is_ok());
    }

    #[test]
    fn every_currency_but_that_of_comparison_needs_a_rate() {
        assert!(check(&["EUR"], &[]).is_ok());
        assert_eq!(check(&["EUR", "USD"], &[]), Err(vec!["/rates required".into()]));
        assert_eq!(check(&["EUR"], &[("EUR", "1")]), Err(vec!["/rates/0/currency not_taken".into()]));
        assert_eq!(check(&["EUR"], &[("USD", "1")]), Err(vec!["/rates/0/currency not_taken".into()]));
        assert_eq!(check(&["EUR", "EUR"], &[]), Err(vec!["/currencies/1 twice".into()]));
        assert_eq!(check(&[], &[]), Err(vec!["/currencies out_of_range".into()]));
    }

    #[test]
    fn rates_are_sensible() {
        for (rate, code) in [
            ("0", "not_positive"),
            ("-1", "not_positive"),
            ("0.00000000001", "too_precise"),
            ("1000000001", "out_of_range"),
            ("1e3", "decimal"),
        ] {
            assert_eq!(check(&["EUR", "USD"], &[("USD", rate)]), Err(vec![format!("/rates/0/rate {code}")]), "{rate}");
        }
        let huge = check(&["EUR", "USD"], &[("USD", "1000000000")]).unwrap();
        assert_eq!(huge.convert(money("1000000.00", "USD")).unwrap_err().code, "out_of_range");
    }

    #[test]
    fn what_was_checked_can_be_sent_in_again() {
        let rates = check(&["EUR", "USD"], &[("USD", "0.92")]).unwrap();
        let (currencies, inputs) = rates.inputs();
        assert_eq!(Rates::check(&currencies, &inputs, "", &mut Faults::default()), Some(rates));
    }
}
