//! The schemas of the published document: each once, under its name, none that nothing speaks of, and none that nothing fits.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Where the schemas are in the document.
const PREFIX: &str = "#/components/schemas/";

/// How a list of things is named: `Items_Order`.
const LIST: &str = "Items_";

/// Makes lists refer to what they are of, which utoipa writes out again, joins what is put together of closed parts, and leaves out what
/// nothing refers to.
pub fn tidy(document: &mut Value) {
    let Some(Value::Object(mut schemas)) = document.pointer_mut("/components/schemas").map(Value::take) else { return };
    refer(&mut schemas);
    join(&mut schemas);
    let mut used = BTreeSet::new();
    reach(document, &schemas, &mut used);
    schemas.retain(|name, _| used.contains(name));
    document["components"]["schemas"] = Value::Object(schemas);
}

fn refer(schemas: &mut Map<String, Value>) {
    let known = schemas.clone();
    for (name, schema) in schemas.iter_mut() {
        let Some(of) = name.strip_prefix(LIST) else { continue };
        let items = &mut schema["properties"]["items"]["items"];
        if known.get(of) == Some(items) {
            *items = json!({"$ref": format!("{PREFIX}{of}")});
        }
    }
}

/// An answer that holds what a request takes, and more: the request takes no other members, so that nothing would fit both. The answer
/// becomes one object with the members of all its parts.
fn join(schemas: &mut Map<String, Value>) {
    let known = schemas.clone();
    for schema in schemas.values_mut() {
        let Some(parts) = schema["allOf"].as_array() else { continue };
        let parts: Vec<&Value> = parts.iter().flat_map(|part| parts_of(part, &known)).collect();
        if !parts.iter().any(|part| part["additionalProperties"] == false) {
            continue;
        }
        let members = |part: &&Value| part["properties"].as_object().cloned().unwrap_or_default();
        let properties: Map<String, Value> = parts.iter().flat_map(members).collect();
        let required: Vec<&Value> = parts.iter().flat_map(|part| part["required"].as_array()).flatten().collect();
        let mut joined = json!({"type": "object", "required": required, "properties": properties});
        for word in ["description", "example"] {
            if let Some(said) = schema.get(word) {
                joined[word] = said.clone();
            }
        }
        *schema = joined;
    }
}

/// The objects that a schema is put together of.
fn parts_of<'a>(schema: &'a Value, known: &'a Map<String, Value>) -> Vec<&'a Value> {
    let to = schema["$ref"].as_str().and_then(|to| to.strip_prefix(PREFIX)).and_then(|name| known.get(name));
    let schema = to.unwrap_or(schema);
    match schema["allOf"].as_array() {
        Some(parts) => parts.iter().flat_map(|part| parts_of(part, known)).collect(),
        None => vec![schema],
    }
}

/// Notes the schemas that a value refers to, and those that these refer to.
fn reach(value: &Value, schemas: &Map<String, Value>, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let to = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(PREFIX));
            if let Some(name) = to
                && used.insert(name.to_owned())
                && let Some(schema) = schemas.get(name)
            {
                reach(schema, schemas, used);
            }
            members.values().for_each(|member| reach(member, schemas, used));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, schemas, used)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_refer_to_their_things_and_what_nothing_refers_to_goes() {
        let thing = json!({"type": "object", "properties": {"part": {"$ref": "#/components/schemas/Part"}}});
        let mut document = json!({
            "paths": {"/things": {"get": {"schema": {"$ref": "#/components/schemas/Items_Thing"}}}},
            "components": {"schemas": {
                "Items_Thing": {"properties": {"items": {"type": "array", "items": thing}}},
                "Thing": thing, "Part": {"type": "string"}, "Lost": {"$ref": "#/components/schemas/Lost"},
            }},
        });
        tidy(&mut document);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Items_Thing", "Part", "Thing"]);
        assert_eq!(
            schemas["Items_Thing"]["properties"]["items"]["items"],
            json!({"$ref": "#/components/schemas/Thing"})
        );
    }
}
