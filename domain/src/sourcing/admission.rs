//! Who may know of a request, be invited to it, and quote.

use std::collections::BTreeSet;

use super::procedure::Visibility;
use super::qualification::QualificationState;
use super::terms::Terms;
use crate::kernel::{Findings, Kind, OrganisationId, Refusal};
use crate::portal;

/// A company that wants to see a request, or to quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub organisation: OrganisationId,
    /// Whether it may quote on the portal.
    pub may_quote: bool,
    pub qualification: Option<QualificationState>,
}

impl Candidate {
    /// Whether a published request exists for it. An invitation counts on an open portal without a membership, too.
    pub fn sees(&self, terms: &Terms) -> bool {
        let invited = terms.invitations.contains(&self.organisation);
        match terms.procedure.visibility {
            Visibility::Portal => self.may_quote,
            Visibility::Invited => invited,
            Visibility::Both => self.may_quote || invited,
        }
    }

    /// Refuses who may not quote: as not found whom the request does not exist for.
    pub fn check(&self, terms: &Terms, buyer: OrganisationId) -> Result<(), Refusal> {
        if self.organisation == buyer {
            return Err(Refusal::new(Kind::OwnRequest, "A company does not quote to itself."));
        }
        if !self.sees(terms) {
            return Err(Refusal::not_found("request for quotation"));
        }
        if terms.procedure.prequalification && self.qualification != Some(QualificationState::Admitted) {
            let detail = match self.qualification {
                None => "Apply for the request first: the buyer admits who may quote.",
                Some(QualificationState::Rejected) => "The buyer did not admit the company.",
                Some(_) => "The buyer has not decided on the application yet.",
            };
            return Err(Refusal::new(Kind::NotQualified, detail));
        }
        Ok(())
    }
}

/// Refuses invitations of the buyer itself and, on a closed portal, of companies that are no members: they may not know that it exists.
pub fn check_invited(
    terms: &Terms,
    buyer: OrganisationId,
    portal: portal::Visibility,
    members: &BTreeSet<OrganisationId>,
) -> Result<(), Refusal> {
    let mut findings = Findings::default();
    for (index, company) in terms.invitations.iter().enumerate() {
        let at = format!("/invitations/{index}");
        if *company == buyer {
            findings.add(Kind::OwnRequest, at, "own_request", "A company does not invite itself.");
        } else if portal == portal::Visibility::Closed && !members.contains(company) {
            findings.add(Kind::OutsiderInvited, at, "outsider", "The company is no member of the closed portal.");
        }
    }
    findings.result()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{BUYER, company, request};
    use super::*;

    fn candidate(number: u128) -> Candidate {
        Candidate { organisation: company(number), may_quote: true, qualification: None }
    }

    fn with(visibility: Visibility, invited: &[u128]) -> Terms {
        let mut terms = request();
        terms.procedure.visibility = visibility;
        terms.invitations = invited.iter().map(|number| company(*number)).collect();
        terms
    }

    #[test]
    fn visibility_says_for_whom_a_request_exists() {
        let outsider = Candidate { may_quote: false, ..candidate(2) };
        let table =
            [(Visibility::Portal, true, false), (Visibility::Invited, false, true), (Visibility::Both, true, true)];
        for (visibility, member, invited_outsider) in table {
            let terms = with(visibility, &[2]);
            assert_eq!(candidate(1).sees(&terms), member, "{visibility:?}");
            assert_eq!(outsider.sees(&terms), invited_outsider, "{visibility:?}");
        }
    }

    #[test]
    fn whom_it_does_not_exist_for_finds_nothing() {
        let refusal = candidate(1).check(&with(Visibility::Invited, &[2]), BUYER).unwrap_err();
        assert_eq!(refusal.kind, Kind::NotFound);
        assert_eq!(candidate(2).check(&with(Visibility::Invited, &[2]), BUYER), Ok(()));
        let own = Candidate { organisation: BUYER, ..candidate(1) };
        assert_eq!(own.check(&request(), BUYER).unwrap_err().kind, Kind::OwnRequest);
    }

    #[test]
    fn where_it_is_asked_for_only_the_admitted_quote() {
        let mut terms = request();
        terms.procedure.prequalification = true;
        let kind = |qualification| {
            let candidate = Candidate { qualification, ..candidate(1) };
            candidate.check(&terms, BUYER).err().map(|refusal| refusal.kind)
        };
        assert_eq!(kind(None), Some(Kind::NotQualified));
        assert_eq!(kind(Some(QualificationState::Applied)), Some(Kind::NotQualified));
        assert_eq!(kind(Some(QualificationState::Rejected)), Some(Kind::NotQualified));
        assert_eq!(kind(Some(QualificationState::Admitted)), None);
    }

    #[test]
    fn outsiders_of_a_closed_portal_are_not_invited() {
        let members = [company(1)].into();
        let terms = with(Visibility::Both, &[1, 2, 3]);
        let refusal = check_invited(&terms, BUYER, portal::Visibility::Closed, &members).unwrap_err();
        let told: Vec<_> = refusal.faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!((refusal.kind, told), (Kind::OutsiderInvited, vec!["/invitations/1", "/invitations/2"]));
        assert_eq!(check_invited(&terms, BUYER, portal::Visibility::Open, &members), Ok(()));
        let own = check_invited(&terms, company(2), portal::Visibility::Open, &members).unwrap_err();
        assert_eq!(own.kind, Kind::OwnRequest);
    }
}
