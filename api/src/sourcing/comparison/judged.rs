//! Quotes that their buyer judges: as soon as it has opened something of them.

use domain::kernel::{QuoteId, Refusal, RfqId};
use domain::sourcing::{RfqState, Seen as Sight};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote::{self, QuoteRow};
use infra::sourcing::revision::{self, RevisionRow};

use crate::command::Command;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::award::held::check_undecided;
use crate::sourcing::quote::hand_in::unknown;
use crate::sourcing::quote::read::{known, sight};

/// A quote, with its request and the revision that stands, if the caller may see anything of it.
pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: QuoteId,
) -> Result<(Seen, QuoteRow, RevisionRow), Failure> {
    let (request, row) = known(connection, by, id).await?;
    let revision = visible(connection, by, &request, &row).await?;
    Ok((request, row, revision))
}

/// A quote that the buyer judges now, held with its request until the transaction ends. `step` says what for.
pub async fn lock(
    tx: &mut Connection,
    command: &Command,
    id: QuoteId,
    step: &str,
) -> Result<(Seen, QuoteRow, RevisionRow), Failure> {
    let (_, found, _) = find(tx, &command.by, id).await?;
    let request = access::lock_own(tx, command, RfqId(found.rfq_id)).await?;
    check_undecided(tx, RfqId(found.rfq_id)).await?;
    let row = quote::lock(tx, id).await?.ok_or_else(unknown)?;
    let revision = visible(tx, &command.by, &request, &row).await?;
    match RfqState::parse(&request.row.state)? {
        RfqState::Closed | RfqState::Evaluating => Ok((request, row, revision)),
        state => Err(Refusal::wrong_state("request for quotation", state.code(), step).into()),
    }
}

/// The revision that stands, if the caller sees what is offered by it at least.
async fn visible(
    connection: &mut Connection,
    by: &Principal,
    request: &Seen,
    row: &QuoteRow,
) -> Result<RevisionRow, Failure> {
    let revision = revision::find(connection, QuoteId(row.id), row.revision).await?;
    if sight(request, by, row, revision.as_ref())? < Sight::Technical {
        return Err(unknown().into());
    }
    revision.ok_or_else(|| unknown().into())
}
