//! The seller's answer to a placed order.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::OrderStep;
use super::line::is_multiple;
use crate::catalogue::pack::share;
use crate::catalogue::tax::check_percent;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Date, Findings, Kind, Money, OrderLineId, Refusal, UnitPrice};

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

/// What becomes of that which the seller cannot confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// It is not wanted any more; its stock is free again.
    Release,
    /// It stays open as an order of its own, if the seller says when it is expected.
    Backorder,
    /// Less than ordered is a change that the buyer has to accept.
    Ask,
}

impl Shortage {
    pub const ALL: [Self; 3] = [Self::Release, Self::Backorder, Self::Ask];

    pub fn code(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Backorder => "backorder",
            Self::Ask => "ask",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.code() == code);
        found.ok_or_else(|| Invalid::new("shortage", format!("`{code}` is none of `release`, `backorder`, `ask`.")))
    }
}

/// What the buyer said about the whole order.
#[derive(Debug, Clone, Copy)]
pub struct OrderTerms {
    pub currency: Currency,
    pub freight: FreightTerms,
    pub shortage: Shortage,
    pub requested_date: Option<Date>,
}

/// A line of the placed order.
#[derive(Debug, Clone, Copy)]
pub struct OrderedLine {
    pub id: OrderLineId,
    pub quantity: Decimal,
    /// The same in the base unit.
    pub base_quantity: Decimal,
    /// In the base unit.
    pub order_multiple: Decimal,
    pub unit_price: UnitPrice,
    /// When this line is wanted, if not when the order is.
    pub requested_date: Option<Date>,
}

/// What the seller says to one line; what is left out means the full quantity at the ordered price without discount.
#[derive(Debug, Clone, Copy)]
pub struct LineConfirmation {
    pub line: OrderLineId,
    pub quantity: Option<Decimal>,
    pub unit_price: Option<UnitPrice>,
    pub discount_percent: Option<Decimal>,
}

/// The seller's confirmation; lines that are not named are confirmed in full.
#[derive(Debug, Clone, Default)]
pub struct Confirmation {
    pub lines: Vec<LineConfirmation>,
    pub freight: Option<Money>,
    /// When it will be delivered, where that is not as requested.
    pub delivery_date: Option<Date>,
    /// When the rest is expected, to be kept as a backorder.
    pub expected_date: Option<Date>,
}

/// A line as it was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmedLine {
    pub id: OrderLineId,
    pub quantity: Decimal,
    /// What of the ordered quantity is not confirmed.
    pub rest: Decimal,
    /// What of the rest stays open as a backorder.
    pub backorder: Decimal,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    /// Price × quantity × (1 − discount / 100), rounded once, half to even.
    pub amount: Money,
}

/// Something the buyer has to accept before it binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A higher price.
    Price(OrderLineId),
    /// More than was ordered, or less where the buyer wants to be asked.
    Quantity(OrderLineId),
    /// Another day than the requested one.
    Date,
}

/// What the confirmation leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// [`OrderStep::Confirm`] or [`OrderStep::ConfirmPartly`], once it binds.
    pub step: OrderStep,
    /// All lines in the order of the order, those confirmed with zero, too.
    pub lines: Vec<ConfirmedLine>,
    /// More than zero, or none.
    pub freight: Option<Money>,
    /// Lines and freight, without tax.
    pub total: Money,
    /// When it will be delivered, if the seller says so; otherwise as requested.
    pub delivery_date: Option<Date>,
    /// When the backorder is expected, if there is one.
    pub expected_date: Option<Date>,
    /// Without changes it binds at once. What is better for the buyer (a discount, a lower price) is none.
    pub changes: Vec<Change>,
}

/// Checks a confirmation against the order and works out its outcome. All faults are told at once, with pointers such
/// as `/lines/1/quantity` (places in the confirmation) and `/freight`.
pub fn confirm(
    ordered: &[OrderedLine],
    terms: &OrderTerms,
    confirmation: &Confirmation,
    today: Date,
) -> Result<Confirmed, Refusal> {
    let mut findings = Findings::default();
    let answers = answers_by_line(ordered, &confirmation.lines, &mut findings);
    let mut lines: Vec<ConfirmedLine> =
        ordered.iter().filter_map(|line| confirm_line(line, answers.get(&line.id).copied(), &mut findings)).collect();
    if lines.len() == ordered.len() && lines.iter().all(|line| line.quantity.is_zero()) {
        let detail = "Nothing would be confirmed: decline the order instead.";
        findings.add(Kind::InvalidInput, "/lines", "nothing_confirmed", detail);
    }
    check_dates(&lines, terms, confirmation, today, &mut findings);
    let freight = check_freight(confirmation.freight, terms.freight, terms.currency, &mut findings);
    let sum = lines.iter().map(|line| line.amount).chain(freight).map(Money::amount).sum();
    findings.result()?;
    let total = Money::new(sum, terms.currency).map_err(|invalid| invalid.at(""))?;
    if confirmation.expected_date.is_some() {
        lines.iter_mut().for_each(|line| line.backorder = line.rest);
    }
    Ok(Confirmed {
        step: step_of(&lines),
        freight,
        total,
        delivery_date: confirmation.delivery_date,
        expected_date: confirmation.expected_date,
        changes: changes(ordered, &lines, terms, confirmation),
        lines,
    })
}

/// What of an ordered quantity is not confirmed.
pub fn rest(ordered: Decimal, confirmed: Decimal) -> Decimal {
    (ordered - confirmed).max(Decimal::ZERO)
}

/// What it means for the order that its lines are confirmed like this.
pub fn step_of(lines: &[ConfirmedLine]) -> OrderStep {
    if lines.iter().all(|line| line.rest.is_zero()) { OrderStep::Confirm } else { OrderStep::ConfirmPartly }
}

/// What of it the buyer has to accept. Prices are compared with their discounts.
fn changes(
    ordered: &[OrderedLine],
    lines: &[ConfirmedLine],
    terms: &OrderTerms,
    confirmation: &Confirmation,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (before, line) in ordered.iter().zip(lines) {
        let share = (Decimal::ONE_HUNDRED - line.discount_percent) / Decimal::ONE_HUNDRED;
        if line.unit_price.amount() * share > before.unit_price.amount() {
            changes.push(Change::Price(line.id));
        }
        if line.quantity > before.quantity || (terms.shortage == Shortage::Ask && !line.rest.is_zero()) {
            changes.push(Change::Quantity(line.id));
        }
    }
    // Each confirmed line has a day on which it is wanted, its own or the order's.
    let delivered = ordered.iter().zip(lines).filter(|(_, line)| !line.quantity.is_zero());
    let mut wanted = delivered.filter_map(|(before, _)| before.requested_date.or(terms.requested_date));
    if confirmation.delivery_date.is_some_and(|date| wanted.any(|wanted| wanted != date)) {
        changes.push(Change::Date);
    }
    changes
}

fn check_dates(
    lines: &[ConfirmedLine],
    terms: &OrderTerms,
    confirmation: &Confirmation,
    today: Date,
    findings: &mut Findings,
) {
    let past = |date: Option<Date>| date.is_some_and(|date| date < today);
    if past(confirmation.delivery_date) {
        findings.add(Kind::InvalidInput, "/delivery_date", "in_past", "It cannot be delivered in the past.");
    }
    let Some(expected) = confirmation.expected_date else { return };
    let (code, detail) = if expected < today {
        ("in_past", "It cannot be expected in the past.")
    } else if terms.shortage != Shortage::Backorder {
        ("backorder_not_wanted", "The buyer wants no backorder.")
    } else if lines.iter().all(|line| line.rest.is_zero()) {
        ("nothing_left", "Everything is confirmed: there is no rest to wait for.")
    } else {
        return;
    };
    findings.add(Kind::InvalidInput, "/expected_date", code, detail);
}

/// The seller's answers with their places, by the line they speak of.
fn answers_by_line<'a>(
    ordered: &[OrderedLine],
    answers: &'a [LineConfirmation],
    findings: &mut Findings,
) -> HashMap<OrderLineId, (usize, &'a LineConfirmation)> {
    let mut by_line = HashMap::new();
    for (index, answer) in answers.iter().enumerate() {
        let pointer = format!("/lines/{index}/line_id");
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
    let price = answer.and_then(|(_, answer)| answer.unit_price).unwrap_or(line.unit_price);
    let quantity = findings.keep(format!("{pointer}/quantity"), check_confirmed(line, quantity));
    let discount = findings.keep(format!("{pointer}/discount_percent"), check_percent(discount));
    if price.currency() != line.unit_price.currency() {
        let detail = format!("The order is in {}.", line.unit_price.currency());
        findings.add(Kind::CurrencyMismatch, format!("{pointer}/unit_price"), "currency_mismatch", detail);
        return None;
    }
    let (quantity, discount_percent) = (quantity?, discount?);
    let amount = findings.keep(pointer, price.line_amount(quantity, discount_percent))?;
    Some(ConfirmedLine {
        id: line.id,
        quantity,
        rest: rest(line.quantity, quantity),
        backorder: Decimal::ZERO,
        unit_price: price,
        discount_percent,
        amount,
    })
}

/// All of it, none of it, or any other multiple. The minimum of order does not bind the seller.
fn check_confirmed(line: &OrderedLine, quantity: Decimal) -> Result<Decimal, Invalid> {
    check_quantity(quantity)?;
    if quantity == line.quantity {
        return Ok(quantity);
    }
    let inexact = || Invalid::new("inexact", "In the base unit it would have more than 6 decimals.");
    let in_base_unit = share(quantity, line.quantity, line.base_quantity).ok_or_else(inexact)?;
    if !is_multiple(in_base_unit, line.order_multiple) {
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
            base_quantity: dec(quantity),
            order_multiple: dec(multiple),
            unit_price: UnitPrice::new(dec(price), eur()).unwrap(),
            requested_date: None,
        };
        vec![line(1, "12", "3", "7.70"), line(2, "10", "1", "0.125")]
    }

    fn answer(n: u128, quantity: Option<&str>, discount: Option<&str>) -> LineConfirmation {
        LineConfirmation {
            line: id(n),
            quantity: quantity.map(dec),
            unit_price: None,
            discount_percent: discount.map(dec),
        }
    }

    fn day(day: u32) -> Date {
        Date::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// The order as its buyer would have it, with a day on which it is wanted.
    fn terms(shortage: Shortage) -> OrderTerms {
        OrderTerms { currency: eur(), freight: FreightTerms::Included, shortage, requested_date: Some(day(20)) }
    }

    fn run(
        freight_terms: FreightTerms,
        lines: &[LineConfirmation],
        freight: Option<&str>,
    ) -> Result<Confirmed, Refusal> {
        let terms = OrderTerms { freight: freight_terms, ..terms(Shortage::Release) };
        let confirmation =
            Confirmation { lines: lines.to_vec(), freight: freight.map(money), ..Confirmation::default() };
        confirm(&ordered(), &terms, &confirmation, day(10))
    }

    fn changed(shortage: Shortage, confirmation: &Confirmation) -> Result<Vec<Change>, Refusal> {
        confirm(&ordered(), &terms(shortage), confirmation, day(10)).map(|confirmed| confirmed.changes)
    }

    #[test]
    fn only_what_is_no_worse_binds_at_once() {
        let priced = |price: &str, discount| LineConfirmation {
            unit_price: Some(UnitPrice::new(dec(price), eur()).unwrap()),
            ..answer(1, None, discount)
        };
        let lines = |line| Confirmation { lines: vec![line], ..Confirmation::default() };
        let release = |line| changed(Shortage::Release, &lines(line)).unwrap();
        assert_eq!(release(priced("7.71", None)), [Change::Price(id(1))]);
        assert_eq!(release(priced("7.69", None)), []);
        assert_eq!(release(priced("8", Some("10"))), []);
        assert_eq!(release(priced("8", Some("3"))), [Change::Price(id(1))]);
        assert_eq!(release(answer(1, Some("15"), None)), [Change::Quantity(id(1))]);
        assert_eq!(release(answer(1, Some("9"), None)), []);
        let asked = changed(Shortage::Ask, &lines(answer(1, Some("9"), None))).unwrap();
        assert_eq!(asked, [Change::Quantity(id(1))]);
    }

    #[test]
    fn another_day_than_the_requested_one_is_a_change() {
        let on = |date| Confirmation { delivery_date: Some(date), ..Confirmation::default() };
        assert_eq!(changed(Shortage::Release, &on(day(20))).unwrap(), []);
        assert_eq!(changed(Shortage::Release, &on(day(21))).unwrap(), [Change::Date]);
        assert_eq!(changed(Shortage::Release, &on(day(19))).unwrap(), [Change::Date]);
        assert_eq!(changed(Shortage::Release, &on(day(9))).unwrap_err().faults[0].code, "in_past");
        let open = OrderTerms { requested_date: None, ..terms(Shortage::Release) };
        let confirmed = confirm(&ordered(), &open, &on(day(30)), day(10)).unwrap();
        assert_eq!((confirmed.changes, confirmed.delivery_date), (vec![], Some(day(30))));
    }

    #[test]
    fn the_day_of_a_line_goes_before_that_of_the_order() {
        let mut lines = ordered();
        lines[0].requested_date = Some(day(22));
        let on = |date, first: &str| {
            let confirmation = Confirmation {
                lines: vec![answer(1, Some(first), None)],
                delivery_date: Some(date),
                ..Confirmation::default()
            };
            let open = OrderTerms { requested_date: None, ..terms(Shortage::Release) };
            confirm(&lines, &open, &confirmation, day(10)).unwrap().changes
        };
        assert_eq!(on(day(22), "12"), []);
        assert_eq!(on(day(20), "12"), [Change::Date]);
        assert_eq!(on(day(20), "0"), []);
        let confirmation = Confirmation { delivery_date: Some(day(20)), ..Confirmation::default() };
        let changes = confirm(&lines, &terms(Shortage::Release), &confirmation, day(10)).unwrap().changes;
        assert_eq!(changes, [Change::Date]);
    }

    #[test]
    fn the_rest_stays_open_only_where_the_buyer_wants_it() {
        let part = |quantity| Confirmation {
            lines: vec![answer(1, Some(quantity), None)],
            expected_date: Some(day(25)),
            ..Confirmation::default()
        };
        let confirmed = confirm(&ordered(), &terms(Shortage::Backorder), &part("9"), day(10)).unwrap();
        let open: Vec<_> = confirmed.lines.iter().map(|line| line.backorder).collect();
        assert_eq!((open, confirmed.changes), (vec![dec("3"), dec("0")], vec![]));
        let code = |shortage, part: &Confirmation| changed(shortage, part).unwrap_err().faults[0].code;
        assert_eq!(code(Shortage::Release, &part("9")), "backorder_not_wanted");
        assert_eq!(code(Shortage::Backorder, &part("12")), "nothing_left");
        let released = Confirmation { expected_date: None, ..part("9") };
        let confirmed = confirm(&ordered(), &terms(Shortage::Backorder), &released, day(10)).unwrap();
        assert!(confirmed.lines.iter().all(|line| line.backorder.is_zero()));
    }

    fn faults(result: Result<Confirmed, Refusal>) -> Vec<(String, &'static str)> {
        result.unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn nothing_said_confirms_everything() {
        let confirmed = run(FreightTerms::Included, &[], None).unwrap();
        assert_eq!(confirmed.step, OrderStep::Confirm);
        assert_eq!(confirmed.total, money("93.65"));
        assert!(confirmed.lines.iter().all(|line| line.rest.is_zero()));
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
        let released: Vec<_> = confirmed.lines.iter().map(|line| line.rest.to_string()).collect();
        assert_eq!((confirmed.step, released), (OrderStep::ConfirmPartly, vec!["3".to_owned(), "10".to_owned()]));
        assert_eq!(confirmed.total, money("69.30"));
    }

    #[test]
    fn in_another_unit_the_multiple_counts_in_the_base_unit() {
        // 3 packs of 12 in multiples of 6.
        let mut lines = ordered();
        lines[0] = OrderedLine { quantity: dec("3"), base_quantity: dec("36"), order_multiple: dec("6"), ..lines[0] };
        let confirm = |quantity: &str| {
            let confirmation = Confirmation { lines: vec![answer(1, Some(quantity), None)], ..Confirmation::default() };
            confirm(&lines, &terms(Shortage::Release), &confirmation, day(10))
        };
        assert_eq!(confirm("2.5").unwrap().lines[0].rest, dec("0.5"));
        assert_eq!(faults(confirm("2.25"))[0].1, "not_a_multiple");
    }

    #[test]
    fn confirming_nothing_at_all_is_refused() {
        let none = [answer(1, Some("0"), None), answer(2, Some("0"), None)];
        assert_eq!(faults(run(FreightTerms::Included, &none, None)), [("/lines".to_owned(), "nothing_confirmed")]);
    }

    #[test]
    fn all_faults_are_told_with_their_places() {
        let answers = [
            answer(2, Some("11.5"), Some("100.5")),
            answer(1, Some("10"), Some("-1")),
            answer(3, None, None),
            answer(2, Some("-1"), None),
        ];
        let expected = [
            ("/lines/2/line_id", "unknown_line"),
            ("/lines/3/line_id", "repeated"),
            ("/lines/1/quantity", "not_a_multiple"),
            ("/lines/1/discount_percent", "out_of_range"),
            ("/lines/3/quantity", "negative"),
            ("/freight", "freight_included"),
        ];
        let found = faults(run(FreightTerms::Included, &answers, Some("1")));
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        assert_eq!(faults(run(FreightTerms::Included, &answers[..1], None))[0].1, "not_a_multiple");
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
        let confirmation = Confirmation { freight: Some(dollars), ..Confirmation::default() };
        let terms = OrderTerms { freight: free, ..terms(Shortage::Release) };
        assert_eq!(confirm(&ordered(), &terms, &confirmation, day(10)).unwrap_err().kind, Kind::CurrencyMismatch);
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
