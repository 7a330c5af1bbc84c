//! New versions of a published request, and what they mean for quotes that were made before.

use super::deadlines::Deadlines;
use super::line::{Line, LineNumber};
use super::procedure::{Procedure, Visibility};
use super::rfq_state::{RfqState, RfqStep};
use super::terms::Terms;
use crate::kernel::{Faults, Kind, Refusal, Timestamp};

/// What a new version changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    Title,
    Description,
    Documents,
    Visibility,
    Standstill,
    LineAdded(LineNumber),
    LineRemoved(LineNumber),
    LineChanged(LineNumber),
    /// Nothing of the line but the price that the buyer hopes for.
    TargetPrice(LineNumber),
    Delivery,
    Payment,
    /// Other currencies, or what they are worth.
    Currencies,
    QuestionDeadline,
    QuoteDeadline,
    AwardDeadline,
    Start,
    Criteria,
    FrameworkLength,
    Invitations,
}

impl Change {
    /// Whether a quote may have been another one if this had been known: its quoter has to confirm it.
    pub fn needs_confirmation(self) -> bool {
        match self {
            Self::Description
            | Self::Documents
            | Self::LineAdded(_)
            | Self::LineRemoved(_)
            | Self::LineChanged(_)
            | Self::Delivery
            | Self::Payment
            | Self::Start
            | Self::Criteria
            | Self::FrameworkLength => true,
            Self::Title
            | Self::Visibility
            | Self::Standstill
            | Self::TargetPrice(_)
            | Self::Currencies
            | Self::QuestionDeadline
            | Self::QuoteDeadline
            | Self::AwardDeadline
            | Self::Invitations => false,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Documents => "documents",
            Self::Visibility => "visibility",
            Self::Standstill => "standstill",
            Self::LineAdded(_) => "line_added",
            Self::LineRemoved(_) => "line_removed",
            Self::LineChanged(_) => "line_changed",
            Self::TargetPrice(_) => "target_price",
            Self::Delivery => "delivery",
            Self::Payment => "payment",
            Self::Currencies => "currencies",
            Self::QuestionDeadline => "question_deadline",
            Self::QuoteDeadline => "quote_deadline",
            Self::AwardDeadline => "award_deadline",
            Self::Start => "start",
            Self::Criteria => "criteria",
            Self::FrameworkLength => "framework_length",
            Self::Invitations => "invitations",
        }
    }

    pub fn line(self) -> Option<LineNumber> {
        match self {
            Self::LineAdded(line) | Self::LineRemoved(line) | Self::LineChanged(line) | Self::TargetPrice(line) => {
                Some(line)
            }
            _ => None,
        }
    }
}

/// A new version of a published request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    pub version: u32,
    pub changes: Vec<Change>,
    /// The changes that quoters learn of: not those of hidden target prices and of who is invited.
    pub told: Vec<Change>,
    /// Whether quotes to earlier versions lapse at the deadline unless they are confirmed.
    pub needs_confirmation: bool,
    /// What it does to the state of the request.
    pub step: RfqStep,
}

/// Amends a request that stands at this version. Refused are an amendment after the deadline, one that changes nothing, a deadline that
/// would not be in the future, and what may not change once companies rely on it, all faults at once.
pub fn amend(
    state: RfqState,
    version: u32,
    before: &Terms,
    after: &Terms,
    at: Timestamp,
) -> Result<Amendment, Refusal> {
    let step = if before.deadlines.questions < after.deadlines.questions && state == RfqState::QuestionsClosed {
        RfqStep::ReopenQuestions
    } else {
        RfqStep::Amend
    };
    state.after(step)?;
    if at >= before.deadlines.quotes {
        return Err(Refusal::new(Kind::WrongState, "After the deadline a request is not amended any more."));
    }
    let changes = changes(before, after);
    let mut faults = Faults::default();
    if changes.is_empty() && before == after {
        faults.add("", "unchanged", "The new version says the same as the one before.");
    }
    check_kept(before, after, &mut faults);
    check_deadlines(&before.deadlines, &after.deadlines, at, &mut faults);
    faults.result()?;
    let needs_confirmation = changes.iter().any(|change| change.needs_confirmation());
    let told = self::changes(&before.for_quoters(), &after.for_quoters());
    Ok(Amendment { version: version.saturating_add(1), changes, told, needs_confirmation, step })
}

/// Whether a quote lapses at the deadline: it was made or confirmed to a version before the last one that needs confirmation.
pub fn lapses(answers: u32, last_to_confirm: u32) -> bool {
    answers < last_to_confirm
}

/// What differs, in the order of [`Change`].
fn changes(before: &Terms, after: &Terms) -> Vec<Change> {
    let (old, new) = (&before.deadlines, &after.deadlines);
    let plain = [
        (before.titles != after.titles, Change::Title),
        (before.descriptions != after.descriptions, Change::Description),
        (before.documents != after.documents, Change::Documents),
        (before.procedure.visibility != after.procedure.visibility, Change::Visibility),
        (before.procedure.standstill_days != after.procedure.standstill_days, Change::Standstill),
        (before.delivery != after.delivery, Change::Delivery),
        (before.payment_days != after.payment_days, Change::Payment),
        (before.rates != after.rates, Change::Currencies),
        (old.questions != new.questions, Change::QuestionDeadline),
        (old.quotes != new.quotes, Change::QuoteDeadline),
        (old.award != new.award, Change::AwardDeadline),
        (old.start != new.start, Change::Start),
        (before.criteria != after.criteria, Change::Criteria),
        (before.framework_months != after.framework_months, Change::FrameworkLength),
        (before.invitations != after.invitations, Change::Invitations),
    ];
    let mut changes: Vec<Change> =
        plain.into_iter().filter(|(differs, _)| *differs).map(|(_, change)| change).collect();
    for line in &before.lines {
        match after.line(line.number) {
            None => changes.push(Change::LineRemoved(line.number)),
            Some(now) if Line { target: line.target, ..now.clone() } != *line => {
                changes.push(Change::LineChanged(line.number));
            }
            Some(now) if now.target != line.target => changes.push(Change::TargetPrice(line.number)),
            Some(_) => {}
        }
    }
    let added = after.lines.iter().filter(|line| before.line(line.number).is_none());
    changes.extend(added.map(|line| Change::LineAdded(line.number)));
    changes.sort();
    changes
}

/// Quoters relied on how the request is run, on its currencies, and on being invited.
fn check_kept(before: &Terms, after: &Terms, faults: &mut Faults) {
    let kept = "It stays once the request is published.";
    let changeable = Procedure {
        visibility: after.procedure.visibility,
        standstill_days: after.procedure.standstill_days,
        ..before.procedure
    };
    if changeable != after.procedure {
        faults.add("/procedure", "not_changeable", kept);
    }
    if before.procedure.visibility != after.procedure.visibility && after.procedure.visibility != Visibility::Both {
        faults.add("/procedure/visibility", "not_changeable", "A published request can become visible to more only.");
    }
    if before.comparison_currency() != after.comparison_currency() {
        faults.add("/currencies/0", "not_changeable", kept);
    }
    let missing = before.rates.currencies().filter(|currency| after.rates.rate(*currency).is_err());
    for currency in missing {
        faults.add("/currencies", "not_changeable", format!("Companies may have quoted in {currency} already."));
    }
    if before.invitations.iter().any(|company| !after.invitations.contains(company)) {
        faults.add("/invitations", "not_changeable", "Who was invited stays so.");
    }
}

/// A deadline that the buyer moves lies in the future; one that has passed and stays is no fault.
fn check_deadlines(before: &Deadlines, after: &Deadlines, at: Timestamp, faults: &mut Faults) {
    if before.questions != after.questions && after.questions <= at {
        faults.add("/deadlines/questions", "in_past", "The end of questions lies in the future.");
    }
    after.check_quotes(at, "/deadlines", faults);
}

#[cfg(test)]
#[path = "amendment/tests.rs"]
mod tests;
