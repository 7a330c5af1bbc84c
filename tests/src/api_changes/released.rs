//! What is kept of a released API document: all but its prose, a line for each call and each schema.

use std::fmt::Write;

use serde_json::{Map, Value, json};

/// What people read, and no client depends on.
const PROSE: [&str; 7] = ["description", "summary", "example", "examples", "title", "externalDocs", "contact"];

/// Members whose own members are names, not words of OpenAPI.
const NAMES: [&str; 3] = ["properties", "schemas", "patternProperties"];

/// The text that is kept of a document as it is released.
pub fn released(document: &Value) -> String {
    let bare = without_prose(document, false);
    let mut text = format!("{{\"openapi\":{}", bare["openapi"]);
    let none = json!({});
    let parts = [
        ("paths", &bare["paths"]),
        ("webhooks", bare.get("webhooks").unwrap_or(&none)),
        ("schemas", &bare["components"]["schemas"]),
    ];
    for (name, part) in parts {
        let members = part.as_object().into_iter().flatten();
        let lines: Vec<String> = members.map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        let _ = write!(text, ",\n\"{name}\":{{\n{}\n}}", lines.join(",\n"));
    }
    text + "}\n"
}

/// The document that such a text is of, as far as it was kept.
pub fn read(text: &str) -> Value {
    let mut kept: Value = serde_json::from_str(text).expect("openapi/released.json is JSON");
    let schemas = kept["schemas"].take();
    kept["components"] = json!({"schemas": schemas});
    kept
}

fn without_prose(value: &Value, are_names: bool) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| are_names || !PROSE.contains(&name.as_str()));
            let bare = kept.map(|(name, value)| {
                (name.clone(), without_prose(value, !are_names && NAMES.contains(&name.as_str())))
            });
            Value::Object(bare.collect::<Map<String, Value>>())
        }
        Value::Array(items) => items.iter().map(|item| without_prose(item, false)).collect(),
        other => other.clone(),
    }
}
