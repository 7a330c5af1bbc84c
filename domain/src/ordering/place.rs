//! How a draft becomes one order per seller.

use chrono::{NaiveTime, TimeDelta};
use rust_decimal::Decimal;

use super::OrderStep;
use super::line::PricedLine;
use crate::kernel::{Currency, Date, Kind, Money, OrganisationId, Refusal, Timestamp};

/// How long a seller has to confirm an order if nothing else is configured.
pub const HOURS_TO_CONFIRM: u32 = 72;

/// What one seller gets of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerOrder {
    pub seller: OrganisationId,
    pub lines: Vec<PricedLine>,
    /// The sum of the lines, without tax and freight.
    pub net: Money,
}

/// Splits the lines of a draft by seller: sellers in the order of their first line, lines in the order of the draft.
pub fn place(lines: Vec<PricedLine>) -> Result<Vec<SellerOrder>, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::new(Kind::EmptyOrder, "The order has no lines."));
    }
    currency_of(&lines)?;
    let mut orders: Vec<SellerOrder> = Vec::new();
    for line in lines {
        match orders.iter_mut().find(|order| order.seller == line.seller) {
            Some(order) => order.lines.push(line),
            None => orders.push(SellerOrder { seller: line.seller, net: line.amount, lines: vec![line] }),
        }
    }
    for order in &mut orders {
        order.net = net(&order.lines)?.unwrap_or(order.net);
    }
    Ok(orders)
}

/// The currency of all lines; none without lines. Amounts in several currencies have no sum.
fn currency_of(lines: &[PricedLine]) -> Result<Option<Currency>, Refusal> {
    let mut currencies = lines.iter().map(|line| line.amount.currency());
    let Some(currency) = currencies.next() else { return Ok(None) };
    if let Some(other) = currencies.find(|other| *other != currency) {
        let detail = format!("The order has lines in {currency} and in {other}.");
        return Err(Refusal::new(Kind::CurrencyMismatch, detail));
    }
    Ok(Some(currency))
}

/// The sum of lines without tax; none without lines.
pub fn net(lines: &[PricedLine]) -> Result<Option<Money>, Refusal> {
    let Some(currency) = currency_of(lines)? else { return Ok(None) };
    let sum: Decimal = lines.iter().map(|line| line.amount.amount()).sum();
    Ok(Some(Money::new(sum, currency).map_err(|invalid| invalid.at("/lines"))?))
}

/// What submitting means for the draft itself: with one seller it is placed, with several it is split.
pub fn submit_step(orders: &[SellerOrder]) -> OrderStep {
    if orders.len() == 1 { OrderStep::Place } else { OrderStep::Split }
}

/// The moment at which a placed order expires unless it was confirmed.
pub fn confirm_by(placed_at: Timestamp, hours: u32) -> Timestamp {
    placed_at.checked_add_signed(TimeDelta::hours(hours.into())).unwrap_or(Timestamp::MAX_UTC)
}

/// The same for an order whose goods are expected on a day, such as a backorder: not before that day and the time to answer.
pub fn open_until(at: Timestamp, expected: Option<Date>, hours: u32) -> Timestamp {
    let day = expected.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    confirm_by(day.map_or(at, |day| day.max(at)), hours)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::catalogue::{CallerPrice, PriceSource};
    use crate::kernel::UnitPrice;
    use crate::ordering::line::tests::{line, organisation};

    fn priced(n: u128, seller: u128, amount: i64) -> PricedLine {
        let eur = Currency::parse("EUR").unwrap();
        let draft = line(n, "1", "C62");
        let unit_price = UnitPrice::new(amount.into(), eur).unwrap();
        PricedLine {
            id: draft.id,
            offer: draft.offer,
            seller: organisation(seller),
            quantity: draft.quantity,
            base_quantity: Decimal::ONE,
            unit_price,
            price: CallerPrice { unit_price, source: PriceSource::List, from: Decimal::ONE, discount: None },
            amount: Money::new(amount.into(), eur).unwrap(),
        }
    }

    #[test]
    fn each_seller_gets_one_order_in_order_of_appearance() {
        let orders = place(vec![priced(1, 9, 10), priced(2, 4, 20), priced(3, 9, 30), priced(4, 4, 1)]).unwrap();
        let seen: Vec<_> = orders
            .iter()
            .map(|order| {
                let lines: Vec<_> = order.lines.iter().map(|line| line.offer.0.as_u128()).collect();
                (order.seller, lines, order.net.amount().to_string())
            })
            .collect();
        assert_eq!(
            seen,
            [(organisation(9), vec![1, 3], "40.00".to_owned()), (organisation(4), vec![2, 4], "21.00".to_owned())]
        );
        assert_eq!(submit_step(&orders), OrderStep::Split);
        assert_eq!(submit_step(&orders[..1]), OrderStep::Place);
    }

    #[test]
    fn an_empty_draft_is_refused() {
        assert_eq!(place(Vec::new()).unwrap_err().kind, Kind::EmptyOrder);
    }

    #[test]
    fn a_sum_beyond_the_range_is_refused() {
        let dear = 999_999_999_999_999;
        assert_eq!(place(vec![priced(1, 9, dear), priced(2, 9, dear)]).unwrap_err().faults[0].code, "out_of_range");
    }

    #[test]
    fn lines_in_several_currencies_have_no_sum() {
        let jpy = Currency::parse("JPY").unwrap();
        let mut lines = vec![priced(1, 9, 10), priced(2, 9, 55)];
        lines[1].amount = Money::new(55.into(), jpy).unwrap();
        assert_eq!(net(&lines).unwrap_err().kind, Kind::CurrencyMismatch);
        assert_eq!(place(lines.clone()).unwrap_err().kind, Kind::CurrencyMismatch);
        // Also where each seller has one currency.
        lines[1].seller = organisation(4);
        assert_eq!(place(lines).unwrap_err().kind, Kind::CurrencyMismatch);
        assert_eq!(net(&[]), Ok(None));
    }

    #[test]
    fn orders_expire_after_the_given_hours() {
        let placed_at = chrono::Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        assert_eq!(confirm_by(placed_at, HOURS_TO_CONFIRM).to_rfc3339(), "2026-11-26T12:00:00+00:00");
        assert_eq!(confirm_by(Timestamp::MAX_UTC, 1), Timestamp::MAX_UTC);
    }
}
