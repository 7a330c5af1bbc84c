//! Goods that the buyer wants to give back, and what becomes of them.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{ContractLineId, Findings, InvoiceLineId, Kind, Refusal};

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnState {
    /// The buyer asks; the seller has not answered.
    Requested,
    /// The seller awaits the goods.
    Accepted,
    Refused,
    /// The buyer keeps the goods after all.
    Withdrawn,
    /// The goods are back with the seller, and are credited.
    Completed,
}

/// What can happen to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnStep {
    Accept,
    Refuse,
    Withdraw,
    Complete,
}

impl ReturnState {
    pub const ALL: [Self; 5] = [Self::Requested, Self::Accepted, Self::Refused, Self::Withdrawn, Self::Completed];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: ReturnStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Requested, ReturnStep::Accept) => Ok(Self::Accepted),
            (Self::Requested, ReturnStep::Refuse) => Ok(Self::Refused),
            (Self::Requested | Self::Accepted, ReturnStep::Withdraw) => Ok(Self::Withdrawn),
            (Self::Accepted, ReturnStep::Complete) => Ok(Self::Completed),
            _ => Err(Refusal::wrong_state("return", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Completed => "completed",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a return.")))
    }
}

impl ReturnStep {
    pub const ALL: [Self; 4] = [Self::Accept, Self::Refuse, Self::Withdraw, Self::Complete];

    fn done(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Refuse => "refused",
            Self::Withdraw => "withdrawn",
            Self::Complete => "completed",
        }
    }
}

/// What of a line of a contract could be given back, in the line's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returnable {
    pub line: ContractLineId,
    /// Received in good order.
    pub received: Decimal,
    /// Back with the seller, or asked to be given back and not decided against.
    pub returned: Decimal,
}

/// How much of a line is to go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnLine {
    pub line: ContractLineId,
    pub quantity: Decimal,
}

/// Checks what a buyer asks to give back: lines of the contract, each named once, more than zero and no more than was received and is
/// not in another return ([`Kind::OverReturn`]). All faults are told at once, with pointers such as `/lines/0/quantity`.
pub fn check_request(lines: &[Returnable], wanted: &[ReturnLine]) -> Result<(), Refusal> {
    let mut findings = Findings::default();
    if wanted.is_empty() {
        findings.add(Kind::InvalidInput, "/lines", "required", "A return has at least one line.");
    }
    let mut named = HashSet::new();
    for (index, one) in wanted.iter().enumerate() {
        let (line_at, quantity_at) = (format!("/lines/{index}/contract_line_id"), format!("/lines/{index}/quantity"));
        let Some(line) = lines.iter().find(|line| line.line == one.line) else {
            findings.add(Kind::InvalidInput, line_at, "unknown_line", "No goods of the contract are on such a line.");
            continue;
        };
        if !named.insert(one.line) {
            findings.add(Kind::InvalidInput, line_at, "repeated", "The line was named before.");
        }
        let Some(quantity) = findings.keep(&quantity_at, check_quantity(one.quantity)) else { continue };
        let open = (line.received - line.returned).max(Decimal::ZERO);
        if quantity.is_zero() {
            findings.add(Kind::InvalidInput, quantity_at, "not_positive", "A line of a return is more than zero.");
        } else if quantity > open {
            let detail = format!("Only {} of the line can be given back.", open.normalize());
            findings.add(Kind::OverReturn, quantity_at, "over_return", detail);
        }
    }
    findings.result()
}

/// What the seller says came back of a line: fit for its stock, and to be written off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackLine {
    pub line: ContractLineId,
    pub restocked: Decimal,
    pub written_off: Decimal,
}

impl BackLine {
    pub fn quantity(&self) -> Decimal {
        self.restocked + self.written_off
    }
}

/// Completes a return: lines that are not named came back in full and go to stock. More than was asked for is refused
/// ([`Kind::ReceiptMismatch`]). Gives all lines of the return, in its order.
pub fn complete(state: ReturnState, asked: &[ReturnLine], stated: &[BackLine]) -> Result<Vec<BackLine>, Refusal> {
    state.after(ReturnStep::Complete)?;
    let mut findings = Findings::default();
    let mut named = HashSet::new();
    for (index, one) in stated.iter().enumerate() {
        let pointer = format!("/lines/{index}");
        let Some(line) = asked.iter().find(|line| line.line == one.line) else {
            let detail = "The return has no such line.";
            findings.add(Kind::InvalidInput, pointer + "/contract_line_id", "unknown_line", detail);
            continue;
        };
        if !named.insert(one.line) {
            let detail = "The line was named before.";
            findings.add(Kind::InvalidInput, format!("{pointer}/contract_line_id"), "repeated", detail);
        }
        let restocked = findings.keep(format!("{pointer}/restocked"), check_quantity(one.restocked));
        let written_off = findings.keep(format!("{pointer}/written_off"), check_quantity(one.written_off));
        if restocked.zip(written_off).is_some_and(|(restocked, written_off)| restocked + written_off > line.quantity) {
            let detail = format!("Only {} were to come back.", line.quantity.normalize());
            findings.add(Kind::ReceiptMismatch, pointer, "receipt_mismatch", detail);
        }
    }
    findings.result()?;
    let in_full =
        |line: &ReturnLine| BackLine { line: line.line, restocked: line.quantity, written_off: Decimal::ZERO };
    let back = |line: &ReturnLine| stated.iter().find(|one| one.line == line.line).copied();
    let lines: Vec<BackLine> = asked.iter().map(|line| back(line).unwrap_or_else(|| in_full(line))).collect();
    if lines.iter().all(|line| line.quantity().is_zero()) {
        return Err(Refusal::fault("/lines", "required", "Something comes back with a return."));
    }
    Ok(lines)
}

/// How goods that came back are settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What no invoice holds: it is not invoiced any more.
    pub uninvoiced: Decimal,
    /// What is credited of lines of invoices.
    pub credited: Vec<(InvoiceLineId, Decimal)>,
    /// What a draft holds or, where there is none, what was credited before.
    pub rest: Decimal,
}

/// Settles a quantity of a line that came back: first what is not invoiced, then by credit of its invoices in the order given.
pub fn settle(quantity: Decimal, uninvoiced: Decimal, invoices: &[(InvoiceLineId, Decimal)]) -> Settled {
    let uninvoiced = uninvoiced.clamp(Decimal::ZERO, quantity);
    let mut rest = quantity - uninvoiced;
    let mut credited = Vec::new();
    for (line, open) in invoices {
        let part = rest.min(*open);
        if part > Decimal::ZERO {
            credited.push((*line, part));
            rest -= part;
        }
    }
    Settled { uninvoiced, credited, rest }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> ContractLineId {
        ContractLineId(Uuid::from_u128(n))
    }

    fn faults(refusal: Refusal) -> Vec<(String, &'static str)> {
        refusal.faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    fn told(expected: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), *code)).collect()
    }

    #[test]
    fn every_step_from_every_state() {
        use ReturnState as S;
        use ReturnStep as T;
        let legal = [
            (S::Requested, T::Accept, S::Accepted),
            (S::Requested, T::Refuse, S::Refused),
            (S::Requested, T::Withdraw, S::Withdrawn),
            (S::Accepted, T::Withdraw, S::Withdrawn),
            (S::Accepted, T::Complete, S::Completed),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()).unwrap(), state);
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn no_more_goes_back_than_was_received_and_is_not_on_its_way_back() {
        let line = |n, received: i64, returned: i64| Returnable {
            line: id(n),
            received: received.into(),
            returned: returned.into(),
        };
        let wanted = |n, quantity: i64| ReturnLine { line: id(n), quantity: quantity.into() };
        let lines = [line(1, 10, 4), line(2, 3, 0)];
        assert!(check_request(&lines, &[wanted(1, 6), wanted(2, 3)]).is_ok());
        let over = check_request(&lines, &[wanted(2, 3), wanted(1, 7)]).unwrap_err();
        assert_eq!((over.kind, faults(over)), (Kind::OverReturn, told(&[("/lines/1/quantity", "over_return")])));
        let odd = check_request(&lines, &[wanted(1, 0), wanted(1, 1), wanted(3, 1), wanted(2, -1)]).unwrap_err();
        let expected = [
            ("/lines/0/quantity", "not_positive"),
            ("/lines/1/contract_line_id", "repeated"),
            ("/lines/2/contract_line_id", "unknown_line"),
            ("/lines/3/quantity", "negative"),
        ];
        assert_eq!(faults(odd), told(&expected));
        assert_eq!(faults(check_request(&lines, &[]).unwrap_err()), told(&[("/lines", "required")]));
    }

    #[test]
    fn what_is_not_named_came_back_in_full() {
        let asked = [ReturnLine { line: id(1), quantity: 5.into() }, ReturnLine { line: id(2), quantity: 2.into() }];
        let back = |n, restocked: i64, written_off: i64| BackLine {
            line: id(n),
            restocked: restocked.into(),
            written_off: written_off.into(),
        };
        let run = |stated: &[BackLine]| complete(ReturnState::Accepted, &asked, stated);
        assert_eq!(run(&[back(2, 0, 1)]).unwrap(), [back(1, 5, 0), back(2, 0, 1)]);
        assert_eq!(run(&[back(1, 3, 3)]).unwrap_err().kind, Kind::ReceiptMismatch);
        assert_eq!(faults(run(&[back(1, 0, 0), back(2, 0, 0)]).unwrap_err()), told(&[("/lines", "required")]));
        let odd = run(&[back(3, 1, 0), back(1, 1, -1), back(1, 1, 0)]).unwrap_err();
        let expected = [
            ("/lines/0/contract_line_id", "unknown_line"),
            ("/lines/1/written_off", "negative"),
            ("/lines/2/contract_line_id", "repeated"),
        ];
        assert_eq!(faults(odd), told(&expected));
        for state in ReturnState::ALL {
            assert_eq!(complete(state, &asked, &[]).is_ok(), state == ReturnState::Accepted, "{state:?}");
        }
    }

    #[test]
    fn what_came_back_is_settled_without_an_invoice_first_and_then_by_credit() {
        let line = |n| InvoiceLineId(Uuid::from_u128(n));
        let invoices = [(line(1), Decimal::from(3)), (line(2), Decimal::from(4))];
        let run = |quantity: i64, uninvoiced: i64| settle(quantity.into(), uninvoiced.into(), &invoices);
        assert_eq!(run(2, 5), Settled { uninvoiced: 2.into(), credited: vec![], rest: 0.into() });
        let both = vec![(line(1), 3.into()), (line(2), 2.into())];
        assert_eq!(run(6, 1), Settled { uninvoiced: 1.into(), credited: both, rest: 0.into() });
        let all = vec![(line(1), 3.into()), (line(2), 4.into())];
        assert_eq!(run(9, 1), Settled { uninvoiced: 1.into(), credited: all, rest: 1.into() });
    }
}
