//! Tables of goods that come in files: how they are read, what their columns mean, and what a row says.

pub mod attribute;
pub mod encoding;
pub mod field;
pub mod formula;
pub mod job;
pub mod mapping;
pub mod prices;
pub mod product;
pub mod row;
pub mod survey;
pub mod table;

pub use encoding::Encoding;
pub use field::Field;
pub use job::{JobState, JobStep};
pub use mapping::{DateFormat, Mapping};
pub use row::{Cell, Row};
pub use survey::{Survey, Surveyed};
pub use table::{Dialect, Record, Splitter};

use crate::kernel::refusal::Invalid;

/// The most rows of one file.
pub const MAX_ROWS: u64 = 1_000_000;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Products, made or changed by their `sku`, with stock and prices where the file has them.
    Products,
    /// Prices of products that are there.
    Prices,
    /// What there is of products that are there.
    Stock,
}

impl ImportKind {
    pub const ALL: [Self; 3] = [Self::Products, Self::Prices, Self::Stock];

    pub fn code(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Prices => "prices",
            Self::Stock => "stock",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| Invalid::new("import_kind", format!("`{code}` is not one of products, prices and stock.")))
    }
}
