//! What a company was answered to its acts: always its own.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::LotNumber;
use domain::kernel::{AuctionId, OrganisationId, Timestamp};

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, Page};
use crate::schema::{auction_entry, auction_receipt};

/// A receipt, and the act that it is for.
#[derive(Debug, Clone, Queryable)]
pub struct ReceiptRow {
    pub lot: i16,
    pub number: i32,
    pub at: Timestamp,
    pub act: String,
    /// What was offered openly.
    pub price: Option<i64>,
    pub maximum: Option<i64>,
    /// 0 of a sealed bid that was not opened.
    pub units: i64,
    pub commitment: Vec<u8>,
    pub hash: Vec<u8>,
    pub nonce: Option<Vec<u8>>,
    /// Of a sealed bid, once it was opened.
    pub opened_price: Option<i64>,
    pub void: Option<String>,
}

/// Where in the list a receipt stands.
pub fn position(row: &ReceiptRow) -> After {
    After { key: format!("{}.{}", row.lot, row.number), id: Default::default() }
}

/// A page of a company's receipts in an auction, by lot and number.
pub async fn of_company(
    connection: &mut Connection,
    company: OrganisationId,
    auction: AuctionId,
    lot: Option<LotNumber>,
    page: &Page,
) -> Result<Vec<ReceiptRow>, Failure> {
    let mut query = auction_receipt::table
        .inner_join(
            auction_entry::table.on(auction_entry::auction_id
                .eq(auction_receipt::auction_id)
                .and(auction_entry::lot.eq(auction_receipt::lot))
                .and(auction_entry::number.eq(auction_receipt::number))),
        )
        .filter(auction_receipt::organisation_id.eq(company.0).and(auction_receipt::auction_id.eq(auction.0)))
        .order((auction_receipt::lot, auction_receipt::number))
        .limit(page.rows())
        .select((
            auction_receipt::lot,
            auction_receipt::number,
            auction_receipt::at,
            auction_entry::act,
            auction_entry::price,
            auction_receipt::maximum,
            auction_receipt::units,
            auction_entry::commitment,
            auction_entry::hash,
            auction_receipt::nonce,
            auction_receipt::opened_price,
            auction_receipt::void,
        ))
        .into_boxed();
    if let Some(lot) = lot {
        query = query.filter(auction_receipt::lot.eq(i16::try_from(lot).unwrap_or(i16::MAX)));
    }
    if let Some((lot, number)) = page.after.as_ref().and_then(|after| place(&after.key)) {
        let later = auction_receipt::lot.eq(lot).and(auction_receipt::number.gt(number));
        query = query.filter(auction_receipt::lot.gt(lot).or(later));
    }
    Ok(query.load(connection).await?)
}

fn place(key: &str) -> Option<(i16, i32)> {
    let (lot, number) = key.split_once('.')?;
    Some((lot.parse().ok()?, number.parse().ok()?))
}
