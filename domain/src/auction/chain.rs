//! The history of a lot: every act in order, each bound to all before it by its hash.

use serde::{Deserialize, Serialize};

use super::bid::{BidNumber, LotNumber};
use super::commitment::Digest;
use super::price::{Price, Units};
use super::pseudonym::Pseudonym;
use crate::kernel::{AuctionId, Timestamp};

/// What a bidder did, or what became of its bids. The numbers are hashed and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// An open bid; without a price its bidder led already and moved its maximum alone.
    Bid = 0,
    BuyNow = 1,
    /// The falling price was accepted.
    Accept = 2,
    /// A sealed bid came in, in place of an earlier one of the same bidder if there was one.
    Seal = 3,
    /// A sealed bid was taken back.
    Unseal = 4,
    /// The best sealed bid was topped.
    Top = 5,
    /// The bidder's bids for the lot were struck out.
    StrikeOut = 6,
}

/// One link of the chain. Nothing in it says who the bidder is, or what was kept to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub number: BidNumber,
    pub at: Timestamp,
    pub act: Act,
    pub bidder: Pseudonym,
    /// What was offered openly, if anything.
    pub price: Option<Price>,
    /// 0 where it is not open.
    pub units: Units,
    /// To the company, its maximum or sealed price, and the units ([`super::commitment`]); zeros where nothing was offered.
    pub commitment: Digest,
    pub hash: Digest,
}

/// With which the chain of a lot begins: the SHA-256 of the 20 bytes `torg/auction/chain/1`, the auction's UUID and the number of the lot
/// (2 bytes, big-endian).
pub fn beginning(auction: AuctionId, lot: LotNumber) -> Digest {
    Digest::of(&[b"torg/auction/chain/1", auction.0.as_bytes(), &lot.to_be_bytes()])
}

/// The hash of an entry: the SHA-256 of the hash before it (32 bytes), its number (4), the time in microseconds since 1970 (8), the act
/// (1: its number in [`Act`]), the number of the pseudonym (8), whether there is a price (1) and the price or
/// 0 (8), the units (8) and the commitment (32); numbers are big-endian.
pub fn link(before: &Digest, entry: &Entry) -> Digest {
    Digest::of(&[
        &before.0,
        &entry.number.0.to_be_bytes(),
        &entry.at.timestamp_micros().to_be_bytes(),
        &[entry.act as u8],
        &entry.bidder.bits().to_be_bytes(),
        &[u8::from(entry.price.is_some())],
        &entry.price.unwrap_or(0).to_be_bytes(),
        &entry.units.to_be_bytes(),
        &entry.commitment.0,
    ])
}

/// The entry of this number is not what the chain says, or is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The history is broken at number {}.", self.0.0)]
pub struct Broken(pub BidNumber);

/// Checks the whole history of a lot: numbers without gaps from 1 on, times that never go back, and every hash. Returns the last hash,
/// which is the one that was published at the close if nothing is missing at the end.
pub fn verify(auction: AuctionId, lot: LotNumber, entries: &[Entry]) -> Result<Digest, Broken> {
    let mut last = beginning(auction, lot);
    let mut time = None;
    for (number, entry) in (1..).map(BidNumber).zip(entries) {
        let fits = entry.number == number && time <= Some(entry.at) && entry.hash == link(&last, entry);
        if !fits {
            return Err(Broken(number));
        }
        (last, time) = (entry.hash, Some(entry.at));
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::rules::tests::at;
    use super::*;

    const AUCTION: AuctionId = AuctionId(Uuid::from_u128(9));

    fn history() -> Vec<Entry> {
        let mut last = beginning(AUCTION, 1);
        let mut entries = Vec::new();
        for number in 1..=4_u32 {
            let mut entry = Entry {
                number: BidNumber(number),
                at: at(i64::from(number / 2)),
                act: Act::Bid,
                bidder: Pseudonym::from_bits(u64::from(number % 2)).unwrap(),
                price: (number != 3).then_some(100 * i64::from(number)),
                units: 1,
                commitment: Digest([number as u8; 32]),
                hash: Digest::ZERO,
            };
            entry.hash = link(&last, &entry);
            last = entry.hash;
            entries.push(entry);
        }
        entries
    }

    #[test]
    fn a_whole_history_ends_with_its_last_hash() {
        let entries = history();
        assert_eq!(verify(AUCTION, 1, &entries), Ok(entries[3].hash));
        assert_eq!(verify(AUCTION, 1, &[]), Ok(beginning(AUCTION, 1)));
        assert_eq!(verify(AUCTION, 2, &entries), Err(Broken(BidNumber(1))));
    }

    #[test]
    fn whatever_is_changed_left_out_or_moved_is_found() {
        let changes: [fn(&mut Vec<Entry>); 9] = [
            |entries| entries[1].price = Some(201),
            |entries| entries[1].price = None,
            |entries| entries[1].units = 2,
            |entries| entries[1].at = at(0),
            |entries| entries[1].act = Act::BuyNow,
            |entries| entries[1].bidder = Pseudonym::from_bits(5).unwrap(),
            |entries| entries[1].commitment = Digest([9; 32]),
            |entries| {
                entries.remove(1);
            },
            |entries| entries.swap(1, 2),
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut entries = history();
            change(&mut entries);
            assert_eq!(verify(AUCTION, 1, &entries), Err(Broken(BidNumber(2))), "{index}");
        }
    }
}
