//! How far an export is: kept with its job, so that whoever goes on begins there.

use domain::integration::export::Section;
use infra::Failure;
use infra::event::Position;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// Behind what it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub section: Section,
    /// The last thing of the section that was looked at.
    pub after: Uuid,
    /// The last event.
    pub event: Position,
    /// Events are written up to this transaction: later ones, the export's own among them, would never end.
    pub until: i64,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    section: String,
    after: Uuid,
    tx: i64,
    seq: i64,
    until: i64,
}

impl Cursor {
    /// Where a section begins.
    pub fn at(section: Section, until: i64) -> Self {
        Self { section, after: Uuid::nil(), event: Position { tx: 0, seq: 0 }, until }
    }

    /// As it is kept.
    pub fn kept(self) -> Value {
        let (section, Position { tx, seq }) = (self.section.code().to_owned(), self.event);
        json!(Kept { section, after: self.after, tx, seq, until: self.until })
    }

    pub fn of(kept: &Value) -> Result<Self, Failure> {
        let Kept { section, after, tx, seq, until } = Kept::deserialize(kept).map_err(Failure::broken)?;
        Ok(Self { section: Section::parse(&section)?, after, event: Position { tx, seq }, until })
    }

    /// The beginning of the section that follows; none behind the last one.
    pub fn next_section(self) -> Option<Self> {
        self.section.next().map(|next| Self::at(next, self.until))
    }
}
