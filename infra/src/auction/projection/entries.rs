//! The histories of lots.

use domain::auction::{Entry, LotNumber};
use domain::kernel::AuctionId;
use uuid::Uuid;

use super::{integer, signed, small};
use crate::Failure;
use crate::auction::words;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};

#[derive(Default)]
pub struct Rows(Vec<(Uuid, i16, Entry)>);

impl Rows {
    pub fn note(&mut self, auction: AuctionId, lot: LotNumber, entry: &Entry) {
        self.0.push((auction.0, small(lot), *entry));
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if !self.0.is_empty() {
            self.insert().execute(connection).await?;
        }
        Ok(())
    }

    fn insert(&self) -> Unnest {
        let all = || self.0.iter().map(|(.., entry)| entry);
        Unnest {
            before:
                "INSERT INTO auction_entry (auction_id, lot, number, at, act, bidder, price, units, commitment, hash)
                     SELECT * FROM ",
            columns: vec![
                Column::Uuids(self.0.iter().map(|(auction, ..)| *auction).collect()),
                Column::SmallNumbers(self.0.iter().map(|(_, lot, _)| *lot).collect()),
                Column::Integers(all().map(|entry| integer(entry.number.0)).collect()),
                Column::Times(all().map(|entry| entry.at).collect()),
                Column::Words(all().map(|entry| words::act(entry.act)).collect()),
                Column::Texts(all().map(|entry| entry.bidder.to_string()).collect()),
                Column::OptionalNumbers(all().map(|entry| entry.price).collect()),
                Column::Numbers(all().map(|entry| signed(entry.units)).collect()),
                Column::Bytes(all().map(|entry| entry.commitment.0.to_vec()).collect()),
                Column::Bytes(all().map(|entry| entry.hash.0.to_vec()).collect()),
            ],
            after: "",
        }
    }
}
