//! When a request closes.

use super::procedure::Visibility;
use super::terms::Terms;
use crate::kernel::{Kind, OrganisationId, Refusal, Timestamp};

/// Refuses to close a request before its deadline, unless nobody is left who could quote: it is for the invited alone, and all of them
/// have `answered`, be it that they do not quote.
pub fn check_close(terms: &Terms, answered: &[OrganisationId], at: Timestamp) -> Result<(), Refusal> {
    if at >= terms.deadlines.quotes {
        return Ok(());
    }
    let all = terms.invitations.iter().all(|company| answered.contains(company));
    if terms.procedure.visibility == Visibility::Invited && all {
        return Ok(());
    }
    Err(Refusal::new(Kind::WrongState, "Quotes may come in until the deadline."))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, company, request};
    use super::*;

    #[test]
    fn it_closes_at_the_deadline_and_not_before() {
        let terms = request();
        let deadline = terms.deadlines.quotes;
        assert_eq!(check_close(&terms, &[], deadline), Ok(()));
        let early = deadline - chrono::TimeDelta::microseconds(1);
        assert_eq!(check_close(&terms, &[company(1)], early).unwrap_err().kind, Kind::WrongState);
    }

    #[test]
    fn when_all_invited_have_answered_nobody_is_waited_for() {
        let mut terms = request();
        terms.procedure.visibility = Visibility::Invited;
        terms.invitations = vec![company(1), company(2)];
        assert!(check_close(&terms, &[company(2)], at(0)).is_err());
        assert!(check_close(&terms, &[company(2), company(1)], at(0)).is_ok());
        terms.procedure.visibility = Visibility::Both;
        assert!(check_close(&terms, &[company(2), company(1)], at(0)).is_err());
    }
}
