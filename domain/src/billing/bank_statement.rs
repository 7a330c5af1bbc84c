//! What becomes of the entries of a bank statement: which are booked as payments, and which wait for a person. Pure; nothing is booked here.

mod confirmed;

use std::collections::BTreeSet;

use super::payment_matching::{Basis, Doubt, Incoming, OpenInvoice, Outcome, Reason, Share, match_payments, named};
use crate::kernel::refusal::Invalid;
use crate::kernel::{InvoiceId, Money, OrganisationId, PaymentId, Refusal};

pub use confirmed::{Confirmed, confirmed_before};

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryState {
    /// A confirmed payment, all of it for invoices.
    Booked,
    /// A confirmed payment of which something is on account.
    PartlyBooked,
    /// Money that came, and a person has to say what it is for.
    Open,
    /// It stands in an earlier statement, too.
    Known,
    /// No money that came: a debit, something taken back, or not booked by the bank.
    Ignored,
}

/// What is said of the money of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryStep {
    /// A part of it is for invoices.
    AllocatePart,
    /// All of it is.
    AllocateAll,
}

impl EntryState {
    pub const ALL: [Self; 5] = [Self::Booked, Self::PartlyBooked, Self::Open, Self::Known, Self::Ignored];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: EntryStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Open | Self::PartlyBooked, EntryStep::AllocatePart) => Ok(Self::PartlyBooked),
            (Self::Open | Self::PartlyBooked, EntryStep::AllocateAll) => Ok(Self::Booked),
            _ => Err(Refusal::wrong_state("bank statement entry", self.code(), "allocated")),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::PartlyBooked => "partly_booked",
            Self::Open => "open",
            Self::Known => "known",
            Self::Ignored => "ignored",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an entry.")))
    }
}

/// An invoice that money may be for.
#[derive(Debug, Clone)]
pub struct Claim {
    pub invoice: OpenInvoice,
    /// Its buyer has not approved what is above order or receipt: nothing is paid for it.
    pub is_held: bool,
}

/// A payment that its payer recorded and nobody has confirmed yet.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub id: PaymentId,
    pub payer: OrganisationId,
    pub amount: Money,
    /// The invoices that the payer said it is for; empty if it named none.
    pub invoices: BTreeSet<InvoiceId>,
    pub reference: Option<String>,
}

/// What becomes of money that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the money of a payment that the payee confirmed before: that is booked.
    Known { payment: PaymentId },
    /// It is a payment for these invoices. The rest is on account.
    Book {
        payer: OrganisationId,
        shares: Vec<Share>,
        basis: Basis,
        left_over: Money,
        /// The payment that the payer recorded for it: that one is confirmed, and no other booked.
        confirms: Option<PaymentId>,
    },
    /// A person has to say what it is for; these come into question.
    Open { why: Why, candidates: Vec<InvoiceId> },
}

/// Why a person has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    Doubt(Doubt),
    Reason(Reason),
    /// It is for an invoice that is held or disputed.
    Held,
    /// It is for invoices of several payers.
    SeveralPayers,
    /// It names no invoice, and whose account it came from says alone what it is for: nobody proves that the account is his.
    AmountOnly,
}

impl Why {
    pub fn code(self) -> &'static str {
        match self {
            Self::Doubt(doubt) => doubt.code(),
            Self::Reason(reason) => reason.code(),
            Self::Held => "invoice_held",
            Self::SeveralPayers => "several_payers",
            Self::AmountOnly => "amount_only",
        }
    }
}

/// A verdict for each payment, in their order. Those that were confirmed before are taken first, and the others judged by
/// [`match_payments`]. What it would spread over invoices that are held, or of several payers, or by amount alone, is left to a person. A
/// recorded payment is the same money if it is of the same payer and amount, and for the same invoices: by what it is allocated to, or else
/// by its reference; one that has neither is as well. Each is taken once.
pub fn judge(payments: &[Incoming], claims: &[Claim], recorded: &[Recorded], confirmed: &[Confirmed]) -> Vec<Verdict> {
    let known = confirmed::known(payments, claims, confirmed);
    let is_new = |(payment, known): (&Incoming, &Option<PaymentId>)| known.is_none().then(|| payment.clone());
    let new: Vec<Incoming> = payments.iter().zip(&known).filter_map(is_new).collect();
    let invoices: Vec<OpenInvoice> = claims.iter().map(|claim| claim.invoice.clone()).collect();
    let mut taken = BTreeSet::new();
    let outcomes = match_payments(&new, &invoices).into_iter().zip(&new);
    let mut judged = outcomes.map(|(outcome, payment)| verdict(outcome, payment, claims, recorded, &mut taken));
    let one = |known: Option<PaymentId>| match known {
        Some(payment) => Some(Verdict::Known { payment }),
        None => judged.next(),
    };
    known.into_iter().filter_map(one).collect()
}

fn verdict(
    outcome: Outcome,
    payment: &Incoming,
    claims: &[Claim],
    recorded: &[Recorded],
    taken: &mut BTreeSet<PaymentId>,
) -> Verdict {
    let (shares, basis, left_over) = match outcome {
        Outcome::Matched { shares, basis, left_over } => (shares, basis, left_over),
        Outcome::Ambiguous { candidates, doubt } => return Verdict::Open { why: Why::Doubt(doubt), candidates },
        Outcome::Unmatched(reason) => return Verdict::Open { why: Why::Reason(reason), candidates: Vec::new() },
    };
    let ids: BTreeSet<InvoiceId> = shares.iter().map(|share| share.invoice).collect();
    let meant: Vec<&Claim> = claims.iter().filter(|claim| ids.contains(&claim.invoice.id)).collect();
    let open = |why| Verdict::Open { why, candidates: ids.iter().copied().collect() };
    if meant.iter().any(|claim| claim.is_held) {
        return open(Why::Held);
    }
    if basis == Basis::AmountOnly {
        return open(Why::AmountOnly);
    }
    let payers: BTreeSet<OrganisationId> = meant.iter().map(|claim| claim.invoice.payer).collect();
    let (Some(payer), 1) = (payers.first().copied(), payers.len()) else { return open(Why::SeveralPayers) };
    let left: Vec<&Recorded> = recorded.iter().filter(|one| !taken.contains(&one.id)).collect();
    let confirms = same_money(&left, payer, payment.amount, &ids, claims);
    taken.extend(confirms);
    Verdict::Book { payer, shares, basis, left_over, confirms }
}

/// The first recorded payment that is the same money.
pub fn same_money(
    recorded: &[&Recorded],
    payer: OrganisationId,
    amount: Money,
    invoices: &BTreeSet<InvoiceId>,
    claims: &[Claim],
) -> Option<PaymentId> {
    let fits = |one: &&&Recorded| one.payer == payer && one.amount == amount && is_for(one, invoices, claims);
    recorded.iter().find(fits).map(|one| one.id)
}

fn is_for(recorded: &Recorded, invoices: &BTreeSet<InvoiceId>, claims: &[Claim]) -> bool {
    if !recorded.invoices.is_empty() {
        return recorded.invoices == *invoices;
    }
    // Only silence fits: a text that names none of these invoices may be about another one.
    let Some(text) = recorded.reference.as_deref().filter(|text| !text.trim().is_empty()) else { return true };
    let numbers = claims.iter().map(|claim| (claim.invoice.id, claim.invoice.number.as_str()));
    named(text, numbers).into_iter().collect::<BTreeSet<_>>() == *invoices
}

#[cfg(test)]
mod tests;
