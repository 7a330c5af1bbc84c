//! A company's own bids.

use domain::auction::LotNumber;
use domain::kernel::AuctionId;
use infra::Failure;
use infra::auction::receipt;
use infra::db::page::{List, Page};

use super::dto::OwnBidDto;
use crate::app::App;
use crate::auction::{access, hall, rights};
use crate::hosting;
use crate::http::principal::Principal;

/// The bids of the caller's company in an auction and what it was answered to them, by lot and number.
pub async fn list(
    app: &App,
    by: &Principal,
    id: AuctionId,
    lot: Option<LotNumber>,
    page: &Page,
) -> Result<List<OwnBidDto>, Failure> {
    let company = by.require(rights::READ)?;
    access::seen(&mut *app.pool.get().await?, Some(by), id).await?;
    let called = hall::called(app, id).await?;
    hosting::caught_up::<domain::auction::Auctions>(app, called.stream).await?;
    let rows = receipt::of_company(&mut *app.pool.get().await?, company, id, lot, page).await?;
    Ok(page.cut(rows, receipt::position).map(|row| OwnBidDto::of(row, &called)))
}
