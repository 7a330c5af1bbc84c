//! Documents: who may see them, which files they are made of, and what publication means.

pub mod file;

pub use file::{MediaType, check_file_name};

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Who sees a document, from the fewest to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentVisibility {
    /// The organisation it belongs to.
    Owner,
    /// The parties of what it is attached to, such as the buyer and seller of a contract.
    Parties,
    /// All who see the portal it is shown in.
    Portal,
    /// Everybody, without a token too.
    Public,
}

impl DocumentVisibility {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Parties, Self::Portal, Self::Public];

    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Parties => "parties",
            Self::Portal => "portal",
            Self::Public => "public",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|visibility| visibility.code() == code);
        known.ok_or_else(|| Invalid::new("visibility", format!("`{code}` is not a visibility of documents.")))
    }

    /// Who `parties` or `portal` are must be known. Fault: `required`.
    pub fn check(self, has_subject: bool, has_portal: bool) -> Result<(), Invalid> {
        match self {
            Self::Parties if !has_subject => {
                Err(Invalid::new("required", "Only a document attached to something has parties that see it."))
            }
            Self::Portal if !has_portal => {
                Err(Invalid::new("required", "Name the portal whose visitors shall see the document."))
            }
            _ => Ok(()),
        }
    }
}

/// Where a document stands: *draft → published*, either of them *→ archived*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// Takes new versions.
    Draft,
    /// Public for good: the file keeps its hash, so that others can refer to it.
    Published,
    /// Left out of lists. Who saw it still reads it, since a contract may refer to it.
    Archived,
}

/// What can be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentStep {
    /// A new version of the file. The earlier ones stay as they are.
    AddVersion,
    /// Shows it to other people.
    ChangeVisibility(DocumentVisibility),
    /// Makes it public for good.
    Publish,
    Archive,
}

impl DocumentState {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Archived];

    /// The state that the two recorded times tell.
    pub fn of(published: bool, archived: bool) -> Self {
        match (published, archived) {
            (_, true) => Self::Archived,
            (true, false) => Self::Published,
            (false, false) => Self::Draft,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a document.")))
    }

    /// The state after a step. What is published takes no new version and stays public.
    pub fn step(self, step: DocumentStep) -> Result<Self, Refusal> {
        use DocumentState::{Archived, Draft, Published};
        use DocumentStep::{AddVersion, Archive, ChangeVisibility, Publish};
        match (self, step) {
            (Draft, AddVersion | ChangeVisibility(_)) => Ok(Draft),
            (Draft, Publish) | (Published, ChangeVisibility(DocumentVisibility::Public)) => Ok(Published),
            (Draft | Published, Archive) => Ok(Archived),
            _ => Err(Refusal::wrong_state("document", self.code(), step.past())),
        }
    }
}

impl DocumentStep {
    fn past(self) -> &'static str {
        match self {
            Self::AddVersion => "given a new version",
            Self::ChangeVisibility(_) => "given another visibility",
            Self::Publish => "published",
            Self::Archive => "archived",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kind;

    #[test]
    fn every_state_takes_every_step_as_the_table_says() {
        use DocumentState::{Archived, Draft, Published};
        use DocumentStep::{AddVersion, Archive, ChangeVisibility, Publish};
        let [owner, parties, portal, public] = DocumentVisibility::ALL.map(ChangeVisibility);
        let steps = [AddVersion, Publish, Archive, owner, parties, portal, public];
        let draft = Some(Draft);
        let table = [
            (Draft, [draft, Some(Published), Some(Archived), draft, draft, draft, draft]),
            (Published, [None, None, Some(Archived), None, None, None, Some(Published)]),
            (Archived, [None; 7]),
        ];
        for (state, expected) in table {
            for (step, expected) in steps.into_iter().zip(expected) {
                let got = state.step(step);
                assert_eq!(got.as_ref().ok(), expected.as_ref(), "{state:?} {step:?}");
                assert!(got.err().is_none_or(|refusal| refusal.kind == Kind::WrongState));
            }
        }
    }

    #[test]
    fn codes_and_values_correspond() {
        for state in DocumentState::ALL {
            assert_eq!(DocumentState::parse(state.code()), Ok(state));
        }
        for visibility in DocumentVisibility::ALL {
            assert_eq!(DocumentVisibility::parse(visibility.code()), Ok(visibility));
        }
        assert!(DocumentState::parse("Draft").is_err() && DocumentVisibility::parse("everybody").is_err());
        assert_eq!(DocumentState::of(true, true), DocumentState::Archived);
        assert_eq!(DocumentState::of(true, false), DocumentState::Published);
        assert_eq!(DocumentState::of(false, false), DocumentState::Draft);
    }

    #[test]
    fn those_who_see_it_are_known() {
        use DocumentVisibility::{Owner, Parties, Portal, Public};
        assert!(Owner.check(false, false).is_ok() && Public.check(false, false).is_ok());
        assert!(Parties.check(true, false).is_ok() && Portal.check(false, true).is_ok());
        assert_eq!(Parties.check(false, true).unwrap_err().code, "required");
        assert_eq!(Portal.check(true, false).unwrap_err().code, "required");
    }
}
