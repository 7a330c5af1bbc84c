//! Requests for quotation, quotes and awards.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::OwnRequest => at("own-request", 409, "The request is your own", "A company does not quote to itself."),
        Kind::OutsiderInvited => at(
            "outsider-invited",
            409,
            "The company is no member of the portal",
            "To a closed portal only its members can be invited.",
        ),
        Kind::QuoteTooLate => at(
            "quote-too-late",
            409,
            "The deadline for quotes has passed",
            "The service's clock decides; a quote at the very instant is late.",
        ),
        Kind::QuestionTooLate => {
            at("question-too-late", 409, "Questions are over", "The deadline for questions has passed.")
        }
        Kind::VersionOutdated => at(
            "version-outdated",
            409,
            "The request was amended",
            "Read the version in force and confirm the quote, or revise it.",
        ),
        Kind::QuoteNotStanding => at(
            "quote-not-standing",
            409,
            "The quote does not stand",
            "It was withdrawn, has lapsed, or is not valid any more.",
        ),
        Kind::StillSealed => at(
            "still-sealed",
            409,
            "The quotes are still sealed",
            "They are opened after the deadline, envelope by envelope.",
        ),
        Kind::SecondPersonNeeded => at(
            "second-person-needed",
            409,
            "A second person is needed",
            "Whoever opened the quotes has to be joined by somebody else.",
        ),
        Kind::NotAsCommitted => {
            at("not-as-committed", 409, "The quote is not what was committed to", "Its hash is not the published one.")
        }
        Kind::OverAward => at(
            "over-award",
            409,
            "More than can be awarded",
            "An award takes at most what was asked for and what the quote offers.",
        ),
        Kind::StandstillRunning => at(
            "standstill-running",
            409,
            "The standstill has not ended",
            "Contracts are made after it; the request says until when it lasts.",
        ),
        Kind::OverCallOff => at(
            "over-call-off",
            409,
            "More than is left of the agreement",
            "A call-off takes at most what was not called off before.",
        ),
        Kind::OutsidePeriod => at(
            "outside-period",
            409,
            "The agreement is not in force",
            "The day is outside the period of the framework agreement.",
        ),
        _ => return None,
    })
}
