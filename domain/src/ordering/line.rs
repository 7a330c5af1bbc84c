//! Lines of an order against what is offered.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::confirm::FreightTerms;
use crate::catalogue::pack::{Unconvertible, to_base};
use crate::catalogue::{CallerPrice, Pack, PriceList, Tiers, caller_price};
use crate::kernel::unit::Ratio;
use crate::kernel::{
    Currency, Findings, Kind, Money, OfferId, OrderLineId, OrganisationId, PortalId, PriceProposalId, Quantity,
    Refusal, Unit, UnitPrice,
};

/// The most lines of one order.
pub const MAX_LINES: usize = 1000;

/// What all lines of an order have in common.
#[derive(Debug, Clone, Copy)]
pub struct OrderFrame {
    pub buyer: OrganisationId,
    pub portal: PortalId,
    pub currency: Currency,
    pub freight: FreightTerms,
}

/// What a buyer wants.
#[derive(Debug, Clone, Copy)]
pub struct DraftLine {
    pub id: OrderLineId,
    pub offer: OfferId,
    pub quantity: Quantity,
    /// The price that was agreed on for it, if it names one.
    pub proposal: Option<PriceProposalId>,
}

/// An offer as it stands for the buyer at the moment of the check.
#[derive(Debug, Clone)]
pub struct Offered {
    pub seller: OrganisationId,
    pub portal: PortalId,
    pub published: bool,
    /// The base unit: prices, stock, minimum and multiple are in it.
    pub unit: Unit,
    pub packs: Vec<Pack>,
    pub minimum_order: Decimal,
    pub order_multiple: Decimal,
    /// The offer's own prices; their currency is the offer's.
    pub tiers: Tiers,
    /// The price lists in force for the buyer.
    pub price_lists: Vec<PriceList>,
}

/// A line that can be ordered as it stands, with its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedLine {
    pub id: OrderLineId,
    pub offer: OfferId,
    pub seller: OrganisationId,
    /// As it was ordered.
    pub quantity: Quantity,
    /// The same in the base unit, exactly: stock is counted in it.
    pub base_quantity: Decimal,
    /// For one of the base unit.
    pub price: CallerPrice,
    /// For one of the unit that was ordered, exactly.
    pub unit_price: UnitPrice,
    /// Price × quantity, rounded once, half to even.
    pub amount: Money,
}

/// Checks and prices all lines of an order; the faults of all of them are told at once, with pointers such as
/// `/lines/3/quantity`. An offer that is not in the map does not exist for the buyer.
pub fn check_lines(
    frame: &OrderFrame,
    lines: &[DraftLine],
    offers: &HashMap<OfferId, Offered>,
) -> Result<Vec<PricedLine>, Refusal> {
    if lines.len() > MAX_LINES {
        return Err(Refusal::fault("/lines", "too_many", format!("An order has at most {MAX_LINES} lines.")));
    }
    let mut findings = Findings::default();
    let checked = lines.iter().enumerate().filter_map(|(index, line)| {
        check_line(frame, line, offers.get(&line.offer), &format!("/lines/{index}"), &mut findings)
    });
    let priced = checked.collect();
    findings.result()?;
    Ok(priced)
}

/// Checks and prices one line that stands at `pointer`; notes what is wrong with it.
pub fn check_line(
    frame: &OrderFrame,
    line: &DraftLine,
    offered: Option<&Offered>,
    pointer: &str,
    findings: &mut Findings,
) -> Option<PricedLine> {
    let offer_at = format!("{pointer}/offer_id");
    // An offer of another portal looks just like one that does not exist.
    let Some(offered) = offered.filter(|offered| offered.published && offered.portal == frame.portal) else {
        findings.add(Kind::NotOffered, offer_at, "not_offered", "There is no such offer on this portal.");
        return None;
    };
    if offered.seller == frame.buyer {
        findings.add(Kind::OwnOffer, offer_at, "own_offer", "A company cannot order from itself.");
        return None;
    }
    let quantity_at = format!("{pointer}/quantity");
    let (base_quantity, ratio) = in_base_unit(line.quantity, offered, &quantity_at, findings)?;
    if !quantity_fits(base_quantity, offered, &quantity_at, findings) {
        return None;
    }
    let (currency, wanted) = (offered.tiers.currency(), frame.currency);
    let Some(price) = caller_price(&offered.tiers, &offered.price_lists, base_quantity, wanted) else {
        if currency != wanted {
            let detail = format!("The offer is in {currency}, and no price list gives a price for it in {wanted}.");
            findings.add(Kind::CurrencyMismatch, offer_at, "currency_mismatch", detail);
            return None;
        }
        findings.add(Kind::InvalidInput, quantity_at, "below_minimum", "There is no price for so small a quantity.");
        return None;
    };
    let Some(unit_price) = price.unit_price.per(ratio) else {
        let detail =
            format!("The price of one {} would not be exact: order in {}.", line.quantity.unit(), offered.unit);
        findings.add(Kind::InvalidInput, quantity_at, "inexact", detail);
        return None;
    };
    let amount = findings.keep(quantity_at, price.unit_price.line_amount(base_quantity, Decimal::ZERO))?;
    let (id, offer, seller, quantity) = (line.id, line.offer, offered.seller, line.quantity);
    Some(PricedLine { id, offer, seller, quantity, base_quantity, price, unit_price, amount })
}

fn in_base_unit(
    quantity: Quantity,
    offered: &Offered,
    pointer: &str,
    findings: &mut Findings,
) -> Option<(Decimal, Ratio)> {
    let (unit, base) = (quantity.unit(), offered.unit);
    match to_base(quantity, base, &offered.packs) {
        Ok(converted) => Some(converted),
        Err(Unconvertible::Unit) => {
            let detail = format!("The offer is in {base}, into which {unit} does not convert.");
            findings.add(Kind::UnitMismatch, pointer, "unit_mismatch", detail);
            None
        }
        Err(Unconvertible::Inexact) => {
            let detail = format!("In {base} the quantity would have more than 6 decimals, or be too large.");
            findings.add(Kind::InvalidInput, pointer, "inexact", detail);
            None
        }
    }
}

fn quantity_fits(quantity: Decimal, offered: &Offered, pointer: &str, findings: &mut Findings) -> bool {
    let (minimum, multiple) = (offered.minimum_order.normalize(), offered.order_multiple.normalize());
    let enough = quantity >= minimum;
    if !enough {
        let detail = format!("At least {minimum} {} have to be ordered.", offered.unit);
        findings.add(Kind::InvalidInput, pointer, "below_minimum", detail);
    }
    let whole = is_multiple(quantity, multiple);
    if !whole {
        let detail = format!("It is ordered in multiples of {multiple} {}.", offered.unit);
        findings.add(Kind::InvalidInput, pointer, "not_a_multiple", detail);
    }
    enough && whole
}

/// Whether the quantity is a whole multiple; zero is one of every multiple, and nothing is one of zero.
pub(super) fn is_multiple(quantity: Decimal, multiple: Decimal) -> bool {
    quantity.checked_rem(multiple).is_some_and(|rest| rest.is_zero())
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::catalogue::{Amount, Audience, ListTier, PriceSource, Tier};
    use crate::kernel::{PriceListId, UnitPrice};

    pub fn organisation(n: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(n))
    }

    fn eur() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn tiers(currency: Currency, steps: &[(i64, i64)]) -> Tiers {
        let tier = |&(from, price): &(i64, i64)| Tier {
            from: from.into(),
            unit_price: UnitPrice::new(price.into(), currency).unwrap(),
        };
        Tiers::new(steps.iter().map(tier).collect(), "").unwrap()
    }

    fn frame() -> OrderFrame {
        let portal = PortalId(Uuid::from_u128(7));
        OrderFrame { buyer: organisation(1), portal, currency: eur(), freight: FreightTerms::Included }
    }

    fn offered(seller: u128) -> Offered {
        Offered {
            seller: organisation(seller),
            portal: frame().portal,
            published: true,
            unit: Unit::parse("KGM").unwrap(),
            packs: Vec::new(),
            minimum_order: 10.into(),
            order_multiple: 4.into(),
            tiers: tiers(eur(), &[(1, 5), (100, 4)]),
            price_lists: Vec::new(),
        }
    }

    pub fn line(offer: u128, quantity: &str, unit: &str) -> DraftLine {
        DraftLine {
            id: OrderLineId(Uuid::from_u128(1000 + offer)),
            offer: OfferId(Uuid::from_u128(offer)),
            quantity: Quantity::new(quantity.parse().unwrap(), Unit::parse(unit).unwrap()).unwrap(),
            proposal: None,
        }
    }

    fn check(lines: &[DraftLine], offers: Vec<Offered>) -> Result<Vec<PricedLine>, Refusal> {
        let offers = offers.into_iter().zip(1u128..).map(|(offered, n)| (OfferId(Uuid::from_u128(n)), offered));
        check_lines(&frame(), lines, &offers.collect())
    }

    fn only_kind(quantity: &str, unit: &str, offered: Offered) -> (Kind, String, &'static str) {
        let refusal = check(&[line(1, quantity, unit)], vec![offered]).unwrap_err();
        assert_eq!(refusal.faults.len(), 1, "{refusal:?}");
        (refusal.kind, refusal.faults[0].pointer.clone(), refusal.faults[0].code)
    }

    #[test]
    fn a_sound_line_gets_the_callers_price() {
        let mut cheaper = offered(2);
        let id = PriceListId(Uuid::from_u128(9));
        let unit_price = UnitPrice::new(3.into(), eur()).unwrap();
        cheaper.price_lists.push(PriceList {
            id,
            audience: Audience::Buyer,
            priority: 0,
            entry: vec![ListTier { from: 1.into(), amount: Amount::Price(unit_price) }],
            category_discount: None,
            discount: None,
        });
        let lines = check(&[line(1, "12", "KGM"), line(2, "100", "KGM")], vec![cheaper, offered(3)]).unwrap();
        assert_eq!(lines[0].amount.amount().to_string(), "36.00");
        assert_eq!(lines[0].price.source, PriceSource::PriceList(id));
        assert_eq!(lines[1].amount.amount().to_string(), "400.00");
        assert_eq!(lines[1].price.source, PriceSource::Tier);
    }

    #[test]
    fn another_unit_is_priced_and_counted_exactly_in_the_base_unit() {
        let names = crate::kernel::language::Texts::new();
        let bundle = Pack { unit: Unit::parse("XBE").unwrap(), names, quantity_of_base: "24".parse().unwrap() };
        let packed = Offered { packs: vec![bundle], ..offered(2) };
        let lines = [line(1, "0.12", "TNE"), line(1, "3", "XBE"), line(1, "12000", "GRM")];
        let lines = check(&lines, vec![packed]).unwrap();
        let seen: Vec<_> = lines
            .iter()
            .map(|line| {
                let price = line.unit_price.amount().to_string();
                (line.base_quantity.to_string(), price, line.amount.amount().to_string())
            })
            .collect();
        let expected = [("120", "4000", "480.00"), ("72", "120", "360.00"), ("12", "0.005", "60.00")];
        assert_eq!(seen, expected.map(|(base, price, sum)| (base.to_owned(), price.to_owned(), sum.to_owned())));
        assert_eq!(only_kind("26.455471", "LBR", offered(2)).2, "inexact");
        assert_eq!(only_kind("8000", "GRM", offered(2)).2, "below_minimum");
    }

    #[test]
    fn each_reason_has_its_own_kind() {
        let at = |pointer: &str| pointer.to_owned();
        assert_eq!(only_kind("12", "LTR", offered(2)), (Kind::UnitMismatch, at("/lines/0/quantity"), "unit_mismatch"));
        assert_eq!(only_kind("8", "KGM", offered(2)), (Kind::InvalidInput, at("/lines/0/quantity"), "below_minimum"));
        assert_eq!(only_kind("13", "KGM", offered(2)), (Kind::InvalidInput, at("/lines/0/quantity"), "not_a_multiple"));
        assert_eq!(only_kind("12", "KGM", offered(1)), (Kind::OwnOffer, at("/lines/0/offer_id"), "own_offer"));
        let dollars = Offered { tiers: tiers(Currency::parse("USD").unwrap(), &[(1, 5)]), ..offered(2) };
        assert_eq!(
            only_kind("12", "KGM", dollars),
            (Kind::CurrencyMismatch, at("/lines/0/offer_id"), "currency_mismatch")
        );
        let hidden = Offered { published: false, ..offered(2) };
        assert_eq!(only_kind("12", "KGM", hidden), (Kind::NotOffered, at("/lines/0/offer_id"), "not_offered"));
    }

    #[test]
    fn an_offer_elsewhere_looks_like_none() {
        let elsewhere = Offered { portal: PortalId(Uuid::from_u128(8)), ..offered(1) };
        let foreign = check(&[line(1, "12", "KGM")], vec![elsewhere]).unwrap_err();
        let absent = check(&[line(1, "12", "KGM")], vec![]).unwrap_err();
        assert_eq!(foreign, absent);
    }

    #[test]
    fn the_faults_of_all_lines_are_told_at_once() {
        let lines = [line(1, "12", "KGM"), line(1, "9", "KGM"), line(2, "12", "LTR"), line(3, "12", "KGM")];
        let refusal = check(&lines, vec![offered(2), offered(3)]).unwrap_err();
        let found: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(refusal.kind, Kind::InvalidInput);
        assert_eq!(
            found,
            [
                ("/lines/1/quantity", "below_minimum"),
                ("/lines/1/quantity", "not_a_multiple"),
                ("/lines/2/quantity", "unit_mismatch"),
                ("/lines/3/offer_id", "not_offered"),
            ]
        );
    }

    #[test]
    fn lines_are_bounded_in_number_and_amount() {
        let many = vec![line(1, "12", "KGM"); MAX_LINES + 1];
        assert_eq!(check(&many, vec![offered(2)]).unwrap_err().faults[0].code, "too_many");
        let dear = Offered { tiers: tiers(eur(), &[(1, 900_000_000_000_000)]), ..offered(2) };
        assert_eq!(only_kind("12", "KGM", dear).2, "out_of_range");
    }

    #[test]
    fn fractions_are_exact_multiples() {
        let dec = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(is_multiple(dec("0.3"), dec("0.1")));
        assert!(is_multiple(dec("100000000000"), dec("0.000001")));
        assert!(!is_multiple(dec("0.35"), dec("0.1")));
        assert!(is_multiple(Decimal::ZERO, dec("2.4")) && !is_multiple(Decimal::ONE, Decimal::ZERO));
    }
}
