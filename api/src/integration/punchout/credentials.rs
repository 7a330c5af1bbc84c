//! Who sends a cXML document, and to whom.

use domain::kernel::{ApiClientId, Faults, Kind, OrganisationId, Refusal, Timestamp};
use domain::party::identifier::Identifier;
use infra::Failure;
use infra::db::Connection;
use infra::integration::party::{by_identifiers, client_of};
use infra::party::{api_client, organisation};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::auth::principals;
use crate::http::principal::Principal;
use crate::integration::cxml::head::{Credential, Head};
use crate::secret::token_hash;

/// The most names of one party that are looked up.
const MAX_NAMES: usize = 5;

/// Who sent a document, and by which of its secrets.
#[derive(Debug)]
pub struct Sender {
    pub by: Principal,
    pub secret: Uuid,
}

/// The names that a sender is looked up by.
pub fn names(head: &Head) -> impl Iterator<Item = &Credential> {
    head.sender.iter().take(MAX_NAMES)
}

/// The client whose secret the sender shows. It names the client itself, or its organisation by an identifier; which of them was wrong is not
/// told. Secrets are compared by their hashes, as the token endpoint does. Who the document is from, as far as that is told by known
/// identifiers, is the client's organisation.
pub async fn sender(connection: &mut Connection, head: &Head, at: Timestamp) -> Result<Sender, Failure> {
    let wrong = || Refusal::new(Kind::InvalidCredentials, "The credentials of the sender are not good.");
    let secret = head.secret.as_ref().ok_or_else(wrong)?;
    let hash = token_hash(secret.expose_secret());
    for name in names(head) {
        let Some((client, secret)) = shown(connection, name, &hash, at).await? else { continue };
        if let Some(by) = principals::of_client(connection, client, secret, at).await? {
            check_from(connection, head, by.member()?.id).await?;
            return Ok(Sender { by, secret });
        }
    }
    Err(wrong().into())
}

/// The client with its secret.
async fn shown(
    connection: &mut Connection,
    name: &Credential,
    hash: &[u8],
    at: Timestamp,
) -> Result<Option<(Uuid, Uuid)>, Failure> {
    if let Ok(client) = Uuid::parse_str(&name.identity) {
        let found = api_client::authenticate(connection, ApiClientId(client), hash, at).await?;
        return Ok(found.map(|found| (client, found.secret_id)));
    }
    let Some(number) = number(name) else { return Ok(None) };
    match by_identifiers(connection, &[number]).await?.as_slice() {
        [one] => client_of(connection, *one, hash, at).await,
        _ => Ok(None),
    }
}

async fn check_from(connection: &mut Connection, head: &Head, own: OrganisationId) -> Result<(), Failure> {
    let numbers: Vec<Identifier> = head.from.iter().take(MAX_NAMES).filter_map(number).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let own =
        organisation::find(connection, own).await?.ok_or_else(|| Failure::broken("a client of no organisation"))?;
    let is_own = |number: &Identifier| {
        own.identifiers.iter().any(|one| one.scheme == number.scheme.code() && one.value == number.value)
    };
    if numbers.iter().any(is_own) {
        return Ok(());
    }
    Err(Refusal::forbidden("The document is from another organisation than the sender's credentials are of.").into())
}

/// The seller that the document is to, if it is told by an identifier that is known here; otherwise it is to us, for all sellers.
pub async fn seller(connection: &mut Connection, head: &Head) -> Result<Option<OrganisationId>, Failure> {
    let numbers: Vec<Identifier> = head.to.iter().take(MAX_NAMES).filter_map(number).collect();
    if numbers.is_empty() {
        return Ok(None);
    }
    let mut faults = Faults::default();
    match by_identifiers(connection, &numbers).await?.as_slice() {
        [one] => return Ok(Some(*one)),
        [] => faults.add("/cXML/Header/To", "unknown_party", "No organisation here has one of these identifiers."),
        _ => faults.add("/cXML/Header/To", "ambiguous_party", "The identifiers belong to several organisations."),
    }
    faults.result()?;
    Ok(None)
}

/// The name as an identifier that is known here.
fn number(name: &Credential) -> Option<Identifier> {
    let scheme = match name.domain.to_ascii_lowercase().as_str() {
        "duns" => "duns",
        "gln" | "0088" => "gln",
        "lei" => "lei",
        "vat" | "vatid" => "vat",
        "inn" | "ru_inn" => "ru_inn",
        _ => return None,
    };
    Identifier::parse(scheme, &name.identity).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_domains_are_identifiers() {
        let of = |domain: &str, identity: &str| {
            let name = Credential { domain: domain.to_owned(), identity: identity.to_owned() };
            number(&name).map(|number| (number.scheme.code(), number.value))
        };
        assert_eq!(of("DUNS", "15-048-3782"), Some(("duns", "150483782".to_owned())));
        assert_eq!(of("GLN", "9520000000011"), Some(("gln", "9520000000011".to_owned())));
        assert_eq!(of("GLN", "9520000000012"), None);
        assert_eq!(of("NetworkId", "AN01"), None);
    }
}
