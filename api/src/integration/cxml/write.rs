//! The documents that we answer with.

use domain::kernel::Timestamp;

use super::status::Status;
use crate::integration::xml::write::{Written, Xml};

const VERSION: &str = "1.2.060";
const DOCTYPE: &str = "cXML SYSTEM \"http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd\"";

/// What all documents of ours begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Unique for all time, such as an identifier, `@` and our host.
    pub payload_id: String,
    pub at: Timestamp,
    /// BCP 47: that of the texts.
    pub language: String,
}

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: Status,
    /// For people; empty if there is nothing to say.
    pub detail: String,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The status says all.
    None,
    /// Where the person's browser begins.
    PunchOutSetup {
        start_page: String,
    },
    Profile(Profile),
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub effective_at: Timestamp,
    /// Names and values.
    pub options: Vec<(String, String)>,
    /// Names of requests, such as `OrderRequest`, and the addresses that take them.
    pub transactions: Vec<(String, String)>,
}

/// Writes a response.
pub fn response(stamp: &Stamp, response: &Response) -> std::io::Result<String> {
    document(stamp, |xml| {
        xml.node("Response", |xml| {
            status(xml, stamp, response)?;
            match &response.body {
                Body::None => Ok(()),
                Body::PunchOutSetup { start_page } => {
                    xml.node("PunchOutSetupResponse", |xml| xml.node("StartPage", |xml| xml.leaf("URL", start_page)))
                }
                Body::Profile(profile) => write_profile(xml, profile),
            }
        })
    })
}

fn status(xml: &mut Xml, stamp: &Stamp, response: &Response) -> Written {
    let code = response.status.code().to_string();
    let mut attributes = vec![("code", code.as_str()), ("text", response.status.text())];
    if response.detail.trim().is_empty() {
        return xml.empty("Status", &attributes);
    }
    attributes.push(("xml:lang", &stamp.language));
    xml.leaf_with("Status", &attributes, &response.detail)
}

fn write_profile(xml: &mut Xml, profile: &Profile) -> Written {
    xml.node_with("ProfileResponse", &[("effectiveDate", &instant(profile.effective_at))], |xml| {
        for (name, value) in &profile.options {
            xml.leaf_with("Option", &[("name", name)], value)?;
        }
        for (name, url) in &profile.transactions {
            xml.node_with("Transaction", &[("requestName", name)], |xml| xml.leaf("URL", url))?;
        }
        Ok(())
    })
}

/// A document with its declaration, document type and stamp.
pub(super) fn document(stamp: &Stamp, content: impl FnOnce(&mut Xml) -> Written) -> std::io::Result<String> {
    let mut xml = Xml::new()?;
    xml.doctype(DOCTYPE)?;
    let at = instant(stamp.at);
    let attributes = [
        ("payloadID", stamp.payload_id.as_str()),
        ("timestamp", at.as_str()),
        ("version", VERSION),
        ("xml:lang", stamp.language.as_str()),
    ];
    xml.node_with("cXML", &attributes, content)?;
    Ok(xml.finish())
}

/// To the second, in UTC.
pub(super) fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
