//! A seller's catalogue: `Catalogue`. Peppol: BIS Catalogue 3.

use std::collections::HashSet;

use domain::kernel::refusal::Invalid;
use domain::kernel::{Date, Refusal, Unit};
use rust_decimal::Decimal;

use super::delivery::{Period, read_period};
use super::item::{self, Item};
use super::names::{AGGREGATE, Measure, cac, cbc, measure_in, open};
use super::order_read::joined;
use super::party::{self, Party};
use super::price::{self, Price};
use crate::integration::xml::read::{boolean, date, decimal, unit};
use crate::integration::xml::{Element, Limits, Reading};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    pub id: String,
    /// What it does to the seller's catalogue as a whole, such as `Add`, `Update`, `Delete`; as it was sent.
    pub action: Option<String>,
    pub name: Option<String>,
    pub issued_on: Date,
    pub version: Option<String>,
    pub valid: Option<Period>,
    /// Who sends it.
    pub provider: Party,
    pub receiver: Party,
    /// Who sells what is in it, if that is not who sends it.
    pub seller: Option<Party>,
    pub lines: Vec<CatalogueLine>,
}

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAction {
    Add,
    Update,
    Delete,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueLine {
    pub id: String,
    /// [`LineAction::Update`] if nothing is said: what is new is added, what is known becomes as it is told.
    pub action: LineAction,
    pub note: Option<String>,
    pub is_orderable: bool,
    /// In what it is ordered: a code as it was sent, so that a line with an unknown one spoils no other.
    pub orderable_unit: Option<String>,
    /// How much one of the orderable unit holds.
    pub content: Option<Measure>,
    /// Orders are multiples of it.
    pub increment: Option<Decimal>,
    pub minimum: Option<Measure>,
    pub maximum: Option<Measure>,
    pub valid: Option<Period>,
    pub item: Item,
    pub prices: Vec<CataloguePrice>,
}

/// What it costs from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CataloguePrice {
    pub lead_time_days: Option<u32>,
    pub minimum: Option<Measure>,
    pub maximum: Option<Measure>,
    pub price: Price,
    pub valid: Option<Period>,
}

impl LineAction {
    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "Add" => Ok(Self::Add),
            "Update" => Ok(Self::Update),
            "Delete" => Ok(Self::Delete),
            _ => Err(Invalid::new("code", format!("`{code}` is none of Add, Update and Delete."))),
        }
    }
}

/// Reads a catalogue; refused with all faults. Lines have different numbers (fault `repeated`), and there is at least one.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Catalogue, Refusal> {
    let document = open(bytes, limits, "Catalogue")?;
    let mut reading = Reading::default();
    let catalogue = catalogue(&mut reading, document.root());
    reading.finish(catalogue)
}

fn catalogue(reading: &mut Reading, root: Element<'_>) -> Option<Catalogue> {
    let id = reading.needed_text(root, cbc("ID"));
    let issued_on = reading.needed_field(root, cbc("IssueDate"), date);
    let provider = direct_party(reading, root, "ProviderParty");
    let receiver = direct_party(reading, root, "ReceiverParty");
    let lines = lines(reading, root);
    Some(Catalogue {
        action: reading.text(root, cbc("ActionCode")),
        name: reading.text(root, cbc("Name")),
        version: reading.text(root, cbc("VersionID")),
        valid: read_period(reading, root, "ValidityPeriod"),
        seller: party::wrapped(reading, root, "SellerSupplierParty"),
        lines,
        id: id?,
        issued_on: issued_on?,
        provider: provider?,
        receiver: receiver?,
    })
}

/// Unlike other documents, a catalogue has these parties without a wrapper.
fn direct_party(reading: &mut Reading, root: Element<'_>, name: &str) -> Option<Party> {
    let party = reading.needed_child(root, cac(name))?;
    Some(party::read(reading, party))
}

fn lines(reading: &mut Reading, root: Element<'_>) -> Vec<CatalogueLine> {
    let (mut lines, mut ids) = (Vec::new(), HashSet::new());
    for at in root.children_of(AGGREGATE, "CatalogueLine") {
        let Some(line) = read_line(reading, at) else { continue };
        if !ids.insert(line.id.clone()) {
            reading.fault(at, "repeated", "Another line has this number.");
        }
        lines.push(line);
    }
    if root.children_of(AGGREGATE, "CatalogueLine").next().is_none() {
        reading.needed_child(root, cac("CatalogueLine"));
    }
    lines
}

fn read_line(reading: &mut Reading, of: Element<'_>) -> Option<CatalogueLine> {
    let id = reading.needed_text(of, cbc("ID"));
    let item = reading.needed_child(of, cac("Item")).map(|item| item::read(reading, item));
    let action = reading.field(of, cbc("ActionCode"), LineAction::parse);
    let content = measure_in(reading, of, "ContentUnitQuantity");
    let minimum = measure_in(reading, of, "MinimumOrderQuantity");
    let maximum = measure_in(reading, of, "MaximumOrderQuantity");
    let prices = of.children_of(AGGREGATE, "RequiredItemLocationQuantity").filter_map(|one| read_price(reading, one));
    let prices = prices.collect();
    Some(CatalogueLine {
        action: action.unwrap_or(LineAction::Update),
        note: joined(reading.texts(of, cbc("Note"))),
        is_orderable: reading.field(of, cbc("OrderableIndicator"), boolean).unwrap_or(true),
        orderable_unit: reading.text(of, cbc("OrderableUnit")),
        content,
        increment: reading.field(of, cbc("OrderQuantityIncrementNumeric"), decimal),
        minimum,
        maximum,
        valid: read_period(reading, of, "LineValidityPeriod"),
        prices,
        id: id?,
        item: item?,
    })
}

/// An entry without a price only tells where it is sold.
fn read_price(reading: &mut Reading, of: Element<'_>) -> Option<CataloguePrice> {
    let lead_time = reading.child(of, cbc("LeadTimeMeasure"));
    let lead_time_days = lead_time.and_then(|at| days(reading, at));
    let minimum = measure_in(reading, of, "MinimumQuantity");
    let maximum = measure_in(reading, of, "MaximumQuantity");
    let price = price::read(reading, of, None)?;
    let at = reading.child(of, cac("Price"))?;
    let valid = read_period(reading, at, "ValidityPeriod");
    Some(CataloguePrice { lead_time_days, minimum, maximum, price, valid })
}

/// A lead time in whole days, rounded up. Faults `unit` for one that is no time, and `out_of_range` beyond ten years.
fn days(reading: &mut Reading, at: Element<'_>) -> Option<u32> {
    let unit = reading.attribute(at, "unitCode", unit);
    let value = reading.value(at, decimal)?;
    let day = Unit::parse("DAY").ok()?;
    let unit = unit.unwrap_or(day);
    let in_days = match unit.code() {
        "DAY" => Some(value),
        "WEE" => value.checked_mul(7.into()),
        "MON" => value.checked_mul(31.into()),
        "HUR" => value.checked_div(24.into()),
        _ => {
            reading.fault(at, "unit", format!("{unit} is not a unit in which lead times are told."));
            return None;
        }
    };
    let days = in_days.and_then(|days| u32::try_from(days.ceil()).ok()).filter(|days| *days <= 3650);
    if days.is_none() {
        reading.fault(at, "out_of_range", "A lead time is 0 to 3650 days.");
    }
    days
}
