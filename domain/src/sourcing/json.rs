//! Values of other features in the JSON in which requests and quotes are kept: they stand there as in the API.

use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalogue::attribute::AttributeValue;
use crate::contract::{Incoterm, Side};
use crate::kernel::{Currency, Money, Quantity, Unit, UnitPrice};

#[derive(Serialize, Deserialize)]
struct Amount {
    amount: Decimal,
    currency: Currency,
}

#[derive(Serialize, Deserialize)]
struct Measured {
    value: Decimal,
    unit: Unit,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Specified {
    Number { value: Decimal, unit: Option<Unit> },
    Text(String),
    YesNo(bool),
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Incoterm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Incoterm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Side {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Side {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Amount { amount: self.amount(), currency: self.currency() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Amount { amount, currency } = Amount::deserialize(deserializer)?;
        Self::new(amount, currency).map_err(D::Error::custom)
    }
}

impl Serialize for UnitPrice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Amount { amount: self.amount(), currency: self.currency() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Amount { amount, currency } = Amount::deserialize(deserializer)?;
        Self::new(amount, currency).map_err(D::Error::custom)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Measured { value: self.value(), unit: self.unit() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Measured { value, unit } = Measured::deserialize(deserializer)?;
        Self::new(value, unit).map_err(D::Error::custom)
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let specified = match self.clone() {
            Self::Number { value, unit } => Specified::Number { value, unit },
            Self::Text(text) => Specified::Text(text),
            Self::YesNo(value) => Specified::YesNo(value),
        };
        specified.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Specified::deserialize(deserializer)? {
            Specified::Number { value, unit } => Self::Number { value, unit },
            Specified::Text(text) => Self::Text(text),
            Specified::YesNo(value) => Self::YesNo(value),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer, StrDeserializer};

    use super::*;

    /// A JSON object of strings.
    fn read<T: for<'de> Deserialize<'de>>(members: [(&'static str, &'static str); 2]) -> Result<T, Error> {
        T::deserialize(MapDeserializer::new(members.into_iter()))
    }

    #[test]
    fn values_are_read_as_they_stand_in_the_api() {
        let money: Money = read([("amount", "12.50"), ("currency", "EUR")]).unwrap();
        assert_eq!((money.amount().to_string(), money.currency().code()), ("12.50".into(), "EUR"));
        let price: UnitPrice = read([("amount", "0.0001"), ("currency", "EUR")]).unwrap();
        assert_eq!(price.amount().to_string(), "0.0001");
        let quantity: Quantity = read([("value", "2.4"), ("unit", "TNE")]).unwrap();
        assert_eq!((quantity.value().to_string(), quantity.unit().code()), ("2.4".into(), "TNE"));
        assert_eq!(Incoterm::deserialize(StrDeserializer::<Error>::new("DAP")), Ok(Incoterm::Dap));
    }

    #[test]
    fn what_breaks_a_rule_of_the_kernel_is_not_read() {
        assert!(read::<Money>([("amount", "12.505"), ("currency", "EUR")]).is_err());
        assert!(read::<UnitPrice>([("amount", "-1"), ("currency", "EUR")]).is_err());
        assert!(read::<Quantity>([("value", "0"), ("unit", "TNE")]).is_err());
        assert!(read::<Quantity>([("value", "1"), ("unit", "tons")]).is_err());
        assert!(Incoterm::deserialize(StrDeserializer::<Error>::new("DAT")).is_err());
    }
}
