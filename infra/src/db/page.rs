//! Pages of a list by keyset: stable under inserts, the last page as cheap as the first.

use domain::kernel::Timestamp;
use uuid::Uuid;

/// Where the last page ended: the sort key as text (empty where the list is sorted by id alone) and the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub key: String,
    pub id: Uuid,
}

impl After {
    /// The position of a row in a list that is sorted by a time and the id.
    pub fn at(time: Timestamp, id: Uuid) -> Self {
        Self { key: time.timestamp_micros().to_string(), id }
    }

    /// The time of [`After::at`].
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::from_timestamp_micros(self.key.parse().ok()?)
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone)]
pub struct Page {
    /// 1 to 200.
    pub limit: i64,
    pub after: Option<After>,
}

impl Page {
    /// How many rows to load: one more than is shown tells whether there is a next page.
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// The id after which the page begins, for lists sorted by id.
    pub fn after_id(&self) -> Option<Uuid> {
        self.after.as_ref().map(|after| after.id)
    }

    /// The number after which the page begins, for lists sorted by a number; 0 for the first page, since numbers begin with 1.
    pub fn after_number(&self) -> i64 {
        self.after.as_ref().and_then(|after| after.key.parse().ok()).unwrap_or_default()
    }

    /// Cuts the loaded rows to the page and says where the next one begins.
    pub fn cut<T>(&self, mut rows: Vec<T>, position: impl Fn(&T) -> After) -> List<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(position) } else { None };
        List { items: rows, next }
    }

    /// [`Page::cut`] for lists sorted by id.
    pub fn cut_by_id<T>(&self, rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> List<T> {
        self.cut(rows, |row| After { key: String::new(), id: id(row) })
    }

    /// [`Page::cut`] for lists sorted by a number.
    pub fn cut_by_number<T>(&self, rows: Vec<T>, number: impl Fn(&T) -> i64) -> List<T> {
        self.cut(rows, |row| After { key: number(row).to_string(), id: Uuid::nil() })
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<After>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}

impl<T> List<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> List<U> {
        List { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
