//! Time as the domain sees it: it always comes in with the command.

use chrono::{DateTime, NaiveDate, Utc};

/// An instant in UTC. Commands carry whole microseconds, which is what PostgreSQL keeps.
pub type Timestamp = DateTime<Utc>;

/// A calendar day without a time zone (ISO 8601).
pub type Date = NaiveDate;
