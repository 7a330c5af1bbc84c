//! Requests for quotation: a buyer describes a need, suppliers quote, the buyer compares, negotiates and awards.

mod admission;
mod amendment;
mod closing;
mod criterion;
mod csv;
mod deadlines;
mod json;
mod line;
mod line_input;
mod preset;
mod procedure;
mod qualification;
mod quote_state;
mod rates;
mod request_input;
mod rfq_state;
mod terms;

pub use admission::{Candidate, check_invited};
pub use amendment::{Amendment, Change, amend, lapses};
pub use closing::check_close;
pub use criterion::{Criterion, CriterionInput, CriterionKind, MAX_CRITERIA};
pub use csv::parse_csv;
pub use deadlines::{Deadlines, DeadlinesInput};
pub use line::{Line, LineNumber, Subject, Target};
pub use line_input::{LineInput, MAX_DOCUMENTS, MAX_LINES, Referenced};
pub use preset::Preset;
pub use procedure::{Envelopes, Outcome, Procedure, ProcedureInput, Secrecy, Visibility};
pub use qualification::{QualificationState, QualificationStep};
pub use quote_state::{QuoteState, QuoteStep};
pub use rates::{RateInput, Rates};
pub use request_input::RequestInput;
pub use rfq_state::{RfqState, RfqStep};
pub use terms::{DeliveryTerms, Terms};

#[cfg(test)]
mod tests;
