//! When a request closes.

use super::procedure::Visibility;
use super::terms::Terms;
use crate::kernel::{Kind, OrganisationId, Refusal, Timestamp};

/// Closes a request; its terms say afterwards which deadline was in force. Refuses to close before the deadline, unless nobody is left who
/// could quote: the request is for the invited alone, and all of them have `answered`, be it that they do not quote.
pub fn close(terms: &Terms, answered: &[OrganisationId], at: Timestamp) -> Result<Terms, Refusal> {
    if at >= terms.deadlines.quotes {
        return Ok(terms.clone());
    }
    let all = terms.invitations.iter().all(|company| answered.contains(company));
    if terms.procedure.visibility == Visibility::Invited && all {
        return Ok(terms.with_deadline(at));
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
        assert_eq!(close(&terms, &[], deadline), Ok(terms.clone()));
        let early = deadline - chrono::TimeDelta::microseconds(1);
        assert_eq!(close(&terms, &[company(1)], early).unwrap_err().kind, Kind::WrongState);
    }

    #[test]
    fn when_all_invited_have_answered_nobody_is_waited_for() {
        let mut terms = request();
        terms.procedure.visibility = Visibility::Invited;
        terms.invitations = vec![company(1), company(2)];
        assert!(close(&terms, &[company(2)], at(0)).is_err());
        let closed = close(&terms, &[company(2), company(1)], at(1)).unwrap();
        assert_eq!(closed.deadlines.quotes, at(1), "it can be opened at once");
        terms.procedure.visibility = Visibility::Both;
        assert!(close(&terms, &[company(2), company(1)], at(0)).is_err());
    }
}
