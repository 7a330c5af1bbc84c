//! Faults of many items that may be refused for different reasons.

use super::refusal::{Fault, Invalid, Kind, Refusal};

/// Collects what is wrong with each item, so that the caller learns all of it at once: a list whose items all fail for
/// the same reason is refused for that reason, any other mixture as invalid input.
#[derive(Debug, Default)]
pub struct Findings {
    faults: Vec<Fault>,
    kinds: Vec<Kind>,
}

impl Findings {
    pub fn add(&mut self, kind: Kind, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.kinds.push(kind);
        self.faults.push(Fault { pointer: pointer.into(), code, detail: detail.into() });
    }

    /// Keeps the value of a check that passed, or notes its fault as invalid input.
    pub fn keep<T>(&mut self, pointer: impl Into<String>, checked: Result<T, Invalid>) -> Option<T> {
        checked.map_err(|invalid| self.add(Kind::InvalidInput, pointer, invalid.code, invalid.detail)).ok()
    }

    /// `Ok` if nothing was found, otherwise one refusal with all faults.
    pub fn result(self) -> Result<(), Refusal> {
        let Some(&first) = self.kinds.first() else { return Ok(()) };
        let kind = if self.kinds.iter().all(|&kind| kind == first) { first } else { Kind::InvalidInput };
        let mut refusal = Refusal { kind, ..Refusal::invalid(self.faults) };
        if kind != Kind::InvalidInput && refusal.faults.len() == 1 {
            refusal.detail.clone_from(&refusal.faults[0].detail);
        }
        Err(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_names_the_refusal_and_several_make_it_invalid_input() {
        let mut findings = Findings::default();
        findings.add(Kind::UnitMismatch, "/lines/0/unit", "unit_mismatch", "a");
        findings.add(Kind::UnitMismatch, "/lines/1/unit", "unit_mismatch", "b");
        let refusal = findings.result().unwrap_err();
        assert_eq!((refusal.kind, refusal.faults.len()), (Kind::UnitMismatch, 2));

        let mut findings = Findings::default();
        findings.add(Kind::OwnOffer, "/lines/0", "own_offer", "a");
        assert_eq!(findings.keep::<()>("/lines/1/quantity", Err(Invalid::new("negative", "b"))), None);
        let refusal = findings.result().unwrap_err();
        assert_eq!((refusal.kind, refusal.faults.len()), (Kind::InvalidInput, 2));

        assert!(Findings::default().result().is_ok());
    }
}
