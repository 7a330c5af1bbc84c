//! A request as it is sent in, and the checks of it.

use std::collections::BTreeSet;

use super::criterion::{Criterion, CriterionInput, CriterionKind, check_criteria};
use super::deadlines::{Deadlines, DeadlinesInput};
use super::line_input::{LineInput, Referenced, check_documents, check_lines};
use super::procedure::{Outcome, Procedure, ProcedureInput};
use super::rates::{RateInput, Rates};
use super::terms::{DeliveryTerms, Terms};
use crate::contract::TermsInput;
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::refusal::Invalid;
use crate::kernel::{DocumentId, Faults, OrganisationId};

/// The most companies that can be invited by one request.
pub const MAX_INVITATIONS: usize = 500;

/// The longest framework agreement.
pub const MAX_FRAMEWORK_MONTHS: u32 = 96;

const LONGEST_TITLE: usize = 200;
const LONGEST_DESCRIPTION: usize = 20_000;

/// A request as it is sent in. The names of the fields are those of the body; Incoterm, place and payment stand under `/terms`. What is
/// not said is as the preset of the procedure says it, and the price alone decides.
#[derive(Debug, Clone)]
pub struct RequestInput {
    pub titles: Texts,
    pub descriptions: Texts,
    pub procedure: ProcedureInput,
    pub lines: Vec<LineInput>,
    /// Its day of delivery is that of the lines: none is taken here.
    pub terms: TermsInput,
    /// In which may be quoted; the first one is that of comparison.
    pub currencies: Vec<String>,
    pub rates: Vec<RateInput>,
    pub deadlines: DeadlinesInput,
    pub criteria: Vec<CriterionInput>,
    pub framework_months: Option<u32>,
    pub invitations: Vec<OrganisationId>,
    pub documents: Vec<DocumentId>,
}

impl RequestInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(self, referenced: &Referenced, pointer: &str, faults: &mut Faults) -> Option<Terms> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        faults.keep(at("title"), check_texts(&self.titles, LONGEST_TITLE));
        if !self.descriptions.is_empty() {
            faults.keep(at("description"), check_texts(&self.descriptions, LONGEST_DESCRIPTION));
        }
        let procedure = self.procedure.check(!self.invitations.is_empty(), &at("procedure"), faults);
        let rates = Rates::check(&self.currencies, &self.rates, pointer, faults);
        let comparison = rates.as_ref().map(Rates::comparison);
        let lines = check_lines(&self.lines, comparison, referenced, &at("lines"), faults);
        if self.terms.delivery_date.is_some() {
            faults.add(at("terms/delivery_date"), "not_taken", "Each line says when it is needed.");
        }
        let contract = self.terms.clone().check(&at("terms"), faults);
        let deadlines = self.deadlines.check(&at("deadlines"), faults);
        let criteria = check_criteria(&self.criteria, &at("criteria"), faults);
        if let Some((procedure, criteria)) = procedure.as_ref().zip(criteria.as_ref()) {
            check_auction(procedure, criteria, &at("procedure/final_auction"), faults);
        }
        if let Some((procedure, deadlines)) = procedure.as_ref().zip(deadlines.as_ref()) {
            self.check_framework(procedure, deadlines, pointer, faults);
        }
        faults.keep(at("invitations"), check_invitations(&self.invitations));
        faults.keep(at("documents"), check_documents(&self.documents));
        let contract = contract?;
        let terms = Terms {
            titles: self.titles,
            descriptions: self.descriptions,
            procedure: procedure?,
            lines: lines?,
            delivery: DeliveryTerms { incoterm: contract.incoterm, place: contract.place },
            payment_days: contract.payment_days,
            rates: rates?,
            deadlines: deadlines?,
            criteria: criteria?,
            framework_months: self.framework_months,
            invitations: self.invitations,
            documents: self.documents,
        };
        (faults.0.len() == before).then_some(terms)
    }

    /// A framework agreement has a start and a length, a contract has no length.
    fn check_framework(&self, procedure: &Procedure, deadlines: &Deadlines, pointer: &str, faults: &mut Faults) {
        let at = format!("{pointer}/framework_months");
        match (procedure.outcome, self.framework_months) {
            (Outcome::Contract, Some(_)) => faults.add(at, "not_taken", "Only a framework agreement lasts."),
            (Outcome::Framework, None) => faults.add(at, "required", "A framework agreement lasts some months."),
            (Outcome::Framework, Some(months)) if !(1..=MAX_FRAMEWORK_MONTHS).contains(&months) => {
                faults.add(at, "out_of_range", format!("It lasts 1 to {MAX_FRAMEWORK_MONTHS} months."));
            }
            _ => {}
        }
        if procedure.outcome == Outcome::Framework && deadlines.start.is_none() {
            faults.add(format!("{pointer}/deadlines/start"), "required", "A framework agreement has a first day.");
        }
    }
}

/// An auction decides by the price, so the price has to count.
fn check_auction(procedure: &Procedure, criteria: &[Criterion], pointer: &str, faults: &mut Faults) {
    let by_price = criteria.iter().any(|criterion| criterion.kind == CriterionKind::Price);
    if procedure.final_auction && !by_price {
        faults.add(pointer, "contradiction", "An auction decides by the price, which is no criterion here.");
    }
}

fn check_invitations(invitations: &[OrganisationId]) -> Result<(), Invalid> {
    if invitations.len() > MAX_INVITATIONS {
        return Err(Invalid::new("too_many", format!("At most {MAX_INVITATIONS} companies are invited.")));
    }
    let different: BTreeSet<_> = invitations.iter().collect();
    if different.len() < invitations.len() {
        return Err(Invalid::new("twice", "A company is invited twice."));
    }
    Ok(())
}
