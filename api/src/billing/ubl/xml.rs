//! Writing invoices: XML as all our documents are written, with one currency for all amounts.

use std::io::Result;

use domain::kernel::{Currency, Date};
use rust_decimal::Decimal;

use crate::integration::ubl::names::{self, AGGREGATE, BASIC};
use crate::integration::xml::write::{self, Attributes};

pub use crate::integration::xml::write::Written;

pub struct Xml {
    writer: write::Xml,
    currency: Currency,
}

impl Xml {
    pub fn new(currency: Currency) -> Result<Self> {
        Ok(Self { writer: write::Xml::new()?, currency })
    }

    pub fn finish(self) -> String {
        self.writer.finish()
    }

    /// The document element, in the UBL namespace of its name.
    pub fn root(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{name}-2");
        let attributes = [("xmlns", namespace.as_str()), ("xmlns:cac", AGGREGATE), ("xmlns:cbc", BASIC)];
        self.element(name, &attributes, inner)
    }

    pub fn node(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        self.element(name, &[], inner)
    }

    fn element(&mut self, name: &str, attributes: Attributes<'_>, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        self.writer.begin(name, attributes)?;
        inner(self)?;
        self.writer.end(name)
    }

    pub fn leaf(&mut self, name: &str, text: &str) -> Written {
        self.writer.leaf(name, text)
    }

    pub fn leaf_with(&mut self, name: &str, attribute: Option<(&str, &str)>, text: &str) -> Written {
        self.writer.leaf_with(name, attribute.as_slice(), text)
    }

    /// An element if there is something to put into it.
    pub fn given(&mut self, name: &str, text: &Option<String>) -> Written {
        self.writer.given(name, text)
    }

    pub fn reference(&mut self, name: &str, id: &Option<String>) -> Written {
        names::reference(&mut self.writer, name, id)
    }

    pub fn date(&mut self, name: &str, day: Option<Date>) -> Written {
        names::date(&mut self.writer, name, day)
    }

    /// An amount with the decimals of the currency.
    pub fn amount(&mut self, name: &str, amount: Decimal) -> Written {
        let currency = self.currency;
        self.leaf_with(name, Some(("currencyID", currency.code())), &currency.round(amount).to_string())
    }

    /// A price or another amount that may have more decimals than the currency.
    pub fn exact(&mut self, name: &str, amount: Decimal) -> Written {
        names::exact(&mut self.writer, name, amount, self.currency)
    }
}
