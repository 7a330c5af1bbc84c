//! What a request asks for and on which terms, once it passed the checks.

use std::collections::BTreeSet;

use chrono::Months;
use serde::{Deserialize, Serialize};

use super::criterion::Criterion;
use super::deadlines::Deadlines;
use super::line::{Line, LineNumber, Subject};
use super::procedure::Procedure;
use super::rates::Rates;
use super::request_input::RequestInput;
use crate::contract::{Incoterm, TermsInput};
use crate::kernel::language::Texts;
use crate::kernel::{CategoryId, Currency, Date, DocumentId, Faults, OrganisationId, Refusal, Timestamp};

/// Where the seller's duties end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryTerms {
    pub incoterm: Incoterm,
    /// The place that belongs to it.
    pub place: String,
}

/// A request that passed the checks of [`RequestInput`]. Infra keeps it as JSON, one for each version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub titles: Texts,
    /// May be empty.
    pub descriptions: Texts,
    pub procedure: Procedure,
    /// In the order in which they were sent in.
    pub lines: Vec<Line>,
    pub delivery: DeliveryTerms,
    /// Days from the date of an invoice until it is due.
    pub payment_days: i32,
    pub rates: Rates,
    pub deadlines: Deadlines,
    pub criteria: Vec<Criterion>,
    /// The length of a framework agreement from the start on; only of those.
    pub framework_months: Option<u32>,
    pub invitations: Vec<OrganisationId>,
    pub documents: Vec<DocumentId>,
}

impl Terms {
    /// Refuses to publish a request whose times have passed, with all that are wrong.
    pub fn check_new(&self, at: Timestamp) -> Result<(), Refusal> {
        let mut faults = Faults::default();
        self.deadlines.check_new(at, "/deadlines", &mut faults);
        for (index, line) in self.lines.iter().enumerate() {
            if line.required_on.is_some_and(|day| day < at.date_naive()) {
                faults.add(format!("/lines/{index}/required_on"), "in_past", "The day lies in the future.");
            }
        }
        faults.result()
    }

    pub fn line(&self, number: LineNumber) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// The currency in which quotes are compared.
    pub fn comparison_currency(&self) -> Currency {
        self.rates.comparison()
    }

    /// The same with another deadline of quotes; what has to come after it is moved to it.
    pub fn with_deadline(&self, quotes: Timestamp) -> Self {
        let award = self.deadlines.award.map(|award| award.max(quotes));
        let questions = self.deadlines.questions.min(quotes);
        Self { deadlines: Deadlines { questions, quotes, award, ..self.deadlines }, ..self.clone() }
    }

    /// What quoters may see: neither hidden target prices nor who else is invited.
    pub fn for_quoters(&self) -> Self {
        let lines = self.lines.iter().map(Line::for_quoters).collect();
        Self { lines, invitations: Vec::new(), ..self.clone() }
    }

    /// The categories that are asked for by themselves: suppliers of these can be suggested.
    pub fn categories(&self) -> BTreeSet<CategoryId> {
        let category = |line: &Line| match line.subject {
            Subject::Category(id) => Some(id),
            Subject::FreeText | Subject::Product(_) => None,
        };
        self.lines.iter().filter_map(category).collect()
    }

    /// The first day of the framework agreement and the first one after it; none where contracts are asked for.
    pub fn framework_period(&self) -> Option<(Date, Date)> {
        let start = self.deadlines.start?;
        Some((start, start.checked_add_months(Months::new(self.framework_months?))?))
    }

    /// The request as if it were sent in anew: to edit it, to copy it, or to keep it as a template.
    pub fn input(&self) -> RequestInput {
        let (currencies, rates) = self.rates.inputs();
        RequestInput {
            titles: self.titles.clone(),
            descriptions: self.descriptions.clone(),
            procedure: self.procedure.input(),
            lines: self.lines.iter().map(Line::input).collect(),
            terms: TermsInput {
                incoterm: self.delivery.incoterm.code().to_owned(),
                place: self.delivery.place.clone(),
                payment_days: self.payment_days,
                delivery_date: None,
            },
            currencies,
            rates,
            deadlines: self.deadlines.input(),
            criteria: self.criteria.iter().map(Criterion::input).collect(),
            framework_months: self.framework_months,
            invitations: self.invitations.clone(),
            documents: self.documents.clone(),
        }
    }
}
