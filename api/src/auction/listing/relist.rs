//! What was not sold, put up anew.

use domain::auction::{AuctionState, AuctionStep};
use domain::kernel::{AuctionId, Kind, Refusal};
use infra::Failure;
use infra::auction::lot::{self, LotRow};
use infra::auction::outcome;
use infra::auction::store::AuctionRow;
use infra::db::Connection;
use serde_json::json;

use super::show::AuctionDto;
use super::usecase::{check, created, data_of, row_of};
use crate::auction::holder::{lock_own, may_hold};
use crate::auction::tell::tell_all;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::secret::{SecretKey, new_seed};

/// A new draft with the lots that were not sold or were cancelled. Its times are those of the first auction until the holder changes them,
/// which it has to before it publishes it.
pub async fn relist(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    id: AuctionId,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    let (held, portal) = lock_own(tx, command, id).await?;
    let left: Vec<LotRow> = lot::of_auction(tx, id).await?.into_iter().filter(is_left).collect();
    if left.is_empty() {
        return Err(Refusal::new(Kind::WrongState, "The auction has no lot that was not sold or was cancelled.").into());
    }
    let mut data = data_of(&held)?;
    data.lots = left.iter().filter_map(|lot| data.lots.get(place(lot)?).cloned()).collect();
    let terms = check(&data)?;
    may_hold(&portal, terms.rules.format)?;
    for lot in &left {
        let lot = outcome::lock_lot(tx, id, lot.number).await?.ok_or_else(|| Failure::broken("a lot is gone"))?;
        let after = AuctionState::parse(&lot.state)?.after(AuctionStep::Relist)?;
        outcome::set_lot_state(tx, &lot, after).await?;
    }
    let row = AuctionRow {
        id: command.id::<AuctionId>().0,
        portal_id: held.portal_id,
        seller_id: held.seller_id,
        secret: key.seal(&new_seed()?)?,
        relisted_from: Some(held.id),
        version: 1,
        created_at: command.at,
        ..row_of(&terms, &data)?
    };
    let lots: Vec<i16> = left.iter().map(|lot| lot.number).collect();
    // What comes next is a draft: others learn of it once it is published.
    tell_all(tx, command, "auction.relisted", &held, json!({"lots": lots})).await?;
    created(tx, command, row, languages).await
}

/// A lot of which something may be put up anew: it has closed without a winner who keeps his word, or was cancelled.
fn is_left(lot: &LotRow) -> bool {
    let state = AuctionState::parse(&lot.state);
    lot.closed_at.is_some() && state.is_ok_and(|state| state.after(AuctionStep::Relist).is_ok())
}

fn place(lot: &LotRow) -> Option<usize> {
    usize::try_from(lot.number).ok()?.checked_sub(1)
}
