//! Who sends a document to whom, and what proves it.

use domain::kernel::Timestamp;
use domain::kernel::refusal::Invalid;
use secrecy::SecretString;

use super::named;
use crate::integration::xml::read::{string, timestamp};
use crate::integration::xml::{Element, Reading};

#[derive(Debug)]
pub struct Head {
    /// The sender's number of the document: the same twice is the same document sent again.
    pub payload_id: String,
    pub sent_at: Timestamp,
    /// Who asks; several names of one party.
    pub from: Vec<Credential>,
    /// Who is asked.
    pub to: Vec<Credential>,
    /// Who sends, which may be a network in between. Its secret is what is to be checked.
    pub sender: Vec<Credential>,
    /// Not printed. To be compared in constant time.
    pub secret: Option<SecretString>,
    pub user_agent: Option<String>,
    /// `deploymentMode` is `test`: nothing may be delivered.
    pub is_test: bool,
    /// BCP 47, as far as the sender tells it.
    pub language: Option<String>,
}

/// A name of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Where the name is from, such as `DUNS` or `NetworkId`.
    pub domain: String,
    pub identity: String,
}

pub fn read(reading: &mut Reading, root: Element<'_>) -> Option<Head> {
    let payload_id = reading.needed_attribute(root, "payloadID", string);
    let sent_at = reading.needed_attribute(root, "timestamp", timestamp);
    let header = reading.needed_child(root, named("Header"))?;
    let from = party(reading, header, "From");
    let to = party(reading, header, "To");
    let sender = reading.needed_child(header, named("Sender"));
    let secret = sender.and_then(|sender| secret(reading, sender));
    let request = root.children_of("", "Request").next();
    let is_test = request.and_then(|request| reading.attribute(request, "deploymentMode", is_test));
    Some(Head {
        from: from?,
        to: to?,
        sender: credentials(reading, sender?)?,
        secret,
        user_agent: sender.and_then(|sender| reading.text(sender, named("UserAgent"))),
        is_test: is_test.unwrap_or(false),
        language: Some(root.language()).filter(|tag| !tag.is_empty()).map(str::to_owned),
        payload_id: payload_id?,
        sent_at: sent_at?,
    })
}

fn is_test(mode: &str) -> Result<bool, Invalid> {
    match mode {
        "production" => Ok(false),
        "test" => Ok(true),
        _ => Err(Invalid::new("code", "`production` or `test` is expected.")),
    }
}

fn party(reading: &mut Reading, header: Element<'_>, name: &str) -> Option<Vec<Credential>> {
    let party = reading.needed_child(header, named(name))?;
    credentials(reading, party)
}

/// One or more. None if one of them has a fault.
fn credentials(reading: &mut Reading, party: Element<'_>) -> Option<Vec<Credential>> {
    let mut all = Vec::new();
    for one in party.children_of("", "Credential") {
        let domain = reading.needed_attribute(one, "domain", string);
        let identity = reading.needed_text(one, named("Identity"));
        all.push(domain.zip(identity).map(|(domain, identity)| Credential { domain, identity }));
    }
    if all.is_empty() {
        reading.needed_child(party, named("Credential"));
        return None;
    }
    all.into_iter().collect()
}

/// The secret of the first credential that has one.
fn secret(reading: &mut Reading, sender: Element<'_>) -> Option<SecretString> {
    let holder = sender.children_of("", "Credential").find(|one| one.children_of("", "SharedSecret").next().is_some());
    reading.text(holder?, named("SharedSecret")).map(SecretString::from)
}
