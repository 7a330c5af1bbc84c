//! Despatch of goods under a contract, and what arrived.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::ContractState;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{ContractLineId, Findings, Kind, Refusal};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    Despatched,
    /// All of it arrived in good order.
    Received,
    /// Some of it did not arrive.
    ReceivedShort,
    /// All of it arrived, and more than was despatched.
    ReceivedOver,
    /// Some of it arrived damaged; some may be missing or too much, too.
    ReceivedDamaged,
}

/// What can happen to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryStep {
    Receive,
    ReceiveShort,
    ReceiveOver,
    ReceiveDamaged,
}

impl DeliveryState {
    pub const ALL: [Self; 5] =
        [Self::Despatched, Self::Received, Self::ReceivedShort, Self::ReceivedOver, Self::ReceivedDamaged];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: DeliveryStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Despatched, DeliveryStep::Receive) => Ok(Self::Received),
            (Self::Despatched, DeliveryStep::ReceiveShort) => Ok(Self::ReceivedShort),
            (Self::Despatched, DeliveryStep::ReceiveOver) => Ok(Self::ReceivedOver),
            (Self::Despatched, DeliveryStep::ReceiveDamaged) => Ok(Self::ReceivedDamaged),
            _ => Err(Refusal::wrong_state("delivery", self.code(), "received")),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Despatched => "despatched",
            Self::Received => "received",
            Self::ReceivedShort => "received_short",
            Self::ReceivedOver => "received_over",
            Self::ReceivedDamaged => "received_damaged",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a delivery.")))
    }
}

/// How far a line of a contract has come, in the line's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineProgress {
    pub line: ContractLineId,
    pub agreed: Decimal,
    /// Despatched in deliveries that the buyer has not yet received.
    pub in_transit: Decimal,
    /// Received in good order.
    pub received: Decimal,
}

impl LineProgress {
    /// What can still be despatched. What went missing or was damaged is open again.
    pub fn open(&self) -> Decimal {
        (self.agreed - self.in_transit - self.received).max(Decimal::ZERO)
    }
}

/// Whether everything agreed has arrived in good order.
pub fn is_fulfilled(lines: &[LineProgress]) -> bool {
    lines.iter().all(|line| line.received >= line.agreed)
}

/// A line of a despatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DespatchLine {
    pub line: ContractLineId,
    pub quantity: Decimal,
}

/// Checks a despatch: the contract is active, each line is one of its lines, named once, more than zero and not above
/// what is open ([`Kind::OverDelivery`]). All faults are told at once, with pointers such as `/lines/0/quantity`.
pub fn check_despatch(
    contract: ContractState,
    progress: &[LineProgress],
    despatch: &[DespatchLine],
) -> Result<(), Refusal> {
    if contract != ContractState::Active {
        return Err(Refusal::wrong_state("contract", contract.code(), "delivered"));
    }
    let mut findings = Findings::default();
    if despatch.is_empty() {
        findings.add(Kind::InvalidInput, "/lines", "required", "A delivery has at least one line.");
    }
    let mut named = HashSet::new();
    for (index, wanted) in despatch.iter().enumerate() {
        let Some(line) = progress.iter().find(|line| line.line == wanted.line) else {
            findings.add(
                Kind::InvalidInput,
                format!("/lines/{index}/contract_line_id"),
                "unknown_line",
                "The contract has no such line.",
            );
            continue;
        };
        if !named.insert(wanted.line) {
            findings.add(
                Kind::InvalidInput,
                format!("/lines/{index}/contract_line_id"),
                "repeated",
                "The line was named before.",
            );
        }
        check_despatched(line, wanted.quantity, format!("/lines/{index}/quantity"), &mut findings);
    }
    findings.result()
}

fn check_despatched(line: &LineProgress, quantity: Decimal, pointer: String, findings: &mut Findings) {
    if findings.keep(&pointer, check_quantity(quantity)).is_none() {
        return;
    }
    if quantity.is_zero() {
        findings.add(Kind::InvalidInput, pointer, "not_positive", "A line of a delivery is more than zero.");
    } else if quantity > line.open() {
        let detail = format!("Only {} of the line are still to be delivered.", line.open().normalize());
        findings.add(Kind::OverDelivery, pointer, "over_delivery", detail);
    }
}

/// What the buyer says arrived of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptLine {
    pub line: ContractLineId,
    /// In good order, of what was despatched.
    pub received: Decimal,
    pub damaged: Decimal,
    /// Beyond what was despatched. It is the seller's: nobody pays for it unless the seller despatches it, too.
    pub surplus: Decimal,
}

/// What a receipt leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub state: DeliveryState,
    /// All lines of the delivery, in its order.
    pub lines: Vec<ReceiptLine>,
}

/// Checks a receipt against what was despatched; lines that are not named arrived in full. More than was despatched is said to be
/// surplus, and there is none of what did not arrive in full: else it is refused ([`Kind::ReceiptMismatch`]). Any damage makes the
/// delivery `received_damaged`, otherwise anything that is missing `received_short`, otherwise anything beyond `received_over`.
pub fn receive(state: DeliveryState, despatched: &[DespatchLine], stated: &[ReceiptLine]) -> Result<Receipt, Refusal> {
    if state != DeliveryState::Despatched {
        return Err(Refusal::wrong_state("delivery", state.code(), "received"));
    }
    let mut findings = Findings::default();
    let mut by_line = HashMap::new();
    for (index, stated) in stated.iter().enumerate() {
        let pointer = format!("/lines/{index}");
        let Some(sent) = despatched.iter().find(|sent| sent.line == stated.line) else {
            findings.add(
                Kind::InvalidInput,
                pointer + "/contract_line_id",
                "unknown_line",
                "The delivery has no such line.",
            );
            continue;
        };
        check_received(sent, stated, &pointer, &mut findings);
        if by_line.insert(stated.line, *stated).is_some() {
            findings.add(Kind::InvalidInput, pointer + "/contract_line_id", "repeated", "The line was named before.");
        }
    }
    findings.result()?;
    let in_full = |sent: &DespatchLine| ReceiptLine {
        line: sent.line,
        received: sent.quantity,
        damaged: Decimal::ZERO,
        surplus: Decimal::ZERO,
    };
    let lines = despatched.iter().map(|sent| by_line.get(&sent.line).copied().unwrap_or_else(|| in_full(sent)));
    let lines: Vec<ReceiptLine> = lines.collect();
    Ok(Receipt { state: state.after(outcome(despatched, &lines))?, lines })
}

fn check_received(sent: &DespatchLine, stated: &ReceiptLine, pointer: &str, findings: &mut Findings) {
    let received = findings.keep(format!("{pointer}/received"), check_quantity(stated.received));
    let damaged = findings.keep(format!("{pointer}/damaged"), check_quantity(stated.damaged));
    let surplus = findings.keep(format!("{pointer}/surplus"), check_quantity(stated.surplus));
    let (Some(received), Some(damaged), Some(surplus)) = (received, damaged, surplus) else { return };
    if received + damaged > sent.quantity {
        let detail = format!("Only {} were despatched: what is beyond that is surplus.", sent.quantity.normalize());
        findings.add(Kind::ReceiptMismatch, pointer, "receipt_mismatch", detail);
    } else if !surplus.is_zero() && received + damaged < sent.quantity {
        let detail = format!("There is no surplus as long as not all {} arrived.", sent.quantity.normalize());
        findings.add(Kind::ReceiptMismatch, pointer, "receipt_mismatch", detail);
    }
}

fn outcome(despatched: &[DespatchLine], lines: &[ReceiptLine]) -> DeliveryStep {
    let short = |(sent, line): (&DespatchLine, &ReceiptLine)| line.received + line.damaged < sent.quantity;
    if lines.iter().any(|line| !line.damaged.is_zero()) {
        DeliveryStep::ReceiveDamaged
    } else if despatched.iter().zip(lines).any(short) {
        DeliveryStep::ReceiveShort
    } else if lines.iter().any(|line| !line.surplus.is_zero()) {
        DeliveryStep::ReceiveOver
    } else {
        DeliveryStep::Receive
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> ContractLineId {
        ContractLineId(Uuid::from_u128(n))
    }

    fn progress(n: u128, agreed: i64, in_transit: i64, received: i64) -> LineProgress {
        LineProgress { line: id(n), agreed: agreed.into(), in_transit: in_transit.into(), received: received.into() }
    }

    fn sent(n: u128, quantity: i64) -> DespatchLine {
        DespatchLine { line: id(n), quantity: quantity.into() }
    }

    fn got(n: u128, received: i64, damaged: i64) -> ReceiptLine {
        ReceiptLine { line: id(n), received: received.into(), damaged: damaged.into(), surplus: Decimal::ZERO }
    }

    fn over(n: u128, received: i64, surplus: i64) -> ReceiptLine {
        ReceiptLine { surplus: surplus.into(), ..got(n, received, 0) }
    }

    fn faults(refusal: Refusal) -> Vec<(String, &'static str)> {
        refusal.faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn every_step_from_every_state() {
        use {DeliveryState as S, DeliveryStep as T};
        let steps = [T::Receive, T::ReceiveShort, T::ReceiveOver, T::ReceiveDamaged];
        let outcomes = [S::Received, S::ReceivedShort, S::ReceivedOver, S::ReceivedDamaged];
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::parse(state.code()).unwrap(), state);
            for (step, outcome) in steps.into_iter().zip(outcomes) {
                let expected = (state == DeliveryState::Despatched).then_some(outcome);
                assert_eq!(state.after(step).ok(), expected, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn no_more_than_agreed_is_despatched() {
        let lines = [progress(1, 10, 3, 2), progress(2, 4, 0, 0)];
        let check = |despatch: &[DespatchLine]| check_despatch(ContractState::Active, &lines, despatch);
        assert!(check(&[sent(1, 5), sent(2, 4)]).is_ok());
        let over = check(&[sent(2, 4), sent(1, 6)]).unwrap_err();
        assert_eq!(over.kind, Kind::OverDelivery);
        assert_eq!(faults(over), [("/lines/1/quantity".to_owned(), "over_delivery")]);
    }

    #[test]
    fn all_faults_of_a_despatch_are_told() {
        let lines = [progress(1, 10, 0, 0), progress(2, 4, 0, 0)];
        let check =
            |despatch: &[DespatchLine]| faults(check_despatch(ContractState::Active, &lines, despatch).unwrap_err());
        let expected = [
            ("/lines/0/quantity", "not_positive"),
            ("/lines/1/contract_line_id", "repeated"),
            ("/lines/2/contract_line_id", "unknown_line"),
            ("/lines/3/quantity", "negative"),
        ];
        let found = check(&[sent(1, 0), sent(1, 5), sent(3, 1), sent(2, -1)]);
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        assert_eq!(check(&[]), [("/lines".to_owned(), "required")]);
    }

    #[test]
    fn only_an_active_contract_is_delivered() {
        for state in ContractState::ALL {
            let result = check_despatch(state, &[progress(1, 1, 0, 0)], &[sent(1, 1)]);
            assert_eq!(result.is_ok(), state == ContractState::Active, "{state:?}");
        }
    }

    #[test]
    fn the_receipt_decides_the_outcome() {
        let despatched = [sent(1, 10), sent(2, 4)];
        let state = |stated: &[ReceiptLine]| receive(DeliveryState::Despatched, &despatched, stated).unwrap().state;
        assert_eq!(state(&[]), DeliveryState::Received);
        assert_eq!(state(&[got(2, 4, 0), got(1, 10, 0)]), DeliveryState::Received);
        assert_eq!(state(&[got(2, 3, 0)]), DeliveryState::ReceivedShort);
        assert_eq!(state(&[got(1, 0, 0)]), DeliveryState::ReceivedShort);
        assert_eq!(state(&[got(1, 9, 0), got(2, 3, 1)]), DeliveryState::ReceivedDamaged);
        assert_eq!(state(&[over(1, 10, 2)]), DeliveryState::ReceivedOver);
        assert_eq!(state(&[over(1, 10, 2), got(2, 3, 0)]), DeliveryState::ReceivedShort);
    }

    #[test]
    fn lines_not_named_arrived_in_full() {
        let receipt = receive(DeliveryState::Despatched, &[sent(1, 10), sent(2, 4)], &[got(2, 1, 2)]).unwrap();
        assert_eq!(receipt.lines, [got(1, 10, 0), got(2, 1, 2)]);
    }

    #[test]
    fn no_more_than_despatched_is_received() {
        let run = |stated: &[ReceiptLine]| receive(DeliveryState::Despatched, &[sent(1, 10)], stated).unwrap_err();
        let over = run(&[got(1, 8, 3)]);
        assert_eq!(over.kind, Kind::ReceiptMismatch);
        assert_eq!(faults(over), [("/lines/0".to_owned(), "receipt_mismatch")]);
        // What is missing is no surplus at the same time.
        assert_eq!(run(&[self::over(1, 9, 1)]).kind, Kind::ReceiptMismatch);
        let expected = [
            ("/lines/0/damaged", "negative"),
            ("/lines/1/contract_line_id", "unknown_line"),
            ("/lines/2/contract_line_id", "repeated"),
        ];
        let found = faults(run(&[got(1, 8, -1), got(2, 1, 0), got(1, 1, 0)]));
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn a_delivery_is_received_once() {
        for state in DeliveryState::ALL {
            let result = receive(state, &[sent(1, 1)], &[]);
            assert_eq!(result.is_ok(), state == DeliveryState::Despatched, "{state:?}");
        }
    }

    #[test]
    fn what_is_missing_is_open_again_until_all_has_arrived() {
        let despatched = progress(1, 10, 10, 0);
        assert_eq!((despatched.open(), is_fulfilled(&[despatched])), (Decimal::ZERO, false));
        let short = progress(1, 10, 0, 8);
        assert_eq!((short.open(), is_fulfilled(&[short])), (2.into(), false));
        assert!(check_despatch(ContractState::Active, &[short], &[sent(1, 2)]).is_ok());
        assert!(is_fulfilled(&[progress(1, 10, 0, 10), progress(2, 4, 0, 4)]));
        assert!(!is_fulfilled(&[progress(1, 10, 0, 10), progress(2, 4, 1, 3)]));
    }
}
