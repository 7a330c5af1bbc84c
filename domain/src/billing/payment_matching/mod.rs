//! Which invoices the payments of a bank statement are for, by reference and amount. A pure rule; nothing is booked here.
//!
//! 1. An invoice is *named* if its number stands in one of the payment's texts, however it is spaced, cased and punctuated
//!    ([`reference`] says exactly how).
//! 2. Named invoices of other payers than the one who paid do not count if some of his are named, and neither do those in another currency
//!    than the payment. If only such are named, a person has to decide.
//! 3. Payments of *exactly* what is due come first, whatever their place in the statement: of all invoices that are named, or of just one
//!    of several named ones. So a part or a surplus never takes away what another payment settles to the cent.
//! 4. Then, in the order of the statement: less than what is due is a *part* of the one invoice that is named; of several, a person has to
//!    decide. More than what is due settles all named invoices, and the rest is *left over*, on account.
//! 5. At last, payments that name nothing: if the payer is known and owes exactly the amount on one invoice alone, it is for that one. If
//!    he owes it on several, or if the payer is not known and somebody owes it, a person has to decide.
//!
//! What is due shrinks as payments are matched, so that two payments never settle the same cent. Equal input gives equal output.

mod reference;

use std::collections::{BTreeSet, HashMap};

use crate::kernel::{Currency, InvoiceId, Money, OrganisationId};
use rust_decimal::Decimal;

use reference::Index;

/// The most invoices that are named to a person.
const MOST_CANDIDATES: usize = 50;

/// An invoice of the account's holder that is not paid in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvoice {
    pub id: InvoiceId,
    pub number: String,
    /// What is still to be paid; one with nothing due is taken as settled.
    pub due: Money,
    pub payer: OrganisationId,
}

/// Money that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub amount: Money,
    /// Who paid, if the account that it came from is known.
    pub payer: Option<OrganisationId>,
    /// All texts in which an invoice may be named.
    pub references: Vec<String>,
}

/// What is made of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is for these invoices, with more than nothing for each. What is not shared out is left over.
    Matched {
        shares: Vec<Share>,
        basis: Basis,
        left_over: Money,
    },
    /// A person has to decide; these come into question, each once. Of very many the first fifty.
    Ambiguous {
        candidates: Vec<InvoiceId>,
        doubt: Doubt,
    },
    Unmatched(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub invoice: InvoiceId,
    pub amount: Money,
}

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Named, and the amount is what is due.
    Exact,
    /// Named, and less than what is due.
    Part,
    /// Named, and more than what is due.
    Over,
    /// Not named, but what the payer owes on one invoice alone. No more than a hint where nobody proves who paid.
    AmountOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// Less than what is due on several named invoices, and not what is due on one of them.
    PartOfSeveral,
    /// Only invoices of other payers are named.
    OtherPayer,
    /// Only invoices in other currencies are named.
    OtherCurrency,
    /// Several invoices have the number that is named.
    SameNumber,
    /// The payer owes the amount on several invoices, and names none.
    SameAmount,
    /// Somebody owes the amount, but nothing is named, and who paid is not known.
    PayerUnknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing is named, and nobody owes the amount.
    NothingNamed,
    /// What is named is settled already, perhaps by another of these payments.
    NothingDue,
    /// It is no payment: the amount is zero or below.
    NothingPaid,
}

impl Basis {
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Part => "part",
            Self::Over => "over",
            Self::AmountOnly => "amount_only",
        }
    }
}

impl Doubt {
    pub fn code(self) -> &'static str {
        match self {
            Self::PartOfSeveral => "part_of_several",
            Self::OtherPayer => "other_payer",
            Self::OtherCurrency => "other_currency",
            Self::SameNumber => "same_number",
            Self::SameAmount => "same_amount",
            Self::PayerUnknown => "payer_unknown",
        }
    }
}

impl Reason {
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingNamed => "nothing_named",
            Self::NothingDue => "nothing_due",
            Self::NothingPaid => "nothing_paid",
        }
    }
}

/// What is known about a payment before amounts are compared.
enum Named {
    None,
    /// Their places; of one currency, each once.
    Invoices(Vec<usize>),
    Doubtful(Vec<usize>, Doubt),
}

struct Matching<'a> {
    invoices: &'a [OpenInvoice],
    /// What is still due on each.
    due: Vec<Decimal>,
    outcomes: Vec<Option<Outcome>>,
}

/// An outcome for each payment, in their order.
pub fn match_payments(payments: &[Incoming], invoices: &[OpenInvoice]) -> Vec<Outcome> {
    let index = Index::new(invoices.iter().map(|invoice| invoice.number.as_str()));
    let named: Vec<Named> = payments.iter().map(|payment| name(payment, invoices, &index)).collect();
    let due = invoices.iter().map(|invoice| invoice.due.amount().max(Decimal::ZERO)).collect();
    let mut matching = Matching { invoices, due, outcomes: vec![None; payments.len()] };
    for (place, (payment, named)) in payments.iter().zip(&named).enumerate() {
        matching.settle_what_needs_no_amount(place, payment, named);
    }
    for (place, (payment, named)) in payments.iter().zip(&named).enumerate() {
        if let (None, Named::Invoices(named)) = (&matching.outcomes[place], named) {
            matching.exactly(place, payment, named);
        }
    }
    for (place, (payment, named)) in payments.iter().zip(&named).enumerate() {
        if let (None, Named::Invoices(named)) = (&matching.outcomes[place], named) {
            matching.outcomes[place] = Some(matching.partly(payment, named));
        }
    }
    matching.by_amount(payments);
    matching.outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::Unmatched(Reason::NothingNamed))).collect()
}

/// The invoices whose numbers stand in a text, by rule 1, each once, in the order in which they stand there.
pub fn named<'a>(text: &str, numbers: impl IntoIterator<Item = (InvoiceId, &'a str)>) -> Vec<InvoiceId> {
    let (ids, numbers): (Vec<InvoiceId>, Vec<&str>) = numbers.into_iter().unzip();
    Index::new(numbers.into_iter()).find_in_order(text).into_iter().map(|place| ids[place]).collect()
}

/// The invoices that stand in the texts of each payment, by rule 1.
pub fn named_by_each<'a>(
    payments: &[Incoming],
    numbers: impl IntoIterator<Item = (InvoiceId, &'a str)>,
) -> Vec<BTreeSet<InvoiceId>> {
    let (ids, numbers): (Vec<InvoiceId>, Vec<&str>) = numbers.into_iter().unzip();
    let index = Index::new(numbers.into_iter());
    let one = |payment: &Incoming| {
        let places = payment.references.iter().flat_map(|text| index.find(text));
        places.map(|place| ids[place]).collect()
    };
    payments.iter().map(one).collect()
}

/// Rules 1 and 2.
fn name(payment: &Incoming, invoices: &[OpenInvoice], index: &Index) -> Named {
    let mut found: Vec<usize> = payment.references.iter().flat_map(|text| index.find(text)).collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Named::None;
    }
    let of_payer = |place: &usize| payment.payer.is_none_or(|payer| invoices[*place].payer == payer);
    let mine: Vec<usize> = found.iter().copied().filter(of_payer).collect();
    if mine.is_empty() {
        return Named::Doubtful(found, Doubt::OtherPayer);
    }
    let in_currency = |place: &usize| invoices[*place].due.currency() == payment.amount.currency();
    let comparable: Vec<usize> = mine.iter().copied().filter(in_currency).collect();
    if comparable.is_empty() {
        return Named::Doubtful(mine, Doubt::OtherCurrency);
    }
    if index.share_a_number(&comparable) {
        return Named::Doubtful(comparable, Doubt::SameNumber);
    }
    Named::Invoices(comparable)
}

impl Matching<'_> {
    fn settle_what_needs_no_amount(&mut self, place: usize, payment: &Incoming, named: &Named) {
        if payment.amount.amount() <= Decimal::ZERO {
            self.outcomes[place] = Some(Outcome::Unmatched(Reason::NothingPaid));
        } else if let Named::Doubtful(found, doubt) = named {
            self.outcomes[place] = Some(self.ambiguous(found, *doubt));
        }
    }

    /// Rule 3.
    fn exactly(&mut self, place: usize, payment: &Incoming, named: &[usize]) {
        let open = self.open(named);
        let amount = payment.amount.amount();
        let whole = (!open.is_empty() && self.sum(&open) == Some(amount)).then(|| open.clone());
        let equal: Vec<usize> = open.into_iter().filter(|invoice| self.due[*invoice] == amount).collect();
        let one = (equal.len() == 1).then_some(equal);
        if let Some(paid) = whole.or(one) {
            self.outcomes[place] = Some(self.pay(payment, &paid, Basis::Exact));
        }
    }

    /// Rule 4.
    fn partly(&mut self, payment: &Incoming, named: &[usize]) -> Outcome {
        let open = self.open(named);
        match (open.len(), self.sum(&open)) {
            (0, _) => Outcome::Unmatched(Reason::NothingDue),
            // What was not exact before may have become so, as others were settled.
            (_, Some(sum)) if payment.amount.amount() == sum => self.pay(payment, &open, Basis::Exact),
            (_, Some(sum)) if payment.amount.amount() > sum => self.pay(payment, &open, Basis::Over),
            (1, _) => self.pay(payment, &open, Basis::Part),
            _ => self.ambiguous(&open, Doubt::PartOfSeveral),
        }
    }

    /// Rule 5.
    fn by_amount(&mut self, payments: &[Incoming]) {
        let mut owed: HashMap<(Currency, Decimal), Vec<usize>> = HashMap::new();
        for (place, invoice) in self.invoices.iter().enumerate() {
            owed.entry((invoice.due.currency(), self.due[place])).or_default().push(place);
        }
        for (place, payment) in payments.iter().enumerate() {
            if self.outcomes[place].is_some() {
                continue;
            }
            let key = (payment.amount.currency(), payment.amount.amount());
            let all = owed.get(&key).map(|all| self.open(all)).unwrap_or_default();
            let of_payer = |invoice: &usize| payment.payer == Some(self.invoices[*invoice].payer);
            let mine: Vec<usize> = all.iter().copied().filter(of_payer).collect();
            self.outcomes[place] = Some(match (payment.payer, mine.len()) {
                (Some(_), 0) => Outcome::Unmatched(Reason::NothingNamed),
                (Some(_), 1) => self.pay(payment, &mine, Basis::AmountOnly),
                (Some(_), _) => self.ambiguous(&mine, Doubt::SameAmount),
                (None, _) if all.is_empty() => Outcome::Unmatched(Reason::NothingNamed),
                (None, _) => self.ambiguous(&all, Doubt::PayerUnknown),
            });
        }
    }

    /// Those on which something is due.
    fn open(&self, places: &[usize]) -> Vec<usize> {
        places.iter().copied().filter(|place| self.due[*place] > Decimal::ZERO).collect()
    }

    /// What is due on all of them; none beyond the range of decimals.
    fn sum(&self, places: &[usize]) -> Option<Decimal> {
        places.iter().try_fold(Decimal::ZERO, |sum, place| sum.checked_add(self.due[*place]))
    }

    /// Shares the payment out, in the order of the invoices: each gets what is due, as far as it reaches.
    fn pay(&mut self, payment: &Incoming, places: &[usize], basis: Basis) -> Outcome {
        let currency = payment.amount.currency();
        let mut left = payment.amount.amount();
        let mut shares = Vec::new();
        for place in places {
            let part = self.due[*place].min(left);
            if part > Decimal::ZERO {
                left -= part;
                self.due[*place] -= part;
                shares.push(Share { invoice: self.invoices[*place].id, amount: Money::rounded(part, currency) });
            }
        }
        Outcome::Matched { shares, basis, left_over: Money::rounded(left, currency) }
    }

    fn ambiguous(&self, places: &[usize], doubt: Doubt) -> Outcome {
        let candidates = places.iter().take(MOST_CANDIDATES).map(|place| self.invoices[*place].id).collect();
        Outcome::Ambiguous { candidates, doubt }
    }
}

#[cfg(test)]
mod tests;
