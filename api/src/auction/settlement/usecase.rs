//! Settles lots that have closed: a contract for each winner of each lot, exactly once, since awards keep theirs and a contract names the
//! award that it was made of.

use domain::auction::Terms;
use domain::kernel::AuctionId;
use infra::Failure;
use infra::auction::lot::LotRow;
use infra::auction::outcome::{self, AwardRow};
use infra::auction::store::AuctionRow;
use infra::db::Connection;
use infra::sourcing::rfq::RfqRow;
use serde_json::json;

use super::{contract, review};
use crate::app::App;
use crate::auction::listing::show::money;
use crate::auction::listing::usecase::terms_of;
use crate::auction::tell::{tell, tell_both};
use crate::command::Command;
use crate::sourcing::round;

/// How many lots, and how many winners in all, one transaction settles: it shall not hold up who reads events.
const MOST_LOTS: i64 = 20;
const MOST_WINNERS: i64 = 50;

/// Settles some of the lots of an auction, which is held.
pub async fn settle(tx: &mut Connection, command: &Command, app: &App, auction: &AuctionRow) -> Result<(), Failure> {
    if let Some(request) = round::auction::lock_request(tx, auction).await? {
        return settle_round(tx, command, app, request, auction).await;
    }
    let terms = terms_of(auction)?;
    let mut left = MOST_WINNERS;
    for lot in outcome::closed_lots(tx, AuctionId(auction.id), MOST_LOTS).await? {
        let awards = outcome::awards_to_settle(tx, &lot, left).await?;
        left -= settle_awards(tx, command, auction, &terms, &awards).await?;
        if left <= 0 {
            // There may be more winners of this lot: the next turn looks.
            break;
        }
        outcome::settle_lot(tx, &lot, command.at).await?;
        tell_unsold(command, auction, &lot);
    }
    review::set(tx, auction, command.at).await
}

/// Settles an auction that is the last round of a request for quotation: what was bid lowers the quotes, and the buyer awards.
async fn settle_round(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    request: RfqRow,
    auction: &AuctionRow,
) -> Result<(), Failure> {
    round::auction::take_over(tx, command, app, request, auction).await?;
    for lot in outcome::closed_lots(tx, AuctionId(auction.id), MOST_LOTS).await? {
        outcome::settle_lot(tx, &lot, command.at).await?;
    }
    Ok(())
}

/// A contract for each winner, whose awards follow each other; gives how many winners there were.
async fn settle_awards(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    terms: &Terms,
    awards: &[AwardRow],
) -> Result<i64, Failure> {
    let mut winners = 0;
    for won in awards.chunk_by(|one, other| one.organisation_id == other.organisation_id) {
        let Some(first) = won.first() else { continue };
        let contract = contract::of_awards(tx, command, auction, terms, won).await?;
        let ids: Vec<_> = won.iter().map(|award| award.id).collect();
        outcome::note_contract(tx, &ids, contract).await?;
        let parts: Vec<_> = won
            .iter()
            .map(|award| json!({"units": award.units, "price": money(award.price, terms.rules.currency)}))
            .collect();
        let told = json!({"lot": first.lot, "organisation_id": first.organisation_id, "contract_id": contract, "awards": parts});
        tell_both(command, "auction.sold", auction, first.organisation_id, told);
        winners += 1;
    }
    Ok(winners)
}

/// The holder hears of a lot that nobody has won.
fn tell_unsold(command: &Command, auction: &AuctionRow, lot: &LotRow) {
    if lot.outcome.as_deref() != Some("sold") {
        let told = json!({"lot": lot.number, "outcome": lot.outcome});
        tell(command, "auction.unsold", auction, &[auction.seller_id], told);
    }
}
