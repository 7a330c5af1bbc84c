//! What a company calls its order.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Uuid, Variant};

use crate::kernel::refusal::Invalid;

/// A name that is unique among the orders of one company and makes retries safe: a UUID of RFC 9562, or 1 to 20 of the characters
/// `A–Z a–z 0–9 - _` (FIX calls it ClOrdID). Kept in 128 bits, and given back as it was written (UUIDs in lower case).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientOrderId(u128);

/// The two bits by which RFC 9562 tells its UUIDs (`10`) from others. Names that are no UUIDs have `11` there.
const VARIANT: u128 = 0b11 << 62;
const BELOW: u128 = (1 << 62) - 1;

/// The digits of names that are no UUIDs, in the number system of base 65; zero stands for no character.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LONGEST: usize = 20;

impl ClientOrderId {
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() == 36 {
            let uuid = Uuid::try_parse(text).ok().filter(|uuid| uuid.get_variant() == Variant::RFC4122);
            return uuid.map(Self::from).ok_or_else(invalid);
        }
        if text.is_empty() || text.len() > LONGEST {
            return Err(invalid());
        }
        let mut number: u128 = 0;
        for byte in text.bytes().rev() {
            let digit = ALPHABET.iter().position(|&letter| letter == byte).ok_or_else(invalid)?;
            number = number * 65 + digit as u128 + 1;
        }
        Ok(Self((number >> 62 << 64) | VARIANT | (number & BELOW)))
    }

    /// The identifier as a number, from which [`Self::from_bits`] makes it again.
    pub fn bits(self) -> u128 {
        self.0
    }

    /// `None` for numbers that no identifier has.
    pub fn from_bits(bits: u128) -> Option<Self> {
        let id = Self(bits);
        Self::parse(&id.to_string()).ok().filter(|&read| read == id)
    }
}

fn invalid() -> Invalid {
    Invalid::new("client_order_id", "A UUID, or 1 to 20 of the characters A-Z, a-z, 0-9, - and _ are expected.")
}

impl From<Uuid> for ClientOrderId {
    /// `uuid` is one of RFC 9562, as all identifiers of the project are.
    fn from(uuid: Uuid) -> Self {
        Self(uuid.as_u128())
    }
}

impl std::fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 & VARIANT != VARIANT {
            return Uuid::from_u128(self.0).fmt(f);
        }
        let mut number = (self.0 >> 64 << 62) | (self.0 & BELOW);
        while number > 0 {
            let digit = (number % 65) as usize;
            let letter = digit.checked_sub(1).map_or('?', |index| ALPHABET[index] as char);
            std::fmt::Write::write_char(f, letter)?;
            number /= 65;
        }
        Ok(())
    }
}

impl std::fmt::Debug for ClientOrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl Serialize for ClientOrderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClientOrderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn uuids_and_short_names_are_taken_and_nothing_else() {
        for good in [
            "A",
            "_",
            "order-1",
            "AAAAAAAAAAAAAAAAAAAA",
            "____________________",
            "0190b6a8-7a00-7000-8000-00000000000f",
        ] {
            assert_eq!(ClientOrderId::parse(good).unwrap().to_string(), good);
        }
        let nil = "00000000-0000-0000-0000-000000000000";
        for bad in ["", "a b", "ё", "a.b", "AAAAAAAAAAAAAAAAAAAAA", nil, "0190b6a87a00700080000000000000000f00"] {
            assert_eq!(ClientOrderId::parse(bad).unwrap_err().code, "client_order_id", "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back_as_it_was_written(name in "[A-Za-z0-9_-]{1,20}", other in "[A-Za-z0-9_-]{1,20}") {
            let (id, second) = (ClientOrderId::parse(&name).unwrap(), ClientOrderId::parse(&other).unwrap());
            prop_assert_eq!(id.to_string(), name.clone());
            prop_assert_eq!(id == second, name == other);
            prop_assert_eq!(ClientOrderId::from_bits(id.bits()), Some(id));
        }
    }
}
