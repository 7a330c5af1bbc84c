//! A line of NDJSON as fields: the members of members are joined by a point.

use domain::catalogue::import::Cell;
use domain::kernel::refusal::Invalid;
use serde_json::Value;

use crate::http::json;

/// What a member states, or why it states nothing.
pub type Member = Result<Cell, Invalid>;

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

/// A text, or a number with a unit: `{"value": "12", "unit": "MMT"}`.
fn text_or_quantity(value: Value) -> Member {
    let part = |name: &str| value.get(name).and_then(Value::as_str);
    match (&value, part("value"), part("unit")) {
        (Value::Object(members), Some(number), Some(unit)) if members.len() == 2 => {
            Ok(Cell::Quantity { value: number.to_owned(), unit: unit.to_owned() })
        }
        (Value::Object(members), Some(number), None) if members.len() == 1 => Ok(Cell::Text(number.to_owned())),
        _ => text(value),
    }
}

fn text(value: Value) -> Member {
    match value {
        Value::Null => Ok(Cell::Clear),
        Value::String(text) => Ok(Cell::Text(text)),
        Value::Bool(flag) => Ok(Cell::Text(flag.to_string())),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(Cell::Text(number.to_string())),
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
        let mut read: Vec<(String, Cell)> =
            read.unwrap().into_iter().map(|(name, value)| (name, value.unwrap())).collect();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [
            ("gtin", Cell::Clear),
            ("lead_time_days", Cell::Text("3".into())),
            ("name.en", Cell::Text("Bolt".into())),
            ("price.2.5", Cell::Text("1.20".into())),
            ("sku", Cell::Text("A".into())),
        ];
        assert_eq!(read, expected.map(|(name, cell)| (name.to_owned(), cell)));
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
