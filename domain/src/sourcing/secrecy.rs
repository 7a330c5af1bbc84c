//! Who may see what of a quote, and when: the one place that decides it.

use super::opening::Envelope;
use super::procedure::Secrecy;
use super::quote_state::QuoteState;
use super::rfq_state::RfqState;

/// Who looks at a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The company that asks for quotes.
    Buyer,
    /// The company whose quote it is.
    Quoter,
    /// Another company that may quote.
    OtherQuoter,
    /// Who runs the platform.
    Operator,
    /// Anybody else: the request may not even exist for it.
    Outsider,
}

impl Reader {
    pub const ALL: [Self; 5] = [Self::Buyer, Self::Quoter, Self::OtherQuoter, Self::Operator, Self::Outsider];
}

/// How much of a quote can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Not even that it exists.
    Nothing,
    /// Its commitments and when it was handed in, without a name.
    Sealed,
    /// That there is one, without a name, and its rank.
    Ranked,
    /// What is offered and by whom, but no price and no condition.
    Technical,
    Whole,
}

/// What a reader may see of one revision of a quote, through whatever endpoint, event or export. `opened` is the last envelope of it that
/// was opened. A sealed quote that was withdrawn or lapsed before the opening is never opened, and stays sealed. While quotes come in nothing is
/// seen of sealed ones, in later rounds neither of what was opened before: it would tell who has revised its quote, or taken it back.
pub fn seen(reader: Reader, secrecy: Secrecy, request: RfqState, state: QuoteState, opened: Option<Envelope>) -> Seen {
    match (reader, secrecy) {
        (Reader::Quoter, _) => Seen::Whole,
        (Reader::Outsider, _) => Seen::Nothing,
        _ if state == QuoteState::Draft => Seen::Nothing,
        (Reader::Buyer | Reader::Operator, Secrecy::OpenRanking) => Seen::Whole,
        (Reader::OtherQuoter, Secrecy::OpenRanking) if state.competes() => Seen::Ranked,
        (Reader::OtherQuoter, Secrecy::OpenRanking) => Seen::Nothing,
        (Reader::OtherQuoter, Secrecy::Sealed) => Seen::Sealed,
        (Reader::Buyer | Reader::Operator, Secrecy::Sealed) if request.takes_quotes() => Seen::Sealed,
        (Reader::Buyer | Reader::Operator, Secrecy::Sealed) => match opened {
            None => Seen::Sealed,
            Some(Envelope::Technical) => Seen::Technical,
            Some(Envelope::Whole | Envelope::Commercial) => Seen::Whole,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quotes come in no more.
    const REQUEST: RfqState = RfqState::Evaluating;

    const OPENED: [Option<Envelope>; 4] =
        [None, Some(Envelope::Technical), Some(Envelope::Commercial), Some(Envelope::Whole)];

    #[test]
    fn nothing_of_a_sealed_quote_is_seen_before_it_is_opened_by_anybody_but_its_quoter() {
        for reader in Reader::ALL.into_iter().filter(|reader| *reader != Reader::Quoter) {
            for state in QuoteState::ALL {
                assert!(seen(reader, Secrecy::Sealed, REQUEST, state, None) <= Seen::Sealed, "{reader:?} {state:?}");
            }
        }
    }

    #[test]
    fn a_quoter_sees_its_own_quote_always_and_those_of_others_never() {
        for secrecy in [Secrecy::Sealed, Secrecy::OpenRanking] {
            for state in QuoteState::ALL {
                for opened in OPENED {
                    assert_eq!(seen(Reader::Quoter, secrecy, REQUEST, state, opened), Seen::Whole);
                    assert!(seen(Reader::OtherQuoter, secrecy, REQUEST, state, opened) <= Seen::Ranked);
                    assert_eq!(seen(Reader::Outsider, secrecy, REQUEST, state, opened), Seen::Nothing);
                }
            }
        }
    }

    #[test]
    fn another_companys_draft_does_not_exist() {
        for reader in Reader::ALL.into_iter().filter(|reader| *reader != Reader::Quoter) {
            for secrecy in [Secrecy::Sealed, Secrecy::OpenRanking] {
                for opened in OPENED {
                    assert_eq!(seen(reader, secrecy, REQUEST, QuoteState::Draft, opened), Seen::Nothing, "{reader:?}");
                }
            }
        }
    }

    #[test]
    fn each_envelope_shows_the_buyer_what_is_in_it() {
        let buyer = |opened| seen(Reader::Buyer, Secrecy::Sealed, REQUEST, QuoteState::Submitted, opened);
        assert_eq!(OPENED.map(buyer), [Seen::Sealed, Seen::Technical, Seen::Whole, Seen::Whole]);
        for opened in OPENED {
            let operator = seen(Reader::Operator, Secrecy::Sealed, REQUEST, QuoteState::Submitted, opened);
            assert_eq!(operator, buyer(opened), "the operator sees no more than the buyer");
        }
    }

    #[test]
    fn while_quotes_come_in_nothing_is_seen_of_sealed_ones_whatever_was_opened_before() {
        for request in RfqState::ALL.into_iter().filter(|request| request.takes_quotes()) {
            for state in QuoteState::ALL {
                for opened in OPENED {
                    for reader in [Reader::Buyer, Reader::Operator] {
                        assert!(seen(reader, Secrecy::Sealed, request, state, opened) <= Seen::Sealed, "{state:?}");
                    }
                    assert_eq!(seen(Reader::Quoter, Secrecy::Sealed, request, state, opened), Seen::Whole);
                }
            }
            let open = seen(Reader::Buyer, Secrecy::OpenRanking, request, QuoteState::Revised, None);
            assert_eq!(open, Seen::Whole);
        }
    }

    #[test]
    fn in_an_open_ranking_others_learn_ranks_of_what_competes() {
        let other = |state| seen(Reader::OtherQuoter, Secrecy::OpenRanking, REQUEST, state, None);
        assert_eq!(other(QuoteState::Revised), Seen::Ranked);
        assert_eq!(other(QuoteState::Withdrawn), Seen::Nothing);
        assert_eq!(seen(Reader::Buyer, Secrecy::OpenRanking, REQUEST, QuoteState::Submitted, None), Seen::Whole);
    }
}
