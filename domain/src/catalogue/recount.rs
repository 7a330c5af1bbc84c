//! What is said of a stock in any unit that converts: what was counted, or by how much it has changed.

use rust_decimal::Decimal;

use super::pack::{Pack, ratio_to_base};
use super::stock::Stock;
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Fault;
use crate::kernel::{Kind, Refusal, Unit};

/// What a seller says of what is on hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// So much was counted.
    OnHand(Decimal),
    /// It is so much more, or less where it is negative.
    Change(Decimal),
}

impl Said {
    /// What it is called in the input: faults point there.
    fn member(self) -> &'static str {
        match self {
            Self::OnHand(_) => "on_hand",
            Self::Change(_) => "change",
        }
    }
}

/// The stock after what was said in `unit`, where it is kept in `base`. Nothing is rounded.
///
/// # Errors
/// Faults below `/on_hand` or `/change`: a unit that does not convert, a quantity that is none (also after the change), and with
/// [`Kind::StockReserved`] less than is promised to orders.
pub fn recount(level: Stock, said: Said, unit: Unit, base: Unit, packs: &[Pack]) -> Result<Stock, Refusal> {
    let at = |part: &str| format!("/{}/{part}", said.member());
    let unconvertible = || {
        let detail = format!("The stock is kept in {base}, into which {unit} does not convert.");
        Refusal::fault(at("unit"), "unit_mismatch", detail)
    };
    let ratio = ratio_to_base(unit, base, packs).ok_or_else(unconvertible)?;
    let (Said::OnHand(stated) | Said::Change(stated)) = said;
    let quantity = |value: Decimal| check_quantity(value).map_err(|invalid| invalid.at(at("value")));
    quantity(stated.abs())?;
    let inexact = || Refusal::fault(at("value"), "inexact", format!("It is no exact quantity in {base}."));
    let exact = if unit == base { stated } else { ratio.apply(stated).ok_or_else(inexact)? };
    quantity(exact.abs())?;
    let on_hand = match said {
        Said::OnHand(_) => exact,
        Said::Change(_) => level.on_hand() + exact,
    };
    quantity(on_hand)?;
    let mut after = level;
    after.set_on_hand(on_hand).map_err(|refusal| match refusal.kind {
        Kind::StockReserved => {
            let fault = Fault { pointer: at("value"), code: "reserved", detail: refusal.detail.clone() };
            Refusal { faults: vec![fault], ..refusal }
        }
        _ => refusal,
    })?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::language::Texts;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// What is on hand after it, where 10 kg are, of which 4 are reserved; or pointer and code of the fault.
    fn after(said: Said, unit: &str) -> Result<String, (String, &'static str)> {
        let level = Stock::new(dec("10"), dec("4")).unwrap();
        let packs = [Pack { unit: Unit::parse("NMP").unwrap(), names: Texts::new(), quantity_of_base: dec("2.5") }];
        recount(level, said, Unit::parse(unit).unwrap(), Unit::parse("KGM").unwrap(), &packs)
            .map(|stock| stock.on_hand().normalize().to_string())
            .map_err(|refusal| (refusal.faults[0].pointer.clone(), refusal.faults[0].code))
    }

    #[test]
    fn what_is_said_is_taken_in_any_unit_that_converts_exactly() {
        for (said, unit, on_hand) in [
            (Said::OnHand(dec("7.5")), "KGM", "7.5"),
            (Said::OnHand(dec("0.012")), "TNE", "12"),
            (Said::OnHand(dec("4")), "NMP", "10"),
            (Said::Change(dec("-6")), "KGM", "4"),
            (Said::Change(dec("0")), "KGM", "10"),
            (Said::Change(dec("500")), "GRM", "10.5"),
        ] {
            assert_eq!(after(said, unit), Ok(on_hand.to_owned()), "{said:?} {unit}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_place() {
        for (said, unit, pointer, code) in [
            (Said::OnHand(dec("1")), "LTR", "/on_hand/unit", "unit_mismatch"),
            (Said::Change(dec("1")), "C62", "/change/unit", "unit_mismatch"),
            (Said::OnHand(dec("0.0000001")), "KGM", "/on_hand/value", "too_precise"),
            (Said::OnHand(dec("0.0001")), "GRM", "/on_hand/value", "inexact"),
            (Said::OnHand(dec("-1")), "KGM", "/on_hand/value", "negative"),
            (Said::OnHand(dec("99999999999")), "TNE", "/on_hand/value", "out_of_range"),
            (Said::Change(dec("-11")), "KGM", "/change/value", "negative"),
            (Said::OnHand(dec("3.9")), "KGM", "/on_hand/value", "reserved"),
            (Said::Change(dec("-7")), "KGM", "/change/value", "reserved"),
        ] {
            assert_eq!(after(said, unit), Err((pointer.to_owned(), code)), "{said:?} {unit}");
        }
    }
}
