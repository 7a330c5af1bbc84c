//! What of an auction is shown of its lots: by the machine where it knows the auction, else by the tables.

use std::sync::Arc;

use domain::auction::{Auctions, LotNumber, LotView};
use domain::kernel::{AuctionId, OrganisationId, Refusal};
use infra::Failure;
use infra::auction::lot;
use infra::journal::Handle;

use super::dto::LotDto;
use super::show;
use crate::app::App;
use crate::auction::hall::{self, Called};
use crate::auction::{access, clerk};
use crate::http::principal::Principal;

pub fn unknown() -> Refusal {
    Refusal::not_found("lot")
}

/// The published auction, if the viewer may know of it, and whether its company holds it.
pub async fn seen(app: &App, viewer: Option<&Principal>, id: AuctionId) -> Result<(Arc<Called>, bool), Failure> {
    let is_own = access::seen(&mut *app.pool.get().await?, viewer, id).await?.is_own;
    Ok((hall::called(app, id).await?, is_own))
}

/// Tells a machine that does not know the auction yet what the tables say.
pub async fn listing(app: &App, auctions: &Handle<Auctions>, id: AuctionId) -> Result<(), Failure> {
    if auctions.ask(move |auctions| auctions.rules(id).is_none()).await? {
        clerk::look_after(app, auctions, Some(&[id.0])).await?;
    }
    Ok(())
}

/// The lots of an auction that is hosted here, or one of them, with what a company has in them.
pub async fn lots(
    app: &App,
    auctions: &Handle<Auctions>,
    called: &Called,
    company: Option<OrganisationId>,
    only: Option<LotNumber>,
) -> Result<Vec<LotDto>, Failure> {
    let (id, now) = (called.id, app.clock.now());
    let look = move |auctions: &Auctions| {
        let admitted = company.and_then(|company| auctions.bidder(id, company));
        let own = |number: LotNumber| Some((admitted?, auctions.own(id, number, company?)?));
        let views: Vec<(LotNumber, LotView)> = match only {
            Some(number) => auctions.lot(id, number, now).map(|view| (number, view)).into_iter().collect(),
            None => (1..).zip(auctions.lots(id, now)).collect(),
        };
        let is_known = auctions.rules(id).is_some();
        is_known.then(|| views.into_iter().map(|(number, view)| (number, view, own(number))).collect::<Vec<_>>())
    };
    let Some(found) = auctions.ask(look).await? else {
        let rows = lot::of_auction(&mut *app.pool.get().await?, id).await?;
        let wanted = rows.iter().filter(|row| only.is_none_or(|only| i32::from(row.number) == i32::from(only)));
        return Ok(wanted.map(|row| show::kept(row, now, called)).collect());
    };
    Ok(found.iter().map(|(number, view, own)| show::live(*number, view, own.as_ref(), now, called)).collect())
}
