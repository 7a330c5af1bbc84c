//! Which offer a line of a document means.

use domain::kernel::refusal::Invalid;
use infra::integration::offered::{ByNumber, Numbers};
use uuid::Uuid;

use crate::integration::ubl::input::WantedLine;

/// All numbers by which the lines name goods.
pub fn numbers(lines: &[WantedLine]) -> Numbers {
    Numbers {
        skus: lines.iter().filter_map(|line| line.sku.clone()).collect(),
        gtins: lines.iter().filter_map(|line| line.gtin.as_deref()).flat_map(forms).collect(),
        offers: lines.iter().filter_map(offer_of).collect(),
    }
}

/// The offer that we named along with the SKU when the goods were shopped for.
fn offer_of(line: &WantedLine) -> Option<Uuid> {
    line.auxiliary.as_deref().and_then(|text| Uuid::parse_str(text).ok())
}

/// The ways to write a GTIN: zeros in front of it mean nothing.
fn forms(gtin: &str) -> Vec<String> {
    let digits = gtin.trim_start_matches('0');
    let forms = [8, 12, 13, 14].into_iter().filter(|length| *length >= digits.len());
    forms.map(|length| format!("{digits:0>length$}")).collect()
}

/// The offer of a line among those with one of its numbers: the one that was shopped for, else that of the SKU, else that of the GTIN. Faults
/// `not_offered`, `ambiguous_item`.
pub fn resolve<'a>(line: &WantedLine, offers: &'a [ByNumber]) -> Result<&'a ByNumber, Invalid> {
    let shopped = offer_of(line);
    let is_sku = |one: &ByNumber| line.sku.as_ref().is_none_or(|sku| *sku == one.sku);
    if let Some(found) = offers.iter().find(|one| Some(one.offer_id) == shopped && is_sku(one)) {
        return Ok(found);
    }
    let by_sku: Vec<&ByNumber> = offers.iter().filter(|one| line.sku.as_ref() == Some(&one.sku)).collect();
    let gtins: Vec<String> = line.gtin.as_deref().map(forms).unwrap_or_default();
    let has_gtin = |one: &&ByNumber| one.gtin.as_ref().is_some_and(|gtin| gtins.contains(gtin));
    let found = if by_sku.is_empty() { offers.iter().filter(has_gtin).collect() } else { by_sku };
    let named = [&line.sku, &line.gtin, &line.buyers_id].into_iter().flatten().next();
    let named = named.map_or("It", String::as_str);
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Invalid::new("not_offered", format!("{named} is not offered to you here."))),
        _ => Err(Invalid::new("ambiguous_item", format!("{named} is offered by several sellers: name one."))),
    }
}

#[cfg(test)]
mod tests {
    use domain::kernel::{Quantity, Unit};

    use super::*;

    fn wanted(sku: Option<&str>, gtin: Option<&str>, auxiliary: Option<Uuid>) -> WantedLine {
        WantedLine {
            pointer: String::new(),
            sku: sku.map(str::to_owned),
            gtin: gtin.map(str::to_owned),
            buyers_id: None,
            auxiliary: auxiliary.map(|id| id.to_string()),
            quantity: Quantity::new(1.into(), Unit::parse("C62").unwrap()).unwrap(),
            expected_price: None,
            buyer_reference: "1".to_owned(),
            note: None,
            delivery_address: None,
            requested_date: None,
        }
    }

    fn offer(id: u128, sku: &str, gtin: Option<&str>) -> ByNumber {
        ByNumber {
            offer_id: Uuid::from_u128(id),
            seller_id: Uuid::from_u128(id + 100),
            sku: sku.to_owned(),
            gtin: gtin.map(str::to_owned),
            unit: "C62".to_owned(),
            seller_trades: true,
        }
    }

    #[test]
    fn the_sku_goes_before_the_gtin_and_what_was_shopped_for_before_both() {
        let all = [offer(1, "A", None), offer(2, "B", Some("4006381333931")), offer(3, "A", None)];
        let id = |line: WantedLine| resolve(&line, &all).map(|one| one.offer_id.as_u128()).map_err(|odd| odd.code);
        assert_eq!(id(wanted(Some("B"), None, None)), Ok(2));
        assert_eq!(id(wanted(None, Some("04006381333931"), None)), Ok(2));
        assert_eq!(id(wanted(Some("X"), Some("4006381333931"), None)), Ok(2));
        assert_eq!(id(wanted(Some("A"), None, None)), Err("ambiguous_item"));
        assert_eq!(id(wanted(Some("A"), None, Some(Uuid::from_u128(3)))), Ok(3));
        assert_eq!(id(wanted(Some("B"), None, Some(Uuid::from_u128(3)))), Ok(2));
        assert_eq!(id(wanted(Some("X"), None, None)), Err("not_offered"));
    }
}
