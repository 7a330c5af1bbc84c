//! What an organisation says of itself, checked as a whole.

use crate::kernel::country::Country;
use crate::kernel::language::check_tag;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Refusal};

use super::identifier::{Identifier, Scheme};
use super::password::check_password;

/// A postal address as given.
#[derive(Debug, Clone, Default)]
pub struct Address {
    /// `legal`, `billing` or `delivery`.
    pub kind: String,
    /// Street and what comes before the city.
    pub lines: Vec<String>,
    pub city: String,
    pub postal_code: Option<String>,
    pub region: Option<String>,
    pub country: String,
}

impl Address {
    /// As it stands on an envelope, on one line.
    pub fn in_one_line(&self) -> String {
        let city =
            [self.postal_code.as_deref(), Some(self.city.as_str())].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let rest = [Some(city.as_str()), self.region.as_deref(), Some(self.country.as_str())];
        self.lines.iter().map(String::as_str).chain(rest.into_iter().flatten()).collect::<Vec<_>>().join(", ")
    }
}

/// The data of a legal entity as given.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub legal_name: String,
    pub legal_form: String,
    pub country: String,
    pub addresses: Vec<Address>,
    /// Scheme and value.
    pub identifiers: Vec<(String, String)>,
}

/// A person as given.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub password: String,
    pub language: String,
}

impl Profile {
    /// The identifiers in their normal form, or all faults of the profile with pointers from its root.
    pub fn check(&self) -> Result<Vec<Identifier>, Refusal> {
        let mut faults = Faults::default();
        let identifiers = self.collect(&mut faults);
        faults.result().map(|()| identifiers)
    }

    fn collect(&self, faults: &mut Faults) -> Vec<Identifier> {
        faults.keep("/legal_name", text(&self.legal_name, 300));
        faults.keep("/legal_form", text(&self.legal_form, 100));
        faults.keep("/country", Country::parse(&self.country));
        for (index, address) in self.addresses.iter().enumerate() {
            address.collect(&format!("/addresses/{index}"), faults);
        }
        let legal = self.addresses.iter().filter(|address| address.kind == "legal").count();
        if legal != 1 {
            faults.add(
                "/addresses",
                "legal_address",
                format!("Exactly one legal address is needed; there are {legal}."),
            );
        }
        if self.identifiers.is_empty() {
            faults.add("/identifiers", "required", "At least one identifier is needed.");
        }
        let mut known: Vec<Identifier> = Vec::new();
        for (index, (scheme, value)) in self.identifiers.iter().enumerate() {
            let parsed = Identifier::parse(scheme, value);
            let member = if Scheme::parse(scheme).is_ok() { "value" } else { "scheme" };
            let Some(identifier) = faults.keep(format!("/identifiers/{index}/{member}"), parsed) else { continue };
            if known.iter().any(|other| other.scheme == identifier.scheme) {
                faults.add(format!("/identifiers/{index}/scheme"), "twice", "Each scheme is given once.");
            }
            known.push(identifier);
        }
        known
    }
}

/// Checks a profile and its first person together, so that all faults are told at once.
pub fn check_registration(profile: &Profile, person: &NewPerson) -> Result<Vec<Identifier>, Refusal> {
    let mut faults = Faults::default();
    let identifiers = profile.collect(&mut faults);
    person.collect("/person", &mut faults);
    faults.result().map(|()| identifiers)
}

impl NewPerson {
    /// All faults, with pointers from `root`.
    pub fn collect(&self, root: &str, faults: &mut Faults) {
        faults.keep(format!("{root}/name"), text(&self.name, 200));
        faults.keep(format!("{root}/email"), check_email(&self.email));
        faults.keep(format!("{root}/password"), check_password(&self.password, &self.email));
        faults.keep(format!("{root}/language"), check_tag(&self.language));
    }
}

impl Address {
    /// All faults, with pointers from `root`.
    pub fn collect(&self, root: &str, faults: &mut Faults) {
        if !matches!(self.kind.as_str(), "legal" | "billing" | "delivery") {
            faults.add(format!("{root}/kind"), "not_one_of", "An address is legal, billing or delivery.");
        }
        if self.lines.is_empty() || self.lines.len() > 4 {
            faults.add(format!("{root}/lines"), "count", "One to four lines are needed.");
        }
        for (index, line) in self.lines.iter().enumerate() {
            faults.keep(format!("{root}/lines/{index}"), text(line, 200));
        }
        faults.keep(format!("{root}/city"), text(&self.city, 100));
        for (name, value, longest) in [("postal_code", &self.postal_code, 20), ("region", &self.region, 100)] {
            if let Some(value) = value {
                faults.keep(format!("{root}/{name}"), text(value, longest));
            }
        }
        faults.keep(format!("{root}/country"), Country::parse(&self.country));
    }
}

/// A line of text that says something: not blank, without control characters, not too long.
pub fn text(value: &str, longest: usize) -> Result<(), Invalid> {
    if value.trim().is_empty() {
        return Err(Invalid::new("blank", "The text is blank."));
    }
    if value.chars().any(char::is_control) {
        return Err(Invalid::new("control_character", "The text holds a control character."));
    }
    if value.chars().count() > longest {
        return Err(Invalid::new("too_long", format!("At most {longest} characters are taken.")));
    }
    Ok(())
}

/// The form of an e-mail address; whether it exists only a mail can tell.
pub fn check_email(email: &str) -> Result<(), Invalid> {
    let invalid = || Invalid::new("email", "It is not an e-mail address.");
    let (name, host) = email.rsplit_once('@').ok_or_else(invalid)?;
    let name_ok = (1..=64).contains(&name.len())
        && name.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..");
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let host_ok = host.len() <= 253 && host.contains('.') && host.split('.').all(label_ok);
    if name_ok && host_ok && email.len() <= 254 { Ok(()) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        let address = Address {
            kind: "legal".into(),
            lines: vec!["Werner-von-Siemens-Straße 1".into()],
            city: "München".into(),
            postal_code: Some("80333".into()),
            region: None,
            country: "DE".into(),
        };
        Profile {
            legal_name: "Siemens AG".into(),
            legal_form: "AG".into(),
            country: "DE".into(),
            addresses: vec![address],
            identifiers: vec![("lei".into(), "W38RGI023J3WT1HWRP32".into())],
        }
    }

    fn faults(profile: &Profile) -> Vec<String> {
        let found = profile.check().err().map(|refusal| refusal.faults).unwrap_or_default();
        found.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_whole_profile_passes() {
        assert_eq!(profile().check().unwrap().len(), 1);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let mut odd = profile();
        odd.legal_name = " ".into();
        odd.country = "XX".into();
        odd.addresses[0].kind = "home".into();
        odd.addresses[0].city = "a\nb".into();
        odd.identifiers = vec![("lei".into(), "W38RGI023J3WT1HWRP33".into()), ("tax".into(), "1".into())];
        assert_eq!(
            faults(&odd),
            [
                "/legal_name blank",
                "/country country",
                "/addresses/0/kind not_one_of",
                "/addresses/0/city control_character",
                "/addresses legal_address",
                "/identifiers/0/value check_digit",
                "/identifiers/1/scheme scheme",
            ]
        );
    }

    #[test]
    fn identifiers_are_there_and_each_scheme_once() {
        let mut odd = profile();
        odd.identifiers.push(("lei".into(), "7LTWFZYICNSX8D621K86".into()));
        assert_eq!(faults(&odd), ["/identifiers/1/scheme twice"]);
        odd.identifiers.clear();
        assert_eq!(faults(&odd), ["/identifiers required"]);
    }

    #[test]
    fn emails_have_a_name_and_a_host() {
        for good in ["a@b.co", "anna.k+torg@mail.example.org", "почта@пример.рф"] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@b", "a..b@c.de", "a b@c.de", "a@-b.de", "a@b..de", "a@b.de\n"] {
            assert!(check_email(bad).is_err(), "{bad:?}");
        }
    }
}
