//! Parties of documents: who they are here, and how we tell of them.

use domain::contract::Side;
use domain::kernel::country::Country;
use domain::kernel::{Faults, OrganisationId, Refusal};
use domain::party::identifier::Identifier as Number;
use infra::Failure;
use infra::db::Connection;
use infra::integration::party::by_identifiers;
use infra::party::organisation::{self, Organisation};

use crate::billing::print;
use crate::billing::ubl::party::{endpoint, identifications, registration, tax_registration, vat};
use crate::integration::ubl::party::{Address, Identifier, Party};
use crate::party::organisation::dto::AddressDto;

/// The identifiers of a party that are known here and well-formed.
fn numbers(party: &Party) -> Vec<Number> {
    let known = party.known_identifiers();
    known.into_iter().filter_map(|(scheme, value)| Number::parse(scheme, value).ok()).collect()
}

/// The organisation that a party of a document is. Notes a fault at `pointer` if there is none, or more than one.
pub async fn find(
    connection: &mut Connection,
    party: &Party,
    pointer: &str,
    faults: &mut Faults,
) -> Result<Option<OrganisationId>, Failure> {
    let numbers = numbers(party);
    if numbers.is_empty() {
        faults.add(pointer, "required", UNIDENTIFIED);
        return Ok(None);
    }
    let found = by_identifiers(connection, &numbers).await?;
    match found.as_slice() {
        [one] => return Ok(Some(*one)),
        [] => faults.add(pointer, "unknown_party", "No organisation here has one of these identifiers."),
        _ => faults.add(pointer, "ambiguous_party", "The identifiers belong to several organisations."),
    }
    Ok(None)
}

const UNIDENTIFIED: &str = "The party has no identifier that is known here: a GLN (`0088`), D-U-N-S number (`0060`), LEI (`0199`) or VAT \
    number, or one with a scheme of ours such as `ru_inn`.";

/// Notes a fault at `pointer` unless the party is the organisation.
pub async fn check_is(
    connection: &mut Connection,
    of: OrganisationId,
    party: &Party,
    pointer: &str,
    faults: &mut Faults,
) -> Result<(), Failure> {
    let numbers = numbers(party);
    if numbers.is_empty() {
        faults.add(pointer, "required", UNIDENTIFIED);
    } else if !has_one(&load(connection, of).await?, &numbers) {
        faults.add(pointer, "another_party", "None of the identifiers is one of your organisation's.");
    }
    Ok(())
}

/// Whether the party can be the organisation: one that names no known identifier may be anybody.
pub fn may_be(of: &Organisation, party: &Party) -> bool {
    let numbers = numbers(party);
    numbers.is_empty() || has_one(of, &numbers)
}

fn has_one(of: &Organisation, numbers: &[Number]) -> bool {
    let has = |number: &Number| {
        of.identifiers.iter().any(|own| own.scheme == number.scheme.code() && own.value == number.value)
    };
    numbers.iter().any(has)
}

/// An organisation that is a party to something the caller sees.
pub async fn load(connection: &mut Connection, id: OrganisationId) -> Result<Organisation, Failure> {
    organisation::find(connection, id).await?.ok_or_else(|| Failure::broken("a party is no organisation"))
}

/// An organisation as documents tell of it.
pub fn told(of: &Organisation, side: Side) -> Result<Party, Failure> {
    let paper = print::party(of, side)?;
    let coded = |(scheme, value): (&str, &str)| Identifier { scheme: Some(scheme.to_owned()), value: value.to_owned() };
    let taxes = [("VAT", vat(&paper)), ("TAX", tax_registration(&paper))];
    let taxes = taxes.into_iter().filter_map(|(tax, number)| Some((tax.to_owned(), number?.to_owned())));
    let registered = registration(&paper)
        .map(|(scheme, value)| Identifier { scheme: scheme.map(str::to_owned), value: value.to_owned() });
    Ok(Party {
        endpoint: endpoint(&paper).map(coded),
        identifiers: identifications(&paper).map(coded).collect(),
        name: Some(paper.legal_name.clone()),
        address: Some(Address {
            city: Some(paper.city.clone()),
            postal_code: paper.postal_code.clone(),
            region: paper.region.clone(),
            country: Some(paper.country),
            ..lines(&paper.address_lines)
        }),
        tax_numbers: taxes.collect(),
        legal_name: Some(paper.legal_name.clone()),
        registration: registered,
        contact: None,
    })
}

/// The lines of an address before the city.
fn lines(all: &[String]) -> Address {
    let mut lines = all.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).map(str::to_owned);
    Address {
        street: lines.next(),
        additional_street: lines.next(),
        further_lines: lines.collect(),
        ..Address::default()
    }
}

/// An address of ours as documents tell it.
pub fn address_out(of: &AddressDto) -> Address {
    Address {
        city: Some(of.city.clone()),
        postal_code: of.postal_code.clone(),
        region: of.region.clone(),
        country: Country::parse(&of.country).ok(),
        ..lines(&of.lines)
    }
}

/// The most lines that our addresses have before the city.
const MAX_LINES: usize = 4;

/// An address of a document as ours. What it lacks is left empty, for the check of what we take.
pub fn address_in(of: &Address) -> AddressDto {
    let all = of.street.iter().chain(&of.additional_street).chain(&of.further_lines);
    let mut lines: Vec<String> = all.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if lines.len() > MAX_LINES {
        let rest = lines.split_off(MAX_LINES - 1).join(", ");
        lines.push(rest);
    }
    AddressDto {
        kind: "delivery".to_owned(),
        lines,
        city: of.city.clone().unwrap_or_default(),
        postal_code: of.postal_code.clone(),
        region: of.region.clone(),
        country: of.country.map(|country| country.code().to_owned()).unwrap_or_default(),
    }
}

/// A document that cannot be written is our fault.
pub fn written(xml: std::io::Result<String>) -> Result<String, Failure> {
    xml.map_err(Failure::broken)
}

/// What was found, or the refusal with all faults.
pub fn result<T>(faults: Faults, found: Option<T>) -> Result<T, Refusal> {
    faults.result()?;
    found.ok_or_else(|| Refusal::not_found("party"))
}
