//! Reading comparisons: the buyer alone, and not before all quotes are open.

use std::sync::Arc;

use domain::kernel::{Kind, Refusal, RfqId};
use domain::sourcing::{RfqState, Secrecy};
use infra::Failure;
use infra::db::Connection;

use super::entrants::{SideBySide, compare_all};
use crate::app::App;
use crate::http::principal::Principal;
use crate::sourcing::access::{self, Seen};
use crate::sourcing::rfq::read::check_reader;

/// The quotes to a request side by side, and the strong tag of what is made of that.
pub async fn compared(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    id: RfqId,
) -> Result<(Arc<SideBySide>, String), Failure> {
    let seen = access::seen(connection, by, id).await?;
    check_reader(by)?;
    if !seen.is_own {
        return Err(Refusal::forbidden("The company that asks for quotes compares them.").into());
    }
    check_open(&seen)?;
    let (compared, state) = compare_all(connection, app, &seen.row, &seen.terms).await?;
    Ok((compared, format!("\"{}\"", &hex::encode(state)[..32])))
}

/// Refuses to compare sealed quotes before all of them are open: even how many there are nobody may know. In a later round that holds for what
/// was opened before as well, since it would tell who has revised its quote. Of a cancelled request the buyer keeps what it had opened.
fn check_open(seen: &Seen) -> Result<(), Failure> {
    if seen.terms.procedure.secrecy == Secrecy::OpenRanking {
        return Ok(());
    }
    match RfqState::parse(&seen.row.state)? {
        RfqState::Evaluating | RfqState::Awarded | RfqState::Cancelled => Ok(()),
        RfqState::Draft | RfqState::Published | RfqState::QuestionsClosed | RfqState::Closed => {
            Err(Refusal::new(Kind::StillSealed, "Quotes are compared once all of them are open.").into())
        }
    }
}
