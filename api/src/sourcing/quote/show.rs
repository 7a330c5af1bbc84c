//! Quotes as they are shown.

use domain::sourcing::{Quote, Seen};
use infra::Failure;
use infra::sourcing::quote::QuoteRow;
use infra::sourcing::revision::{CommittedRow, RevisionRow};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::QuoteData;
use super::sealing::Sealed;
use crate::http::dto::Time;

/// A quote, as far as the reader may see it: what is not open yet is not there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteDto {
    pub id: Uuid,
    pub rfq_id: Uuid,
    pub quoter_id: Uuid,
    /// `draft`, `submitted`, `revised`, `withdrawn`, `awarded`, `not_awarded`, `expired`, `lapsed` or `declined`.
    #[schema(example = "submitted")]
    pub state: String,
    /// The revision that stands; 0 before the first one.
    pub revision: i32,
    /// The version of the request that it answers.
    pub answers: i32,
    /// Since when there is a submission that was not withdrawn.
    pub submitted_at: Option<Time>,
    /// What its quoter is putting together, for itself alone.
    pub draft: Option<QuoteData>,
    /// What was handed in.
    pub content: Option<QuoteData>,
    /// What is offered, where the prices are not open yet.
    pub technical: Option<TechnicalDto>,
    /// Hashes of what was handed in, by envelope, as they were published.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub commitments: Option<Value>,
    /// Why the buyer has excluded it.
    pub reason: Option<String>,
    /// Where quotes are ranked openly: its place, of those that are complete.
    pub rank: Option<usize>,
    pub created_at: Time,
}

/// The technical part of a quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TechnicalQuote)]
pub struct TechnicalDto {
    pub documents: Vec<Uuid>,
    pub offers: Vec<TechnicalOfferDto>,
}

/// What is offered for a line, without its price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TechnicalOffer)]
pub struct TechnicalOfferDto {
    pub line: u16,
    pub variant: u8,
    /// `as_asked`, `equivalent` or `alternative`.
    #[schema(example = "as_asked")]
    pub kind: String,
    pub description: String,
    pub lead_time_days: u16,
    pub remarks: String,
    pub documents: Vec<Uuid>,
}

/// A quote as it was handed in once.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteRevision {
    pub number: i32,
    pub round: i16,
    /// `submitted`, `revised`, `confirmed` or `negotiated`.
    #[schema(example = "submitted")]
    pub kind: String,
    pub answers: i32,
    pub at: Time,
    pub content: Option<QuoteData>,
    pub technical: Option<TechnicalDto>,
    /// What proves that nothing was changed since: of each envelope that the reader sees.
    pub envelopes: Vec<EnvelopeDto>,
}

/// An envelope of a revision. Its commitment is the SHA-256 of the 21 bytes `torg/sourcing/quote/1`, the request's UUID (16 bytes), the quoter's
/// UUID (16), the revision (4, big-endian), the envelope (1: 0 whole, 1 technical, 2 commercial), the nonce (32) and the text in UTF-8.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuoteEnvelope)]
pub struct EnvelopeDto {
    /// `whole`, `technical` or `commercial`.
    #[schema(example = "whole")]
    pub envelope: String,
    /// In hexadecimal, as published when it was handed in.
    pub commitment: String,
    /// In hexadecimal.
    pub nonce: String,
    pub text: String,
}

/// That something was handed in, without saying by whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteCommitment {
    pub round: i16,
    pub at: Time,
    /// Hashes in hexadecimal, by envelope.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub commitments: Value,
    /// Your company has handed it in.
    pub is_own: bool,
}

/// How much of a quote a reader sees, and where it stands among the others.
#[derive(Debug, Clone, Copy)]
pub struct View {
    pub seen: Seen,
    pub is_own: bool,
    pub rank: Option<usize>,
}

impl QuoteDto {
    /// `standing` is the revision that stands, opened; `draft` is of a quote that is put together.
    pub fn of(row: &QuoteRow, standing: Option<(&RevisionRow, &Sealed)>, draft: Option<QuoteData>, view: View) -> Self {
        let quote = standing.map(|(_, sealed)| &sealed.quote);
        Self {
            id: row.id,
            rfq_id: row.rfq_id,
            quoter_id: row.quoter_id,
            state: row.state.clone(),
            revision: row.revision,
            answers: row.answers,
            submitted_at: row.submitted_at.map(Into::into),
            draft: draft.filter(|_| view.is_own),
            content: quote.filter(|_| view.seen == Seen::Whole).map(QuoteData::of),
            technical: quote.filter(|_| view.seen == Seen::Technical).map(TechnicalDto::of),
            commitments: standing.map(|(revision, _)| revision.commitments.clone()),
            reason: row.reason.clone(),
            rank: view.rank,
            created_at: row.created_at.into(),
        }
    }
}

impl TechnicalDto {
    fn of(quote: &Quote) -> Self {
        let offer = |offer: &domain::sourcing::Offer| TechnicalOfferDto {
            line: offer.line,
            variant: offer.variant,
            kind: offer.kind.code().to_owned(),
            description: offer.description.clone(),
            lead_time_days: offer.lead_time_days,
            remarks: offer.remarks.clone(),
            documents: offer.documents.iter().map(|id| id.0).collect(),
        };
        Self {
            documents: quote.technical_documents.iter().map(|id| id.0).collect(),
            offers: quote.offers.iter().map(offer).collect(),
        }
    }
}

impl QuoteRevision {
    pub fn of(row: &RevisionRow, sealed: &Sealed, seen: Seen) -> Result<Self, Failure> {
        let commitments = row.commitments.as_object().into_iter().flatten();
        let is_open = |envelope: &str| seen == Seen::Whole || (seen == Seen::Technical && envelope == "technical");
        let envelope = |(envelope, hash): (&String, &Value)| {
            let known = domain::sourcing::Envelope::parse(envelope)?;
            Ok(EnvelopeDto {
                envelope: envelope.clone(),
                commitment: hash.as_str().unwrap_or_default().to_owned(),
                nonce: hex::encode(sealed.nonce(known)?.0),
                text: sealed.quote.text(known),
            })
        };
        let shown = commitments.filter(|(code, _)| is_open(code)).map(envelope);
        Ok(Self {
            number: row.number,
            round: row.round,
            kind: row.kind.clone(),
            answers: row.answers,
            at: row.at.into(),
            content: (seen == Seen::Whole).then(|| QuoteData::of(&sealed.quote)),
            technical: (seen == Seen::Technical).then(|| TechnicalDto::of(&sealed.quote)),
            envelopes: shown.collect::<Result<_, Failure>>()?,
        })
    }
}

impl QuoteCommitment {
    pub fn of(row: CommittedRow, own: Option<Uuid>) -> Self {
        Self { round: row.round, at: row.at.into(), is_own: own == Some(row.quoter_id), commitments: row.commitments }
    }
}
