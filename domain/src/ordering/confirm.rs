//! The seller's answer to a placed order.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::OrderStep;
use super::line::is_multiple;
use crate::catalogue::tax::check_percent;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Findings, Kind, Money, OrderLineId, Refusal, UnitPrice};

/// Who bears the freight of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreightTerms {
    /// The prices include it.
    Included,
    /// The seller may add it at confirmation; if the buyer set a limit, up to that, for each seller's order.
    Added { limit: Option<Money> },
}

impl FreightTerms {
    /// Terms after their code; a limit only goes with `added`, in the order's currency, and is not negative.
    pub fn parse(code: &str, limit: Option<Money>, currency: Currency) -> Result<Self, Invalid> {
        match (code, limit) {
            ("included", None) => Ok(Self::Included),
            ("included", Some(_)) => Err(Invalid::new("freight_limit", "Freight that is included has no limit.")),
            ("added", Some(limit)) if limit.amount() < Decimal::ZERO => {
                Err(Invalid::new("negative", "A limit is not negative."))
            }
            ("added", Some(limit)) if limit.currency() != currency => {
                Err(Invalid::new("currency_mismatch", format!("The order is in {currency}.")))
            }
            ("added", limit) => Ok(Self::Added { limit }),
            _ => Err(Invalid::new("freight_terms", format!("`{code}` is neither `included` nor `added`."))),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Added { .. } => "added",
        }
    }
}

/// A line of the placed order.
#[derive(Debug, Clone, Copy)]
pub struct OrderedLine {
    pub id: OrderLineId,
    pub quantity: Decimal,
    pub order_multiple: Decimal,
    pub unit_price: UnitPrice,
}

/// What the seller says to one line; what is left out means the full quantity without discount.
#[derive(Debug, Clone, Copy)]
pub struct LineConfirmation {
    pub line: OrderLineId,
    pub quantity: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
}

/// The seller's confirmation; lines that are not named are confirmed in full.
#[derive(Debug, Clone, Default)]
pub struct Confirmation {
    pub lines: Vec<LineConfirmation>,
    pub freight: Option<Money>,
}

/// A line as it was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmedLine {
    pub id: OrderLineId,
    pub quantity: Decimal,
    /// What of the reserved stock is given back.
    pub released: Decimal,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    /// Price × quantity × (1 − discount / 100), rounded once, half to even.
    pub amount: Money,
}

/// What the confirmation leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// [`OrderStep::Confirm`] or [`OrderStep::ConfirmPartly`].
    pub step: OrderStep,
    /// All lines in the order of the order, those confirmed with zero, too.
    pub lines: Vec<ConfirmedLine>,
    /// More than zero, or none.
    pub freight: Option<Money>,
    /// Lines and freight, without tax.
    pub total: Money,
}

/// Checks a confirmation against the order and works out its outcome. All faults are told at once, with pointers such
/// as `/lines/1/quantity` (places in the confirmation) and `/freight`.
pub fn confirm(
    ordered: &[OrderedLine],
    freight_terms: FreightTerms,
    currency: Currency,
    confirmation: &Confirmation,
) -> Result<Confirmed, Refusal> {
    let mut findings = Findings::default();
    let answers = answers_by_line(ordered, &confirmation.lines, &mut findings);
    let lines: Vec<ConfirmedLine> =
        ordered.iter().filter_map(|line| confirm_line(line, answers.get(&line.id).copied(), &mut findings)).collect();
    if lines.len() == ordered.len() && lines.iter().all(|line| line.quantity.is_zero()) {
        let detail = "Nothing would be confirmed: decline the order instead.";
        findings.add(Kind::InvalidInput, "/lines", "nothing_confirmed", detail);
    }
    let freight = check_freight(confirmation.freight, freight_terms, currency, &mut findings);
    let sum = lines.iter().map(|line| line.amount).chain(freight).map(Money::amount).sum();
    findings.result()?;
    let total = Money::new(sum, currency).map_err(|invalid| invalid.at(""))?;
    let step =
        if lines.iter().all(|line| line.released.is_zero()) { OrderStep::Confirm } else { OrderStep::ConfirmPartly };
    Ok(Confirmed { step, lines, freight, total })
}

/// The seller's answers with their places, by the line they speak of.
fn answers_by_line<'a>(
    ordered: &[OrderedLine],
    answers: &'a [LineConfirmation],
    findings: &mut Findings,
) -> HashMap<OrderLineId, (usize, &'a LineConfirmation)> {
    let mut by_line = HashMap::new();
    for (index, answer) in answers.iter().enumerate() {
        let pointer = format!("/lines/{index}/line");
        if !ordered.iter().any(|line| line.id == answer.line) {
            findings.add(Kind::InvalidInput, pointer, "unknown_line", "The order has no such line.");
        } else if by_line.insert(answer.line, (index, answer)).is_some() {
            findings.add(Kind::InvalidInput, pointer, "repeated", "The line was named before.");
        }
    }
    by_line
}

fn confirm_line(
    line: &OrderedLine,
    answer: Option<(usize, &LineConfirmation)>,
    findings: &mut Findings,
) -> Option<ConfirmedLine> {
    let pointer = answer.map(|(index, _)| format!("/lines/{index}")).unwrap_or_default();
    let quantity = answer.and_then(|(_, answer)| answer.quantity).unwrap_or(line.quantity);
    let discount = answer.and_then(|(_, answer)| answer.discount_percent).unwrap_or(Decimal::ZERO);
    let quantity = findings.keep(format!("{pointer}/quantity"), check_confirmed(line, quantity));
    let discount = findings.keep(format!("{pointer}/discount_percent"), check_percent(discount));
    let (quantity, discount_percent) = (quantity?, discount?);
    let amount = findings.keep(pointer, line.unit_price.line_amount(quantity, discount_percent))?;
    Some(ConfirmedLine {
        id: line.id,
        quantity,
        released: line.quantity - quantity,
        unit_price: line.unit_price,
        discount_percent,
        amount,
    })
}

/// All of it, none of it, or a multiple in between. The minimum of order does not bind the seller.
fn check_confirmed(line: &OrderedLine, quantity: Decimal) -> Result<Decimal, Invalid> {
    check_quantity(quantity)?;
    if quantity > line.quantity {
        let ordered = line.quantity.normalize();
        return Err(Invalid::new("above_ordered", format!("Only {ordered} were ordered.")));
    }
    if quantity != line.quantity && !is_multiple(quantity, line.order_multiple) {
        let multiple = line.order_multiple.normalize();
        return Err(Invalid::new("not_a_multiple", format!("It is ordered in multiples of {multiple}.")));
    }
    Ok(quantity)
}

fn check_freight(
    freight: Option<Money>,
    terms: FreightTerms,
    currency: Currency,
    findings: &mut Findings,
) -> Option<Money> {
    let freight = freight.filter(|freight| !freight.amount().is_zero())?;
    let (kind, code, detail) = match terms {
        _ if freight.currency() != currency => {
            (Kind::CurrencyMismatch, "currency_mismatch", format!("The order is in {currency}."))
        }
        _ if freight.amount() < Decimal::ZERO => (Kind::InvalidInput, "negative", "Freight is not negative.".into()),
        FreightTerms::Included => {
            (Kind::InvalidInput, "freight_included", "The prices of the order include the freight.".into())
        }
        FreightTerms::Added { limit: Some(limit) } if freight.amount() > limit.amount() => {
            (Kind::InvalidInput, "above_limit", format!("The buyer accepts freight up to {}.", limit.amount()))
        }
        FreightTerms::Added { .. } => return Some(freight),
    };
    findings.add(kind, "/freight", code, detail);
    None
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn money(amount: &str) -> Money {
        Money::new(dec(amount), eur()).unwrap()
    }

    fn id(n: u128) -> OrderLineId {
        OrderLineId(Uuid::from_u128(n))
    }

    /// 12 at 7.70 in multiples of 3; 10 at 0.125 in multiples of 1.
    fn ordered() -> Vec<OrderedLine> {
        let line = |n, quantity: &str, multiple: &str, price: &str| OrderedLine {
            id: id(n),
            quantity: dec(quantity),
            order_multiple: dec(multiple),
            unit_price: UnitPrice::new(dec(price), eur()).unwrap(),
        };
        vec![line(1, "12", "3", "7.70"), line(2, "10", "1", "0.125")]
    }

    fn answer(n: u128, quantity: Option<&str>, discount: Option<&str>) -> LineConfirmation {
        LineConfirmation { line: id(n), quantity: quantity.map(dec), discount_percent: discount.map(dec) }
    }

    fn run(terms: FreightTerms, lines: &[LineConfirmation], freight: Option<&str>) -> Result<Confirmed, Refusal> {
        let confirmation = Confirmation { lines: lines.to_vec(), freight: freight.map(money) };
        confirm(&ordered(), terms, eur(), &confirmation)
    }

    fn faults(result: Result<Confirmed, Refusal>) -> Vec<(String, &'static str)> {
        result.unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn nothing_said_confirms_everything() {
        let confirmed = run(FreightTerms::Included, &[], None).unwrap();
        assert_eq!(confirmed.step, OrderStep::Confirm);
        assert_eq!(confirmed.total, money("93.65"));
        assert!(confirmed.lines.iter().all(|line| line.released.is_zero()));
    }

    #[test]
    fn a_discount_lowers_the_line_and_freight_is_added() {
        let terms = FreightTerms::Added { limit: Some(money("32.38")) };
        let confirmed = run(terms, &[answer(1, None, Some("15"))], Some("32.38")).unwrap();
        assert_eq!(confirmed.lines[0].amount, money("78.54"));
        assert_eq!(confirmed.step, OrderStep::Confirm);
        assert_eq!(confirmed.total, money("112.17"));
    }

    #[test]
    fn what_is_not_confirmed_is_released() {
        let confirmed =
            run(FreightTerms::Included, &[answer(1, Some("9"), None), answer(2, Some("0"), None)], None).unwrap();
        let released: Vec<_> = confirmed.lines.iter().map(|line| line.released.to_string()).collect();
        assert_eq!((confirmed.step, released), (OrderStep::ConfirmPartly, vec!["3".to_owned(), "10".to_owned()]));
        assert_eq!(confirmed.total, money("69.30"));
    }

    #[test]
    fn confirming_nothing_at_all_is_refused() {
        let none = [answer(1, Some("0"), None), answer(2, Some("0"), None)];
        assert_eq!(faults(run(FreightTerms::Included, &none, None)), [("/lines".to_owned(), "nothing_confirmed")]);
    }

    #[test]
    fn all_faults_are_told_with_their_places() {
        let answers = [
            answer(2, Some("11"), Some("100.5")),
            answer(1, Some("10"), Some("-1")),
            answer(3, None, None),
            answer(2, Some("-1"), None),
        ];
        let expected = [
            ("/lines/2/line", "unknown_line"),
            ("/lines/3/line", "repeated"),
            ("/lines/1/quantity", "not_a_multiple"),
            ("/lines/1/discount_percent", "out_of_range"),
            ("/lines/3/quantity", "negative"),
            ("/freight", "freight_included"),
        ];
        let found = faults(run(FreightTerms::Included, &answers, Some("1")));
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        assert_eq!(faults(run(FreightTerms::Included, &answers[..1], None))[0].1, "above_ordered");
    }

    #[test]
    fn freight_keeps_to_the_terms() {
        let limited = FreightTerms::Added { limit: Some(money("10")) };
        let free = FreightTerms::Added { limit: None };
        assert_eq!(faults(run(limited, &[], Some("10.01"))), [("/freight".to_owned(), "above_limit")]);
        assert_eq!(faults(run(free, &[], Some("-1"))), [("/freight".to_owned(), "negative")]);
        assert_eq!(run(free, &[], Some("1000")).unwrap().freight, Some(money("1000")));
        assert_eq!(run(FreightTerms::Included, &[], Some("0")).unwrap().freight, None);
        let dollars = Money::new(Decimal::ONE, Currency::parse("USD").unwrap()).unwrap();
        let confirmation = Confirmation { lines: Vec::new(), freight: Some(dollars) };
        assert_eq!(confirm(&ordered(), free, eur(), &confirmation).unwrap_err().kind, Kind::CurrencyMismatch);
    }

    #[test]
    fn freight_terms_are_read_with_their_limit() {
        let parse = |code, limit: Option<&str>, currency| FreightTerms::parse(code, limit.map(money), currency);
        let code = |code, limit| parse(code, limit, eur()).map_err(|invalid| invalid.code);
        assert_eq!(code("included", None), Ok(FreightTerms::Included));
        assert_eq!(code("added", Some("5")), Ok(FreightTerms::Added { limit: Some(money("5")) }));
        assert_eq!(code("included", Some("5")), Err("freight_limit"));
        assert_eq!(code("added", Some("-5")), Err("negative"));
        assert_eq!(code("free", None), Err("freight_terms"));
        assert_eq!(parse("added", Some("5"), Currency::parse("USD").unwrap()).unwrap_err().code, "currency_mismatch");
    }
}
