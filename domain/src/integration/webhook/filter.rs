//! Which events a webhook gets: all, or those of some types and perhaps of one portal.

use crate::event;
use crate::kernel::Faults;
use crate::kernel::refusal::Invalid;

/// How many types one webhook may name.
pub const MOST_TYPES: usize = 100;

/// The types of a filter, all of the catalogue: exact names such as `order.placed`, or `order.*` for all about orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeFilter(Vec<String>);

impl TypeFilter {
    /// Reads what is asked for; none at all means all types. Each is kept once, in order. `pointer` is where the list stands.
    pub fn parse(given: &[String], pointer: &str, faults: &mut Faults) -> Self {
        if given.len() > MOST_TYPES {
            faults.add(pointer, "too_many", format!("At most {MOST_TYPES} types can be named."));
        }
        let checked = given.iter().enumerate();
        let mut types: Vec<String> = checked
            .filter_map(|(index, one)| faults.keep(format!("{pointer}/{index}"), check(one)))
            .map(str::to_owned)
            .collect();
        types.sort();
        types.dedup();
        Self(types)
    }

    pub fn types(&self) -> &[String] {
        &self.0
    }

    /// Whether an event of this type passes: it does if the filter is empty, or holds one of its keys.
    pub fn passes(&self, kind: &str) -> bool {
        self.0.is_empty() || keys_of(kind).iter().any(|key| self.0.contains(key))
    }
}

/// By what an event is found in filters: its type, and `order.*` for what begins with `order.`.
pub fn keys_of(kind: &str) -> [String; 2] {
    [kind.to_owned(), format!("{}.*", kind.split('.').next().unwrap_or_default())]
}

fn check(given: &str) -> Result<&str, Invalid> {
    let is_known = match given.strip_suffix(".*") {
        Some(about) => event::all().any(|one| one.name.split('.').next() == Some(about)),
        None => event::find(given).is_some(),
    };
    let told = "It is a type of events such as `order.placed`, or `order.*`; `GET /v1/event-types` lists them.";
    is_known.then_some(given).ok_or_else(|| Invalid::new("event_type", told))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(types: &[&str]) -> (TypeFilter, Vec<String>) {
        let mut faults = Faults::default();
        let types: Vec<String> = types.iter().map(|&one| one.to_owned()).collect();
        let parsed = TypeFilter::parse(&types, "/event_types", &mut faults);
        (parsed, faults.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect())
    }

    #[test]
    fn types_are_exact_or_of_one_thing() {
        let (some, _) = filter(&["order.*", "invoice.issued", "order.*"]);
        assert_eq!(some.types(), ["invoice.issued", "order.*"]);
        for (kind, passes) in [
            ("order.placed", true),
            ("invoice.issued", true),
            ("invoice.paid", false),
            ("orders.placed", false),
            ("rfq_order.placed", false),
        ] {
            assert_eq!(some.passes(kind), passes, "{kind}");
        }
        assert!(filter(&[]).0.passes("anything.else"));
    }

    #[test]
    fn all_odd_types_are_told() {
        let (_, told) = filter(&[
            "*",
            "order",
            "order.placed",
            "*.placed",
            "Order.Placed",
            "order.pl*",
            "order.eaten",
            "horse.*",
            ".*",
            "",
        ]);
        let places: Vec<usize> = vec![0, 1, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!(told, places.iter().map(|n| format!("/event_types/{n} event_type")).collect::<Vec<_>>());
        let many = vec!["order.placed"; MOST_TYPES + 1];
        assert_eq!(filter(&many).1, ["/event_types too_many"]);
    }

    #[test]
    fn a_type_lets_itself_pass_and_a_thing_all_that_is_about_it() {
        let names = || event::all().map(|one| one.name);
        let passed = |given: &str| -> Vec<&str> {
            let (some, told) = filter(&[given]);
            assert_eq!(told, Vec::<String>::new(), "{given}");
            names().filter(|name| some.passes(name)).collect()
        };
        for name in names() {
            assert_eq!(passed(name), [name]);
            let about = format!("{}.", name.split('.').next().unwrap_or_default());
            let all_about: Vec<&str> = names().filter(|other| other.starts_with(&about)).collect();
            assert_eq!(passed(&format!("{about}*")), all_about);
        }
    }
}
