//! Schemas of two documents beside each other.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

/// Which way a value goes: what clients send may not be taken less freely, what they get not be given more freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Request,
    Answer,
}

/// A comparison of two schemas with all that they refer to, each pair once.
pub struct Comparison<'a> {
    before: &'a Value,
    after: &'a Value,
    way: Way,
    seen: HashSet<(String, String)>,
}

/// Bounds whose growth lets more through, and whose fall does.
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];

impl<'a> Comparison<'a> {
    pub fn new(before: &'a Value, after: &'a Value, way: Way) -> Self {
        Self { before, after, way, seen: HashSet::new() }
    }

    /// Notes what breaks clients; `at` says where the value stands.
    pub fn compare(&mut self, at: &str, old: &'a Value, new: &'a Value, found: &mut Vec<String>) {
        if let (Some(old), Some(new)) = (old["$ref"].as_str(), new["$ref"].as_str())
            && !self.seen.insert((old.to_owned(), new.to_owned()))
        {
            return;
        }
        let (old, new) = (Alternatives::of(self.before, old), Alternatives::of(self.after, new));
        let (narrow, wide, verb) = match self.way {
            Way::Request => (&old.types, &new.types, "cannot be"),
            Way::Answer => (&new.types, &old.types, "can be"),
        };
        // A schema without types takes everything.
        if !wide.is_empty() {
            let all = BTreeSet::from(["anything"]);
            let narrow = if narrow.is_empty() { &all } else { narrow };
            let more =
                narrow.iter().filter(|kind| !(wide.contains(*kind) || **kind == "integer" && wide.contains("number")));
            found.extend(more.map(|kind| format!("{at} {verb} {}", article(kind))));
        }
        // Alternatives are known again by their name or form, else by their place.
        let mut left: Vec<&Value> = new.schemas.clone();
        for (place, was) in old.schemas.iter().enumerate() {
            let same =
                left.iter().position(|now| alike(was, now)).or((old.schemas.len() == new.schemas.len()).then_some(0));
            match same.filter(|_| !left.is_empty()) {
                Some(same) => {
                    let now = left.remove(same);
                    self.whole(at, resolved(self.before, was), resolved(self.after, now), found);
                }
                None if self.way == Way::Request => found.push(format!("{at}: alternative {} is gone", place + 1)),
                None => {}
            }
        }
    }

    /// Two schemas without alternatives.
    fn whole(&mut self, at: &str, old: &'a Value, new: &'a Value, found: &mut Vec<String>) {
        if self.way == Way::Request {
            stricter(at, old, new, found);
        }
        self.members(at, old, new, found);
        if old["items"].is_object() && new["items"].is_object() {
            self.compare(&format!("{at}[]"), &old["items"], &new["items"], found);
        }
    }

    /// The members of objects, which may be put together of parts.
    fn members(&mut self, at: &str, old: &'a Value, new: &'a Value, found: &mut Vec<String>) {
        let (old, new) = (parts(self.before, old), parts(self.after, new));
        let required = |parts: &[&'a Value]| -> BTreeSet<&'a str> {
            let all = parts.iter().flat_map(|part| part["required"].as_array()).flatten();
            all.filter_map(Value::as_str).collect()
        };
        let members = |parts: &[&'a Value]| -> BTreeMap<&'a str, &'a Value> {
            let all = parts.iter().flat_map(|part| part["properties"].as_object()).flatten();
            all.map(|(name, schema)| (name.as_str(), schema)).collect()
        };
        let (before, after) = (required(&old), required(&new));
        let now = members(&new);
        for (name, was) in members(&old) {
            match now.get(name) {
                Some(now) => self.compare(&format!("{at}/{name}"), was, now, found),
                None => found.push(format!("{at}/{name} is gone")),
            }
        }
        match self.way {
            Way::Request => found.extend(after.difference(&before).map(|name| format!("{at}/{name} is needed"))),
            Way::Answer => {
                let absent = before.difference(&after).filter(|name| now.contains_key(*name));
                found.extend(absent.map(|name| format!("{at}/{name} can be absent")));
            }
        }
    }
}

/// What a schema allows: its types, and the schemas of which one has to fit, null apart.
struct Alternatives<'a> {
    types: BTreeSet<&'a str>,
    schemas: Vec<&'a Value>,
}

impl<'a> Alternatives<'a> {
    fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut all = Self { types: BTreeSet::new(), schemas: Vec::new() };
        let known = all.add(document, schema);
        if !known {
            all.types.clear();
        }
        all
    }

    /// Whether the types are known of all alternatives.
    fn add(&mut self, document: &'a Value, schema: &'a Value) -> bool {
        let target = resolved(document, schema);
        let choices = target["oneOf"].as_array().or(target["anyOf"].as_array());
        if let Some(choices) = choices {
            // All of them are added, whatever the first ones say.
            let unknown = choices.iter().filter(|choice| !self.add(document, choice)).count();
            return unknown == 0;
        }
        // What is put together of parts is what each of them is.
        let types = parts(document, target).into_iter().map(types_of).find(|types| !types.is_empty());
        let types = types.unwrap_or_default();
        self.types.extend(&types);
        if types != ["null"] {
            self.schemas.push(schema);
        }
        !types.is_empty()
    }
}

fn types_of(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What a request has to keep to beyond its type.
fn stricter(at: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    if let Some(allowed) = new["enum"].as_array() {
        match old["enum"].as_array() {
            Some(before) => {
                let gone = before.iter().filter(|one| !allowed.contains(one));
                found.extend(gone.map(|one| format!("{at} takes {one} no more")));
            }
            None => found.push(format!("{at} takes some values alone")),
        }
    }
    let mut bounds = |names: [&str; 4], is_stricter: fn(f64, f64) -> bool| {
        for name in names {
            let now = new[name].as_f64();
            if now.is_some_and(|now| old[name].as_f64().is_none_or(|was| is_stricter(now, was))) {
                found.push(format!("{at}: {name} is stricter"));
            }
        }
    };
    bounds(UPPER, |now, was| now < was);
    bounds(LOWER, |now, was| now > was);
    for name in ["pattern", "format", "const"] {
        if !new[name].is_null() && new[name] != old[name] && !takes_all_words(&old[name], &new[name]) {
            found.push(format!("{at}: {name} is another one"));
        }
    }
    if new["additionalProperties"] == false && old["additionalProperties"] != false {
        found.push(format!("{at} takes no other members"));
    }
}

/// Whether both are patterns of words, such as `^(csv|ndjson)$`, and the new one has all of the old one.
fn takes_all_words(old: &Value, new: &Value) -> bool {
    let words = |pattern: &Value| -> Option<BTreeSet<String>> {
        let inner = pattern.as_str()?.strip_prefix("^(")?.strip_suffix(")$")?;
        let is_plain = inner.chars().all(|c| c.is_alphanumeric() || "_-|".contains(c));
        is_plain.then(|| inner.split('|').map(str::to_owned).collect())
    };
    words(old).zip(words(new)).is_some_and(|(old, new)| old.is_subset(&new))
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
    target.unwrap_or(schema)
}

/// The objects that a schema is put together of: itself where it is not.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    let below = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| parts(document, part));
    std::iter::once(schema).chain(below).collect()
}

fn alike(old: &Value, new: &Value) -> bool {
    let is_named = |schema: &Value| schema["$ref"].is_string();
    if is_named(old) || is_named(new) { old["$ref"] == new["$ref"] } else { old == new || old["type"] == new["type"] }
}

fn article(kind: &str) -> String {
    match kind {
        "anything" | "null" => kind.to_owned(),
        "array" | "object" | "integer" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
