//! How a lot closed, as far as the auction's disclosure lets somebody know.

use domain::auction::{Auctions, Disclosure, LotNumber};
use domain::kernel::OrganisationId;
use infra::Failure;
use infra::auction::{history, lot, outcome};

use super::dto::ResultDto;
use super::{look, show};
use crate::app::App;
use crate::auction::hall::Called;
use crate::auction::listing::show::AwardDto;
use crate::hosting;
use crate::http::principal::Principal;

/// The result of a lot for a caller that may know of the auction.
pub async fn of(
    app: &App,
    viewer: Option<&Principal>,
    (called, is_own): (&Called, bool),
    number: LotNumber,
) -> Result<ResultDto, Failure> {
    hosting::caught_up::<Auctions>(app, called.stream).await?;
    let company = viewer.and_then(Principal::organisation_id).map(OrganisationId);
    let mut connection = app.pool.get().await?;
    let row = lot::one(&mut connection, called.id, number).await?.ok_or_else(look::unknown)?;
    let mut awards = outcome::awards_of_lot(&mut connection, called.id, row.number).await?;
    let is_operator = viewer.is_some_and(|viewer| viewer.operator);
    let disclosure = called.rules.disclosure;
    let has_taken_part = match (disclosure, company) {
        (Disclosure::Participants, Some(company)) => {
            history::lots_of_bidder(&mut connection, called.id, company).await?.contains(&row.number)
        }
        _ => false,
    };
    let disclosed = disclosure.tells(is_own || is_operator, has_taken_part);
    awards.retain(|award| disclosed || company.is_some_and(|company| company.0 == award.organisation_id));
    let shown = |award| AwardDto::of(award, called.currency(), is_own, company.map(|company| company.0));
    Ok(ResultDto {
        auction_id: called.id.0,
        lot: number,
        closed_at: row.closed_at.map(Into::into),
        entries: row.entries,
        last_hash: show::last_hash(&row, called),
        outcome: row.outcome,
        disclosed,
        awards: awards.iter().map(shown).collect(),
    })
}
