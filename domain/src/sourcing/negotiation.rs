//! Negotiating one quote, line by line and from both sides, in versions that stay as they were made.

use serde::{Deserialize, Serialize};

use super::counter_input::CounterInput;
use super::line::LineNumber;
use super::offer::{Offer, Prices, Variant};
use super::procedure::Procedure;
use super::quote::Quote;
use super::quote_state::QuoteState;
use super::rfq_state::RfqState;
use crate::contract::Side;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Money, Refusal, Timestamp, UnitPrice};

/// The most versions of one negotiation.
pub const MAX_VERSIONS: usize = 50;

/// Where a negotiation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NegotiationState {
    /// The buyer has made an offer: the quoter answers.
    QuoterToAnswer,
    /// The quoter has made one: the buyer answers.
    BuyerToAnswer,
    /// The last version holds instead of what was quoted.
    Accepted,
    /// The quote stands as it was.
    Rejected,
    /// The side that waited took its offer back; the quote stands as it was.
    Withdrawn,
    /// Nobody answered in time; the quote stands as it was.
    Expired,
}

/// What can happen to a negotiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NegotiationStep {
    Counter,
    Accept,
    Reject,
    Withdraw,
    Expire,
}

impl NegotiationState {
    pub const ALL: [Self; 6] =
        [Self::QuoterToAnswer, Self::BuyerToAnswer, Self::Accepted, Self::Rejected, Self::Withdrawn, Self::Expired];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: NegotiationStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::QuoterToAnswer, NegotiationStep::Counter) => Ok(Self::BuyerToAnswer),
            (Self::BuyerToAnswer, NegotiationStep::Counter) => Ok(Self::QuoterToAnswer),
            (Self::QuoterToAnswer | Self::BuyerToAnswer, NegotiationStep::Accept) => Ok(Self::Accepted),
            (Self::QuoterToAnswer | Self::BuyerToAnswer, NegotiationStep::Reject) => Ok(Self::Rejected),
            (Self::QuoterToAnswer | Self::BuyerToAnswer, NegotiationStep::Withdraw) => Ok(Self::Withdrawn),
            (Self::QuoterToAnswer | Self::BuyerToAnswer, NegotiationStep::Expire) => Ok(Self::Expired),
            _ => Err(Refusal::wrong_state("negotiation", self.code(), step.done())),
        }
    }

    /// The side that has to answer, while there is something to answer.
    pub fn turn(self) -> Option<Side> {
        match self {
            Self::QuoterToAnswer => Some(Side::Seller),
            Self::BuyerToAnswer => Some(Side::Buyer),
            _ => None,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::QuoterToAnswer => "quoter_to_answer",
            Self::BuyerToAnswer => "buyer_to_answer",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a negotiation.")))
    }
}

impl NegotiationStep {
    pub const ALL: [Self; 5] = [Self::Counter, Self::Accept, Self::Reject, Self::Withdraw, Self::Expire];

    fn done(self) -> &'static str {
        match self {
            Self::Counter => "countered",
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Withdraw => "withdrawn",
            Self::Expire => "expired",
        }
    }
}

/// What a version says of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterLine {
    pub line: LineNumber,
    pub variant: Variant,
    /// For one of the line's unit, at any quantity; in the quote's currency.
    pub unit_price: UnitPrice,
    pub lead_time_days: u16,
}

/// What one side wants, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterOffer {
    /// From 1 on.
    pub version: u32,
    pub by: Side,
    pub at: Timestamp,
    /// Until when it can be accepted; the end is excluded.
    pub expires_at: Timestamp,
    /// What differs from the quote, by line and variant.
    pub lines: Vec<CounterLine>,
    /// Instead of that of the quote.
    pub freight: Money,
    pub remarks: String,
}

/// A negotiation with its history, which is only added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negotiation {
    pub state: NegotiationState,
    /// At least one, in their order.
    pub versions: Vec<CounterOffer>,
}

impl Negotiation {
    /// The buyer begins to negotiate a quote that competes, while it evaluates, and where the procedure has more than one round.
    pub fn begin(
        procedure: &Procedure,
        request: RfqState,
        quote_state: QuoteState,
        quote: &Quote,
        input: &CounterInput,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        if !procedure.is_negotiable() {
            return Err(Refusal::new(Kind::WrongState, "Quotes stand as they are handed in: there is one round."));
        }
        if request != RfqState::Evaluating {
            return Err(Refusal::wrong_state("request for quotation", request.code(), "negotiated"));
        }
        if !quote_state.competes() {
            return Err(Refusal::wrong_state("quote", quote_state.code(), "negotiated"));
        }
        let first = input.check(quote, None, Side::Buyer, at)?;
        Ok(Self { state: NegotiationState::QuoterToAnswer, versions: vec![first] })
    }

    /// The side whose turn it is answers with an offer of its own. Lines that it does not name stand as in the version before: to repeat
    /// the other side's price for a line is to agree on it.
    pub fn counter(&mut self, quote: &Quote, side: Side, input: &CounterInput, at: Timestamp) -> Result<(), Refusal> {
        let after = self.check(side, NegotiationStep::Counter, at)?;
        if self.versions.len() >= MAX_VERSIONS {
            let detail = format!("After {MAX_VERSIONS} versions the last one is accepted or rejected.");
            return Err(Refusal::new(Kind::WrongState, detail));
        }
        let next = input.check(quote, self.versions.last(), side, at)?;
        self.versions.push(next);
        self.state = after;
        Ok(())
    }

    /// The side whose turn it is accepts or rejects the last version; the other one withdraws it. Nothing of it is possible from its time
    /// limit on ([`Kind::ProposalExpired`]), and it does not expire before.
    pub fn conclude(&mut self, side: Side, step: NegotiationStep, at: Timestamp) -> Result<(), Refusal> {
        self.state = self.check(side, step, at)?;
        Ok(())
    }

    /// The time limit of the last version has passed.
    pub fn expire(&mut self, at: Timestamp) -> Result<(), Refusal> {
        let after = self.state.after(NegotiationStep::Expire)?;
        if !self.is_over(at) {
            return Err(Refusal::new(Kind::WrongState, "The offer still stands."));
        }
        self.state = after;
        Ok(())
    }

    /// The quote as it was agreed on: none unless the last version was accepted.
    pub fn agreed(&self, quote: &Quote) -> Option<Quote> {
        let version = self.versions.last().filter(|_| self.state == NegotiationState::Accepted)?;
        let mut agreed = quote.clone();
        agreed.freight = version.freight;
        for line in &version.lines {
            let offers = agreed.offers.iter_mut();
            for offer in offers.filter(|offer| (offer.line, offer.variant) == (line.line, line.variant)) {
                agree(offer, line);
            }
        }
        Some(agreed)
    }

    fn check(&self, side: Side, step: NegotiationStep, at: Timestamp) -> Result<NegotiationState, Refusal> {
        let after = self.state.after(step)?;
        if self.is_over(at) {
            return Err(Refusal::new(Kind::ProposalExpired, "Nobody answered the last offer in time."));
        }
        match (step, self.state.turn() == Some(side)) {
            (NegotiationStep::Withdraw, true) => {
                Err(Refusal::new(Kind::WrongState, "Answer the offer of the other side, or reject it."))
            }
            (NegotiationStep::Counter | NegotiationStep::Accept | NegotiationStep::Reject, false) => {
                Err(Refusal::new(Kind::WrongState, "It is the other side's turn to answer."))
            }
            (NegotiationStep::Expire, _) => Err(Refusal::new(Kind::WrongState, "The offer still stands.")),
            _ => Ok(after),
        }
    }

    fn is_over(&self, at: Timestamp) -> bool {
        self.versions.last().is_some_and(|version| version.expires_at <= at)
    }
}

/// One price for any quantity, in the line's unit: that is what was negotiated.
fn agree(offer: &mut Offer, line: &CounterLine) {
    let prices = Prices { unit_price: line.unit_price, tiers: Vec::new(), ..offer.asked.clone() };
    (offer.stated, offer.asked) = (prices.clone(), prices);
    offer.lead_time_days = line.lead_time_days;
}
