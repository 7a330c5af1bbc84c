//! The history of a lot: for whoever may see the auction, since nobody is named in it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::auction::LotNumber;
use domain::kernel::{AuctionId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::Page;
use crate::schema::{auction_bidder, auction_entry, auction_receipt};

/// An act, with the hash that binds it to all before it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = auction_entry)]
pub struct EntryRow {
    pub number: i32,
    pub at: Timestamp,
    pub act: String,
    pub bidder: String,
    pub price: Option<i64>,
    /// 0 where it is not open.
    pub units: i64,
    pub commitment: Vec<u8>,
    pub hash: Vec<u8>,
}

/// A page of the history of a lot, from the beginning.
pub async fn of_lot(
    connection: &mut Connection,
    auction: AuctionId,
    lot: LotNumber,
    page: &Page,
) -> Result<Vec<EntryRow>, Failure> {
    let (Ok(lot), Ok(after)) = (i16::try_from(lot), i32::try_from(page.after_number())) else { return Ok(Vec::new()) };
    let query = auction_entry::table
        .filter(auction_entry::auction_id.eq(auction.0).and(auction_entry::lot.eq(lot)))
        .filter(auction_entry::number.gt(after))
        .order(auction_entry::number)
        .limit(page.rows());
    Ok(query.select(EntryRow::as_select()).load(connection).await?)
}

/// The lots of an auction in which a company has taken part: whoever took its bids back, or whose bids were struck out, has not.
pub async fn lots_of_bidder(
    connection: &mut Connection,
    auction: AuctionId,
    company: OrganisationId,
) -> Result<Vec<i16>, Failure> {
    let acts: Vec<(i16, i32, String)> = auction_receipt::table
        .inner_join(
            auction_entry::table.on(auction_entry::auction_id
                .eq(auction_receipt::auction_id)
                .and(auction_entry::lot.eq(auction_receipt::lot))
                .and(auction_entry::number.eq(auction_receipt::number))),
        )
        .filter(auction_receipt::organisation_id.eq(company.0).and(auction_receipt::auction_id.eq(auction.0)))
        .distinct_on(auction_receipt::lot)
        .order((auction_receipt::lot, auction_receipt::number.desc()))
        .select((auction_receipt::lot, auction_receipt::number, auction_entry::act))
        .load(connection)
        .await?;
    let struck = struck_out(connection, auction, company).await?;
    let stands = |lot: i16, number: i32| !struck.iter().any(|(of, after)| *of == lot && *after > number);
    let taken_part = acts.into_iter().filter(|(lot, number, act)| act != "unseal" && stands(*lot, *number));
    Ok(taken_part.map(|(lot, _, _)| lot).collect())
}

/// At which numbers of which lots the bids of a company were struck out.
async fn struck_out(
    connection: &mut Connection,
    auction: AuctionId,
    company: OrganisationId,
) -> Result<Vec<(i16, i32)>, Failure> {
    let known = auction_bidder::table.find((auction.0, company.0)).select(auction_bidder::pseudonym);
    let Some(Some(pseudonym)) = known.first::<Option<String>>(connection).await.optional()? else {
        return Ok(Vec::new());
    };
    let struck = auction_entry::table
        .filter(auction_entry::auction_id.eq(auction.0).and(auction_entry::bidder.eq(pseudonym)))
        .filter(auction_entry::act.eq("strike_out"))
        .select((auction_entry::lot, auction_entry::number));
    Ok(struck.load(connection).await?)
}

/// The lowest price at which each company bid for a lot, in minor units: of those whose bids stand.
pub async fn lowest_of_bidders(
    connection: &mut Connection,
    auction: AuctionId,
    lot: i16,
) -> Result<Vec<(Uuid, i64)>, Failure> {
    #[derive(QueryableByName)]
    struct Lowest {
        #[diesel(sql_type = SqlUuid)]
        organisation_id: Uuid,
        #[diesel(sql_type = BigInt)]
        price: i64,
    }
    let rows: Vec<Lowest> = diesel::sql_query(
        "SELECT b.organisation_id, min(e.price) AS price FROM auction_entry e
         JOIN auction_bidder b ON b.auction_id = e.auction_id AND b.pseudonym = e.bidder
         WHERE e.auction_id = $1 AND e.lot = $2 AND e.act IN ('bid', 'buy_now') AND e.price IS NOT NULL
             AND NOT EXISTS (SELECT FROM auction_entry s WHERE s.auction_id = $1 AND s.lot = $2
                 AND s.bidder = e.bidder AND s.act = 'strike_out' AND s.number > e.number)
         GROUP BY b.organisation_id ORDER BY b.organisation_id",
    )
    .bind::<SqlUuid, _>(auction.0)
    .bind::<SmallInt, _>(lot)
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.organisation_id, row.price)).collect())
}
