//! `PunchOutOrderMessage`: the basket on its way back to the buyer's system, through the browser.

use domain::kernel::{Currency, Money, Unit, UnitPrice};
use rust_decimal::Decimal;

use super::head::Credential;
use super::item::ItemId;
use super::write::{Stamp, document};
use crate::integration::xml::write::{Written, Xml};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderMessage {
    /// We.
    pub from: Credential,
    /// The buyer.
    pub to: Credential,
    pub user_agent: String,
    /// As it came with the request.
    pub buyer_cookie: String,
    pub may: Allowed,
    /// All lines, without shipping and tax. Whoever fills it has added it up.
    pub total: Money,
    /// What it costs and how it is sent, or how it is taxed, for people.
    pub shipping: Option<(Money, String)>,
    pub tax: Option<(Money, String)>,
    pub lines: Vec<ItemIn>,
}

/// What the buyer's person may do with the basket later: `operationAllowed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Neither look at it here again, nor change it.
    Create,
    Inspect,
    Edit,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemIn {
    pub id: ItemId,
    pub quantity: Decimal,
    pub line: Option<u64>,
    pub price: UnitPrice,
    /// In the language of the message, unless it names another one (BCP 47).
    pub description: String,
    pub language: Option<String>,
    pub unit: Unit,
    /// The code in UNSPSC.
    pub unspsc: Option<String>,
    /// Further domains and codes. The document type asks for at least one code; without any the item is told to be unclassified.
    pub classifications: Vec<(String, String)>,
    pub manufacturers_part: Option<String>,
    pub manufacturer: Option<String>,
    pub lead_time_days: Option<u32>,
}

impl Allowed {
    fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Inspect => "inspect",
            Self::Edit => "edit",
        }
    }
}

pub fn write(stamp: &Stamp, message: &OrderMessage) -> std::io::Result<String> {
    document(stamp, |xml| {
        xml.node("Header", |xml| {
            party(xml, "From", &message.from, None)?;
            party(xml, "To", &message.to, None)?;
            party(xml, "Sender", &message.from, Some(&message.user_agent))
        })?;
        xml.node("Message", |xml| {
            xml.node("PunchOutOrderMessage", |xml| {
                xml.leaf("BuyerCookie", &message.buyer_cookie)?;
                header(xml, stamp, message)?;
                message.lines.iter().try_for_each(|line| item(xml, stamp, line))
            })
        })
    })
}

/// A page that brings the message to the buyer's system: a form that the person (or a script) submits, with the message in the field
/// `cxml-urlencoded`, as cXML asks for. The browser does the encoding. The address was checked when the visit began.
pub fn form(post: &str, message: &str, submit: &str) -> String {
    let [post, message, submit] = [post, message, submit].map(|text| quick_xml::escape::escape(text).into_owned());
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{submit}</title></head><body>\n\
         <form method=\"post\" action=\"{post}\">\n<input type=\"hidden\" name=\"cxml-urlencoded\" value=\"{message}\">\n\
         <button type=\"submit\">{submit}</button>\n</form>\n</body></html>\n"
    )
}

fn party(xml: &mut Xml, name: &str, credential: &Credential, user_agent: Option<&str>) -> Written {
    xml.node(name, |xml| {
        xml.node_with("Credential", &[("domain", &credential.domain)], |xml| {
            xml.leaf("Identity", &credential.identity)
        })?;
        user_agent.map_or(Ok(()), |agent| xml.leaf("UserAgent", agent))
    })
}

fn header(xml: &mut Xml, stamp: &Stamp, message: &OrderMessage) -> Written {
    xml.node_with("PunchOutOrderMessageHeader", &[("operationAllowed", message.may.code())], |xml| {
        xml.node("Total", |xml| money(xml, message.total))?;
        for (name, part) in [("Shipping", &message.shipping), ("Tax", &message.tax)] {
            let Some((amount, text)) = part else { continue };
            xml.node(name, |xml| {
                money(xml, *amount)?;
                xml.leaf_with("Description", &[("xml:lang", &stamp.language)], text)
            })?;
        }
        Ok(())
    })
}

fn item(xml: &mut Xml, stamp: &Stamp, item: &ItemIn) -> Written {
    let line = item.line.map(|line| line.to_string()).unwrap_or_default();
    let quantity = item.quantity.normalize().to_string();
    xml.node_with("ItemIn", &[("quantity", &quantity), ("lineNumber", &line)], |xml| {
        xml.node("ItemID", |xml| {
            xml.leaf("SupplierPartID", &item.id.part)?;
            xml.given("SupplierPartAuxiliaryID", &item.id.auxiliary)?;
            xml.given("BuyerPartID", &item.id.buyers)
        })?;
        xml.node("ItemDetail", |xml| detail(xml, stamp, item))
    })
}

fn detail(xml: &mut Xml, stamp: &Stamp, item: &ItemIn) -> Written {
    xml.node("UnitPrice", |xml| amount(xml, item.price.amount(), item.price.currency()))?;
    let language = item.language.as_deref().unwrap_or(&stamp.language);
    xml.leaf_with("Description", &[("xml:lang", language)], &item.description)?;
    xml.leaf("UnitOfMeasure", item.unit.code())?;
    if let Some(code) = &item.unspsc {
        xml.leaf_with("Classification", &[("domain", "UNSPSC")], code)?;
    }
    for (domain, code) in &item.classifications {
        xml.leaf_with("Classification", &[("domain", domain)], code)?;
    }
    if item.unspsc.is_none() && item.classifications.is_empty() {
        xml.leaf_with("Classification", &[("domain", "none")], "unclassified")?;
    }
    xml.given("ManufacturerPartID", &item.manufacturers_part)?;
    xml.given("ManufacturerName", &item.manufacturer)?;
    xml.leaf("LeadTime", &item.lead_time_days.map(|days| days.to_string()).unwrap_or_default())
}

fn money(xml: &mut Xml, money: Money) -> Written {
    amount(xml, money.amount(), money.currency())
}

/// With at least the decimals of the currency.
fn amount(xml: &mut Xml, amount: Decimal, currency: Currency) -> Written {
    let mut amount = amount.normalize();
    if amount.scale() < currency.decimals() {
        amount.rescale(currency.decimals());
    }
    xml.leaf_with("Money", &[("currency", currency.code())], &amount.to_string())
}
