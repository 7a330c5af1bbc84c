//! The catalogue of a portal as buyers search it. What is looked for is one condition on the entries; pages, facets and explanations
//! are queries that begin with it.

pub mod common;
mod condition;
pub mod entry;
pub mod explain;
pub mod facet;
pub mod page;
pub mod tally;
pub mod word;

use rust_decimal::Decimal;
use uuid::Uuid;

pub use common::{Common, common};
pub use condition::{AttributeFilter, Condition, Words};
pub use entry::{Listed, find, listed};
pub use page::page;
pub use tally::{MOST_COUNTED, tally};

/// Which offers are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Search {
    pub words: Option<Words>,
    /// Words, or several beside each other, that an offer must not have.
    pub without: Vec<String>,
    /// With all below it.
    pub category: Option<Uuid>,
    /// The key of a code list and a code of it, with all below that.
    pub code: Option<(String, String)>,
    pub seller: Option<Uuid>,
    /// Only what can be had at once.
    pub available: bool,
    /// The most days that a delivery takes.
    pub lead_time_days: Option<i32>,
    /// In this currency.
    pub currency: Option<String>,
    /// A unit costs at least and at most this at the minimum of order.
    pub price_from: Option<Decimal>,
    pub price_to: Option<Decimal>,
    pub attributes: Vec<AttributeFilter>,
    pub sort: Sort,
}

/// In which order offers are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The best matches of the words first.
    Relevance,
    #[default]
    Published,
    Newest,
    NameEn,
    NameRu,
    Price,
    PriceDescending,
}

impl Search {
    /// Whether prices decide what is found or in which order.
    pub fn by_price(&self) -> bool {
        self.price_from.is_some() || self.price_to.is_some() || matches!(self.sort, Sort::Price | Sort::PriceDescending)
    }

    /// The same without what prices decide: these are then looked at by the reader's own.
    pub fn at_any_price(&self) -> Self {
        Self { price_from: None, price_to: None, ..self.clone() }
    }
}
