//! Handing a quote in: when that is possible, and what becomes of its state.

use super::amendment::lapses;
use super::quote::Quote;
use super::quote_input::QuoteInput;
use super::quote_state::{QuoteState, QuoteStep};
use super::rfq_state::RfqState;
use super::terms::Terms;
use crate::kernel::{Kind, Refusal, Timestamp};

/// A request as it stands for those who quote to it.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    pub state: RfqState,
    pub version: u32,
    pub terms: &'a Terms,
}

impl Published<'_> {
    /// Refuses what comes in at the deadline or after it, by the server's clock, whether the request was closed by then or not.
    pub fn check_open(&self, at: Timestamp) -> Result<(), Refusal> {
        let over = matches!(self.state, RfqState::Closed | RfqState::Evaluating | RfqState::Awarded);
        if over || (self.state.takes_quotes() && at >= self.terms.deadlines.quotes) {
            let deadline = self.terms.deadlines.quotes.format("%Y-%m-%dT%H:%M:%S%.6fZ");
            return Err(Refusal::new(Kind::QuoteTooLate, format!("Quotes were taken until {deadline}.")));
        }
        if self.state.takes_quotes() {
            return Ok(());
        }
        Err(Refusal::wrong_state("request for quotation", self.state.code(), "quoted to"))
    }

    /// A quote that is handed in for the first time, or again after it was withdrawn.
    pub fn submit(&self, state: QuoteState, input: QuoteInput, at: Timestamp) -> Result<(QuoteState, Quote), Refusal> {
        self.take(state, QuoteStep::Submit, input, at)
    }

    /// A quote that replaces an earlier one.
    pub fn revise(&self, state: QuoteState, input: QuoteInput, at: Timestamp) -> Result<(QuoteState, Quote), Refusal> {
        self.take(state, QuoteStep::Revise, input, at)
    }

    /// The same quote for the version at which the request stands. It is checked anew: what does not fit that version has to be revised.
    pub fn confirm(&self, state: QuoteState, quote: &Quote, at: Timestamp) -> Result<(QuoteState, Quote), Refusal> {
        self.take(state, QuoteStep::Confirm, QuoteInput { version: self.version, ..quote.input() }, at)
    }

    /// A quote is taken back before the deadline; after it, it binds.
    pub fn withdraw(&self, state: QuoteState, at: Timestamp) -> Result<QuoteState, Refusal> {
        let after = state.after(QuoteStep::Withdraw)?;
        self.check_open(at).map(|()| after)
    }

    fn take(
        &self,
        state: QuoteState,
        step: QuoteStep,
        input: QuoteInput,
        at: Timestamp,
    ) -> Result<(QuoteState, Quote), Refusal> {
        self.check_open(at)?;
        let after = state.after(step)?;
        Ok((after, input.check(self.terms, self.version)?))
    }
}

/// What a quote is once the request has closed: it has lapsed if it was not confirmed to the last version that asks for that.
pub fn at_close(state: QuoteState, answers: u32, last_to_confirm: u32) -> Result<QuoteState, Refusal> {
    if state.competes() && lapses(answers, last_to_confirm) {
        return state.after(QuoteStep::Lapse);
    }
    Ok(state)
}
