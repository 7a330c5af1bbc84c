//! Invented companies. Their numbers have the check digits of real ones, and prefixes that nobody is given.

use super::founding::{gln, owner};
use crate::party::organisation::dto::{AddressDto, IdentifierDto, Registration};

pub struct Company {
    pub name: &'static str,
    pub form: &'static str,
    pub country: &'static str,
    pub city: &'static str,
    pub street: &'static str,
    pub postal_code: &'static str,
    pub owner: &'static str,
    /// Scheme and value; each has a GLN besides.
    pub identifier: (&'static str, &'static str),
}

impl Company {
    /// As it registers, with the GLN of that number.
    pub fn registration(&self, number: u32) -> Registration {
        let address = AddressDto {
            kind: "legal".to_owned(),
            lines: vec![self.street.to_owned()],
            city: self.city.to_owned(),
            postal_code: Some(self.postal_code.to_owned()),
            region: None,
            country: self.country.to_owned(),
        };
        let identifier = |scheme: &str, value: String| IdentifierDto { scheme: scheme.to_owned(), value };
        let (scheme, value) = self.identifier;
        Registration {
            legal_name: self.name.to_owned(),
            legal_form: self.form.to_owned(),
            country: self.country.to_owned(),
            addresses: vec![address],
            identifiers: vec![identifier(scheme, value.to_owned()), identifier("gln", gln(number))],
            person: owner(self.owner, self.name),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use domain::party::identifier::Identifier;

    use super::*;

    /// Companies whose GLNs begin with that number.
    pub fn check_numbers(companies: &[Company], first: u32) {
        for (number, company) in (first..).zip(companies) {
            for given in company.registration(number).identifiers {
                assert!(Identifier::parse(&given.scheme, &given.value).is_ok(), "{} {}", given.scheme, given.value);
            }
        }
    }
}
