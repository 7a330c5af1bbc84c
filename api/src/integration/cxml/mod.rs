//! cXML 1.2: how procurement systems reach into a shop (PunchOut) and order from it.
//!
//! A buyer's system posts one document, an [`Envelope`] with who speaks and one [`Request`]; it is answered with one document
//! ([`write::response`]). What the buyer's person put into the basket goes back through its browser as a `PunchOutOrderMessage`
//! ([`order_message`]).
//!
//! A document type is part of cXML by tradition. It is skipped over and never fetched; what [`super::xml`] refuses beyond that is refused
//! here, too. Numbers of payment cards are not read.
//!
//! Faults, beside those of [`super::xml`]: `document_type`, `code`, `url`, `not_positive`, `currency_mismatch`, and those of the kernel's
//! values.

pub mod head;
pub mod input;
pub mod item;
pub mod order_message;
pub mod order_request;
pub mod setup_request;
pub mod status;
pub mod write;

use domain::kernel::Refusal;
use domain::kernel::refusal::Invalid;

use super::xml::{Doctype, Element, Limits, Name, Reading, parse};
use head::Head;
use order_request::OrderRequest;
use setup_request::SetupRequest;

/// A document that asks for something.
#[derive(Debug)]
pub struct Envelope {
    pub head: Head,
    pub request: Request,
}

/// What it asks for.
#[derive(Debug)]
pub enum Request {
    /// `ProfileRequest`: what can be asked for, and where.
    Profile,
    /// `PunchOutSetupRequest`: a way into the shop for one person.
    Setup(Box<SetupRequest>),
    /// `OrderRequest`
    Order(Box<OrderRequest>),
    /// Something that we do not understand, by the name of its element: to be answered with [`status::Status::NotImplemented`].
    Other(String),
}

/// An element of cXML, which has no namespace.
pub(super) fn named(local: &str) -> Name<'_> {
    Name { namespace: "", local }
}

/// Reads a request; refused with all faults. [`status::of_refusal`] tells how to answer then.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Envelope, Refusal> {
    let document = parse(bytes, limits, Doctype::Ignored)?;
    let mut reading = Reading::default();
    let envelope = envelope(&mut reading, document.root());
    reading.finish(envelope)
}

fn envelope(reading: &mut Reading, root: Element<'_>) -> Option<Envelope> {
    if !root.is("", "cXML") {
        reading.fault(root, "document_type", "The document is no cXML.");
        return None;
    }
    let head = head::read(reading, root);
    let request = reading.needed_child(root, named("Request")).and_then(|request| read_request(reading, request));
    Some(Envelope { head: head?, request: request? })
}

fn read_request(reading: &mut Reading, of: Element<'_>) -> Option<Request> {
    let Some(body) = of.children().next() else {
        reading.fault(of, "required", "What is asked for is missing.");
        return None;
    };
    match body.name() {
        "ProfileRequest" => Some(Request::Profile),
        "PunchOutSetupRequest" => setup_request::read(reading, body).map(Box::new).map(Request::Setup),
        "OrderRequest" => order_request::read(reading, body).map(Box::new).map(Request::Order),
        other => Some(Request::Other(other.to_owned())),
    }
}

/// An address on the web to which a browser can be sent: `http` or `https`, at most 2048 visible characters of ASCII. Fault `url`.
fn url(text: &str) -> Result<String, Invalid> {
    let after = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_plain =
        text.len() <= 2048 && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'));
    let has_host = after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['));
    if is_plain && has_host {
        return Ok(text.to_owned());
    }
    Err(Invalid::new("url", "An address that begins with `https://` or `http://` is expected."))
}

#[cfg(test)]
mod tests;
