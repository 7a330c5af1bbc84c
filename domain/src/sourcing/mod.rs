//! Requests for quotation: a buyer describes a need, suppliers quote, the buyer compares, negotiates and awards.

mod admission;
mod amendment;
mod canonical;
mod closing;
mod commitment;
pub mod comparison;
mod criterion;
mod csv;
mod deadlines;
mod incoterm;
mod json;
mod line;
mod line_input;
mod offer;
mod offer_input;
mod opening;
mod preset;
mod procedure;
mod qualification;
mod quote;
mod quote_input;
mod quote_state;
mod rates;
mod request_input;
mod rfq_state;
mod secrecy;
mod submission;
mod terms;

pub use admission::{Candidate, check_invited};
pub use amendment::{Amendment, Change, amend, lapses};
pub use closing::close;
pub use commitment::{Committed, check_opened, commitment, nonce};
pub use comparison::{Comparison, Entrant, compare};
pub use criterion::{Criterion, CriterionInput, CriterionKind, MAX_CRITERIA};
pub use csv::parse_csv;
pub use deadlines::{Deadlines, DeadlinesInput};
pub use line::{Line, LineNumber, Subject, Target};
pub use line_input::{LineInput, MAX_DOCUMENTS, MAX_LINES, Referenced};
pub use offer::{Offer, OfferKind, PriceTier, Prices, Variant};
pub use offer_input::{MAX_LEAD_TIME_DAYS, OfferInput, TierInput};
pub use opening::{Envelope, Opened, Opening, OpeningEntry, OpeningRecord};
pub use preset::Preset;
pub use procedure::{Envelopes, Outcome, Procedure, ProcedureInput, Secrecy, Visibility};
pub use qualification::{QualificationState, QualificationStep};
pub use quote::Quote;
pub use quote_input::{MAX_VARIANTS, QuoteInput};
pub use quote_state::{QuoteState, QuoteStep};
pub use rates::{RateInput, Rates};
pub use request_input::RequestInput;
pub use rfq_state::{RfqState, RfqStep};
pub use secrecy::{Reader, Seen, seen};
pub use submission::{Desk, at_close};
pub use terms::{DeliveryTerms, Terms};

#[cfg(test)]
mod tests;
