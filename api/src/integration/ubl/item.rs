//! What is traded: its numbers, names and properties.

use domain::kernel::country::Country;
use rust_decimal::Decimal;

use super::names::{AGGREGATE, BASIC, LocalText, cac, cbc};
use super::party::{Identifier, identifier, write_identifier};
use crate::integration::xml::read::{date, decimal};
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Element, Reading};
use domain::kernel::Date;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub name: Option<LocalText>,
    pub descriptions: Vec<LocalText>,
    pub buyers_id: Option<String>,
    /// The seller's number: the SKU.
    pub sellers_id: Option<String>,
    pub manufacturers_id: Option<String>,
    /// A number by a standard; a GTIN has the scheme `0160`.
    pub standard_id: Option<Identifier>,
    pub origin: Option<Country>,
    pub classifications: Vec<Classification>,
    pub tax: Option<TaxCategory>,
    /// Names and values.
    pub properties: Vec<(String, String)>,
    pub lots: Vec<Lot>,
}

/// A code in a list of kinds of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    pub code: String,
    /// In UNTDID 7143, such as `TST` (UNSPSC), `STI` (CPV) or `HS`.
    pub list: Option<String>,
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxCategory {
    /// UNCL5305: `S`, `Z`, `E`, `AE`, `K`, `G`, `O`.
    pub code: String,
    /// In percent.
    pub rate: Option<Decimal>,
}

/// A lot that (part of) the goods are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub number: Option<String>,
    pub expires_on: Option<Date>,
    pub serial: Option<String>,
}

/// The scheme of a GTIN in ISO 6523.
pub const GTIN: &str = "0160";

impl Item {
    /// The number by its standard, if that is a GTIN; its check digit was not looked at.
    pub fn gtin(&self) -> Option<&str> {
        let standard = self.standard_id.as_ref()?;
        let is_gtin = matches!(standard.scheme.as_deref(), Some(GTIN | "GTIN"));
        is_gtin.then_some(standard.value.as_str())
    }
}

/// What an element of type `Item` says. Nothing in it is required here.
pub fn read(reading: &mut Reading, item: Element<'_>) -> Item {
    let standard = numbered(reading, item, "StandardItemIdentification");
    let origin = reading.child(item, cac("OriginCountry"));
    let manufacturers = item.children_of(AGGREGATE, "ManufacturersItemIdentification").next();
    let mut properties = Vec::new();
    for one in item.children_of(AGGREGATE, "AdditionalItemProperty") {
        let (name, value) = (reading.needed_text(one, cbc("Name")), reading.text(one, cbc("Value")));
        properties.extend(name.zip(value));
    }
    let name = reading.child(item, cbc("Name"));
    Item {
        name: name.and_then(local_text),
        descriptions: item.children_of(BASIC, "Description").filter_map(local_text).collect(),
        buyers_id: numbered(reading, item, "BuyersItemIdentification").map(|id| id.value),
        sellers_id: numbered(reading, item, "SellersItemIdentification").map(|id| id.value),
        manufacturers_id: manufacturers.and_then(|one| reading.text(one, cbc("ID"))),
        standard_id: standard,
        origin: origin.and_then(|one| reading.field(one, cbc("IdentificationCode"), Country::parse)),
        classifications: classifications(reading, item),
        tax: tax(reading, item),
        properties,
        lots: lots(reading, item),
    }
}

fn numbered(reading: &mut Reading, item: Element<'_>, name: &str) -> Option<Identifier> {
    let wrapper = reading.child(item, cac(name))?;
    let id = reading.needed_child(wrapper, cbc("ID"))?;
    identifier(reading, id)
}

fn local_text(of: Element<'_>) -> Option<LocalText> {
    let language = of.attribute("languageID").map(str::to_owned);
    (!of.text().is_empty()).then(|| LocalText { language, text: of.text().to_owned() })
}

fn classifications(reading: &mut Reading, item: Element<'_>) -> Vec<Classification> {
    let mut all = Vec::new();
    for one in item.children_of(AGGREGATE, "CommodityClassification") {
        let Some(code) = reading.child(one, cbc("ItemClassificationCode")) else { continue };
        let (list, version) = (code.attribute("listID"), code.attribute("listVersionID"));
        let (list, version) = (list.map(str::to_owned), version.map(str::to_owned));
        all.extend(reading.own_text(code).map(|code| Classification { code, list, version }));
    }
    all
}

/// The first category is that for VAT.
fn tax(reading: &mut Reading, item: Element<'_>) -> Option<TaxCategory> {
    let category = item.children_of(AGGREGATE, "ClassifiedTaxCategory").next()?;
    let code = reading.needed_text(category, cbc("ID"));
    let rate = reading.field(category, cbc("Percent"), decimal);
    Some(TaxCategory { code: code?, rate })
}

fn lots(reading: &mut Reading, item: Element<'_>) -> Vec<Lot> {
    let mut all = Vec::new();
    for one in item.children_of(AGGREGATE, "ItemInstance") {
        let lot = reading.child(one, cac("LotIdentification"));
        all.push(Lot {
            number: lot.and_then(|lot| reading.text(lot, cbc("LotNumberID"))),
            expires_on: lot.and_then(|lot| reading.field(lot, cbc("ExpiryDate"), date)),
            serial: reading.text(one, cbc("SerialID")),
        });
    }
    all
}

pub fn write(xml: &mut Xml, item: &Item) -> Written {
    xml.node("cac:Item", |xml| {
        item.descriptions.iter().try_for_each(|text| write_text(xml, "cbc:Description", text))?;
        item.name.iter().try_for_each(|text| write_text(xml, "cbc:Name", text))?;
        super::names::reference(xml, "cac:BuyersItemIdentification", &item.buyers_id)?;
        super::names::reference(xml, "cac:SellersItemIdentification", &item.sellers_id)?;
        super::names::reference(xml, "cac:ManufacturersItemIdentification", &item.manufacturers_id)?;
        if let Some(standard) = &item.standard_id {
            xml.node("cac:StandardItemIdentification", |xml| write_identifier(xml, "cbc:ID", standard))?;
        }
        if let Some(country) = item.origin {
            xml.node("cac:OriginCountry", |xml| xml.leaf("cbc:IdentificationCode", country.code()))?;
        }
        item.classifications.iter().try_for_each(|one| write_classification(xml, one))?;
        if let Some(tax) = &item.tax {
            write_tax(xml, "cac:ClassifiedTaxCategory", tax)?;
        }
        for (name, value) in &item.properties {
            xml.node("cac:AdditionalItemProperty", |xml| {
                xml.leaf("cbc:Name", name)?;
                xml.leaf("cbc:Value", value)
            })?;
        }
        item.lots.iter().try_for_each(|lot| write_lot(xml, lot))
    })
}

fn write_text(xml: &mut Xml, name: &str, text: &LocalText) -> Written {
    xml.leaf_with(name, &[("languageID", text.language.as_deref().unwrap_or_default())], &text.text)
}

fn write_classification(xml: &mut Xml, one: &Classification) -> Written {
    let (list, version) = (one.list.as_deref().unwrap_or_default(), one.version.as_deref().unwrap_or_default());
    xml.node("cac:CommodityClassification", |xml| {
        xml.leaf_with("cbc:ItemClassificationCode", &[("listID", list), ("listVersionID", version)], &one.code)
    })
}

/// Code and rate; what is not subject to VAT has no rate.
pub fn write_tax(xml: &mut Xml, name: &str, tax: &TaxCategory) -> Written {
    xml.node(name, |xml| {
        xml.leaf("cbc:ID", &tax.code)?;
        if let Some(rate) = tax.rate.filter(|_| tax.code != "O") {
            xml.leaf("cbc:Percent", &rate.normalize().to_string())?;
        }
        xml.node("cac:TaxScheme", |xml| xml.leaf("cbc:ID", "VAT"))
    })
}

fn write_lot(xml: &mut Xml, lot: &Lot) -> Written {
    xml.node("cac:ItemInstance", |xml| {
        xml.given("cbc:SerialID", &lot.serial)?;
        if lot.number.is_none() && lot.expires_on.is_none() {
            return Ok(());
        }
        xml.node("cac:LotIdentification", |xml| {
            xml.given("cbc:LotNumberID", &lot.number)?;
            super::names::date(xml, "cbc:ExpiryDate", lot.expires_on)
        })
    })
}
