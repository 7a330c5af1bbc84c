//! Whether an event is of the catalogue: looked at where debug assertions are on, so in every test, and never in production.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use domain::event::{self, Form, Member};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Event;

/// What is amiss with an event by the catalogue: its type, what it is about, its data.
pub fn faults(event: &Event) -> Vec<String> {
    let Some(known) = event::find(event.kind) else { return vec![format!("{} is not in the catalogue", event.kind)] };
    let mut found = Vec::new();
    if known.subject != event.subject_kind {
        found.push(format!("{} is about {}, not about {}", event.kind, known.subject, event.subject_kind));
    }
    object(known.data, &event.data, event.kind, &mut found);
    found
}

fn object(members: &[Member], value: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(given) = value else {
        found.push(format!("{at} is no object: {value}"));
        return;
    };
    for member in members {
        match given.get(member.name).filter(|value| !value.is_null()) {
            Some(value) => form(member.form, value, &format!("{at}/{}", member.name), found),
            None if member.always => found.push(format!("{at}/{} is missing", member.name)),
            None => {}
        }
    }
    let is_known = |name: &str| members.iter().any(|member| member.name == name);
    found.extend(given.keys().filter(|name| !is_known(name)).map(|name| format!("{at}/{name} is not described")));
}

fn form(form: Form, value: &Value, at: &str, found: &mut Vec<String>) {
    let fine = match form {
        Form::Text => value.is_string(),
        Form::Texts | Form::Map => value.as_object().is_some_and(|texts| texts.values().all(Value::is_string)),
        Form::Id => is(value, |text| Uuid::from_str(text).is_ok()),
        Form::Integer => value.is_i64() || value.is_u64(),
        Form::Flag => value.is_boolean(),
        Form::Decimal => is_decimal(value),
        Form::Money => is_pair(value, "amount", "currency"),
        Form::Quantity => is_pair(value, "value", "unit"),
        Form::Time => is(value, |text| text.ends_with('Z') && DateTime::parse_from_rfc3339(text).is_ok()),
        Form::Date => is(value, |text| NaiveDate::from_str(text).is_ok()),
        Form::Digest => is(value, |text| text.len() == 64 && hex::decode(text).is_ok()),
        Form::List(inner) => match value {
            Value::Array(items) => {
                items.iter().for_each(|item| self::form(*inner, item, at, found));
                true
            }
            _ => false,
        },
        Form::Object(members) => {
            object(members, value, at, found);
            true
        }
    };
    if !fine {
        found.push(format!("{at} is no {form:?}: {value}"));
    }
}

fn is(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_str().is_some_and(fits)
}

fn is_decimal(value: &Value) -> bool {
    is(value, |text| Decimal::from_str(text).is_ok())
}

fn is_pair(value: &Value, number: &str, text: &str) -> bool {
    let fits = |given: &Map<String, Value>| {
        given.len() == 2 && given.get(number).is_some_and(is_decimal) && given.get(text).is_some_and(Value::is_string)
    };
    value.as_object().is_some_and(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &'static str, subject_kind: &'static str, data: Value) -> Event {
        Event {
            id: Uuid::nil(),
            kind,
            subject_kind,
            subject_id: Uuid::nil(),
            subject_version: 1,
            portal_id: None,
            actor_id: None,
            request_id: None,
            audience: Vec::new(),
            data,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_is_not_described_is_found() {
        let total = json!({"amount": "12.50", "currency": "EUR"});
        let data = json!({"number": "PO-1", "buyer_id": Uuid::nil(), "seller_id": null, "total": total});
        assert_eq!(faults(&event("order.placed", "order", data.clone())), Vec::<String>::new());
        assert_eq!(faults(&event("order.eaten", "order", data.clone())), ["order.eaten is not in the catalogue"]);
        assert_eq!(faults(&event("order.placed", "ordr", data)).len(), 1);
        let data = json!({"number": 7, "total": {"amount": "12.50"}, "more": 1});
        assert_eq!(
            faults(&event("order.placed", "order", data)),
            [
                "order.placed/number is no Text: 7",
                "order.placed/buyer_id is missing",
                r#"order.placed/total is no Money: {"amount":"12.50"}"#,
                "order.placed/more is not described",
            ]
        );
        assert_eq!(faults(&event("person.changed", "person", json!([]))), ["person.changed is no object: []"]);
    }
}
