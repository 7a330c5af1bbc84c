//! The names under which bidders appear until their lot is sold.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::commitment::Digest;
use crate::kernel::OrganisationId;
use crate::kernel::refusal::Invalid;

/// How many bits a pseudonym has: eight letters of five.
const BITS: u32 = 40;

/// Crockford's base 32: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A bidder within one auction, such as `K7QX2M4P`: the same there from first to last, another one in every other auction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(u64);

impl Pseudonym {
    /// Of a company in the auction with that secret, without which nobody can tell who it is. `attempt` counts up while the pseudonym is
    /// another's.
    pub(super) fn of(secret: &Digest, company: OrganisationId, attempt: u32) -> Self {
        let Digest(bytes) =
            Digest::of(&[b"torg/auction/pseudonym/1", &secret.0, company.0.as_bytes(), &attempt.to_be_bytes()]);
        let first = bytes.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self(first >> (64 - BITS))
    }

    /// Reads eight letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let value = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte).map(|place| place as u64);
        let number = text.bytes().try_fold(0_u64, |number, byte| Some((number << 5) | value(byte)?));
        number
            .filter(|_| text.len() == 8)
            .map(Self)
            .ok_or_else(|| Invalid::new("bidder", format!("`{text}` is not a bidder such as `K7QX2M4P`.")))
    }

    /// As a number below 2⁴⁰.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// `None` for numbers that no pseudonym has.
    pub fn from_bits(bits: u64) -> Option<Self> {
        (bits >> BITS == 0).then_some(Self(bits))
    }
}

impl std::fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for place in (0..BITS / 5).rev() {
            let letter = ALPHABET[(self.0 >> (5 * place) & 31) as usize];
            std::fmt::Write::write_char(f, char::from(letter))?;
        }
        Ok(())
    }
}

impl Serialize for Pseudonym {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pseudonym {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn it_is_stable_in_an_auction_and_not_linkable_across_two() {
        let company = OrganisationId(Uuid::from_u128(7));
        let (one, other) = (Digest([1; 32]), Digest([2; 32]));
        assert_eq!(Pseudonym::of(&one, company, 0), Pseudonym::of(&one, company, 0));
        assert_ne!(Pseudonym::of(&one, company, 0), Pseudonym::of(&other, company, 0));
        assert_ne!(Pseudonym::of(&one, company, 0), Pseudonym::of(&one, company, 1));
    }

    #[test]
    fn it_is_written_in_eight_letters_and_read_back() {
        for bits in [0, 1, 31, 1 << 39, (1 << 40) - 1] {
            let pseudonym = Pseudonym::from_bits(bits).unwrap();
            assert_eq!(pseudonym.to_string().len(), 8);
            assert_eq!(Pseudonym::parse(&pseudonym.to_string()), Ok(pseudonym));
        }
        assert_eq!(Pseudonym::from_bits(1 << 40), None);
        for bad in ["", "K7QX2M4", "K7QX2M4PP", "k7qx2m4p", "K7QX2M4U"] {
            assert_eq!(Pseudonym::parse(bad).unwrap_err().code, "bidder", "{bad}");
        }
    }
}
