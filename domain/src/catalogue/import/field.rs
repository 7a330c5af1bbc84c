//! What a column can be about. The names are those of a product's members in JSON, joined by points.

use super::ImportKind;
use crate::catalogue::attribute::check_key;
use crate::catalogue::code_list::check_list_key;
use crate::kernel::Unit;
use crate::kernel::language::check_tag;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;

/// What a cell is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Sku,
    Gtin,
    /// In a language.
    Name(String),
    Description(String),
    /// The code of a category.
    Category,
    BaseUnit,
    TaxCategory,
    TaxRate,
    MinimumOrder,
    OrderMultiple,
    LeadTimeDays,
    OnHand,
    /// Of a unit, from the smallest order on.
    Price,
    /// Of a unit, from this quantity on.
    PriceFrom(String),
    /// All prices as `1:18.00 50:16.20`.
    Prices,
    Currency,
    /// Whether buyers see the offer.
    Published,
    /// As the category defines it.
    Attribute(String),
    /// The code of a code list.
    Code(String),
    /// How much of the base unit one of this unit holds.
    Pack(String),
}

/// The fields with one name each.
const PLAIN: [(&str, Field); 14] = [
    ("sku", Field::Sku),
    ("gtin", Field::Gtin),
    ("category", Field::Category),
    ("base_unit", Field::BaseUnit),
    ("tax.category", Field::TaxCategory),
    ("tax.rate", Field::TaxRate),
    ("minimum_order", Field::MinimumOrder),
    ("order_multiple", Field::OrderMultiple),
    ("lead_time_days", Field::LeadTimeDays),
    ("on_hand", Field::OnHand),
    ("price", Field::Price),
    ("prices", Field::Prices),
    ("currency", Field::Currency),
    ("published", Field::Published),
];

impl Field {
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        if let Some((_, field)) = PLAIN.iter().find(|(plain, _)| *plain == name) {
            return Ok(field.clone());
        }
        let unknown = || Invalid::new("unknown_column", format!("`{name}` is no field of a product."));
        let (family, key) = name.split_once('.').ok_or_else(unknown)?;
        match family {
            "name" | "description" => {
                check_tag(key)?;
                Ok(if family == "name" { Self::Name(key.to_owned()) } else { Self::Description(key.to_owned()) })
            }
            "price" => {
                let from = parse_decimal(key)?;
                if from.is_sign_negative() || from.is_zero() {
                    return Err(Invalid::new("not_positive", "A price holds from a quantity above zero on."));
                }
                Ok(Self::PriceFrom(from.normalize().to_string()))
            }
            "attributes" => {
                check_key(key)?;
                Ok(Self::Attribute(key.to_owned()))
            }
            "packs" => Ok(Self::Pack(Unit::parse(key)?.code().to_owned())),
            "codes" => {
                check_list_key(key)?;
                Ok(Self::Code(key.to_owned()))
            }
            _ => Err(unknown()),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Name(language) => format!("name.{language}"),
            Self::Description(language) => format!("description.{language}"),
            Self::Attribute(key) => format!("attributes.{key}"),
            Self::Pack(unit) => format!("packs.{unit}"),
            Self::Code(list) => format!("codes.{list}"),
            Self::PriceFrom(from) => format!("price.{from}"),
            plain => PLAIN.iter().find(|(_, field)| field == plain).map_or("", |(name, _)| name).to_owned(),
        }
    }

    /// Part of an offer on a portal.
    pub fn is_of_offer(&self) -> bool {
        matches!(self, Self::Price | Self::PriceFrom(_) | Self::Prices | Self::Currency | Self::Published)
    }

    /// Whether files of this kind may have it.
    pub fn fits(&self, kind: ImportKind) -> bool {
        match kind {
            ImportKind::Products => true,
            ImportKind::Prices => *self == Self::Sku || self.is_of_offer(),
            ImportKind::Stock => matches!(self, Self::Sku | Self::OnHand),
        }
    }

    /// A number that may be written with a comma.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::TaxRate
                | Self::MinimumOrder
                | Self::OrderMultiple
                | Self::OnHand
                | Self::Pack(_)
                | Self::Price
                | Self::PriceFrom(_)
                | Self::Prices
        )
    }

    /// A text for people, which is kept to the letter.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Description(_) | Self::Attribute(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_the_name_that_it_is_found_by() {
        for name in [
            "sku",
            "tax.rate",
            "name.pt-BR",
            "description.ru",
            "price",
            "price.2.5",
            "prices",
            "attributes.net_weight",
            "codes.okpd2",
            "packs.NMP",
        ] {
            assert_eq!(Field::parse(name).unwrap().name(), name);
        }
        assert_eq!(Field::parse("price.10.0").unwrap(), Field::PriceFrom("10".into()));
        for (bad, code) in [
            ("", "unknown_column"),
            ("SKU", "unknown_column"),
            ("name", "unknown_column"),
            ("name.English", "language"),
            ("price.0", "not_positive"),
            ("price.x", "decimal"),
            ("seller_id", "unknown_column"),
        ] {
            assert_eq!(Field::parse(bad).unwrap_err().code, code, "{bad}");
        }
    }

    #[test]
    fn files_of_prices_and_stock_have_nothing_else() {
        let fits = |name: &str| ImportKind::ALL.map(|kind| Field::parse(name).unwrap().fits(kind));
        assert_eq!(fits("sku"), [true, true, true]);
        assert_eq!(fits("prices"), [true, true, false]);
        assert_eq!(fits("on_hand"), [true, false, true]);
        assert_eq!(fits("name.en"), [true, false, false]);
    }
}
