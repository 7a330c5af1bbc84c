//! Reading XML of strangers, and writing XML.
//!
//! What is read is a subset of XML 1.0 that the formats of trade get along with, and nothing that has ever been used for an attack:
//! - UTF-8 alone (a byte order mark is skipped); another encoding is refused, whether declared or seen.
//! - No document type. Where a format has one by tradition (cXML), it is skipped over, never read; one with declarations of its own is
//!   refused.
//! - The five entities that XML predefines, and characters by number. There is no other entity, so that nothing expands.
//! - Elements of XInclude are refused; processing instructions and comments mean nothing.
//! - Bounds ([`Limits`]) on everything that a document can have many of, each checked before any work is done.
//!
//! A document becomes a [`Document`]: a flat tree whose names and texts are slices of the input where nothing had to be replaced.
//! Namespaces are resolved (Namespaces in XML 1.0), so that prefixes mean nothing to readers.
//!
//! Faults point to their element by a path such as `/Order/OrderLine[2]/LineItem/Quantity`: local names from the document element on, with
//! the position among elements of that name where there are several; attributes end it as `/@unitCode`. The codes of this module:
//!
//! | code | what is wrong | kind |
//! | --- | --- | --- |
//! | `too_large` | more bytes than allowed | `PayloadTooLarge` |
//! | `too_deep`, `too_many_elements`, `too_many_attributes`, `too_long` | more of something than allowed | `InvalidInput` |
//! | `encoding` | not UTF-8 | `UnsupportedMediaType` |
//! | `malformed`, `character`, `namespace`, `duplicate_attribute` | not well-formed | `MalformedRequest` |
//! | `doctype`, `internal_subset`, `entity`, `xinclude`, `version` | well-formed, but not of the subset | `MalformedRequest` |
//!
//! Behind such a fault nothing can be read, so it is the only one that is told; what [`read`] finds is told all at once.

mod build;
mod characters;
mod encoding;
pub mod read;
mod tree;
pub mod write;

use domain::kernel::refusal::Fault;
use domain::kernel::{Kind, Refusal};

pub use read::{Name, Reading};
pub use tree::{Document, Element};

/// The most that is read of a document. Lengths are in bytes of UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The whole document.
    pub bytes: usize,
    /// Elements within each other, the document element included.
    pub depth: usize,
    pub elements: usize,
    /// Those that declare namespaces included.
    pub attributes_of_one: usize,
    pub attributes: usize,
    /// The name of an element or attribute with its prefix.
    pub name: usize,
    /// The text of one element, or the value of one attribute.
    pub text: usize,
}

impl Default for Limits {
    /// 4 MiB, 32 deep, 200,000 elements, as many attributes, 32 of one element; names of 128 bytes, texts of 64 KiB.
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            depth: 32,
            elements: 200_000,
            attributes_of_one: 32,
            attributes: 200_000,
            name: 128,
            text: 64 * 1024,
        }
    }
}

/// What becomes of a document type declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doctype {
    Refused,
    /// It is skipped over: neither read nor fetched. One with an internal subset is refused nevertheless.
    Ignored,
}

/// Reads a document. Refused at its first fault, after the table of this module.
pub fn parse<'a>(bytes: &'a [u8], limits: &Limits, doctype: Doctype) -> Result<Document<'a>, Refusal> {
    if bytes.len() > limits.bytes || u32::try_from(bytes.len()).is_err() {
        let detail = format!("The document has more than {} bytes.", limits.bytes);
        return Err(refusal(Kind::PayloadTooLarge, String::new(), "too_large", detail));
    }
    let text = encoding::utf8(bytes)?;
    build::document(text, limits, doctype)
}

/// A refusal of the whole document for one fault.
fn refusal(kind: Kind, pointer: String, code: &'static str, detail: impl Into<String>) -> Refusal {
    let detail = detail.into();
    Refusal { kind, detail: detail.clone(), faults: vec![Fault { pointer, code, detail }] }
}

#[cfg(test)]
mod tests;
