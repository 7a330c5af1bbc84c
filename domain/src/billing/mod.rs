//! Invoices, credit notes, payments and the ledger.

pub mod bank_statement;
pub mod commission;
pub mod credit;
pub mod deposit;
pub mod dunning;
pub mod invoice;
pub mod ledger;
pub mod payment;
pub mod payment_matching;
pub mod spread;
pub mod three_way;
pub mod totals;

pub use credit::{CreditLine, CreditNote, CreditRequest, CreditableLine, CreditedLine, credit};
pub use deposit::{DepositDirection, check_covered};
pub use invoice::{BillableLine, InvoiceDraft, InvoiceLine, collect, draft, due_date, invoice_number};
pub use ledger::{AccountKind, Entry};
pub use payment::{Allocation, OpenInvoice, Payment, PaymentState, PaymentStep, Settlement, allocate};
pub use totals::{TaxSubtotal, Totals};

use rust_decimal::Decimal;

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvoiceState {
    /// Without a number; only the seller sees it.
    Draft,
    Issued,
    PartlyPaid,
    /// Payments and credit notes cover it.
    Paid,
    /// Credit notes alone cover it: it is as if it had never been issued.
    Credited,
}

/// What can happen to an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvoiceStep {
    Issue,
    PayPartly,
    Pay,
    /// Credit of the whole; of a part, the invoice keeps its state or is paid by it.
    Credit,
}

impl InvoiceState {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Issued, Self::PartlyPaid, Self::Paid, Self::Credited];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: InvoiceStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Draft, InvoiceStep::Issue) => Ok(Self::Issued),
            (Self::Issued | Self::PartlyPaid, InvoiceStep::PayPartly) => Ok(Self::PartlyPaid),
            (Self::Issued | Self::PartlyPaid, InvoiceStep::Pay) => Ok(Self::Paid),
            (Self::Issued | Self::PartlyPaid | Self::Paid, InvoiceStep::Credit) => Ok(Self::Credited),
            _ => Err(Refusal::wrong_state("invoice", self.code(), step.done())),
        }
    }

    /// The state of an issued invoice once `paid` and `credited` stand against its `gross` (all in its currency). An
    /// invoice over nothing is paid as it is issued.
    pub fn settled(self, gross: Decimal, paid: Decimal, credited: Decimal) -> Result<Self, Refusal> {
        let (state, step) = if credited >= gross && !credited.is_zero() {
            (Self::Credited, InvoiceStep::Credit)
        } else if paid + credited >= gross {
            (Self::Paid, InvoiceStep::Pay)
        } else if !paid.is_zero() {
            (Self::PartlyPaid, InvoiceStep::PayPartly)
        } else {
            return Ok(self);
        };
        if self == state { Ok(self) } else { self.after(step) }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Issued => "issued",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Credited => "credited",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an invoice.")))
    }
}

impl InvoiceStep {
    pub const ALL: [Self; 4] = [Self::Issue, Self::PayPartly, Self::Pay, Self::Credit];

    fn done(self) -> &'static str {
        match self {
            Self::Issue => "issued",
            Self::PayPartly => "partly paid",
            Self::Pay => "paid",
            Self::Credit => "credited",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kind;

    #[test]
    fn every_step_from_every_state() {
        use InvoiceState as S;
        use InvoiceStep as T;
        let legal = [
            (S::Draft, T::Issue, S::Issued),
            (S::Issued, T::PayPartly, S::PartlyPaid),
            (S::Issued, T::Pay, S::Paid),
            (S::Issued, T::Credit, S::Credited),
            (S::PartlyPaid, T::PayPartly, S::PartlyPaid),
            (S::PartlyPaid, T::Pay, S::Paid),
            (S::PartlyPaid, T::Credit, S::Credited),
            (S::Paid, T::Credit, S::Credited),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()).unwrap(), state);
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn payments_and_credits_settle_an_invoice() {
        use InvoiceState as S;
        let settled = |state: S, gross: i64, paid: i64, credited: i64| {
            state.settled(gross.into(), paid.into(), credited.into()).map_err(|refusal| refusal.kind)
        };
        assert_eq!(settled(S::Issued, 100, 0, 0), Ok(S::Issued));
        assert_eq!(settled(S::Issued, 100, 0, 40), Ok(S::Issued));
        assert_eq!(settled(S::Issued, 100, 60, 0), Ok(S::PartlyPaid));
        assert_eq!(settled(S::PartlyPaid, 100, 70, 0), Ok(S::PartlyPaid));
        assert_eq!(settled(S::PartlyPaid, 100, 60, 40), Ok(S::Paid));
        assert_eq!(settled(S::Issued, 100, 100, 0), Ok(S::Paid));
        assert_eq!(settled(S::Paid, 100, 100, 40), Ok(S::Paid));
        assert_eq!(settled(S::Paid, 100, 100, 100), Ok(S::Credited));
        assert_eq!(settled(S::Issued, 100, 0, 100), Ok(S::Credited));
        assert_eq!(settled(S::Issued, 0, 0, 0), Ok(S::Paid));
        assert_eq!(settled(S::Draft, 100, 1, 0), Err(Kind::WrongState));
        assert_eq!(settled(S::Credited, 100, 100, 0), Err(Kind::WrongState));
    }
}
