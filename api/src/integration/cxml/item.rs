//! What is ordered, and where it goes: elements that several requests share.

use domain::kernel::country::Country;
use domain::kernel::{Currency, Date, Money, Unit};
use rust_decimal::Decimal;

use super::named;
use crate::integration::xml::read::{date, decimal, number, string, unit};
use crate::integration::xml::{Element, Reading};

/// The number of an item at the seller, which may need a second one to be found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemId {
    /// The SKU.
    pub part: String,
    /// What we gave the buyer's system along with it: `SupplierPartAuxiliaryID`.
    pub auxiliary: Option<String>,
    pub buyers: Option<String>,
}

/// A line of an order, or of a basket that is to be edited: `ItemOut`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOut {
    pub id: ItemId,
    /// More than nothing, at most six decimals.
    pub quantity: Decimal,
    pub line: Option<u64>,
    /// The day that is written, whatever the time zone.
    pub requested_on: Option<Date>,
    pub detail: Option<ItemDetail>,
    pub ship_to: Option<Address>,
    /// All comments, one a line.
    pub comments: Option<String>,
    /// Names and values.
    pub extrinsics: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDetail {
    /// For one of the unit.
    pub price: (Decimal, Currency),
    pub description: Option<String>,
    pub unit: Unit,
    /// Domains, such as `UNSPSC`, and codes.
    pub classifications: Vec<(String, String)>,
    pub manufacturers_part: Option<String>,
    pub manufacturer: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// The buyer's number of the address.
    pub id: Option<String>,
    pub name: Option<String>,
    /// Names of people or departments.
    pub deliver_to: Vec<String>,
    pub streets: Vec<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<Country>,
    pub email: Option<String>,
}

/// Reads an `ItemID`. Fault `required` without a number.
pub fn read_id(reading: &mut Reading, of: Element<'_>) -> Option<ItemId> {
    let id = reading.needed_child(of, named("ItemID"))?;
    let part = reading.needed_text(id, named("SupplierPartID"));
    let auxiliary = reading.text(id, named("SupplierPartAuxiliaryID"));
    let buyers = reading.text(id, named("BuyerPartID"));
    Some(ItemId { part: part?, auxiliary, buyers })
}

/// Reads all `ItemOut`. An order has their details (`with_detail`), a basket to be edited does without.
pub fn read_all(reading: &mut Reading, of: Element<'_>, with_detail: bool) -> Vec<ItemOut> {
    of.children_of("", "ItemOut").filter_map(|one| read_item(reading, one, with_detail)).collect()
}

fn read_item(reading: &mut Reading, of: Element<'_>, with_detail: bool) -> Option<ItemOut> {
    let id = read_id(reading, of);
    let quantity = reading.needed_attribute(of, "quantity", |text| {
        let value = domain::kernel::quantity::check_quantity(decimal(text)?)?;
        match value.is_zero() {
            true => Err(domain::kernel::refusal::Invalid::new("not_positive", "A quantity is more than zero.")),
            false => Ok(value),
        }
    });
    let line = reading.attribute(of, "lineNumber", number);
    let requested_on = reading.attribute(of, "requestedDeliveryDate", date);
    let detail = match with_detail {
        true => reading.needed_child(of, named("ItemDetail")),
        false => reading.child(of, named("ItemDetail")),
    };
    let needs_detail = detail.is_some();
    let detail = detail.and_then(|detail| read_detail(reading, detail));
    let ship_to = read_address(reading, of, "ShipTo");
    let comments = comments(reading, of);
    let extrinsics = extrinsics(reading, of);
    if needs_detail && detail.is_none() {
        return None;
    }
    Some(ItemOut { id: id?, quantity: quantity?, line, requested_on, detail, ship_to, comments, extrinsics })
}

fn read_detail(reading: &mut Reading, of: Element<'_>) -> Option<ItemDetail> {
    let price = reading.needed_child(of, named("UnitPrice"));
    let money = price.and_then(|price| reading.needed_child(price, named("Money")));
    let price = money.and_then(|money| {
        let (amount, currency) = reading.amount(money, "currency")?;
        if amount < Decimal::ZERO {
            reading.fault(money, "negative", "A price is not negative.");
            return None;
        }
        Some((amount, currency))
    });
    let unit = reading.needed_field(of, named("UnitOfMeasure"), unit);
    let description = of.children_of("", "Description").next();
    let mut classifications = Vec::new();
    for one in of.children_of("", "Classification") {
        let domain = reading.needed_attribute(one, "domain", string);
        classifications.extend(domain.zip(Some(one.text().to_owned()).filter(|code| !code.is_empty())));
    }
    Some(ItemDetail {
        description: description.map(|one| one.text().to_owned()).filter(|text| !text.is_empty()),
        classifications,
        manufacturers_part: reading.text(of, named("ManufacturerPartID")),
        manufacturer: reading.text(of, named("ManufacturerName")),
        price: price?,
        unit: unit?,
    })
}

/// The address in the child of that name (`ShipTo`, `BillTo`), if there is one. Fault `country` for an unknown code.
pub fn read_address(reading: &mut Reading, of: Element<'_>, name: &str) -> Option<Address> {
    let wrapper = reading.child(of, named(name))?;
    let address = reading.needed_child(wrapper, named("Address"))?;
    let mut read = Address {
        id: reading.attribute(address, "addressID", string),
        name: reading.text(address, named("Name")),
        email: reading.text(address, named("Email")),
        ..Address::default()
    };
    let Some(postal) = reading.child(address, named("PostalAddress")) else { return Some(read) };
    read.deliver_to = reading.texts(postal, named("DeliverTo"));
    read.streets = reading.texts(postal, named("Street"));
    read.city = reading.text(postal, named("City"));
    read.state = reading.text(postal, named("State"));
    read.postal_code = reading.text(postal, named("PostalCode"));
    let country = reading.child(postal, named("Country"));
    read.country = country.and_then(|country| reading.attribute(country, "isoCountryCode", Country::parse));
    Some(read)
}

/// The money in the child of that name, such as `Total`, if there is one.
pub fn read_money(reading: &mut Reading, of: Element<'_>, name: &str) -> Option<Money> {
    let wrapper = reading.child(of, named(name))?;
    let money = reading.needed_child(wrapper, named("Money"))?;
    reading.money(money, "currency")
}

/// All comments, one a line.
pub fn comments(reading: &mut Reading, of: Element<'_>) -> Option<String> {
    let all = reading.texts(of, named("Comments"));
    (!all.is_empty()).then(|| all.join("\n"))
}

/// Names and values of what the buyer's system adds by its own agreement.
pub fn extrinsics(reading: &mut Reading, of: Element<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for one in of.children_of("", "Extrinsic") {
        let name = reading.needed_attribute(one, "name", string);
        all.extend(name.map(|name| (name, one.text().to_owned())));
    }
    all
}
