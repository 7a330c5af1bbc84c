//! The bytes of state machines: a compact encoding of our own, in which equal values have equal bytes.
//!
//! Numbers are little-endian and of fixed width; optional values and variants begin with one byte; lists with their length in four.

use std::num::NonZero;

use rust_decimal::Decimal;

use super::{AuctionId, Currency, GroupId, InstrumentId, OrganisationId, Timestamp};

/// The bytes are not of the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The bytes are cut off, damaged, or of another version.")]
pub struct Damaged;

pub trait Wire: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn get(input: &mut &[u8]) -> Result<Self, Damaged>;
}

fn take<'a>(input: &mut &'a [u8], length: usize) -> Result<&'a [u8], Damaged> {
    let (taken, rest) = input.split_at_checked(length).ok_or(Damaged)?;
    *input = rest;
    Ok(taken)
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
                let bytes = take(input, size_of::<Self>())?;
                Ok(Self::from_le_bytes(bytes.try_into().map_err(|_| Damaged)?))
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, u128, i64, i128);

macro_rules! numbers_but_zero {
    ($($number:ty),*) => {$(
        impl Wire for NonZero<$number> {
            fn put(&self, out: &mut Vec<u8>) {
                self.get().put(out);
            }

            fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
                Self::new(<$number>::get(input)?).ok_or(Damaged)
            }
        }
    )*};
}

numbers_but_zero!(u64, i64);

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        match u8::get(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damaged),
        }
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        if bool::get(input)? { T::get(input).map(Some) } else { Ok(None) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_all(self.len(), self.iter(), out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let length = u32::get(input)? as usize;
        // A damaged length must not reserve memory that the input cannot fill.
        let mut values = Self::with_capacity(length.min(input.len()));
        for _ in 0..length {
            values.push(T::get(input)?);
        }
        Ok(values)
    }
}

/// Writes a list from any iterator that knows its length.
pub fn put_all<'a, T: Wire + 'a>(length: usize, values: impl Iterator<Item = &'a T>, out: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).put(out);
    for value in values {
        value.put(out);
    }
}

impl Wire for [u8; 32] {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        take(input, 32)?.try_into().map_err(|_| Damaged)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Ok((A::get(input)?, B::get(input)?))
    }
}

macro_rules! identifiers {
    ($($name:ident),*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(self.0.as_bytes());
            }

            fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
                let bytes = take(input, 16)?;
                uuid::Uuid::from_slice(bytes).map(Self).map_err(|_| Damaged)
            }
        }
    )*};
}

identifiers!(AuctionId, InstrumentId, OrganisationId);

impl Wire for Timestamp {
    fn put(&self, out: &mut Vec<u8>) {
        self.timestamp_micros().put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Self::from_timestamp_micros(i64::get(input)?).ok_or(Damaged)
    }
}

impl Wire for Decimal {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.serialize());
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let bytes: [u8; 16] = take(input, 16)?.try_into().map_err(|_| Damaged)?;
        let value = Self::deserialize(bytes);
        // Flags that no decimal has are dropped by the reading; bytes that do not come back are not ours.
        if value.scale() <= 28 && value.serialize() == bytes { Ok(value) } else { Err(Damaged) }
    }
}

impl Wire for Currency {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.code().as_bytes());
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let code = std::str::from_utf8(take(input, 3)?).map_err(|_| Damaged)?;
        Self::parse(code).map_err(|_| Damaged)
    }
}

/// Says how a structure (all fields in this order), a newtype or an enumeration (number of each variant and its parts) is written. A
/// number that was once given never changes its meaning; that would be a new version of the snapshot and the journal.
macro_rules! wire {
    (struct $name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::kernel::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::kernel::wire::Wire::put($field, out);)*
            }

            fn get(input: &mut &[u8]) -> Result<Self, $crate::kernel::wire::Damaged> {
                Ok(Self { $($field: $crate::kernel::wire::Wire::get(input)?),* })
            }
        }
    };
    (newtype $name:ident) => {
        impl $crate::kernel::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $crate::kernel::wire::Wire::put(&self.0, out);
            }

            fn get(input: &mut &[u8]) -> Result<Self, $crate::kernel::wire::Damaged> {
                Ok(Self($crate::kernel::wire::Wire::get(input)?))
            }
        }
    };
    (enum $name:ident { $($number:literal $variant:ident $({ $($field:ident),* })? $(( $part:ident ))?),* $(,)? }) => {
        impl $crate::kernel::wire::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {$(
                    Self::$variant $({ $($field),* })? $(( $part ))? => {
                        out.push($number);
                        $($($crate::kernel::wire::Wire::put($field, out);)*)?
                        $($crate::kernel::wire::Wire::put($part, out);)?
                    }
                )*}
            }

            fn get(input: &mut &[u8]) -> Result<Self, $crate::kernel::wire::Damaged> {
                match <u8 as $crate::kernel::wire::Wire>::get(input)? {
                    $($number => {
                        $($(let $field = $crate::kernel::wire::Wire::get(input)?;)*)?
                        $(let $part = $crate::kernel::wire::Wire::get(input)?;)?
                        Ok(Self::$variant $({ $($field),* })? $(( $part ))?)
                    })*
                    _ => Err($crate::kernel::wire::Damaged),
                }
            }
        }
    };
}
pub(crate) use wire;

wire!(newtype GroupId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_cut_off_bytes_are_refused() {
        type Value = (Option<u64>, Vec<(bool, Decimal)>);
        let value: Value = (Some(7), vec![(true, Decimal::new(125, 2)), (false, Decimal::ZERO)]);
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        assert_eq!(Wire::get(&mut bytes.as_slice()), Ok(value));
        for length in 0..bytes.len() {
            assert_eq!(Value::get(&mut &bytes[..length]), Err(Damaged));
        }
        assert_eq!(Vec::<u64>::get(&mut [255_u8; 4].as_slice()), Err(Damaged));
        assert_eq!(bool::get(&mut [2_u8].as_slice()), Err(Damaged));
    }
}
