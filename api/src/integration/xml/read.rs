//! From elements to values, with all faults of a document.
//!
//! Faults found here: `required` (an element, its text or an attribute is missing), `repeated` (an element that can only be there once),
//! and the codes of the checks of values, such as `date`, `decimal`, `currency`, `unit`.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Date, Faults, Kind, Money, Quantity, Refusal, Timestamp, Unit};
use rust_decimal::Decimal;

use super::Element;

/// The most faults that are told of one document.
const MAX_FAULTS: usize = 200;

/// The name of an element, whatever its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'n> {
    pub namespace: &'n str,
    pub local: &'n str,
}

/// Reads values and collects what is wrong with them. What could not be read is `None` and has a fault, so that a caller goes on and gives
/// up at the end ([`Reading::finish`]).
#[derive(Debug, Default)]
pub struct Reading {
    faults: Faults,
}

impl Reading {
    /// Notes a fault of an element.
    pub fn fault(&mut self, at: Element<'_>, code: &'static str, detail: impl Into<String>) {
        self.note(at, "", code, detail);
    }

    fn note(&mut self, at: Element<'_>, below: &str, code: &'static str, detail: impl Into<String>) {
        if self.faults.0.len() < MAX_FAULTS {
            self.faults.add(at.path() + below, code, detail);
        }
    }

    pub fn has_faults(&self) -> bool {
        !self.faults.0.is_empty()
    }

    /// The value, or the refusal with all faults that were found.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Refusal> {
        self.faults.result()?;
        value.ok_or_else(|| Refusal::new(Kind::InvalidInput, "The document cannot be read."))
    }

    /// The child of that name, if there is one. Fault `repeated` if there are several.
    pub fn child<'d>(&mut self, of: Element<'d>, name: Name<'_>) -> Option<Element<'d>> {
        let mut all = of.children_of(name.namespace, name.local);
        let first = all.next()?;
        if let Some(second) = all.next() {
            self.fault(second, "repeated", format!("`{}` can stand here only once.", name.local));
        }
        Some(first)
    }

    /// The same; fault `required` if there is none.
    pub fn needed_child<'d>(&mut self, of: Element<'d>, name: Name<'_>) -> Option<Element<'d>> {
        let found = self.child(of, name);
        if found.is_none() {
            let detail = format!("`{}` is missing.", name.local);
            self.note(of, &format!("/{}", name.local), "required", detail);
        }
        found
    }

    /// The text of the child of that name. One without text is as none.
    pub fn text(&mut self, of: Element<'_>, name: Name<'_>) -> Option<String> {
        let text = self.child(of, name)?.text();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The same; fault `required` if there is none.
    pub fn needed_text(&mut self, of: Element<'_>, name: Name<'_>) -> Option<String> {
        let child = self.needed_child(of, name)?;
        self.own_text(child)
    }

    /// The texts of all children of that name, in their order.
    pub fn texts(&self, of: Element<'_>, name: Name<'_>) -> Vec<String> {
        let all = of.children_of(name.namespace, name.local).map(|child| child.text().to_owned());
        all.filter(|text| !text.is_empty()).collect()
    }

    /// The text of the element; fault `required` if it has none.
    pub fn own_text(&mut self, of: Element<'_>) -> Option<String> {
        if of.text().is_empty() {
            self.fault(of, "required", "A text is missing.");
            return None;
        }
        Some(of.text().to_owned())
    }

    /// What the text of the element says, or the fault that its check tells.
    pub fn value<T>(&mut self, of: Element<'_>, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let text = self.own_text(of)?;
        self.keep(of, "", parse(&text))
    }

    /// What the child of that name says, if there is one.
    pub fn field<T>(
        &mut self,
        of: Element<'_>,
        name: Name<'_>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let child = self.child(of, name).filter(|child| !child.text().is_empty())?;
        self.value(child, parse)
    }

    /// The same; fault `required` if there is none.
    pub fn needed_field<T>(
        &mut self,
        of: Element<'_>,
        name: Name<'_>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let child = self.needed_child(of, name)?;
        self.value(child, parse)
    }

    /// What an attribute says, if it is there and not blank.
    pub fn attribute<T>(
        &mut self,
        of: Element<'_>,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let text = of.attribute(name).map(str::trim).filter(|text| !text.is_empty())?;
        self.keep(of, &format!("/@{name}"), parse(text))
    }

    /// The same; fault `required` if it is missing.
    pub fn needed_attribute<T>(
        &mut self,
        of: Element<'_>,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        if of.attribute(name).is_none_or(|text| text.trim().is_empty()) {
            self.note(of, &format!("/@{name}"), "required", format!("The attribute `{name}` is missing."));
            return None;
        }
        self.attribute(of, name, parse)
    }

    /// Keeps the value of a check, or notes its fault at the element or something below it.
    pub fn keep<T>(&mut self, at: Element<'_>, below: &str, checked: Result<T, Invalid>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(Invalid { code, detail }) => {
                self.note(at, below, code, detail);
                None
            }
        }
    }

    /// An amount in the currency that an attribute names. Its decimals are those of the currency.
    pub fn money(&mut self, of: Element<'_>, attribute: &str) -> Option<Money> {
        let (amount, currency) = self.amount(of, attribute)?;
        self.keep(of, "", Money::new(amount, currency))
    }

    /// A price or another amount that may have more decimals than its currency.
    pub fn amount(&mut self, of: Element<'_>, attribute: &str) -> Option<(Decimal, Currency)> {
        let currency = self.needed_attribute(of, attribute, Currency::parse);
        let amount = self.value(of, decimal);
        Some((amount?, currency?))
    }

    /// A quantity of more than nothing in the unit that an attribute names.
    pub fn quantity(&mut self, of: Element<'_>, attribute: &str) -> Option<Quantity> {
        let unit = self.needed_attribute(of, attribute, unit);
        let value = self.value(of, decimal);
        let quantity = Quantity::new(value?, unit?);
        self.keep(of, "", quantity)
    }
}

/// Any text.
pub fn string(text: &str) -> Result<String, Invalid> {
    Ok(text.to_owned())
}

/// A day as `xs:date` writes it: a time zone behind it counts for nothing. Of `xs:dateTime` it is the day that is written. Fault `date`.
pub fn date(text: &str) -> Result<Date, Invalid> {
    let invalid = || Invalid::new("date", "A day such as 2026-03-05 is expected.");
    let (day, rest) = text.split_at_checked(10).ok_or_else(invalid)?;
    let is_end = rest.is_empty() || rest == "Z" || rest.starts_with(['+', '-', 'T']);
    let has_form =
        day.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    Date::parse_from_str(day, "%Y-%m-%d").ok().filter(|_| is_end && has_form).ok_or_else(invalid)
}

/// An instant as `xs:dateTime` writes it. Without a time zone it is taken as UTC, and a day without a time as its beginning. Fractions
/// beyond microseconds are cut off. Fault `timestamp`.
pub fn timestamp(text: &str) -> Result<Timestamp, Invalid> {
    let invalid = || Invalid::new("timestamp", "An instant such as 2026-03-05T10:00:00Z is expected.");
    let zoned = DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    let local = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|at| at.and_utc());
    let day = || date(text).ok().filter(|_| text.len() == 10)?.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
    let at = zoned.or_else(local).or_else(day).ok_or_else(invalid)?;
    Timestamp::from_timestamp_micros(at.timestamp_micros()).ok_or_else(invalid)
}

/// A number as `xs:decimal` writes it: a plus sign, leading zeros and an empty side of the point are allowed, an exponent is not.
/// Faults `decimal`, `out_of_range`.
pub fn decimal(text: &str) -> Result<Decimal, Invalid> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || digits.starts_with('-') {
        return parse_decimal("");
    }
    let whole = whole.trim_start_matches('0');
    let (whole, fraction) = (if whole.is_empty() { "0" } else { whole }, fraction.trim_end_matches('0'));
    if fraction.is_empty() {
        parse_decimal(&format!("{sign}{whole}"))
    } else {
        parse_decimal(&format!("{sign}{whole}.{fraction}"))
    }
}

/// A unit of measure after UN/ECE Rec 20, with the codes that many systems still send: those of packages without their `X`, and `PCE`.
/// Fault `unit`.
pub fn unit(code: &str) -> Result<Unit, Invalid> {
    Unit::parse(code).or_else(|invalid| match code {
        "PCE" => Unit::parse("H87"),
        _ => Unit::parse(&format!("X{code}")).map_err(|_| invalid),
    })
}

/// `xs:boolean`. Fault `boolean`.
pub fn boolean(text: &str) -> Result<bool, Invalid> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Invalid::new("boolean", "`true` or `false` is expected.")),
    }
}

/// A whole number that is not negative. Fault `number`.
pub fn number(text: &str) -> Result<u64, Invalid> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(|| Invalid::new("number", "A whole number is expected."))
}
