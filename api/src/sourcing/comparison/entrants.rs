//! Compares the quotes to a request that are open: worked out once for each state in which they and what the buyer says of them are, and
//! remembered while somebody asks.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::kernel::{Money, OrganisationId, QuoteId, RfqId};
use domain::sourcing::{Comparison, Entrant, Envelope, Quote, QuoteState, Secrecy, Terms, compare};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::evaluation::{self, EvaluationRow};
use infra::sourcing::quote::{self, EntrantRow, QuoteRow};
use infra::sourcing::revision::{self, RevisionRow};
use infra::sourcing::rfq::RfqRow;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::app::App;
use crate::catalogue::listing::cache::shared;
use crate::secret::SecretKey;
use crate::sourcing::quote::sealing;

/// How long what nobody asks for is remembered.
const MEMORY: Duration = Duration::from_secs(120);

/// How many cells all remembered comparisons have together.
const MOST_CELLS: u64 = 400_000;

/// A quote that is compared.
#[derive(Debug, Clone)]
pub struct Compared {
    pub row: QuoteRow,
    /// The legal name of the quoter.
    pub quoter: String,
    pub quote: Quote,
    pub evaluation: Option<EvaluationRow>,
}

/// Quotes side by side.
#[derive(Debug)]
pub struct SideBySide {
    pub terms: Terms,
    /// Those that are compared.
    pub quotes: Vec<Compared>,
    pub comparison: Comparison,
    /// The same as JSON and as a workbook, once somebody has asked for it.
    pub json: OnceCell<Bytes>,
    pub workbook: OnceCell<Bytes>,
}

impl SideBySide {
    pub fn quote(&self, id: QuoteId) -> Option<&Compared> {
        self.quotes.iter().find(|one| one.row.id == id.0)
    }

    fn cells(&self) -> u64 {
        u64::try_from(self.quotes.len() * self.terms.lines.len()).unwrap_or(u64::MAX)
    }
}

/// What was compared, by the state of what went into it. Of several who ask at once the first one works it out.
pub struct Comparisons(Cache<[u8; 32], Arc<SideBySide>>);

impl Default for Comparisons {
    fn default() -> Self {
        let weight = |_: &[u8; 32], one: &Arc<SideBySide>| u32::try_from(one.cells().max(1)).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST_CELLS).weigher(weight).time_to_idle(MEMORY).build())
    }
}

/// All quotes of a request that compete, or were decided on, as far as they are open: what was withdrawn, lapsed, expired, declined or excluded
/// by the buyer is left out. Gives the state of what went into it as well, by which what is made of it can be remembered. What is remembered
/// costs one light query.
pub async fn compare_all(
    connection: &mut Connection,
    app: &App,
    row: &RfqRow,
    terms: &Terms,
) -> Result<(Arc<SideBySide>, [u8; 32]), Failure> {
    let id = RfqId(row.id);
    let secrecy = terms.procedure.secrecy;
    let mut entrants = quote::entrants(connection, id).await?;
    entrants.retain(|one| is_compared(&one.quote) && is_readable(secrecy, one.opened.as_deref()));
    let state = state_of(id, terms, &entrants)?;
    let work = work_out(connection, app, id, terms, entrants);
    let made = app.comparisons.0.try_get_with(state, work).await.map_err(|failure| shared(&failure))?;
    Ok((made, state))
}

/// Whether a quote takes part, as far as its state says.
pub fn is_compared(row: &QuoteRow) -> bool {
    match QuoteState::parse(&row.state) {
        Ok(QuoteState::Submitted | QuoteState::Revised | QuoteState::Awarded) => true,
        Ok(QuoteState::NotAwarded) => row.reason.is_none(),
        _ => false,
    }
}

/// Whether the prices of a quote may be known: they are not sealed, or their envelope was opened.
fn is_readable(secrecy: Secrecy, opened: Option<&str>) -> bool {
    secrecy == Secrecy::OpenRanking || opened.is_some_and(|envelope| envelope != Envelope::Technical.code())
}

/// A hash of all that a comparison follows from. Versions alone would not do: a transaction that fails may have been the first one to ask, and
/// the next one gives its version to something else, at another time.
fn state_of(id: RfqId, terms: &Terms, entrants: &[EntrantRow]) -> Result<[u8; 32], Failure> {
    let mut hash = Sha256::new();
    hash.update(id.0);
    hash.update(serde_json::to_vec(terms).map_err(Failure::broken)?);
    for one in entrants {
        hash.update(one.quote.id);
        let evaluated_at = one.evaluated_at.map_or(0, |at| at.timestamp_micros());
        let handed_in_at = one.handed_in_at.timestamp_micros();
        let numbers = [one.quote.version, handed_in_at, one.evaluated.unwrap_or(0), evaluated_at];
        hash.update(numbers.map(i64::to_be_bytes).concat());
        for text in [&one.quote.state, &one.quoter] {
            hash.update(text);
            hash.update([0]);
        }
    }
    Ok(hash.finalize().into())
}

async fn work_out(
    connection: &mut Connection,
    app: &App,
    id: RfqId,
    terms: &Terms,
    entrants: Vec<EntrantRow>,
) -> Result<Arc<SideBySide>, Failure> {
    let revisions = revision::standing(connection, id).await?;
    let evaluations = evaluation::list(connection, id).await?;
    let (terms, shared) = (terms.clone(), app.shared.clone());
    let work = move || side_by_side(&shared.secret, terms, entrants, &revisions, &evaluations);
    let made = tokio::task::spawn_blocking(work).await.map_err(Failure::broken)?;
    made.map(Arc::new)
}

fn side_by_side(
    key: &SecretKey,
    terms: Terms,
    entrants: Vec<EntrantRow>,
    revisions: &[RevisionRow],
    evaluations: &[EvaluationRow],
) -> Result<SideBySide, Failure> {
    let mut quotes = Vec::with_capacity(entrants.len());
    for EntrantRow { quote: row, quoter, .. } in entrants {
        // What was handed in since is another state, and may be sealed.
        let stands = |one: &&RevisionRow| one.quote_id == row.id && one.number == row.revision;
        let changed = || Failure::Unavailable("a quote was revised while it was compared".to_owned());
        let quote = sealing::open(key, revisions.iter().find(stands).ok_or_else(changed)?)?.quote;
        let evaluation = evaluations.iter().find(|one| one.quote_id == row.id).cloned();
        quotes.push(Compared { row, quoter, quote, evaluation });
    }
    let entrants = quotes.iter().map(|one| entrant(one, &terms)).collect::<Result<Vec<_>, _>>()?;
    let comparison = compare(&terms, entrants)?;
    Ok(SideBySide { comparison, terms, quotes, json: OnceCell::new(), workbook: OnceCell::new() })
}

fn entrant<'a>(one: &'a Compared, terms: &Terms) -> Result<Entrant<'a>, Failure> {
    let said = one.evaluation.as_ref();
    let allowance = said.and_then(|said| said.allowance);
    // A criterion may have been taken away by an amendment since.
    let is_scored = |key: &str| terms.criteria.iter().any(|criterion| criterion.key == key);
    let mut scores = said.map(EvaluationRow::scores).transpose()?.unwrap_or_default();
    scores.retain(|key, _| is_scored(key));
    Ok(Entrant {
        id: QuoteId(one.row.id),
        quoter: OrganisationId(one.row.quoter_id),
        submitted_at: one.row.submitted_at.unwrap_or(one.row.created_at),
        quote: &one.quote,
        scores,
        allowance: allowance.map(|amount| Money::new(amount, terms.comparison_currency())).transpose()?,
        accepted: said.map(EvaluationRow::accepted).transpose()?.unwrap_or_default(),
    })
}
