//! Graded goods: what is measured of them at delivery changes their price, as it was agreed on.
//!
//! # The rule
//!
//! The seller may state measured values as it despatches, the buyer its own as it receives. For each parameter the buyer's value decides;
//! where it records none, the seller's; where nobody states one, the goods are of the base grade. Each whole step away from the base
//! changes the price once, and the changes of all parameters add up. What was received of a line by one delivery has one price: that is
//! what is invoiced, matched and given back.

use std::collections::HashSet;

use rust_decimal::{Decimal, RoundingStrategy};

use super::goods_return::Settled;
use crate::exchange::{Differential, check_number};
use crate::kernel::refusal::Invalid;
use crate::kernel::{ContractLineId, DeliveryId, Findings, InvoiceLineId, Kind, UnitPrice};

/// The decimals at which prices are stated.
const PRICE_SCALE: u32 = 6;

/// How a measured parameter changes the price of a line, as it was agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurable {
    pub differential: Differential,
    /// What the parameter is measured in (UN/ECE Rec 20), if it has a unit.
    pub unit: Option<String>,
}

/// A measured value as it is sent in.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredInput<'a> {
    pub parameter: &'a str,
    pub value: &'a str,
    pub unit: Option<&'a str>,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub line: ContractLineId,
    pub parameter: String,
    pub value: Decimal,
}

/// What one delivery brought of a graded line in good order, in the unit in which it is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub delivery: DeliveryId,
    pub line: ContractLineId,
    /// By what was measured.
    pub unit_price: Decimal,
    pub received: Decimal,
    /// On invoices, or not to be invoiced any more.
    pub invoiced: Decimal,
    /// Back with the seller.
    pub returned: Decimal,
}

/// The grades of a contract: what was agreed on, and what came of it.
#[derive(Debug, Clone, Default)]
pub struct Grading {
    pub agreed: Vec<(ContractLineId, Measurable)>,
    /// In the order of the deliveries.
    pub parts: Vec<Part>,
}

impl Grading {
    /// Whether what is measured changes the price of a line.
    pub fn is_graded(&self, line: ContractLineId) -> bool {
        self.agreed.iter().any(|(of, _)| *of == line)
    }

    /// What was agreed on about a line.
    pub fn of(&self, line: ContractLineId) -> impl Iterator<Item = &Measurable> {
        self.agreed.iter().filter(move |(of, _)| *of == line).map(|(_, measurable)| measurable)
    }

    /// Checks what is stated of a line, and notes all faults with pointers such as `/lines/0/measured/1/value`. Goods that are to count as
    /// good have to be of the grade ([`Kind::OffGrade`]); of others any value is taken.
    pub fn check(
        &self,
        line: ContractLineId,
        stated: &[MeasuredInput<'_>],
        good: bool,
        (pointer, findings): (&str, &mut Findings),
    ) -> Vec<Measured> {
        if !stated.is_empty() && !self.is_graded(line) {
            let detail = "What is measured of it does not change its price.";
            findings.add(Kind::InvalidInput, pointer, "not_graded", detail);
            return Vec::new();
        }
        let mut named = HashSet::new();
        let mut measured = Vec::new();
        for (index, one) in stated.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            let Some(of) = self.of(line).find(|of| of.differential.parameter == one.parameter) else {
                let detail = "The price does not depend on such a parameter.";
                findings.add(Kind::InvalidInput, format!("{pointer}/parameter"), "unknown_parameter", detail);
                continue;
            };
            if !named.insert(one.parameter) {
                let detail = "The parameter was named before.";
                findings.add(Kind::InvalidInput, format!("{pointer}/parameter"), "repeated", detail);
            }
            let value = of.check(one, good, (&pointer, findings));
            measured.extend(value.map(|value| Measured { line, parameter: one.parameter.to_owned(), value }));
        }
        measured
    }

    /// The price of one of the unit in which a line is billed, by what was measured of it: the agreed price and the changes of all
    /// parameters, added up exactly and then rounded once, half to even, to six decimals. It does not fall below zero.
    pub fn unit_price(
        &self,
        line: ContractLineId,
        agreed: UnitPrice,
        measured: impl Fn(&str) -> Option<Decimal>,
    ) -> Result<UnitPrice, Invalid> {
        let beyond = || Invalid::new("out_of_range", "The price that follows from it is out of range.");
        let mut price = agreed.amount();
        for Measurable { differential, .. } in self.of(line) {
            let value = measured(&differential.parameter).unwrap_or(differential.base);
            let change = differential.adjustment(value).ok_or_else(beyond)?;
            price = price.checked_add(change).ok_or_else(beyond)?;
        }
        let price = price.round_dp_with_strategy(PRICE_SCALE, RoundingStrategy::MidpointNearestEven);
        UnitPrice::new(price.max(Decimal::ZERO), agreed.currency())
    }

    /// What of a line is to be invoiced, by price, perhaps of one delivery alone; what came first, first.
    pub fn to_invoice(&self, line: ContractLineId, only: Option<DeliveryId>) -> Vec<(Decimal, Decimal)> {
        let mut by_price: Vec<(Decimal, Decimal)> = Vec::new();
        for part in self.parts.iter().filter(|part| part.line == line && only.is_none_or(|only| part.delivery == only))
        {
            let open = part.received - part.invoiced;
            match by_price.iter_mut().find(|(price, _)| *price == part.unit_price) {
                _ if open <= Decimal::ZERO => {}
                Some((_, sum)) => *sum += open,
                None => by_price.push((part.unit_price, open)),
            }
        }
        by_price
    }

    /// An invoice takes so much of a line at a price, perhaps of one delivery alone: what came first, first.
    pub fn invoice(&mut self, line: ContractLineId, (price, quantity): (Decimal, Decimal), only: Option<DeliveryId>) {
        let is_meant = |part: &Part| {
            part.line == line && part.unit_price == price && only.is_none_or(|only| part.delivery == only)
        };
        let parts = self.parts.iter_mut().filter(|part| is_meant(part));
        spread(quantity, parts, |part| part.received - part.invoiced, |part, taken| part.invoiced += taken);
    }

    /// So much of a line at a price is to be invoiced again: what came last, first, and before all what is not back with the seller.
    pub fn reopen(&mut self, line: ContractLineId, price: Decimal, quantity: Decimal) {
        let mut rest = quantity;
        for back_too in [false, true] {
            let parts = self.parts.iter_mut().rev().filter(|part| part.line == line && part.unit_price == price);
            let kept = |part: &Part| if back_too { Decimal::ZERO } else { part.returned };
            rest = spread(rest, parts, |part| part.invoiced - kept(part), |part, taken| part.invoiced -= taken);
        }
    }

    /// So much of a line came back and was settled so; `price_of` says at which price an invoice line is. Of what was not invoiced, what came
    /// last goes back first, and is not to be invoiced any more.
    pub fn give_back(
        &mut self,
        line: ContractLineId,
        settled: &Settled,
        price_of: impl Fn(InvoiceLineId) -> Option<Decimal>,
    ) {
        let open = |part: &Part| (part.received - part.invoiced).min(part.received - part.returned);
        let back = |part: &mut Part, taken: Decimal| {
            part.invoiced += taken;
            part.returned += taken;
        };
        let parts = self.parts.iter_mut().rev().filter(|part| part.line == line);
        let mut rest = settled.rest + spread(settled.uninvoiced, parts, open, back);
        let here = |part: &Part| part.received - part.returned;
        let note = |part: &mut Part, taken: Decimal| part.returned += taken;
        for (invoice_line, quantity) in &settled.credited {
            let price = price_of(*invoice_line);
            let same = |part: &Part| part.line == line && Some(part.unit_price) == price;
            rest += spread(*quantity, self.parts.iter_mut().rev().filter(|part| same(part)), here, note);
        }
        // What was credited before, whatever its price was.
        spread(rest, self.parts.iter_mut().rev().filter(|part| part.line == line), here, note);
    }
}

impl Measurable {
    fn check(
        &self,
        stated: &MeasuredInput<'_>,
        good: bool,
        (pointer, findings): (&str, &mut Findings),
    ) -> Option<Decimal> {
        if stated.unit != self.unit.as_deref() {
            let detail =
                self.unit.as_ref().map_or("It has no unit.".to_owned(), |unit| format!("It is measured in {unit}."));
            findings.add(Kind::UnitMismatch, format!("{pointer}/unit"), "unit_mismatch", detail);
        }
        let pointer = format!("{pointer}/value");
        let value = findings.keep(&pointer, check_number(stated.value))?;
        if good && self.differential.adjustment(value).is_none() {
            let detail = format!("{value} is not of the agreed grade: {}.", self.accepted());
            findings.add(Kind::OffGrade, pointer, "off_grade", detail);
            return None;
        }
        Some(value)
    }

    /// What is of the grade, in words.
    fn accepted(&self) -> String {
        let Differential { parameter, least, most, .. } = &self.differential;
        let bound = |word: &str, bound: Option<Decimal>| bound.map(|bound| format!("{word} {}", bound.normalize()));
        let bounds: Vec<String> = bound("at least", *least).into_iter().chain(bound("at most", *most)).collect();
        if bounds.is_empty() {
            format!("{parameter} is out of range")
        } else {
            format!("{parameter} is {}", bounds.join(" and "))
        }
    }
}

/// Spreads a quantity over parts in their order, to none more than it has room for, and gives what is left over.
fn spread<'a>(
    quantity: Decimal,
    parts: impl Iterator<Item = &'a mut Part>,
    room: impl Fn(&Part) -> Decimal,
    take: impl Fn(&mut Part, Decimal),
) -> Decimal {
    let mut rest = quantity;
    for part in parts {
        let taken = room(part).min(rest);
        if taken > Decimal::ZERO {
            take(part, taken);
            rest -= taken;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::Currency;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn line(number: u128) -> ContractLineId {
        ContractLineId(Uuid::from_u128(number))
    }

    fn delivery(number: u128) -> DeliveryId {
        DeliveryId(Uuid::from_u128(number))
    }

    fn differential(parameter: &str, numbers: [&str; 4], least: Option<&str>, most: Option<&str>) -> Measurable {
        let [base, step, above, below] = numbers.map(dec);
        let differential = Differential {
            parameter: parameter.into(),
            base,
            step,
            price_above: above,
            price_below: below,
            least: least.map(dec),
            most: most.map(dec),
        };
        Measurable { differential, unit: Some("P1".into()) }
    }

    /// Wheat of class 3 in percent: for each half of protein above 12 it costs 3 more, below 4 less; for each half of moisture above 13 it
    /// costs 1.50 less, below 0.75 more. Line 2 is of something that is not measured.
    fn wheat() -> Grading {
        let protein = differential("protein", ["12.0", "0.5", "3.00", "-4.00"], Some("11.5"), None);
        let moisture = differential("moisture", ["13", "0.5", "-1.5", "0.75"], None, Some("14"));
        Grading { agreed: vec![(line(1), protein), (line(1), moisture)], parts: Vec::new() }
    }

    fn price(of: &Grading, agreed: &str, measured: &[(&str, &str)]) -> Result<Decimal, &'static str> {
        let agreed = UnitPrice::new(dec(agreed), Currency::parse("EUR").unwrap()).unwrap();
        let value = |parameter: &str| measured.iter().find(|(name, _)| *name == parameter).map(|(_, value)| dec(value));
        of.unit_price(line(1), agreed, value).map(UnitPrice::amount).map_err(|invalid| invalid.code)
    }

    #[test]
    fn wheat_of_class_3_is_paid_by_its_protein_and_moisture() {
        let of = wheat();
        for (protein, moisture, expected) in [
            ("12.0", "13", "215"),
            // Two whole steps; what is short of the third does not count.
            ("13.4", "13", "221"),
            ("11.5", "13", "211"),
            ("11.6", "13", "215"),
            // 3 more for the protein and 2 × 1.50 less for the water.
            ("12.5", "14", "215"),
            ("12.0", "12.2", "215.75"),
        ] {
            let measured = [("protein", protein), ("moisture", moisture)];
            assert_eq!(price(&of, "215.00", &measured), Ok(dec(expected)), "{protein} {moisture}");
        }
        // What nobody measured is of the base grade.
        assert_eq!(price(&of, "215.00", &[]), Ok(dec("215")));
        assert_eq!(price(&of, "215.00", &[("moisture", "13.5")]), Ok(dec("213.5")));
    }

    #[test]
    fn a_price_keeps_six_decimals_and_does_not_fall_below_zero() {
        let mut of = wheat();
        of.agreed[0].1.differential.price_above = dec("0.0000015");
        assert_eq!(price(&of, "1", &[("protein", "12.5")]), Ok(dec("1.000002")));
        assert_eq!(price(&of, "1.000001", &[("protein", "12.5")]), Ok(dec("1.000002")));
        assert_eq!(price(&of, "1", &[("moisture", "14")]), Ok(Decimal::ZERO));
        of.agreed[0].1.differential.price_above = dec("900000000000000");
        assert_eq!(price(&of, "1", &[("protein", "13")]), Err("out_of_range"));
    }

    fn input<'a>(parameter: &'a str, value: &'a str, unit: Option<&'a str>) -> MeasuredInput<'a> {
        MeasuredInput { parameter, value, unit }
    }

    fn check(of: u128, stated: &[MeasuredInput<'_>], good: bool) -> Result<Vec<Measured>, (Kind, Vec<String>)> {
        let mut findings = Findings::default();
        let measured = wheat().check(line(of), stated, good, ("/m", &mut findings));
        let told = |fault: &crate::kernel::refusal::Fault| format!("{} {}", fault.pointer, fault.code);
        match findings.result() {
            Ok(()) => Ok(measured),
            Err(refusal) => Err((refusal.kind, refusal.faults.iter().map(told).collect())),
        }
    }

    #[test]
    fn all_faults_of_what_is_measured_are_told() {
        let percent = Some("P1");
        let good = check(1, &[input("protein", "13.20", percent)], true).unwrap();
        assert_eq!(good, [Measured { line: line(1), parameter: "protein".into(), value: dec("13.2") }]);
        assert_eq!(check(2, &[], true), Ok(Vec::new()));
        assert_eq!(
            check(2, &[input("protein", "13", percent)], true),
            Err((Kind::InvalidInput, vec!["/m not_graded".into()]))
        );
        let odd = [
            input("gluten", "20", None),
            input("protein", "much", None),
            input("protein", "11", Some("KGM")),
            input("moisture", "0.1234567", percent),
        ];
        let expected = [
            "/m/0/parameter unknown_parameter",
            "/m/1/unit unit_mismatch",
            "/m/1/value decimal",
            "/m/2/parameter repeated",
            "/m/2/unit unit_mismatch",
            "/m/2/value off_grade",
            "/m/3/value too_precise",
        ];
        assert_eq!(check(1, &odd, true), Err((Kind::InvalidInput, expected.map(String::from).to_vec())));
    }

    #[test]
    fn what_is_not_of_the_grade_cannot_count_as_good() {
        let off = [input("protein", "11.4", Some("P1")), input("moisture", "14.5", Some("P1"))];
        let expected = ["/m/0/value off_grade", "/m/1/value off_grade"];
        assert_eq!(check(1, &off, true), Err((Kind::OffGrade, expected.map(String::from).to_vec())));
        assert_eq!(check(1, &off, false).unwrap().len(), 2);
        assert_eq!(wheat().agreed[0].1.accepted(), "protein is at least 11.5");
    }

    /// Three deliveries of line 1, the first and the last at the same price.
    fn delivered() -> Grading {
        let part = |number, price: &str, received: &str| Part {
            delivery: delivery(number),
            line: line(1),
            unit_price: dec(price),
            received: dec(received),
            invoiced: Decimal::ZERO,
            returned: Decimal::ZERO,
        };
        Grading { parts: vec![part(1, "215", "10"), part(2, "218", "20"), part(3, "215", "5")], ..wheat() }
    }

    fn progress(of: &Grading) -> Vec<(String, String)> {
        of.parts.iter().map(|part| (part.invoiced.to_string(), part.returned.to_string())).collect()
    }

    fn told(expected: [(&str, &str); 3]) -> Vec<(String, String)> {
        expected.map(|(invoiced, returned)| (invoiced.to_owned(), returned.to_owned())).to_vec()
    }

    #[test]
    fn each_price_is_a_line_of_the_invoice() {
        let mut of = delivered();
        assert_eq!(of.to_invoice(line(1), None), [(dec("215"), dec("15")), (dec("218"), dec("20"))]);
        assert_eq!(of.to_invoice(line(1), Some(delivery(3))), [(dec("215"), dec("5"))]);
        of.invoice(line(1), (dec("215"), dec("5")), Some(delivery(3)));
        of.invoice(line(1), (dec("218"), dec("20")), None);
        assert_eq!(of.to_invoice(line(1), None), [(dec("215"), dec("10"))]);
        of.invoice(line(1), (dec("215"), dec("10")), None);
        assert!(of.to_invoice(line(1), None).is_empty() && of.to_invoice(line(2), None).is_empty());
        of.reopen(line(1), dec("215"), dec("7"));
        assert_eq!(progress(&of), told([("8", "0"), ("20", "0"), ("0", "0")]));
    }

    #[test]
    fn what_comes_back_goes_where_it_was_invoiced() {
        let mut of = delivered();
        of.invoice(line(1), (dec("215"), dec("15")), None);
        let invoice_line = |number| InvoiceLineId(Uuid::from_u128(number));
        let price_of = |line: InvoiceLineId| (line == invoice_line(7)).then(|| dec("215"));
        // 8 that no invoice holds, 7 credited at 215, and 1 that was credited by hand.
        let settled = Settled { uninvoiced: dec("8"), credited: vec![(invoice_line(7), dec("7"))], rest: dec("1") };
        of.give_back(line(1), &settled, price_of);
        assert_eq!(progress(&of), told([("10", "2"), ("8", "9"), ("5", "5")]));
        assert_eq!(of.to_invoice(line(1), None), [(dec("218"), dec("12"))]);
        // What is back is not invoiced again while there is something else.
        of.reopen(line(1), dec("215"), dec("8"));
        assert_eq!(progress(&of), told([("2", "2"), ("8", "9"), ("5", "5")]));
        // All the rest is back: nothing counts twice.
        let settled = Settled { uninvoiced: dec("19"), credited: Vec::new(), rest: Decimal::ZERO };
        of.give_back(line(1), &settled, price_of);
        assert_eq!(progress(&of), told([("10", "10"), ("19", "20"), ("5", "5")]));
    }
}
