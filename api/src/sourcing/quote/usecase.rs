//! What quoters do with their quotes.

use domain::kernel::{OrganisationId, QuoteId, RfqId};
use domain::sourcing::{QuoteState, QuoteStep};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::revision;
use serde_json::json;

use super::dto::QuoteData;
use super::hand_in::{Way, hand_in};
use super::show::QuoteDto;
use super::{read, sealing};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::secret::SecretKey;
use crate::sourcing::access::{self, Seen, published};
use crate::sourcing::tell::{tell, tell_quoter};

/// A company begins a quote, which it alone sees; or hands it in at once.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    to: RfqId,
    data: &QuoteData,
    is_handed_in: bool,
) -> Result<Answer<QuoteDto>, Failure> {
    let (seen, own) = access::share_as_quoter(tx, command, to).await?;
    check_round(&seen, own)?;
    published(&seen.row, &seen.terms)?.check_open(command.at)?;
    let mut row = QuoteRow {
        id: command.id::<QuoteId>().0,
        rfq_id: to.0,
        quoter_id: own.0,
        state: QuoteState::Draft.code().to_owned(),
        draft: Some(draft(&app.secret, data)?),
        revision: 0,
        answers: 0,
        submitted_at: None,
        reason: None,
        version: 1,
        created_at: command.at,
    };
    quote::insert(tx, &row).await?;
    if is_handed_in {
        let request = published(&seen.row, &seen.terms)?;
        let (state, new) = request.submit(QuoteState::Draft, data.clone().into(), command.at)?;
        hand_in(tx, command, &app.secret, &seen, &mut row, (Way::Submitted, state, new)).await?;
    }
    let shown = read::own(tx, app, &seen, &row).await?;
    Ok(Answer::created(format!("/v1/quotes/{}", row.id), shown).version(row.version))
}

/// Changes what is put together; what was handed in is replaced by a new revision, until the deadline.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
    expected: i64,
    patch: &Patch<QuoteData>,
) -> Result<Answer<QuoteDto>, Failure> {
    let (seen, mut row, own) = access::lock_own_quote(tx, command, id).await?;
    check_version(row.version, expected)?;
    let after = patch.apply(&data_of(tx, app, &row).await?)?;
    let state = row.state()?;
    if matches!(state, QuoteState::Draft | QuoteState::Withdrawn) {
        if state == QuoteState::Draft {
            state.after(QuoteStep::Edit)?;
        }
        published(&seen.row, &seen.terms)?.check_open(command.at)?;
        row.draft = Some(draft(&app.secret, &after)?);
        row.version += 1;
        quote::update(tx, &row).await?;
    } else {
        check_round(&seen, own)?;
        let (state, new) = published(&seen.row, &seen.terms)?.revise(state, after.into(), command.at)?;
        hand_in(tx, command, &app.secret, &seen, &mut row, (Way::Revised, state, new)).await?;
    }
    answer(tx, app, &seen, &row).await
}

/// Hands in what was put together.
pub async fn submit(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
) -> Result<Answer<QuoteDto>, Failure> {
    let (seen, mut row, own) = access::lock_own_quote(tx, command, id).await?;
    check_round(&seen, own)?;
    let data = data_of(tx, app, &row).await?;
    let request = published(&seen.row, &seen.terms)?;
    let (state, new) = request.submit(row.state()?, data.into(), command.at)?;
    hand_in(tx, command, &app.secret, &seen, &mut row, (Way::Submitted, state, new)).await?;
    answer(tx, app, &seen, &row).await
}

/// Stands by a quote for the version at which the request stands by now.
pub async fn confirm(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
) -> Result<Answer<QuoteDto>, Failure> {
    let (seen, mut row, own) = access::lock_own_quote(tx, command, id).await?;
    check_round(&seen, own)?;
    let state = row.state()?;
    state.after(QuoteStep::Confirm)?;
    let standing = revision::find(tx, id, row.revision).await?.ok_or_else(super::hand_in::unknown)?;
    let before = sealing::open(&app.secret, &standing)?.quote;
    let (state, new) = published(&seen.row, &seen.terms)?.confirm(state, &before, command.at)?;
    hand_in(tx, command, &app.secret, &seen, &mut row, (Way::Confirmed, state, new)).await?;
    answer(tx, app, &seen, &row).await
}

/// Takes a quote back before the deadline. What it said stays with its quoter, to be handed in again.
pub async fn withdraw(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
) -> Result<Answer<QuoteDto>, Failure> {
    let (seen, mut row, own) = access::lock_own_quote(tx, command, id).await?;
    check_round(&seen, own)?;
    let state = published(&seen.row, &seen.terms)?.withdraw(row.state()?, command.at)?;
    row.draft = Some(draft(&app.secret, &data_of(tx, app, &row).await?)?);
    row.state = state.code().to_owned();
    row.submitted_at = None;
    row.version += 1;
    quote::update(tx, &row).await?;
    tell_quoter(command, "quote.withdrawn", &seen.row, row.quoter_id, json!({}));
    if seen.row.secrecy != "sealed" {
        let told = json!({"quote_id": row.id, "quoter_id": row.quoter_id});
        tell(command, "rfq.quote_withdrawn", &seen.row, &[seen.row.buyer_id], told);
    }
    answer(tx, app, &seen, &row).await
}

async fn answer(tx: &mut Connection, app: &App, seen: &Seen, row: &QuoteRow) -> Result<Answer<QuoteDto>, Failure> {
    Ok(Answer::ok(read::own(tx, app, seen, row).await?).version(row.version))
}

/// Refuses a company that is not in the round that runs.
fn check_round(seen: &Seen, own: OrganisationId) -> Result<(), Failure> {
    match seen.row.rounds()?.last() {
        Some(round) => Ok(round.check(own)?),
        None => Ok(()),
    }
}

fn draft(key: &SecretKey, data: &QuoteData) -> Result<Vec<u8>, Failure> {
    key.seal(&serde_json::to_vec(data).map_err(Failure::broken)?)
}

/// What a quoter has put together.
pub fn draft_of(key: &SecretKey, row: &QuoteRow) -> Result<Option<QuoteData>, Failure> {
    let Some(sealed) = &row.draft else { return Ok(None) };
    Ok(Some(serde_json::from_slice(&key.open(sealed)?).map_err(Failure::broken)?))
}

/// What is put together, or else what was handed in.
async fn data_of(tx: &mut Connection, app: &App, row: &QuoteRow) -> Result<QuoteData, Failure> {
    if let Some(draft) = draft_of(&app.secret, row)? {
        return Ok(draft);
    }
    let standing = revision::find(tx, QuoteId(row.id), row.revision).await?;
    let standing = standing.ok_or_else(|| Failure::broken("a quote without a draft and without a revision"))?;
    Ok(QuoteData::of(&sealing::open(&app.secret, &standing)?.quote))
}
