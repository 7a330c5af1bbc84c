//! Portals: what they offer, who belongs to them, and what members may do there.

pub mod member;

pub use member::{Capability, MemberState, MemberStep, Standing};

use crate::kernel::language::{Texts, check_texts};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Kind, Refusal};

/// Who may see a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Anyone may look, without a token too.
    Open,
    /// Members only; for everybody else it does not exist.
    Closed,
}

/// What a portal has. What is not switched on does not exist there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Catalogue,
    Exchange,
    Auction,
    Sourcing,
    Community,
}

impl Visibility {
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err(Invalid::new("visibility", format!("`{code}` is neither `open` nor `closed`."))),
        }
    }
}

impl Function {
    pub const ALL: [Self; 5] = [Self::Catalogue, Self::Exchange, Self::Auction, Self::Sourcing, Self::Community];

    pub fn code(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Exchange => "exchange",
            Self::Auction => "auction",
            Self::Sourcing => "sourcing",
            Self::Community => "community",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|function| function.code() == code);
        known.ok_or_else(|| Invalid::new("function", format!("`{code}` is not a function of a portal.")))
    }
}

/// A portal as given by who opens or edits it.
#[derive(Debug, Clone)]
pub struct PortalInput {
    pub slug: String,
    pub names: Texts,
    pub descriptions: Texts,
    pub functions: Vec<String>,
}

impl PortalInput {
    /// The functions, or all faults.
    pub fn check(&self) -> Result<Vec<Function>, Refusal> {
        let mut faults = Faults::default();
        faults.keep("/slug", check_slug(&self.slug));
        faults.keep("/name", check_texts(&self.names, 200));
        if !self.descriptions.is_empty() {
            faults.keep("/description", check_texts(&self.descriptions, 4000));
        }
        if self.functions.is_empty() {
            faults.add("/functions", "required", "A portal has at least one function.");
        }
        let mut functions = Vec::new();
        for (index, code) in self.functions.iter().enumerate() {
            let pointer = format!("/functions/{index}");
            match faults.keep(pointer.clone(), Function::parse(code)) {
                Some(function) if functions.contains(&function) => faults.add(pointer, "twice", "It is named twice."),
                Some(function) => functions.push(function),
                None => {}
            }
        }
        faults.result().map(|()| functions)
    }
}

/// The name in addresses: a letter, then letters, digits and hyphens, 2 to 63 in all. Never the form of an identifier, since a
/// portal can be named by either.
pub fn check_slug(slug: &str) -> Result<(), Invalid> {
    let letters = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let starts = slug.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if letters && starts && (2..=63).contains(&slug.len()) && uuid::Uuid::parse_str(slug).is_err() {
        return Ok(());
    }
    Err(Invalid::new("slug", "A letter, then small letters, digits and hyphens; 2 to 63 characters."))
}

/// What is not switched on does not exist there.
pub fn check_function(functions: &[Function], wanted: Function) -> Result<(), Refusal> {
    if functions.contains(&wanted) {
        return Ok(());
    }
    Err(Refusal::new(Kind::NotFound, format!("The portal has no {}.", wanted.code())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        for good in ["northwind", "metal-exchange", "a1"] {
            assert!(check_slug(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "1a", "A1", "a_b", "торг", &"a".repeat(64), "a0b5a000000070008000000000000001"] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn all_faults_of_a_portal_are_told() {
        let input = PortalInput {
            slug: "No".into(),
            names: Texts::new(),
            descriptions: Texts::new(),
            functions: vec!["catalogue".into(), "casino".into(), "catalogue".into()],
        };
        let faults = input.check().unwrap_err().faults;
        let faults: Vec<String> = faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect();
        assert_eq!(faults, ["/slug slug", "/name required", "/functions/1 function", "/functions/2 twice"]);
    }
}
