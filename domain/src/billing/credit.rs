//! Credit notes: what an invoice charged and is given back.

use rust_decimal::Decimal;

use super::totals::Totals;
use super::{InvoiceState, InvoiceStep};
use crate::catalogue::Tax;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Findings, InvoiceLineId, Kind, Money, Refusal, UnitPrice};

/// A line of the invoice with what earlier credit notes took of it.
#[derive(Debug, Clone, Copy)]
pub struct CreditableLine {
    pub line: InvoiceLineId,
    pub quantity: Decimal,
    pub unit_price: UnitPrice,
    pub discount_percent: Decimal,
    pub tax: Tax,
    /// The quantity credited so far.
    pub credited: Decimal,
}

impl CreditableLine {
    fn open(&self) -> Decimal {
        self.quantity - self.credited
    }
}

/// What is to be credited of one line.
#[derive(Debug, Clone, Copy)]
pub struct CreditLine {
    pub line: InvoiceLineId,
    pub quantity: Decimal,
}

/// What is to be credited.
#[derive(Debug, Clone)]
pub enum CreditRequest {
    /// All that is not yet credited.
    Whole,
    Lines(Vec<CreditLine>),
}

/// A line of a credit note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditedLine {
    pub line: InvoiceLineId,
    pub quantity: Decimal,
    pub tax: Tax,
    pub net: Money,
}

/// A credit note before it has a number; all amounts are positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    pub lines: Vec<CreditedLine>,
    pub totals: Totals,
}

/// Makes a credit note of an issued invoice, of which *all* lines are given. More than is uncredited is refused
/// ([`Kind::OverCredit`]); all faults are told at once, with pointers such as `/lines/0/quantity`.
///
/// Amounts are differences of sums rounded once: the credit notes of a line that is credited in parts add up to its net
/// amount, and those of an invoice to its tax, to the last minor unit.
pub fn credit(
    state: InvoiceState,
    currency: Currency,
    lines: &[CreditableLine],
    request: &CreditRequest,
) -> Result<CreditNote, Refusal> {
    state.after(InvoiceStep::Credit)?;
    let quantities = match request {
        CreditRequest::Whole => lines.iter().map(CreditableLine::open).collect(),
        CreditRequest::Lines(wanted) => quantities(lines, wanted)?,
    };
    if quantities.iter().all(Decimal::is_zero) {
        return Err(Refusal::new(Kind::OverCredit, "The whole invoice is credited already."));
    }
    note(currency, lines, &quantities).map_err(|invalid| invalid.at(""))
}

/// The wanted quantity of each line of the invoice.
fn quantities(lines: &[CreditableLine], wanted: &[CreditLine]) -> Result<Vec<Decimal>, Refusal> {
    let mut findings = Findings::default();
    let mut quantities = vec![Decimal::ZERO; lines.len()];
    if wanted.is_empty() {
        findings.add(Kind::InvalidInput, "/lines", "required", "A credit note has at least one line.");
    }
    for (index, wanted) in wanted.iter().enumerate() {
        let (line_at, quantity_at) = (format!("/lines/{index}/invoice_line_id"), format!("/lines/{index}/quantity"));
        let Some(place) = lines.iter().position(|line| line.line == wanted.line) else {
            findings.add(Kind::InvalidInput, line_at, "unknown_line", "The invoice has no such line.");
            continue;
        };
        let Some(quantity) = findings.keep(&quantity_at, check_quantity(wanted.quantity)) else { continue };
        let open = lines[place].open();
        if quantity.is_zero() {
            findings.add(Kind::InvalidInput, quantity_at, "not_positive", "A line of a credit note is more than zero.");
        } else if !quantities[place].is_zero() {
            findings.add(Kind::InvalidInput, line_at, "repeated", "The line was named before.");
        } else if quantity > open {
            let detail = format!("Only {} of the line are not yet credited.", open.normalize());
            findings.add(Kind::OverCredit, quantity_at, "over_credit", detail);
        } else {
            quantities[place] = quantity;
        }
    }
    findings.result().map(|()| quantities)
}

fn note(currency: Currency, lines: &[CreditableLine], quantities: &[Decimal]) -> Result<CreditNote, Invalid> {
    let net = |line: &CreditableLine, quantity| {
        line.unit_price.line_amount(quantity, line.discount_percent).map(Money::amount)
    };
    let (mut before, mut after, mut credited) = (Vec::new(), Vec::new(), Vec::new());
    for (line, &quantity) in lines.iter().zip(quantities) {
        let (was, is) = (net(line, line.credited)?, net(line, line.credited + quantity)?);
        before.push((was, line.tax));
        after.push((is, line.tax));
        if !quantity.is_zero() {
            credited.push(CreditedLine {
                line: line.line,
                quantity,
                tax: line.tax,
                net: Money::new(is - was, currency)?,
            });
        }
    }
    let mut totals = Totals::of(currency, after)?.since(&Totals::of(currency, before)?)?;
    totals.taxes.retain(|subtotal| credited.iter().any(|line| line.tax == subtotal.tax));
    Ok(CreditNote { lines: credited, totals })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::catalogue::TaxCategory;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn id(n: u128) -> InvoiceLineId {
        InvoiceLineId(Uuid::from_u128(n))
    }

    fn line(n: u128, quantity: &str, price: &str, rate: &str, credited: &str) -> CreditableLine {
        CreditableLine {
            line: id(n),
            quantity: dec(quantity),
            unit_price: UnitPrice::new(dec(price), eur()).unwrap(),
            discount_percent: Decimal::ZERO,
            tax: Tax::new(TaxCategory::Standard, dec(rate)).unwrap(),
            credited: dec(credited),
        }
    }

    fn some(wanted: &[(u128, &str)]) -> CreditRequest {
        let line = |&(n, quantity): &(u128, &str)| CreditLine { line: id(n), quantity: dec(quantity) };
        CreditRequest::Lines(wanted.iter().map(line).collect())
    }

    fn run(lines: &[CreditableLine], request: &CreditRequest) -> Result<CreditNote, Refusal> {
        credit(InvoiceState::Issued, eur(), lines, request)
    }

    #[test]
    fn the_whole_is_what_earlier_notes_left() {
        let lines = [line(1, "10", "2.5", "20", "4"), line(2, "3", "1", "10", "3")];
        let note = run(&lines, &CreditRequest::Whole).unwrap();
        assert_eq!(note.lines.len(), 1);
        assert_eq!(note.lines[0].quantity, dec("6"));
        assert_eq!(note.totals.gross.amount(), dec("18"));
        assert_eq!(note.totals.taxes.len(), 1);
    }

    #[test]
    fn parts_add_up_to_the_invoice_to_the_cent() {
        let mut lines =
            [line(1, "7", "0.335", "19", "0"), line(2, "3", "0.07", "19", "0"), line(3, "1", "9.99", "7", "0")];
        let nets =
            lines.map(|line| (line.unit_price.line_amount(line.quantity, Decimal::ZERO).unwrap().amount(), line.tax));
        let invoice = Totals::of(eur(), nets).unwrap();
        let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
        for round in 0..7 {
            let wanted: Vec<_> =
                (1..=3).zip(&lines).filter(|(_, line)| round < line.quantity.try_into().unwrap()).collect();
            let request = some(&wanted.iter().map(|(n, _)| (*n, "1")).collect::<Vec<_>>());
            let note = run(&lines, &request).unwrap();
            assert!(note.lines.iter().all(|line| !line.net.amount().is_sign_negative()));
            assert_eq!(note.lines.iter().map(|line| line.net.amount()).sum::<Decimal>(), note.totals.net.amount());
            (net, tax) = (net + note.totals.net.amount(), tax + note.totals.tax.amount());
            for credited in note.lines {
                lines.iter_mut().find(|line| line.line == credited.line).unwrap().credited += credited.quantity;
            }
        }
        assert_eq!((net, tax), (invoice.net.amount(), invoice.tax.amount()));
        assert_eq!(run(&lines, &CreditRequest::Whole).unwrap_err().kind, Kind::OverCredit);
    }

    #[test]
    fn no_more_than_uncredited_is_credited() {
        let lines = [line(1, "10", "2.5", "20", "4"), line(2, "3", "1", "10", "0")];
        let over = run(&lines, &some(&[(2, "3"), (1, "6.5")])).unwrap_err();
        assert_eq!((over.kind, over.faults[0].pointer.as_str()), (Kind::OverCredit, "/lines/1/quantity"));
        let found = run(&lines, &some(&[(1, "0"), (2, "1"), (2, "1"), (3, "1"), (1, "-1")])).unwrap_err();
        let codes: Vec<_> = found.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(
            codes,
            [
                ("/lines/0/quantity", "not_positive"),
                ("/lines/2/invoice_line_id", "repeated"),
                ("/lines/3/invoice_line_id", "unknown_line"),
                ("/lines/4/quantity", "negative"),
            ]
        );
        assert_eq!(run(&lines, &some(&[])).unwrap_err().faults[0].code, "required");
    }

    #[test]
    fn drafts_and_credited_invoices_are_not_credited() {
        for state in InvoiceState::ALL {
            let result = credit(state, eur(), &[line(1, "1", "1", "20", "0")], &CreditRequest::Whole);
            let issued = !matches!(state, InvoiceState::Draft | InvoiceState::Credited);
            assert_eq!(result.is_ok(), issued, "{state:?}");
        }
    }
}
