//! Commitments: hashes that bind to a value without showing it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::bid::{BidNumber, LotNumber};
use super::price::{Price, Units};
use crate::kernel::refusal::Invalid;
use crate::kernel::{AuctionId, OrganisationId};

/// A SHA-256 (FIPS 180-4), or as many random bytes. In JSON 64 small hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    pub const ZERO: Self = Self([0; 32]);

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mut bytes = [0; 32];
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) => Ok(Self(bytes)),
            Err(_) => Err(Invalid::new("digest", "64 hexadecimal digits are expected.")),
        }
    }

    /// Of all parts, one after the other; the callers' parts have fixed lengths.
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// What a commitment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    pub auction: AuctionId,
    pub lot: LotNumber,
    pub bidder: OrganisationId,
    pub price: Price,
    pub units: Units,
}

/// The commitment to a bid: the SHA-256 of, in this order, the 18 bytes `torg/auction/bid/1`, the auction's UUID (16 bytes, as in
/// RFC 9562), the number of the lot (2), the bidder's UUID (16), the price in minor units (8), the units (8) and the nonce (32); numbers
/// are big-endian. The nonce is random and known to the bidder alone until the bid is opened, or few prices would be tried out quickly.
pub fn commitment(bid: &Committed, nonce: &Digest) -> Digest {
    Digest::of(&[
        b"torg/auction/bid/1",
        bid.auction.0.as_bytes(),
        &bid.lot.to_be_bytes(),
        bid.bidder.0.as_bytes(),
        &bid.price.to_be_bytes(),
        &bid.units.to_be_bytes(),
        &nonce.0,
    ])
}

/// The nonce of an open bid: it follows from the auction's secret, so that the machine needs no chance.
pub(super) fn nonce(secret: &Digest, lot: LotNumber, number: BidNumber) -> Digest {
    Digest::of(&[b"torg/auction/nonce/1", &secret.0, &lot.to_be_bytes(), &number.0.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn bid() -> Committed {
        Committed {
            auction: AuctionId(Uuid::from_u128(0x0190_b6a8_7a00_7abc_8def_0123_4567_89ab)),
            lot: 1,
            bidder: OrganisationId(Uuid::from_u128(2)),
            price: 125_000,
            units: 1,
        }
    }

    /// What is hashed, put together by hand, as a client would.
    #[test]
    fn the_byte_form_is_as_documented() {
        let bytes = [
            "746f72672f61756374696f6e2f6269642f31",
            "0190b6a87a007abc8def0123456789ab",
            "0001",
            "00000000000000000000000000000002",
            "000000000001e848",
            "0000000000000001",
            &"07".repeat(32),
        ];
        let hashed = Sha256::digest(hex::decode(bytes.concat()).unwrap());
        assert_eq!(commitment(&bid(), &Digest([7; 32])), Digest(hashed.into()));
    }

    #[test]
    fn every_part_binds() {
        let nonce = Digest([7; 32]);
        let others = [
            Committed { auction: AuctionId(Uuid::from_u128(1)), ..bid() },
            Committed { lot: 2, ..bid() },
            Committed { bidder: OrganisationId(Uuid::from_u128(3)), ..bid() },
            Committed { price: 125_001, ..bid() },
            Committed { units: 2, ..bid() },
        ];
        for other in others {
            assert_ne!(commitment(&other, &nonce), commitment(&bid(), &nonce), "{other:?}");
        }
        assert_ne!(commitment(&bid(), &Digest([8; 32])), commitment(&bid(), &nonce));
    }

    #[test]
    fn digests_are_written_in_hexadecimal() {
        let digest = Digest([0xab; 32]);
        assert_eq!(Digest::parse(&digest.to_string()), Ok(digest));
        assert_eq!(Digest::parse("ab").unwrap_err().code, "digest");
    }
}
