//! Questions about a request, and their answers: all quoters see them, nobody sees who asked.

use super::rfq_state::RfqState;
use super::terms::Terms;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, OrganisationId, Refusal, Timestamp};

const LONGEST_TEXT: usize = 4_000;

/// A question as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Shown to nobody else.
    pub asker: OrganisationId,
    pub text: String,
    pub asked_at: Timestamp,
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub answered_at: Timestamp,
}

/// Who reads questions: the buyer, a company that may quote, or the operator of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionReader {
    Buyer,
    Quoter(OrganisationId),
    Operator,
}

/// What a reader sees of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownQuestion<'a> {
    pub text: &'a str,
    pub answer: Option<&'a Answer>,
    /// Whether the reader asked it.
    pub own: bool,
}

impl Question {
    /// A company that may quote asks. Refused at the end of questions and after it ([`Kind::QuestionTooLate`]); a text has 1 to 4000
    /// characters.
    pub fn ask(
        state: RfqState,
        terms: &Terms,
        asker: OrganisationId,
        text: &str,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        if state == RfqState::Draft || state == RfqState::Cancelled {
            return Err(Refusal::wrong_state("request for quotation", state.code(), "asked about"));
        }
        if state != RfqState::Published || at >= terms.deadlines.questions {
            let end = terms.deadlines.questions.format("%Y-%m-%dT%H:%M:%SZ");
            return Err(Refusal::new(Kind::QuestionTooLate, format!("Questions were taken until {end}.")));
        }
        let text = check_text(text).map_err(|invalid| invalid.at("/text"))?;
        Ok(Self { asker, text, asked_at: at, answer: None })
    }

    /// The buyer answers, once, while the answer can still help: as long as quotes come in.
    pub fn answer(&mut self, state: RfqState, terms: &Terms, text: &str, at: Timestamp) -> Result<(), Refusal> {
        if !state.takes_quotes() || at >= terms.deadlines.quotes {
            return Err(Refusal::new(Kind::WrongState, "Questions are answered as long as quotes come in."));
        }
        if self.answer.is_some() {
            return Err(Refusal::new(
                Kind::WrongState,
                "The question is answered. What has changed since is an amendment.",
            ));
        }
        let text = check_text(text).map_err(|invalid| invalid.at("/text"))?;
        self.answer = Some(Answer { text, answered_at: at });
        Ok(())
    }

    /// What a reader sees: quoters their own questions and all that are answered, the buyer and the operator all; nobody who asked, nor
    /// when, which could tell who.
    pub fn shown(&self, reader: QuestionReader) -> Option<ShownQuestion<'_>> {
        let own = reader == QuestionReader::Quoter(self.asker);
        let hidden = matches!(reader, QuestionReader::Quoter(_)) && !own && self.answer.is_none();
        (!hidden).then_some(ShownQuestion { text: &self.text, answer: self.answer.as_ref(), own })
    }
}

fn check_text(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::new("required", "The text is blank."));
    }
    if text.chars().count() > LONGEST_TEXT || text.contains('\0') {
        return Err(Invalid::new(
            "too_long",
            format!("A text has at most {LONGEST_TEXT} characters, none of them NUL."),
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, company, request};
    use super::*;

    fn asked() -> Question {
        Question::ask(RfqState::Published, &request(), company(1), " Which coating? ", at(1)).unwrap()
    }

    #[test]
    fn questions_are_taken_until_their_end() {
        let terms = request();
        let kind = |state, time| Question::ask(state, &terms, company(1), "?", time).err().map(|refusal| refusal.kind);
        assert_eq!(kind(RfqState::Published, at(499)), None);
        assert_eq!(kind(RfqState::Published, at(500)), Some(Kind::QuestionTooLate));
        assert_eq!(kind(RfqState::QuestionsClosed, at(1)), Some(Kind::QuestionTooLate));
        assert_eq!(kind(RfqState::Evaluating, at(1)), Some(Kind::QuestionTooLate));
        assert_eq!(kind(RfqState::Draft, at(1)), Some(Kind::WrongState));
        assert_eq!(kind(RfqState::Cancelled, at(1)), Some(Kind::WrongState));
    }

    #[test]
    fn a_question_says_something() {
        let code = |text: &str| {
            let refusal = Question::ask(RfqState::Published, &request(), company(1), text, at(1)).unwrap_err();
            refusal.faults[0].code
        };
        assert_eq!((code("  "), code(&"x".repeat(4_001))), ("required", "too_long"));
        assert_eq!(asked().text, "Which coating?");
    }

    #[test]
    fn it_is_answered_once_and_while_quotes_come_in() {
        let mut question = asked();
        let terms = request();
        assert!(question.answer(RfqState::QuestionsClosed, &terms, "Z275", at(1_000)).is_err());
        assert!(question.answer(RfqState::Closed, &terms, "Z275", at(999)).is_err());
        question.answer(RfqState::QuestionsClosed, &terms, "Z275", at(999)).unwrap();
        let again = question.answer(RfqState::QuestionsClosed, &terms, "Z100", at(999)).unwrap_err();
        assert_eq!(again.kind, Kind::WrongState);
        assert_eq!(question.answer.unwrap().text, "Z275");
    }

    #[test]
    fn answered_questions_are_seen_by_all_quoters_and_askers_by_nobody() {
        let mut question = asked();
        let own = |question: &Question, reader| question.shown(reader).map(|shown| shown.own);
        let (asker, other) = (QuestionReader::Quoter(company(1)), QuestionReader::Quoter(company(2)));
        assert_eq!(own(&question, asker), Some(true));
        assert_eq!(own(&question, other), None);
        assert_eq!(own(&question, QuestionReader::Buyer), Some(false));
        assert_eq!(own(&question, QuestionReader::Operator), Some(false));
        question.answer(RfqState::Published, &request(), "Z275", at(2)).unwrap();
        assert_eq!(own(&question, other), Some(false));
    }
}
