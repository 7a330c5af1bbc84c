//! Requests for quotation: a buyer describes a need, suppliers quote, the buyer compares, negotiates and awards.
//!
//! There is one [`Procedure`], made of settings; every rule asks these, and no procedure has code of its own. What comes in is a `…Input`
//! of plain values; `check` makes of it what the rest of the feature works with ([`Terms`], [`Quote`], [`Award`]), or tells all its faults.
//! A request goes [`Terms`] → [`amend`] → [`Published`] (quotes come in) → [`close`] → [`OpeningRecord`] → [`compare`] → [`Negotiation`],
//! [`next_round`] → [`AwardInput`] → contracts or a [`Framework`].
//!
//! [`seen`] alone says who may read what of a quote, and when. What is sealed is bound by a [`commitment`] that is published at once.

mod admission;
mod amendment;
mod award;
mod award_input;
mod award_state;
mod canonical;
mod closing;
mod commitment;
pub mod comparison;
mod counter_input;
mod criterion;
mod csv;
mod deadlines;
mod figures;
mod framework;
mod incoterm;
mod json;
mod line;
mod line_input;
mod negotiation;
mod offer;
mod offer_input;
mod opening;
mod preset;
mod procedure;
mod qualification;
mod question;
mod quote;
mod quote_input;
mod quote_state;
mod rates;
mod request_input;
mod rfq_state;
mod round;
mod secrecy;
mod submission;
mod terms;
mod undercut;

pub use admission::{Candidate, check_invited};
pub use amendment::{Amendment, Change, amend, lapses};
pub use award::{Award, AwardPart, AwardedLine, next_best, standstill_until};
pub use award_input::{AwardInput, AwardLineInput, Awardable, Decision};
pub use award_state::{AwardState, AwardStep, conclude};
pub use closing::close;
pub use commitment::{Committed, check_opened, commitment, nonce};
pub use comparison::{Comparison, Entrant, compare};
pub use counter_input::{CounterInput, CounterLineInput};
pub use criterion::{Criterion, CriterionInput, CriterionKind, MAX_CRITERIA};
pub use csv::parse_csv;
pub use deadlines::{Deadlines, DeadlinesInput};
pub use figures::{Figures, Group, Handled, by_category_and_month};
pub use framework::{CallOffInput, CallOffLine, Framework, FrameworkLine, FrameworkState, Used};
pub use line::{Line, LineNumber, Subject, Target};
pub use line_input::{LineInput, MAX_DOCUMENTS, MAX_LINES, Referenced};
pub use negotiation::{CounterLine, CounterOffer, MAX_VERSIONS, Negotiation, NegotiationState, NegotiationStep};
pub use offer::{Offer, OfferKind, PriceTier, Prices, Variant};
pub use offer_input::{MAX_LEAD_TIME_DAYS, OfferInput, TierInput};
pub use opening::{Envelope, Opened, OpeningEntry, OpeningRecord};
pub use preset::Preset;
pub use procedure::{Envelopes, Outcome, Procedure, ProcedureInput, Secrecy, Visibility};
pub use qualification::{QualificationState, QualificationStep};
pub use question::{Answer, Question, QuestionReader, ShownQuestion};
pub use quote::Quote;
pub use quote_input::{MAX_VARIANTS, QuoteInput};
pub use quote_state::{QuoteState, QuoteStep};
pub use rates::{RateInput, Rates};
pub use request_input::RequestInput;
pub use rfq_state::{RfqState, RfqStep};
pub use round::{Round, RoundInput, RoundKind, next_round};
pub use secrecy::{Reader, Seen, seen};
pub use submission::{Published, at_close};
pub use terms::{DeliveryTerms, Terms};

#[cfg(test)]
mod tests;
