//! Seller and buyer.

use domain::kernel::country::Country;

use super::lines::scheme;
use super::xml::{Written, Xml};
use crate::billing::paper::{InvoicePaper, PaperParty};

/// Codes of ISO 6523 under which parties are identified (BT-29, BT-46), by the platform's schemes.
const IDENTIFIERS: [(&str, &str); 3] = [("gln", "0088"), ("duns", "0060"), ("lei", "0199")];
/// Codes of ISO 6523 whose numbers are those of company registers (BT-30, BT-47).
const REGISTERS: [&str; 18] = [
    "0002", "0007", "0009", "0037", "0106", "0183", "0184", "0188", "0190", "0191", "0192", "0195", "0196", "0204",
    "0208", "0213", "0216", "0221",
];
/// Codes for VAT numbers as electronic addresses (list EAS), by the prefix of the number. Sweden and Norway have none.
const VAT_ADDRESSES: [(&str, &str); 38] = [
    ("AD", "9922"),
    ("AL", "9923"),
    ("AT", "9914"),
    ("BA", "9924"),
    ("BE", "9925"),
    ("BG", "9926"),
    ("CH", "9927"),
    ("CY", "9928"),
    ("CZ", "9929"),
    ("DE", "9930"),
    ("DK", "0198"),
    ("EE", "9931"),
    ("EL", "9933"),
    ("ES", "9920"),
    ("FI", "0213"),
    ("FR", "9957"),
    ("GB", "9932"),
    ("HR", "9934"),
    ("HU", "9910"),
    ("IE", "9935"),
    ("IT", "0211"),
    ("LI", "9936"),
    ("LT", "9937"),
    ("LU", "9938"),
    ("LV", "9939"),
    ("MC", "9940"),
    ("ME", "9941"),
    ("MK", "9942"),
    ("MT", "9943"),
    ("NL", "9944"),
    ("PL", "9945"),
    ("PT", "9946"),
    ("RO", "9947"),
    ("RS", "9948"),
    ("SI", "9949"),
    ("SK", "9950"),
    ("SM", "9951"),
    ("TR", "9952"),
];

/// The scheme and value of the electronic address: GLN, else VAT number, D-U-N-S or LEI under their codes of the list EAS;
/// else the email address as `EM`, which EN 16931 knows and Peppol does not.
pub fn endpoint(party: &PaperParty) -> Option<(&'static str, &str)> {
    let identified = |scheme, code| party.identifier(scheme).map(|value| (code, value));
    let by_vat = || {
        let vat = vat(party)?;
        let (_, code) = VAT_ADDRESSES.iter().find(|(prefix, _)| vat.starts_with(prefix))?;
        Some((*code, vat))
    };
    identified("gln", "0088")
        .or_else(by_vat)
        .or_else(|| identified("duns", "0060"))
        .or_else(|| identified("lei", "0199"))
        .or_else(|| party.email.as_deref().map(|email| ("EM", email)))
        .filter(|(_, value)| !value.trim().is_empty())
}

/// The VAT number, if it begins with a country as EN 16931 asks (BR-CO-09; `EL` is Greece, `XI` Northern Ireland).
pub fn vat(party: &PaperParty) -> Option<&str> {
    party.vat().filter(|vat| {
        vat.get(..2).is_some_and(|prefix| matches!(prefix, "EL" | "XI") || Country::parse(prefix).is_ok())
    })
}

/// The number for other taxes than VAT in the EU: an INN, or a VAT number without a country.
pub fn tax_registration(party: &PaperParty) -> Option<&str> {
    party.identifier("ru_inn").or_else(|| party.vat().filter(|_| vat(party).is_none()))
}

/// The number in a register of companies, with its code where ISO 6523 has one.
pub fn registration(party: &PaperParty) -> Option<(Option<&str>, &str)> {
    let coded = party.identifiers.iter().find(|(scheme, _)| REGISTERS.contains(&scheme.as_str()));
    let russian = || party.identifier("ru_ogrn").or_else(|| party.identifier("ru_inn"));
    coded.map(|(code, value)| (Some(code.as_str()), value.as_str())).or_else(|| russian().map(|value| (None, value)))
}

/// All other identifiers that have a code.
pub fn identifications(party: &PaperParty) -> impl Iterator<Item = (&'static str, &str)> {
    IDENTIFIERS.iter().filter_map(|(scheme, code)| party.identifier(scheme).map(|value| (*code, value)))
}

pub fn seller(xml: &mut Xml, paper: &InvoicePaper, with_vat: bool) -> Written {
    let party = &paper.seller;
    xml.node("cac:Party", |xml| {
        address(xml, party, usize::MAX)?;
        if with_vat {
            tax_scheme(xml, vat(party), "VAT")?;
            tax_scheme(xml, tax_registration(party), "TAX")?;
        }
        legal_entity(xml, party, party.identifier("ru_kpp").map(|kpp| format!("KPP {kpp}")))?;
        contact(xml, party)
    })
}

/// The buyer has at most one identifier beside that of the register (UBL-SR-16), and no tax registration.
pub fn buyer(xml: &mut Xml, paper: &InvoicePaper, with_vat: bool) -> Written {
    let party = &paper.buyer;
    xml.node("cac:Party", |xml| {
        address(xml, party, 1)?;
        if with_vat {
            tax_scheme(xml, vat(party), "VAT")?;
        }
        legal_entity(xml, party, None)?;
        contact(xml, party)
    })
}

/// The electronic and the postal address, and what identifies the party.
fn address(xml: &mut Xml, party: &PaperParty, most: usize) -> Written {
    if let Some((scheme, value)) = endpoint(party) {
        xml.leaf_with("cbc:EndpointID", Some(("schemeID", scheme)), value)?;
    }
    for (code, value) in identifications(party).take(most) {
        xml.node("cac:PartyIdentification", |xml| xml.leaf_with("cbc:ID", Some(("schemeID", code)), value))?;
    }
    xml.node("cac:PartyName", |xml| xml.leaf("cbc:Name", &party.legal_name))?;
    let lines: Vec<&str> = party.address_lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let further = lines.get(2..).map(|lines| lines.join(", ")).filter(|line| !line.is_empty());
    xml.node("cac:PostalAddress", |xml| {
        xml.leaf("cbc:StreetName", lines.first().unwrap_or(&""))?;
        xml.leaf("cbc:AdditionalStreetName", lines.get(1).unwrap_or(&""))?;
        xml.leaf("cbc:CityName", &party.city)?;
        xml.given("cbc:PostalZone", &party.postal_code)?;
        xml.given("cbc:CountrySubentity", &party.region)?;
        if let Some(further) = further {
            xml.node("cac:AddressLine", |xml| xml.leaf("cbc:Line", &further))?;
        }
        country(xml, party.country)
    })
}

pub fn country(xml: &mut Xml, country: Country) -> Written {
    xml.node("cac:Country", |xml| xml.leaf("cbc:IdentificationCode", country.code()))
}

fn tax_scheme(xml: &mut Xml, number: Option<&str>, id: &str) -> Written {
    let Some(number) = number else { return Ok(()) };
    xml.node("cac:PartyTaxScheme", |xml| {
        xml.leaf("cbc:CompanyID", number)?;
        scheme(xml, id)
    })
}

fn legal_entity(xml: &mut Xml, party: &PaperParty, further: Option<String>) -> Written {
    xml.node("cac:PartyLegalEntity", |xml| {
        xml.leaf("cbc:RegistrationName", &party.legal_name)?;
        if let Some((code, number)) = registration(party) {
            xml.leaf_with("cbc:CompanyID", code.map(|code| ("schemeID", code)), number)?;
        }
        xml.given("cbc:CompanyLegalForm", &further)
    })
}

fn contact(xml: &mut Xml, party: &PaperParty) -> Written {
    let parts =
        [("cbc:Name", &party.contact_name), ("cbc:Telephone", &party.phone), ("cbc:ElectronicMail", &party.email)];
    if parts.iter().all(|(_, text)| text.as_deref().is_none_or(|text| text.trim().is_empty())) {
        return Ok(());
    }
    xml.node("cac:Contact", |xml| parts.iter().try_for_each(|(name, text)| xml.given(name, text)))
}
