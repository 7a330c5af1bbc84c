//! Writing XML: elements that are never empty, amounts with their currency.

use std::io::Result;

use domain::kernel::{Currency, Date};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use rust_decimal::Decimal;

const CAC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const CBC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

pub type Written = Result<()>;

pub struct Xml {
    writer: Writer<Vec<u8>>,
    currency: Currency,
}

impl Xml {
    pub fn new(currency: Currency) -> Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer, currency })
    }

    pub fn finish(self) -> String {
        let mut text = String::from_utf8(self.writer.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The document element, in the UBL namespace of its name.
    pub fn root(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{name}-2");
        let attributes = [("xmlns", namespace.as_str()), ("xmlns:cac", CAC), ("xmlns:cbc", CBC)];
        self.element(name, &attributes, inner)
    }

    pub fn node(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        self.element(name, &[], inner)
    }

    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let start = quick_xml::events::BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start.borrow()))?;
        inner(self)?;
        self.writer.write_event(Event::End(start.to_end()))
    }

    /// An element with text. Blank text writes nothing, as Peppol allows no empty elements.
    pub fn leaf(&mut self, name: &str, text: &str) -> Written {
        self.leaf_with(name, None, text)
    }

    pub fn leaf_with(&mut self, name: &str, attribute: Option<(&str, &str)>, text: &str) -> Written {
        let text = allowed(text);
        if text.trim().is_empty() {
            return Ok(());
        }
        let element = self.writer.create_element(name).with_attributes(attribute);
        element.write_text_content(BytesText::new(text.trim()))?;
        Ok(())
    }

    /// An element if there is something to put into it.
    pub fn given(&mut self, name: &str, text: &Option<String>) -> Written {
        self.leaf(name, text.as_deref().unwrap_or_default())
    }

    /// An element that holds nothing but an identifier, if there is one.
    pub fn reference(&mut self, name: &str, id: &Option<String>) -> Written {
        match id.as_deref().filter(|id| !id.trim().is_empty()) {
            Some(id) => self.node(name, |xml| xml.leaf("cbc:ID", id)),
            None => Ok(()),
        }
    }

    pub fn date(&mut self, name: &str, day: Option<Date>) -> Written {
        day.map_or(Ok(()), |day| self.leaf(name, &day.format("%Y-%m-%d").to_string()))
    }

    /// An amount with the decimals of the currency.
    pub fn amount(&mut self, name: &str, amount: Decimal) -> Written {
        let currency = self.currency;
        self.leaf_with(name, Some(("currencyID", currency.code())), &currency.round(amount).to_string())
    }

    /// A price or another amount that may have more decimals than the currency.
    pub fn exact(&mut self, name: &str, amount: Decimal) -> Written {
        let mut amount = amount.normalize();
        if amount.scale() < self.currency.decimals() {
            amount.rescale(self.currency.decimals());
        }
        self.leaf_with(name, Some(("currencyID", self.currency.code())), &amount.to_string())
    }
}

/// Replaces what XML 1.0 cannot carry.
fn allowed(text: &str) -> String {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(allowed).collect()
}
