//! Requests and quotes as they would be sent in, put together from their parts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::setting::Setting;

/// What is asked of steel beside its name.
pub struct Steel {
    pub category: Uuid,
    pub grade: &'static str,
    /// In millimetres; none of sections.
    pub thickness: Option<&'static str>,
    pub width: Option<&'static str>,
}

/// Says more in a body, or something else.
pub fn with(mut body: Value, more: Value) -> Value {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

/// A line with its name in English and Russian.
pub fn line(number: u16, [en, ru]: [&str; 2], quantity: &str, unit: &str) -> Value {
    json!({"number": number, "name": {"en": en, "ru": ru}, "quantity": quantity, "unit": unit})
}

/// A line of steel, in tonnes.
pub fn steel(number: u16, names: [&str; 2], tonnes: &str, what: &Steel) -> Value {
    let mut specification = json!({"grade": what.grade});
    for (key, size) in [("thickness", what.thickness), ("width", what.width)] {
        if let Some(size) = size {
            specification[key] = json!({"value": size, "unit": "MMT"});
        }
    }
    with(line(number, names, tonnes, "TNE"), json!({"category_id": what.category, "specification": specification}))
}

/// A request in euros, to be delivered to a place and paid within 30 days. Questions and quotes end at noon of these
/// days.
pub fn request(
    setting: &Setting,
    [en, ru]: [&str; 2],
    place: &str,
    [questions, quotes]: [i64; 2],
    lines: Vec<Value>,
) -> Value {
    json!({
        "title": {"en": en, "ru": ru}, "lines": lines, "currencies": ["EUR"],
        "terms": {"incoterm": "DAP", "place": place, "payment_days": 30},
        "deadlines": {"questions": setting.time(questions, 12), "quotes": setting.time(quotes, 12)}
    })
}

/// An offer for a line as it was asked for.
pub fn offer(line: u16, unit_price: &str, lead_time_days: u16) -> Value {
    json!({"line": line, "unit_price": unit_price, "lead_time_days": lead_time_days})
}

/// A quote in euros to the first version of a request, valid for the next 40 days. Exports bear no value added tax.
pub fn quote(setting: &Setting, offers: Vec<Value>) -> Value {
    json!({"version": 1, "currency": "EUR", "valid_until": setting.day(40), "tax_rate": "0", "offers": offers})
}
