//! A line of NDJSON as fields: the members of members are joined by a point.

use domain::kernel::refusal::Invalid;
use serde_json::Value;

use crate::http::json;

/// The text of a member, none where it is null, or why it is none.
pub type Member = Result<Option<String>, Invalid>;

/// The members of an object by name. Decimals are strings, as everywhere.
pub fn members(line: &str) -> Result<Vec<(String, Member)>, Invalid> {
    let odd = |detail: String| Invalid::new("malformed_json", detail);
    let value = json::parse(line.as_bytes()).map_err(|error| odd(format!("The line is not valid JSON: {error}.")))?;
    let Value::Object(object) = value else { return Err(odd("The line is no JSON object.".into())) };
    let mut members = Vec::with_capacity(object.len());
    for (name, value) in object {
        match value {
            Value::Object(inner) => {
                members
                    .extend(inner.into_iter().map(|(key, value)| (format!("{name}.{key}"), text_or_quantity(value))));
            }
            plain => members.push((name, text(plain))),
        }
    }
    Ok(members)
}

/// A text, or a number with a unit: `{"value": "12", "unit": "MMT"}` as `12 MMT`.
fn text_or_quantity(value: Value) -> Member {
    let part = |name: &str| value.get(name).and_then(Value::as_str);
    match (&value, part("value"), part("unit")) {
        (Value::Object(members), Some(number), Some(unit)) if members.len() == 2 => {
            Ok(Some(format!("{number} {unit}")))
        }
        (Value::Object(members), Some(number), None) if members.len() == 1 => Ok(Some(number.to_owned())),
        _ => text(value),
    }
}

fn text(value: Value) -> Member {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(Some(number.to_string())),
        Value::Number(_) => Err(Invalid::new("wrong_type", "Write decimals as strings.")),
        Value::Array(_) | Value::Object(_) => Err(Invalid::new("wrong_type", "A string is expected.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_members_have_a_point_in_their_names() {
        let read = members(
            r#"{"sku": "A", "name": {"en": "Bolt"}, "price": {"2.5": "1.20"}, "gtin": null, "lead_time_days": 3}"#,
        );
        let mut read: Vec<(String, Option<String>)> =
            read.unwrap().into_iter().map(|(name, value)| (name, value.unwrap())).collect();
        read.sort();
        let expected = [
            ("gtin", None),
            ("lead_time_days", Some("3")),
            ("name.en", Some("Bolt")),
            ("price.2.5", Some("1.20")),
            ("sku", Some("A")),
        ];
        assert_eq!(read, expected.map(|(name, text)| (name.to_owned(), text.map(str::to_owned))));
    }

    #[test]
    fn what_is_no_object_of_texts_is_refused() {
        for odd in ["", "1", "[]", "{", r#"{"a": 1, "a": 2}"#] {
            assert_eq!(members(odd).unwrap_err().code, "malformed_json", "{odd}");
        }
        for odd in [r#"{"a": 1.5}"#, r#"{"a": []}"#, r#"{"a": {"b": {}}}"#] {
            assert_eq!(members(odd).unwrap()[0].1.as_ref().unwrap_err().code, "wrong_type", "{odd}");
        }
    }
}
