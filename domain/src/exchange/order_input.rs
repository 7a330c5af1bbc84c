//! An order as it is sent in, and the checks of its form: all faults at once. What the market is like is not looked at here.

use super::client_order_id::ClientOrderId;
use super::instrument::Rules;
use super::order::{Amendment, NewOrder, OrderNumber, OrderType, Side, TimeInForce};
use super::quantity::{Lots, Price};
use super::rejection::Rejection;
use crate::kernel::money::parse_decimal;
use crate::kernel::{Findings, Kind, Timestamp, Unit};
use rust_decimal::Decimal;

/// An amount of money as it is sent in.
#[derive(Debug, Clone, Default)]
pub struct PriceInput {
    pub amount: String,
    pub currency: String,
}

/// A quantity as it is sent in.
#[derive(Debug, Clone, Default)]
pub struct QuantityInput {
    pub value: String,
    pub unit: String,
}

/// The names of the fields are those of the body.
#[derive(Debug, Clone, Default)]
pub struct OrderInput {
    pub client_order_id: String,
    pub side: String,
    /// `limit`, `market`, `stop`, `stop_limit` or `iceberg`.
    pub order_type: String,
    pub time_in_force: String,
    pub expires_at: Option<Timestamp>,
    pub quantity: QuantityInput,
    pub price: Option<PriceInput>,
    pub trigger_price: Option<PriceInput>,
    pub protection_price: Option<PriceInput>,
    pub display_quantity: Option<QuantityInput>,
    pub min_quantity: Option<QuantityInput>,
    pub post_only: bool,
    /// A live order of the company in the market.
    pub linked_to: Option<OrderNumber>,
}

/// In what an instrument counts.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    pub rules: &'a Rules,
    pub unit: Unit,
}

/// What is looked at, where, and what was found.
struct Reader<'a, 'f> {
    counted: Counted<'a>,
    pointer: &'a str,
    findings: &'f mut Findings,
}

impl OrderInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(&self, counted: Counted<'_>, pointer: &str, findings: &mut Findings) -> Option<NewOrder> {
        let mut reader = Reader { counted, pointer, findings };
        let client_order_id = reader.kept("client_order_id", ClientOrderId::parse(&self.client_order_id));
        let side = reader.word("side", &self.side, &[("buy", Side::Buy), ("sell", Side::Sell)]);
        let lots = reader.lots("quantity", Some(&self.quantity));
        let order_type = self.order_type(&mut reader);
        let time_in_force = self.time_in_force(&mut reader);
        let min_quantity = reader.optional_lots("min_quantity", self.min_quantity.as_ref())?;
        let new = NewOrder {
            client_order_id: client_order_id?,
            side: side?,
            order_type: order_type?,
            lots: lots?,
            time_in_force: time_in_force?,
            post_only: self.post_only,
            min_quantity,
            linked_to: self.linked_to,
        };
        if let Err(rejection) = new.check() {
            reader.reject(rejection);
            return None;
        }
        Some(new)
    }

    fn order_type(&self, reader: &mut Reader<'_, '_>) -> Option<OrderType> {
        let (wants_price, wants_trigger, wants_protection, wants_display) = match self.order_type.as_str() {
            "limit" => (true, false, false, false),
            "market" => (false, false, true, false),
            "stop" => (false, true, true, false),
            "stop_limit" => (true, true, false, false),
            "iceberg" => (true, false, false, true),
            _ => {
                reader.add("type", "unknown", "The types are limit, market, stop, stop_limit and iceberg.");
                return None;
            }
        };
        let price = reader.wanted("price", wants_price, true, self.price.as_ref(), Reader::ticks);
        let trigger = reader.wanted("trigger_price", wants_trigger, true, self.trigger_price.as_ref(), Reader::ticks);
        let protection =
            reader.wanted("protection_price", wants_protection, false, self.protection_price.as_ref(), Reader::ticks);
        let display =
            reader.wanted("display_quantity", wants_display, true, self.display_quantity.as_ref(), Reader::lots);
        let (price, trigger, protection, display) = (price?, trigger?, protection?, display?);
        match self.order_type.as_str() {
            "market" => Some(OrderType::Market { protection }),
            "stop" => Some(OrderType::Stop { trigger: trigger?, protection }),
            "stop_limit" => Some(OrderType::StopLimit { trigger: trigger?, price: price? }),
            "iceberg" => Some(OrderType::Iceberg { price: price?, display: display? }),
            _ => Some(OrderType::Limit { price: price? }),
        }
    }

    fn time_in_force(&self, reader: &mut Reader<'_, '_>) -> Option<TimeInForce> {
        if self.time_in_force == "gtd" {
            if self.expires_at.is_none() {
                reader.add("expires_at", "required", "An order that is good till an instant names it.");
            }
            return self.expires_at.map(TimeInForce::Gtd);
        }
        if self.expires_at.is_some() {
            reader.add("expires_at", "not_applicable", "Only orders with the time in force gtd expire at an instant.");
            return None;
        }
        let known = [
            ("gtc", TimeInForce::Gtc),
            ("day", TimeInForce::Day),
            ("ioc", TimeInForce::Ioc),
            ("fok", TimeInForce::Fok),
            ("at_open", TimeInForce::AtOpen),
            ("at_close", TimeInForce::AtClose),
        ];
        reader.word("time_in_force", &self.time_in_force, &known)
    }
}

/// A change of an order as it is sent in; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AmendmentInput {
    pub quantity: Option<QuantityInput>,
    pub price: Option<PriceInput>,
    pub trigger_price: Option<PriceInput>,
}

impl AmendmentInput {
    pub fn check(&self, counted: Counted<'_>, pointer: &str, findings: &mut Findings) -> Option<Amendment> {
        let mut reader = Reader { counted, pointer, findings };
        let lots = reader.optional_lots("quantity", self.quantity.as_ref());
        let price = reader.wanted("price", true, false, self.price.as_ref(), Reader::ticks);
        let trigger = reader.wanted("trigger_price", true, false, self.trigger_price.as_ref(), Reader::ticks);
        Some(Amendment { lots: lots?, price: price?, trigger: trigger? })
    }
}

impl Reader<'_, '_> {
    fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.pointer)
    }

    fn add(&mut self, field: &str, code: &'static str, detail: &str) {
        self.findings.add(Kind::InvalidInput, self.at(field), code, detail);
    }

    fn kept<T>(&mut self, field: &str, checked: Result<T, crate::kernel::refusal::Invalid>) -> Option<T> {
        self.findings.keep(self.at(field), checked)
    }

    fn word<T: Copy>(&mut self, field: &str, given: &str, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(word, _)| *word == given).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.add(field, "unknown", &format!("Expected is one of {}.", words.join(", ")));
        }
        found
    }

    /// What the type of order takes: `Some(None)` where it is neither there nor needed, nothing where there is a fault.
    fn wanted<I, T>(
        &mut self,
        field: &str,
        is_taken: bool,
        is_needed: bool,
        given: Option<&I>,
        read: impl Fn(&mut Self, &str, Option<&I>) -> Option<T>,
    ) -> Option<Option<T>> {
        match given {
            Some(_) if !is_taken => {
                self.add(field, "not_applicable", "Orders of this type do not have it.");
                None
            }
            Some(_) => read(self, field, given).map(Some),
            None if is_taken && is_needed => {
                self.add(field, "required", "Orders of this type need it.");
                None
            }
            None => Some(None),
        }
    }

    fn optional_lots(&mut self, field: &str, given: Option<&QuantityInput>) -> Option<Option<Lots>> {
        match given {
            Some(_) => self.lots(field, given).map(Some),
            None => Some(None),
        }
    }

    fn lots(&mut self, field: &str, given: Option<&QuantityInput>) -> Option<Lots> {
        let given = given?;
        if given.unit != self.counted.unit.code() {
            let detail = format!("The quantity is in {}.", self.counted.unit.code());
            self.findings.add(Kind::UnitMismatch, self.at(&format!("{field}/unit")), "unit_mismatch", detail);
            return None;
        }
        let value = self.kept(&format!("{field}/value"), parse_decimal(&given.value))?;
        let rules = self.counted.rules;
        self.stepped(field, rules.lots(value), "lot", rules.lot_size)
    }

    fn ticks(&mut self, field: &str, given: Option<&PriceInput>) -> Option<Price> {
        let given = given?;
        let rules = self.counted.rules;
        if given.currency != rules.currency.code() {
            let detail = format!("The price is in {}.", rules.currency.code());
            self.findings.add(
                Kind::CurrencyMismatch,
                self.at(&format!("{field}/currency")),
                "currency_mismatch",
                detail,
            );
            return None;
        }
        let amount = self.kept(&format!("{field}/amount"), parse_decimal(&given.amount))?;
        self.stepped(field, rules.ticks(amount), "tick", rules.tick_size)
    }

    fn stepped<T>(&mut self, field: &str, counted: Result<T, Rejection>, step: &str, size: Decimal) -> Option<T> {
        counted
            .map_err(|rejection| {
                let detail = match rejection {
                    Rejection::OffTick | Rejection::OffLot => format!("{rejection} A {step} is {}.", size.normalize()),
                    _ => rejection.to_string(),
                };
                self.findings.add(rejection.kind(), self.at(field), rejection.code(), detail);
            })
            .ok()
    }

    fn reject(&mut self, rejection: Rejection) {
        let pointer = format!("{}{}", self.pointer, rejection.pointer());
        self.findings.add(rejection.kind(), pointer, rejection.code(), rejection.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Refusal;

    fn rules() -> Rules {
        Rules::plain("0.5", "25")
    }

    fn price(amount: &str) -> Option<PriceInput> {
        Some(PriceInput { amount: amount.to_owned(), currency: "EUR".to_owned() })
    }

    fn tonnes(value: &str) -> QuantityInput {
        QuantityInput { value: value.to_owned(), unit: "TNE".to_owned() }
    }

    fn limit() -> OrderInput {
        OrderInput {
            client_order_id: "a-1".to_owned(),
            side: "buy".to_owned(),
            order_type: "limit".to_owned(),
            time_in_force: "gtc".to_owned(),
            quantity: tonnes("75"),
            price: price("580.5"),
            ..OrderInput::default()
        }
    }

    fn check(input: &OrderInput) -> Result<NewOrder, Refusal> {
        let (rules, mut findings) = (rules(), Findings::default());
        let counted = Counted { rules: &rules, unit: Unit::parse("TNE").unwrap() };
        let new = input.check(counted, "", &mut findings);
        findings.result()?;
        Ok(new.unwrap())
    }

    fn faults(input: &OrderInput) -> Vec<(String, &'static str)> {
        check(input).unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn decimals_become_ticks_and_lots() {
        let new = check(&limit()).unwrap();
        assert_eq!((new.order_type, new.lots), (OrderType::Limit { price: 1161 }, 3));
        let stop = OrderInput {
            order_type: "stop".to_owned(),
            price: None,
            trigger_price: price("600"),
            protection_price: price("610"),
            ..limit()
        };
        let expected = OrderType::Stop { trigger: 1200, protection: Some(1220) };
        assert_eq!(check(&stop).unwrap().order_type, expected);
        let iceberg = OrderInput {
            order_type: "iceberg".to_owned(),
            display_quantity: Some(tonnes("25")),
            min_quantity: Some(tonnes("50")),
            ..limit()
        };
        let new = check(&iceberg).unwrap();
        assert_eq!((new.order_type, new.min_quantity), (OrderType::Iceberg { price: 1161, display: 1 }, Some(2)));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let odd = OrderInput {
            client_order_id: "a b".to_owned(),
            side: "both".to_owned(),
            quantity: tonnes("76"),
            price: price("580.3"),
            trigger_price: price("1"),
            time_in_force: "gtd".to_owned(),
            ..limit()
        };
        let expected = [
            ("/client_order_id", "client_order_id"),
            ("/side", "unknown"),
            ("/quantity", "off_lot"),
            ("/price", "off_tick"),
            ("/trigger_price", "not_applicable"),
            ("/expires_at", "required"),
        ];
        assert_eq!(faults(&odd), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn each_fault_alone_is_a_refusal_of_its_own_kind() {
        let kind = |input: &OrderInput| check(input).unwrap_err().kind;
        assert_eq!(kind(&OrderInput { price: price("580.3"), ..limit() }), Kind::OffTick);
        assert_eq!(kind(&OrderInput { quantity: tonnes("30"), ..limit() }), Kind::OffLot);
        let pounds = Some(PriceInput { amount: "580".to_owned(), currency: "GBP".to_owned() });
        assert_eq!(kind(&OrderInput { price: pounds, ..limit() }), Kind::CurrencyMismatch);
        let pieces = QuantityInput { value: "75".to_owned(), unit: "C62".to_owned() };
        assert_eq!(kind(&OrderInput { quantity: pieces, ..limit() }), Kind::UnitMismatch);
        assert_eq!(faults(&OrderInput { price: None, ..limit() }), [("/price".to_owned(), "required")]);
        let ioc = OrderInput { time_in_force: "ioc".to_owned(), post_only: true, ..limit() };
        assert_eq!(faults(&ioc), [(String::new(), "combination")]);
    }
}
