//! What events there are: a catalogue of their types, what each means, what it is about, and what its `data` holds.
//!
//! The published schemas are made of it, and what is appended is checked by it wherever the service runs with debug assertions, that is
//! in every test: an event that is not here, or says something else than is said here, fails what caused it.

mod auction;
mod billing;
mod catalogue;
mod contract;
mod document;
mod exchange;
mod integration;
mod ordering;
mod party;
mod portal;
mod sourcing;
mod sourcing_quote;

/// A type of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Such as `order.confirmed`.
    pub name: &'static str,
    /// The kind of thing that it is about, as in `subject.kind`.
    pub subject: &'static str,
    /// What has happened, and to whom it is told where that is not plain.
    pub meaning: &'static str,
    /// What `data` holds. More may come; nothing goes.
    pub data: &'static [Member],
}

/// A member of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub name: &'static str,
    pub form: Form,
    /// Whether it is there always; else it can be absent or null.
    pub always: bool,
    /// What it means, where its name does not say it.
    pub meaning: &'static str,
}

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A text per language: `{"en": "…", "ru": "…"}`.
    Texts,
    /// A UUID.
    Id,
    Integer,
    Flag,
    /// A number as text, such as `12.5`.
    Decimal,
    /// `{"amount": "12.50", "currency": "EUR"}`.
    Money,
    /// `{"value": "12.5", "unit": "TNE"}`.
    Quantity,
    /// RFC 3339, in UTC.
    Time,
    /// `YYYY-MM-DD`.
    Date,
    /// A SHA-256 in 64 hexadecimal digits.
    Digest,
    List(&'static Form),
    /// An object of texts whose members are not known beforehand.
    Map,
    Object(&'static [Member]),
}

/// All types, feature by feature.
const PARTS: [&[EventType]; 12] = [
    party::EVENTS,
    portal::EVENTS,
    catalogue::EVENTS,
    ordering::EVENTS,
    contract::EVENTS,
    billing::EVENTS,
    document::EVENTS,
    exchange::EVENTS,
    auction::EVENTS,
    sourcing::EVENTS,
    sourcing_quote::EVENTS,
    integration::EVENTS,
];

/// All types of events.
pub fn all() -> impl Iterator<Item = &'static EventType> {
    PARTS.into_iter().flatten()
}

/// The type of this name.
pub fn find(name: &str) -> Option<&'static EventType> {
    all().find(|one| one.name == name)
}

const fn event(name: &'static str, subject: &'static str, meaning: &'static str, data: &'static [Member]) -> EventType {
    EventType { name, subject, meaning, data }
}

/// A member that is always there.
const fn always(name: &'static str, form: Form, meaning: &'static str) -> Member {
    Member { name, form, always: true, meaning }
}

/// A member that can be absent or null.
const fn maybe(name: &'static str, form: Form, meaning: &'static str) -> Member {
    Member { name, form, always: false, meaning }
}

const NAME: Member = always("name", Form::Text, "Its name.");
const NUMBER: Member = always("number", Form::Text, "The number that people know it by.");
const STATE: Member = always("state", Form::Text, "Its state from now on.");
const REASON: Member = maybe("reason", Form::Text, "The reason that was given.");
const CURRENCY: Member = always("currency", Form::Text, "ISO 4217.");
const SELLER: Member = always("seller_id", Form::Id, "The organisation that sells.");
const BUYER: Member = always("buyer_id", Form::Id, "The organisation that buys.");
const ORGANISATION: Member = always("organisation_id", Form::Id, "The organisation that it concerns.");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check(members: &[Member], of: &str) {
        let names: BTreeSet<&str> = members.iter().map(|member| member.name).collect();
        assert_eq!(names.len(), members.len(), "{of} says a member twice");
        for member in members {
            assert!(member.meaning.ends_with('.'), "{of}: {} is not explained", member.name);
            match member.form {
                Form::Object(inner) | Form::List(&Form::Object(inner)) => check(inner, of),
                _ => {}
            }
        }
    }

    #[test]
    fn every_type_is_there_once_and_explained() {
        let names: BTreeSet<&str> = all().map(|one| one.name).collect();
        assert_eq!(names.len(), all().count());
        for one in all() {
            let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let (of, what) = one.name.split_once('.').expect("two words");
            assert!(word(of) && word(what) && word(one.subject), "{}", one.name);
            assert!(one.meaning.ends_with('.') && one.meaning.len() > 15, "{} is not explained", one.name);
            check(one.data, one.name);
            assert_eq!(find(one.name), Some(one));
        }
        assert_eq!(find("order.eaten"), None);
    }
}
