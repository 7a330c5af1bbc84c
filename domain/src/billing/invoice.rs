//! Invoices of what was delivered.

use chrono::Days;
use rust_decimal::Decimal;

use super::totals::Totals;
use crate::catalogue::Tax;
use crate::contract::Charge;
use crate::kernel::refusal::Invalid;
use crate::kernel::{ContractLineId, Date, Kind, Money, Quantity, Refusal, Unit, UnitPrice};

/// The unit of what is charged once, such as freight: `C62`, one.
const ONE: &str = "C62";
const LONGEST_SERIES: usize = 10;

/// A line of a contract with what was delivered and invoiced of it so far.
#[derive(Debug, Clone)]
pub struct BillableLine {
    pub line: ContractLineId,
    pub description: String,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    pub tax: Tax,
    pub delivered: Decimal,
    pub invoiced: Decimal,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// None for what is charged beside goods.
    pub contract_line: Option<ContractLineId>,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    pub tax: Tax,
    /// Price × quantity × (1 − discount / 100), rounded once, half to even.
    pub net: Money,
}

/// The content of an invoice before it has a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceDraft {
    pub lines: Vec<InvoiceLine>,
    pub totals: Totals,
}

/// Makes an invoice of what was delivered and not yet invoiced, with what is charged beside the goods, such as freight, if that is
/// still to be invoiced, as its last line. Refuses with [`Kind::NothingToInvoice`] if no goods are to be invoiced: the charge goes with
/// the first of them, and alone only where all goods `have_arrived`, so that none will come that it could go with.
///
/// Each invoice rounds its own lines: where a contract line is invoiced in parts, the sum of the parts may differ
/// from the amount of the whole by half a minor unit for each part.
pub fn draft(lines: &[BillableLine], charge: Option<Charge>, have_arrived: bool) -> Result<InvoiceDraft, Refusal> {
    let open = lines.iter().filter(|line| line.delivered > line.invoiced);
    let mut invoiced = open.map(invoice_line).collect::<Result<Vec<_>, Invalid>>().map_err(|invalid| invalid.at(""))?;
    if let Some(charge) = charge.filter(|_| !invoiced.is_empty() || have_arrived) {
        invoiced.push(charge_line(charge).map_err(|invalid| invalid.at(""))?);
    }
    let Some(currency) = invoiced.first().map(|line| line.net.currency()) else {
        return Err(Refusal::new(Kind::NothingToInvoice, "All that was delivered has been invoiced."));
    };
    if invoiced.iter().any(|line| line.net.currency() != currency) {
        return Err(Refusal::new(Kind::CurrencyMismatch, "An invoice has one currency."));
    }
    let nets = invoiced.iter().map(|line| (line.net.amount(), line.tax));
    let totals = Totals::of(currency, nets).map_err(|invalid| invalid.at(""))?;
    Ok(InvoiceDraft { lines: invoiced, totals })
}

/// One invoice of several over the same currency, with their lines one after the other. Tax is rounded once for the whole.
pub fn collect(parts: Vec<InvoiceDraft>) -> Result<InvoiceDraft, Refusal> {
    let nothing = || Refusal::new(Kind::NothingToInvoice, "All that was delivered has been invoiced.");
    let currency = parts.first().ok_or_else(nothing)?.totals.net.currency();
    if parts.iter().any(|part| part.totals.net.currency() != currency) {
        return Err(Refusal::new(Kind::CurrencyMismatch, "An invoice has one currency."));
    }
    let lines: Vec<InvoiceLine> = parts.into_iter().flat_map(|part| part.lines).collect();
    let nets = lines.iter().map(|line| (line.net.amount(), line.tax));
    let totals = Totals::of(currency, nets).map_err(|invalid| invalid.at(""))?;
    Ok(InvoiceDraft { lines, totals })
}

fn invoice_line(line: &BillableLine) -> Result<InvoiceLine, Invalid> {
    let quantity = Quantity::new(line.delivered - line.invoiced, line.unit)?;
    Ok(InvoiceLine {
        contract_line: Some(line.line),
        description: line.description.clone(),
        quantity,
        unit_price: line.unit_price,
        discount_percent: line.discount_percent,
        tax: line.tax,
        net: line.unit_price.line_amount(quantity.value(), line.discount_percent)?,
    })
}

fn charge_line(charge: Charge) -> Result<InvoiceLine, Invalid> {
    Ok(InvoiceLine {
        contract_line: None,
        description: charge.kind.name().to_owned(),
        quantity: Quantity::new(Decimal::ONE, Unit::parse(ONE)?)?,
        unit_price: UnitPrice::new(charge.amount.amount(), charge.amount.currency())?,
        discount_percent: Decimal::ZERO,
        tax: charge.tax,
        net: charge.amount,
    })
}

/// The number of an invoice or credit note, such as `INV2026-000042`. `sequence` comes from a counter without gaps for
/// each seller, series and year, taken in the transaction that issues the document.
pub fn invoice_number(series: &str, year: i32, sequence: u64) -> String {
    format!("{series}{year}-{sequence:06}")
}

/// Checks what a seller puts before its numbers: at most ten of A–Z, 0–9, `-` and `/`, or nothing.
pub fn check_series(series: &str) -> Result<(), Invalid> {
    let sound = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'/');
    if series.len() <= LONGEST_SERIES && series.bytes().all(sound) {
        return Ok(());
    }
    Err(Invalid::new("series", format!("A series has at most {LONGEST_SERIES} of A to Z, 0 to 9, - and /.")))
}

/// The day on which an invoice is due: the day of issue and the days of the payment terms, which are not negative.
pub fn due_date(issued_on: Date, payment_days: i32) -> Date {
    let days = Days::new(u64::try_from(payment_days).unwrap_or(0));
    issued_on.checked_add_days(days).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::catalogue::TaxCategory;
    use crate::contract::ChargeKind;
    use crate::kernel::Currency;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn billable(n: u128, price: &str, discount: &str, delivered: &str, invoiced: &str) -> BillableLine {
        BillableLine {
            line: ContractLineId(Uuid::from_u128(n)),
            description: format!("Goods {n}"),
            unit: Unit::parse("KGM").unwrap(),
            unit_price: UnitPrice::new(dec(price), eur()).unwrap(),
            discount_percent: dec(discount),
            tax: Tax::new(TaxCategory::Standard, dec("20")).unwrap(),
            delivered: dec(delivered),
            invoiced: dec(invoiced),
        }
    }

    fn freight(amount: &str, currency: &str) -> Charge {
        let amount = Money::new(dec(amount), Currency::parse(currency).unwrap()).unwrap();
        Charge { kind: ChargeKind::Freight, amount, tax: Tax::new(TaxCategory::Standard, dec("20")).unwrap() }
    }

    #[test]
    fn only_what_was_delivered_and_not_invoiced_is_invoiced() {
        let lines = [
            billable(1, "7.70", "15", "15", "0"),
            billable(2, "3", "0", "5", "5"),
            billable(3, "0.333", "0", "10", "7"),
        ];
        let invoice = draft(&lines, None, false).unwrap();
        let seen: Vec<_> = invoice
            .lines
            .iter()
            .map(|line| (line.description.as_str(), line.quantity.value().to_string(), line.net.amount().to_string()))
            .collect();
        assert_eq!(
            seen,
            [("Goods 1", "15".to_owned(), "98.18".to_owned()), ("Goods 3", "3".to_owned(), "1.00".to_owned())]
        );
        assert_eq!(invoice.totals.gross.amount().to_string(), "119.02");
    }

    #[test]
    fn freight_is_a_line_of_its_own() {
        let invoice = draft(&[billable(1, "14", "0", "12", "0")], Some(freight("32.38", "EUR")), false).unwrap();
        let line = invoice.lines.last().unwrap();
        assert_eq!((line.contract_line, line.quantity.unit().code(), line.net.amount()), (None, "C62", dec("32.38")));
        assert_eq!(invoice.totals.net.amount(), dec("200.38"));
    }

    #[test]
    fn freight_alone_is_invoiced_only_when_no_goods_will_come_any_more() {
        let done = [billable(1, "14", "0", "12", "12"), billable(2, "14", "0", "0", "0")];
        let run = |have_arrived| draft(&done, Some(freight("5", "EUR")), have_arrived);
        assert_eq!(run(false).unwrap_err().kind, Kind::NothingToInvoice);
        assert_eq!(run(true).unwrap().totals.net.amount(), dec("5"));
        assert_eq!(draft(&done, None, true).unwrap_err().kind, Kind::NothingToInvoice);
    }

    #[test]
    fn an_invoice_has_one_currency() {
        let result = draft(&[billable(1, "14", "0", "12", "0")], Some(freight("5", "USD")), false);
        assert_eq!(result.unwrap_err().kind, Kind::CurrencyMismatch);
    }

    #[test]
    fn several_make_one_whose_tax_is_rounded_once() {
        let part = |n| draft(&[billable(n, "0.13", "0", "1", "0")], None, false).unwrap();
        let whole = collect(vec![part(1), part(2)]).unwrap();
        assert_eq!(
            (whole.lines.len(), whole.totals.net.amount(), whole.totals.tax.amount()),
            (2, dec("0.26"), dec("0.05"))
        );
        assert_eq!(collect(Vec::new()).unwrap_err().kind, Kind::NothingToInvoice);
    }

    #[test]
    fn numbers_and_series() {
        assert_eq!(invoice_number("INV", 2026, 42), "INV2026-000042");
        assert_eq!(invoice_number("", 2026, 1_234_567), "2026-1234567");
        assert!(check_series("").is_ok() && check_series("RU-A/1").is_ok());
        for bad in ["inv", "A B", "ABCDEFGHIJK", "СЧ"] {
            assert_eq!(check_series(bad).unwrap_err().code, "series", "{bad}");
        }
    }

    #[test]
    fn the_due_date_counts_calendar_days() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(due_date(day("2028-02-15"), 14), day("2028-02-29"));
        assert_eq!(due_date(day("2026-12-31"), 0), day("2026-12-31"));
        assert_eq!(due_date(Date::MAX, 1), Date::MAX);
    }
}
