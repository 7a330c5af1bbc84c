//! Documents of trade in UBL 2.1 (ISO/IEC 19845), with the rules of Peppol BIS where they say more.
//!
//! Each document is a plain record of what it says, with checked dates, currencies, units and numbers; nothing of it is one of our entities.
//! [`input`] makes of orders what our use cases take, `catalogue::import::ubl` of catalogues.
//!
//! | document | in | out |
//! | --- | --- | --- |
//! | `Order` | [`order_read`] | [`order_write`] |
//! | `OrderResponse` | [`order_response`] | [`order_response`] |
//! | `Catalogue` | [`catalogue`] | |
//! | `DespatchAdvice` | | [`despatch_advice`] |
//! | `RequestForQuotation` | | [`request_for_quotation`] |
//! | `Quotation` | | [`quotation`] |
//!
//! Readers read what the records hold and pass over the rest. They accept what the schema of UBL accepts in other order, too; what UBL or
//! Peppol require and a trade needs is required. Their faults, beside those of [`super::xml`]: `document_type`, `currency_mismatch`,
//! `negative`, `not_positive`, `period`, `code` (of a list), and those of the kernel's values.
//!
//! A document names the Peppol specification that it follows only if both parties have an electronic address, without which Peppol cannot
//! carry it; requests and quotations have no specification there.

pub mod catalogue;
pub mod delivery;
pub mod despatch_advice;
pub mod input;
pub mod item;
pub(crate) mod names;
pub mod order;
pub mod order_read;
pub mod order_response;
pub mod order_write;
pub mod party;
pub mod price;
pub mod quotation;
pub mod request_for_quotation;

pub use names::{LocalText, Measure};
pub use order::{Order, OrderLine};

use super::xml::write::{Written, Xml};
use party::Party;

/// Specification and process, if the parties can be reached by Peppol.
fn specification(xml: &mut Xml, parties: [&Party; 2], customization: &str, profile: &str) -> Written {
    let is_reachable = |party: &Party| {
        let scheme = party.endpoint.as_ref().and_then(|endpoint| endpoint.scheme.as_deref());
        scheme.is_some_and(|scheme| scheme.len() == 4 && scheme.bytes().all(|b| b.is_ascii_digit()))
    };
    if !parties.into_iter().all(is_reachable) {
        return Ok(());
    }
    xml.leaf("cbc:CustomizationID", customization)?;
    xml.leaf("cbc:ProfileID", profile)
}

#[cfg(test)]
pub(crate) mod tests;
