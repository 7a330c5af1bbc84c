//! Packs of a product: a pack of 12, a bundle of 2.4 t, and what a quantity in any unit is in the base unit.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::kernel::language::{Texts, check_texts};
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::unit::Ratio;
use crate::kernel::{Faults, Quantity, Unit};

/// The most packs of one product.
pub const MAX_PACKS: usize = 20;
const LONGEST_NAME: usize = 100;

/// One of this unit holds so much of the base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub unit: Unit,
    pub names: Texts,
    pub quantity_of_base: Decimal,
}

/// Checks the packs of a product, with pointers such as `/packs/1/unit`.
pub fn check_packs(packs: &[Pack], base: Unit) -> Result<(), Faults> {
    let mut faults = Faults::default();
    if packs.len() > MAX_PACKS {
        faults.add("/packs", "too_many", format!("A product has at most {MAX_PACKS} packs."));
    }
    let mut seen = BTreeSet::new();
    for (index, pack) in packs.iter().enumerate().take(MAX_PACKS) {
        let unit_at = format!("/packs/{index}/unit");
        if !seen.insert(pack.unit.code()) {
            faults.add(unit_at, "twice", "There is a pack of this unit already.");
        } else if pack.unit.ratio_to(base).is_some() {
            let detail = format!("{} converts into {base} for every product.", pack.unit);
            faults.add(unit_at, "converts_already", detail);
        }
        if !pack.names.is_empty() {
            faults.keep(format!("/packs/{index}/name"), check_texts(&pack.names, LONGEST_NAME));
        }
        let quantity = check_quantity(pack.quantity_of_base);
        let quantity = quantity.and_then(|quantity| match quantity.is_zero() {
            true => Err(Invalid::new("not_positive", "It is more than zero.")),
            false => Ok(quantity),
        });
        faults.keep(format!("/packs/{index}/quantity_of_base"), quantity);
    }
    if faults.0.is_empty() { Ok(()) } else { Err(faults) }
}

/// How many of the base unit one of this unit is: by the product's pack, by its dimension, or by its dimension into a pack's unit.
/// None if it does not convert.
pub fn ratio_to_base(unit: Unit, base: Unit, packs: &[Pack]) -> Option<Ratio> {
    if unit == base {
        return Some(Ratio::ONE);
    }
    let of_pack = |pack: &Pack| unit.ratio_to(pack.unit)?.times(Ratio::of(pack.quantity_of_base)?);
    let exactly = packs.iter().find(|pack| pack.unit == unit).and_then(of_pack);
    exactly.or_else(|| unit.ratio_to(base)).or_else(|| packs.iter().find_map(of_pack))
}

/// Why a quantity cannot be stated in the base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unconvertible {
    /// The unit does not convert.
    Unit,
    /// The quantity would have more decimals than quantities have: nothing is rounded.
    Inexact,
}

/// A quantity in the base unit, exactly, and what one of its own unit is in it.
pub fn to_base(quantity: Quantity, base: Unit, packs: &[Pack]) -> Result<(Decimal, Ratio), Unconvertible> {
    let ratio = ratio_to_base(quantity.unit(), base, packs).ok_or(Unconvertible::Unit)?;
    if ratio == Ratio::ONE {
        return Ok((quantity.value(), ratio));
    }
    let exact = ratio.apply(quantity.value()).filter(|value| check_quantity(*value).is_ok());
    Ok((exact.ok_or(Unconvertible::Inexact)?, ratio))
}

/// What a part of a line is in the base unit, when all of it is so much there; none if that is no exact quantity.
pub fn share(part: Decimal, whole: Decimal, whole_in_base: Decimal) -> Option<Decimal> {
    if whole == whole_in_base {
        return Some(part);
    }
    Ratio::of(whole_in_base)?.divided_by(Ratio::of(whole)?)?.apply(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str) -> Unit {
        Unit::parse(code).unwrap()
    }

    fn pack(code: &str, quantity: &str) -> Pack {
        Pack { unit: unit(code), names: Texts::new(), quantity_of_base: quantity.parse().unwrap() }
    }

    fn base(value: &str, from: &str, base: &str, packs: &[Pack]) -> Result<String, Unconvertible> {
        let quantity = Quantity::new(value.parse().unwrap(), unit(from)).unwrap();
        to_base(quantity, unit(base), packs).map(|(value, _)| value.to_string())
    }

    #[test]
    fn packs_and_dimensions_lead_to_the_base_unit_exactly() {
        let packs = [pack("NMP", "12"), pack("TNE", "250")];
        assert_eq!(base("3", "NMP", "C62", &packs), Ok("36".into()));
        assert_eq!(base("2", "DZN", "C62", &packs), Ok("24".into()));
        assert_eq!(base("0.5", "TNE", "C62", &packs), Ok("125".into()));
        assert_eq!(base("4", "KGM", "C62", &packs), Ok("1".into()));
        assert_eq!(base("7.25", "C62", "C62", &packs), Ok("7.25".into()));
        assert_eq!(base("2", "XBE", "TNE", &[pack("XBE", "2.4")]), Ok("4.8".into()));
        assert_eq!(base("1", "KGM", "C62", &[pack("TNE", "3")]), Ok("0.003".into()));
    }

    #[test]
    fn what_does_not_convert_and_what_would_be_rounded_are_refused() {
        assert_eq!(base("1", "LTR", "KGM", &[]), Err(Unconvertible::Unit));
        assert_eq!(base("1", "NMP", "KGM", &[]), Err(Unconvertible::Unit));
        assert_eq!(base("1", "LBR", "TNE", &[]), Err(Unconvertible::Inexact));
        assert_eq!(base("100000000000", "TNE", "KGM", &[]), Err(Unconvertible::Inexact));
    }

    #[test]
    fn a_part_of_a_line_is_the_same_part_of_it_in_the_base_unit() {
        let share = |part: &str, whole: &str, base: &str| {
            super::share(part.parse().unwrap(), whole.parse().unwrap(), base.parse().unwrap())
                .map(|part| part.to_string())
        };
        assert_eq!(share("2.5", "3", "36").as_deref(), Some("30"));
        assert_eq!(share("0", "3", "36").as_deref(), Some("0"));
        assert_eq!(share("1", "3", "1"), None);
        assert_eq!(share("1.250", "3", "3").as_deref(), Some("1.250"));
    }

    #[test]
    fn all_faults_of_packs_are_told() {
        let faults = |packs: &[Pack]| -> Vec<(String, &'static str)> {
            check_packs(packs, unit("KGM")).unwrap_err().0.into_iter().map(|f| (f.pointer, f.code)).collect()
        };
        assert!(check_packs(&[pack("NMP", "12.5"), pack("XPX", "800")], unit("KGM")).is_ok());
        assert_eq!(
            faults(&[pack("NMP", "0"), pack("NMP", "1"), pack("TNE", "1.0000001")]),
            [
                ("/packs/0/quantity_of_base".to_owned(), "not_positive"),
                ("/packs/1/unit".into(), "twice"),
                ("/packs/2/unit".into(), "converts_already"),
                ("/packs/2/quantity_of_base".into(), "too_precise"),
            ]
        );
        assert_eq!(faults(&vec![pack("NMP", "1"); 21])[0].1, "too_many");
    }
}
