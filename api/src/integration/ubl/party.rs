//! Parties: who they are, where they are, whom to ask.

use domain::kernel::country::Country;

use super::names::{AGGREGATE, cac, cbc};
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Element, Reading};

/// A number that someone gave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// Who gave it: for parties a code of ISO 6523 such as `0088` (GLN), for items `0160` (GTIN), or what else the sender says.
    pub scheme: Option<String>,
    pub value: String,
}

/// A party as a document tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The electronic address.
    pub endpoint: Option<Identifier>,
    pub identifiers: Vec<Identifier>,
    pub name: Option<String>,
    pub address: Option<Address>,
    /// Numbers for taxes: the tax (`VAT`, or another one) and the number.
    pub tax_numbers: Vec<(String, String)>,
    /// As it is registered.
    pub legal_name: Option<String>,
    /// The number in a register of companies.
    pub registration: Option<Identifier>,
    pub contact: Option<Contact>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    pub street: Option<String>,
    pub additional_street: Option<String>,
    pub city: Option<String>,
    pub postal_code: Option<String>,
    pub region: Option<String>,
    /// What else there is to print, in its order.
    pub further_lines: Vec<String>,
    pub country: Option<Country>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// The platform's schemes of identifiers by their codes in ISO 6523, and by the names that we give them.
const SCHEMES: [(&str, &str); 10] = [
    ("0088", "gln"),
    ("0060", "duns"),
    ("0199", "lei"),
    ("gln", "gln"),
    ("duns", "duns"),
    ("lei", "lei"),
    ("vat", "vat"),
    ("ru_inn", "ru_inn"),
    ("ru_kpp", "ru_kpp"),
    ("ru_ogrn", "ru_ogrn"),
];

/// The platform's scheme for a number, by the scheme of a document. Electronic addresses from 9900 on (list EAS) are VAT numbers.
fn known_scheme(scheme: &str) -> Option<&'static str> {
    let is_vat = scheme.len() == 4 && scheme.starts_with("99") && scheme.bytes().all(|b| b.is_ascii_digit());
    let coded = || SCHEMES.iter().find(|(code, _)| *code == scheme).map(|(_, known)| *known);
    if is_vat { Some("vat") } else { coded() }
}

impl Party {
    /// Scheme of the platform and value, of all identifiers whose scheme is known: by these an organisation is looked for. Values are as
    /// they were sent and may be wrong. What has only a scheme of the sender's own is not among them.
    pub fn known_identifiers(&self) -> Vec<(&'static str, &str)> {
        let all = self.endpoint.iter().chain(&self.identifiers).chain(&self.registration);
        let coded = all.filter_map(|one| known_scheme(one.scheme.as_deref()?).map(|known| (known, one.value.as_str())));
        let taxes = self.tax_numbers.iter().filter_map(|(tax, number)| match tax.as_str() {
            "VAT" => Some(("vat", number.as_str())),
            "TAX" => Some(("ru_inn", number.as_str())),
            _ => None,
        });
        let mut known: Vec<_> = coded.chain(taxes).collect();
        known.sort_unstable();
        known.dedup();
        known
    }
}

/// The party in the wrapper of that name (such as `SellerSupplierParty`); fault `required` if either is missing.
pub fn needed(reading: &mut Reading, of: Element<'_>, wrapper: &str) -> Option<Party> {
    let wrapper = reading.needed_child(of, cac(wrapper))?;
    let party = reading.needed_child(wrapper, cac("Party"))?;
    Some(read(reading, party))
}

/// The party in the wrapper of that name, if there is one.
pub fn wrapped(reading: &mut Reading, of: Element<'_>, wrapper: &str) -> Option<Party> {
    let wrapper = reading.child(of, cac(wrapper))?;
    let party = reading.child(wrapper, cac("Party"))?;
    Some(read(reading, party))
}

/// What an element of type `Party` says. Nothing in it is required.
pub fn read(reading: &mut Reading, party: Element<'_>) -> Party {
    let endpoint = reading.child(party, cbc("EndpointID"));
    let name = reading.child(party, cac("PartyName"));
    let address = reading.child(party, cac("PostalAddress"));
    let legal = reading.child(party, cac("PartyLegalEntity"));
    let contact = reading.child(party, cac("Contact"));
    let mut identifiers = Vec::new();
    for one in party.children_of(AGGREGATE, "PartyIdentification") {
        let id = reading.needed_child(one, cbc("ID"));
        identifiers.extend(id.and_then(|id| identifier(reading, id)));
    }
    let mut tax_numbers = Vec::new();
    for one in party.children_of(AGGREGATE, "PartyTaxScheme") {
        let scheme = reading.child(one, cac("TaxScheme"));
        let tax = scheme.and_then(|scheme| reading.text(scheme, cbc("ID"))).unwrap_or_else(|| "VAT".to_owned());
        tax_numbers.extend(reading.text(one, cbc("CompanyID")).map(|number| (tax, number)));
    }
    let registration = legal.and_then(|legal| reading.child(legal, cbc("CompanyID")));
    Party {
        endpoint: endpoint.and_then(|id| identifier(reading, id)),
        identifiers,
        name: name.and_then(|name| reading.text(name, cbc("Name"))),
        address: address.map(|address| read_address(reading, address)),
        tax_numbers,
        legal_name: legal.and_then(|legal| reading.text(legal, cbc("RegistrationName"))),
        registration: registration.and_then(|id| identifier(reading, id)),
        contact: contact.map(|contact| Contact {
            name: reading.text(contact, cbc("Name")),
            phone: reading.text(contact, cbc("Telephone")),
            email: reading.text(contact, cbc("ElectronicMail")),
        }),
    }
}

/// The text of the element with its `schemeID`. Fault `required` if it has none.
pub fn identifier(reading: &mut Reading, of: Element<'_>) -> Option<Identifier> {
    let scheme = of.attribute("schemeID").map(str::trim).filter(|scheme| !scheme.is_empty()).map(str::to_owned);
    reading.own_text(of).map(|value| Identifier { scheme, value })
}

/// What an element of type `Address` says. Fault `country` for a code that is none of ISO 3166-1.
pub fn read_address(reading: &mut Reading, address: Element<'_>) -> Address {
    let country = reading.child(address, cac("Country"));
    let lines = address.children_of(AGGREGATE, "AddressLine");
    let further_lines = lines.flat_map(|line| reading.texts(line, cbc("Line"))).collect();
    Address {
        street: reading.text(address, cbc("StreetName")),
        additional_street: reading.text(address, cbc("AdditionalStreetName")),
        city: reading.text(address, cbc("CityName")),
        postal_code: reading.text(address, cbc("PostalZone")),
        region: reading.text(address, cbc("CountrySubentity")),
        further_lines,
        country: country.and_then(|country| reading.field(country, cbc("IdentificationCode"), Country::parse)),
    }
}

/// A party in its wrapper.
pub fn write_wrapped(xml: &mut Xml, wrapper: &str, party: &Party) -> Written {
    xml.node(wrapper, |xml| write(xml, "cac:Party", party))
}

pub fn write_wrapped_given(xml: &mut Xml, wrapper: &str, party: &Option<Party>) -> Written {
    party.as_ref().map_or(Ok(()), |party| write_wrapped(xml, wrapper, party))
}

pub fn write(xml: &mut Xml, name: &str, party: &Party) -> Written {
    xml.node(name, |xml| {
        if let Some(endpoint) = &party.endpoint {
            write_identifier(xml, "cbc:EndpointID", endpoint)?;
        }
        for one in &party.identifiers {
            xml.node("cac:PartyIdentification", |xml| write_identifier(xml, "cbc:ID", one))?;
        }
        if let Some(name) = &party.name {
            xml.node("cac:PartyName", |xml| xml.leaf("cbc:Name", name))?;
        }
        if let Some(address) = &party.address {
            write_address(xml, "cac:PostalAddress", address)?;
        }
        for (tax, number) in &party.tax_numbers {
            xml.node("cac:PartyTaxScheme", |xml| {
                xml.leaf("cbc:CompanyID", number)?;
                xml.node("cac:TaxScheme", |xml| xml.leaf("cbc:ID", tax))
            })?;
        }
        if party.legal_name.is_some() || party.registration.is_some() {
            xml.node("cac:PartyLegalEntity", |xml| {
                xml.given("cbc:RegistrationName", &party.legal_name)?;
                party.registration.as_ref().map_or(Ok(()), |number| write_identifier(xml, "cbc:CompanyID", number))
            })?;
        }
        party.contact.as_ref().map_or(Ok(()), |contact| write_contact(xml, contact))
    })
}

fn write_contact(xml: &mut Xml, contact: &Contact) -> Written {
    if *contact == Contact::default() {
        return Ok(());
    }
    xml.node("cac:Contact", |xml| {
        xml.given("cbc:Name", &contact.name)?;
        xml.given("cbc:Telephone", &contact.phone)?;
        xml.given("cbc:ElectronicMail", &contact.email)
    })
}

pub fn write_identifier(xml: &mut Xml, name: &str, id: &Identifier) -> Written {
    xml.leaf_with(name, &[("schemeID", id.scheme.as_deref().unwrap_or_default())], &id.value)
}

/// An address that says something.
pub fn write_address(xml: &mut Xml, name: &str, address: &Address) -> Written {
    if *address == Address::default() {
        return Ok(());
    }
    xml.node(name, |xml| {
        xml.given("cbc:StreetName", &address.street)?;
        xml.given("cbc:AdditionalStreetName", &address.additional_street)?;
        xml.given("cbc:CityName", &address.city)?;
        xml.given("cbc:PostalZone", &address.postal_code)?;
        xml.given("cbc:CountrySubentity", &address.region)?;
        for line in &address.further_lines {
            xml.node("cac:AddressLine", |xml| xml.leaf("cbc:Line", line))?;
        }
        address
            .country
            .map_or(Ok(()), |country| xml.node("cac:Country", |xml| xml.leaf("cbc:IdentificationCode", country.code())))
    })
}
