//! Double-entry book-keeping: each organisation has its own accounts, and each entry balances by itself.

use rust_decimal::Decimal;

use super::totals::Totals;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Kind, Money, OrganisationId, Refusal};

/// The accounts of an organisation, one of each kind in each currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// What buyers owe it.
    Receivable,
    /// What it owes sellers.
    Payable,
    Revenue,
    Purchases,
    /// Tax it charged and owes.
    TaxDue,
    /// Tax it was charged.
    TaxPaid,
    Cash,
    /// Money it has deposited as a security and may have back.
    Deposits,
    /// What of that is bound for auctions.
    DepositsHeld,
    /// Deposits that it has lost.
    Forfeits,
    /// Fees it was charged.
    Fees,
}

/// The side on which an account grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NormalSide {
    Debit,
    Credit,
}

impl AccountKind {
    pub const ALL: [Self; 11] = [
        Self::Receivable,
        Self::Payable,
        Self::Revenue,
        Self::Purchases,
        Self::TaxDue,
        Self::TaxPaid,
        Self::Cash,
        Self::Deposits,
        Self::DepositsHeld,
        Self::Forfeits,
        Self::Fees,
    ];

    pub fn normal_side(self) -> NormalSide {
        match self {
            Self::Payable | Self::Revenue | Self::TaxDue => NormalSide::Credit,
            Self::Receivable
            | Self::Purchases
            | Self::TaxPaid
            | Self::Cash
            | Self::Deposits
            | Self::DepositsHeld
            | Self::Forfeits
            | Self::Fees => NormalSide::Debit,
        }
    }

    /// The balance as people read it, positive on the normal side, of the sum of the postings (debit positive).
    pub fn balance(self, postings: Decimal) -> Decimal {
        match self.normal_side() {
            NormalSide::Debit => postings,
            NormalSide::Credit => Decimal::ZERO - postings,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Payable => "payable",
            Self::Revenue => "revenue",
            Self::Purchases => "purchases",
            Self::TaxDue => "tax_due",
            Self::TaxPaid => "tax_paid",
            Self::Cash => "cash",
            Self::Deposits => "deposits",
            Self::DepositsHeld => "deposits_held",
            Self::Forfeits => "forfeits",
            Self::Fees => "fees",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or_else(|| Invalid::new("account_kind", format!("`{code}` is not a kind of account.")))
    }
}

/// Postings to accounts of one organisation in one currency, with a sum of zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    organisation: OrganisationId,
    currency: Currency,
    postings: Vec<(AccountKind, Decimal)>,
}

impl Entry {
    /// Debits are positive, credits negative, in whole minor units. Postings of zero are left out. Refuses postings
    /// that do not balance, which is a fault of the books and not of a person.
    pub fn new(
        organisation: OrganisationId,
        currency: Currency,
        mut postings: Vec<(AccountKind, Decimal)>,
    ) -> Result<Self, Refusal> {
        postings.retain(|(_, amount)| !amount.is_zero());
        let whole = |amount: Decimal| Money::new(amount, currency).is_ok();
        if !postings.iter().all(|(_, amount)| whole(*amount)) {
            return Err(Refusal::new(Kind::Internal, "A posting is not an amount of its currency."));
        }
        let sum: Decimal = postings.iter().map(|(_, amount)| *amount).sum();
        if !sum.is_zero() {
            return Err(Refusal::new(Kind::Internal, format!("The postings do not balance: they differ by {sum}.")));
        }
        Ok(Self { organisation, currency, postings })
    }

    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    pub fn currency(&self) -> Currency {
        self.currency
    }

    pub fn postings(&self) -> &[(AccountKind, Decimal)] {
        &self.postings
    }
}

/// The entries of an invoice that is issued, for the seller and the buyer; none if it is over nothing.
pub fn invoice_issued(seller: OrganisationId, buyer: OrganisationId, totals: &Totals) -> Result<Vec<Entry>, Refusal> {
    billed(seller, buyer, totals, Decimal::ONE)
}

/// The entries of a credit note: those of an invoice over the same amounts, reversed.
pub fn credit_note_issued(
    seller: OrganisationId,
    buyer: OrganisationId,
    totals: &Totals,
) -> Result<Vec<Entry>, Refusal> {
    billed(seller, buyer, totals, Decimal::NEGATIVE_ONE)
}

/// The entries of the commission of a month; negative amounts are given back.
pub fn commission_billed(
    biller: OrganisationId,
    seller: OrganisationId,
    totals: &Totals,
) -> Result<Vec<Entry>, Refusal> {
    let currency = totals.gross.currency();
    let [net, tax, gross] = [totals.net, totals.tax, totals.gross].map(Money::amount);
    let of_biller = vec![(AccountKind::Receivable, gross), (AccountKind::Revenue, -net), (AccountKind::TaxDue, -tax)];
    let of_seller = vec![(AccountKind::Fees, net), (AccountKind::TaxPaid, tax), (AccountKind::Payable, -gross)];
    both(Entry::new(biller, currency, of_biller)?, Entry::new(seller, currency, of_seller)?)
}

/// The entries of a payment that the payee has confirmed, over the whole amount, allocated or not.
pub fn payment_confirmed(payer: OrganisationId, payee: OrganisationId, amount: Money) -> Result<Vec<Entry>, Refusal> {
    let (currency, amount) = (amount.currency(), amount.amount());
    let of_payee = vec![(AccountKind::Cash, amount), (AccountKind::Receivable, -amount)];
    let of_payer = vec![(AccountKind::Payable, amount), (AccountKind::Cash, -amount)];
    both(Entry::new(payee, currency, of_payee)?, Entry::new(payer, currency, of_payer)?)
}

fn billed(
    seller: OrganisationId,
    buyer: OrganisationId,
    totals: &Totals,
    sign: Decimal,
) -> Result<Vec<Entry>, Refusal> {
    let currency = totals.gross.currency();
    let [net, tax, gross] = [totals.net, totals.tax, totals.gross].map(|money| money.amount() * sign);
    let of_seller = vec![(AccountKind::Receivable, gross), (AccountKind::Revenue, -net), (AccountKind::TaxDue, -tax)];
    let of_buyer = vec![(AccountKind::Purchases, net), (AccountKind::TaxPaid, tax), (AccountKind::Payable, -gross)];
    both(Entry::new(seller, currency, of_seller)?, Entry::new(buyer, currency, of_buyer)?)
}

fn both(one: Entry, other: Entry) -> Result<Vec<Entry>, Refusal> {
    Ok([one, other].into_iter().filter(|entry| !entry.postings.is_empty()).collect())
}

#[cfg(test)]
mod tests;
