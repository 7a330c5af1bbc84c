//! What of a new API document breaks clients that were written against the last released one.
//!
//! Clients send what they always sent and read what they always read: so nothing may go from what they call, become needed of what they
//! send or be refused of it, nor go from what they get. What is added does not break them.

mod released;
mod schema;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use released::{read, released};
use schema::{Comparison, Way};

/// All breaking changes between two documents, each in one line that names it. Such a line in the changelog allows it.
pub fn breaking(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let operations = |document: &Value, part: &str| -> Vec<(String, String, Value)> {
        let of = |(path, item): (&String, &Value)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(|(method, operation)| (method.clone(), path.clone(), operation.clone())).collect::<Vec<_>>()
        };
        document[part].as_object().into_iter().flatten().flat_map(of).collect()
    };
    for (method, path, old) in operations(before, "paths") {
        let name = format!("{} {path}", method.to_uppercase());
        match after["paths"][&path].get(&method) {
            None => found.push(format!("{name} is gone")),
            Some(new) => operation(&name, (before, &old), (after, new), &mut found),
        }
    }
    for (method, kind, old) in operations(before, "webhooks") {
        let name = format!("webhook {kind}");
        match after["webhooks"][&kind].get(&method) {
            None => found.push(format!("{name} is gone")),
            // Who gets a webhook reads its body as others read answers.
            Some(new) => {
                bodies(&name, Way::Answer, (before, &old["requestBody"]), (after, &new["requestBody"]), &mut found)
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The changes that no line of the changelog names.
pub fn unannounced(changes: &[String], changelog: &str) -> Vec<String> {
    let announced =
        |change: &&String| changelog.lines().any(|line| line.contains("Breaking:") && line.contains(change.as_str()));
    changes.iter().filter(|change| !announced(change)).cloned().collect()
}

/// A value and the document that it stands in.
type Within<'a> = (&'a Value, &'a Value);

fn operation(name: &str, (before, old): Within<'_>, (after, new): Within<'_>, found: &mut Vec<String>) {
    parameters(name, (before, old), (after, new), found);
    let required = |operation: &Value| operation["requestBody"]["required"] == true;
    if required(new) && !required(old) {
        found.push(format!("{name}: a body is needed"));
    }
    bodies(&format!("{name}: body"), Way::Request, (before, &old["requestBody"]), (after, &new["requestBody"]), found);
    for (status, answer) in old["responses"].as_object().into_iter().flatten() {
        match new["responses"].get(status) {
            None => found.push(format!("{name}: it does not answer {status} any more")),
            Some(now) => bodies(&format!("{name}: {status}"), Way::Answer, (before, answer), (after, now), found),
        }
    }
    for callers in callers(old).difference(&self::callers(new)) {
        found.push(format!("{name}: not any more for {callers}"));
    }
}

/// Who may call an operation.
fn callers(operation: &Value) -> BTreeSet<String> {
    let Some(all) = operation["security"].as_array() else {
        return ["anybody"].into_iter().map(str::to_owned).collect();
    };
    let names = all.iter().filter_map(Value::as_object).flat_map(|one| {
        if one.is_empty() {
            vec!["anybody".to_owned()]
        } else {
            one.iter().map(|(who, scopes)| format!("{who} {scopes}")).collect()
        }
    });
    names.collect()
}

fn parameters(name: &str, (before, old): Within<'_>, (after, new): Within<'_>, found: &mut Vec<String>) {
    let all = |operation: &Value| operation["parameters"].as_array().cloned().unwrap_or_default();
    let key = |one: &Value| (one["in"].clone(), one["name"].clone());
    let (old, new) = (all(old), all(new));
    for was in &old {
        let of = format!("{name}: the parameter {}", was["name"].as_str().unwrap_or_default());
        let Some(now) = new.iter().find(|one| key(one) == key(was)) else {
            found.push(format!("{of} is gone"));
            continue;
        };
        if now["required"] == true && was["required"] != true {
            found.push(format!("{of} is needed"));
        }
        Comparison::new(before, after, Way::Request).compare(&of, &was["schema"], &now["schema"], found);
    }
    for now in new.iter().filter(|now| now["required"] == true && !old.iter().any(|was| key(was) == key(now))) {
        found.push(format!("{name}: the parameter {} is needed", now["name"].as_str().unwrap_or_default()));
    }
}

fn bodies(name: &str, way: Way, (before, old): Within<'_>, (after, new): Within<'_>, found: &mut Vec<String>) {
    let none = Map::new();
    for (kind, media) in old["content"].as_object().unwrap_or(&none) {
        match new["content"].get(kind) {
            None => found.push(format!("{name}: {kind} is gone")),
            // What a stream sends is said in words.
            Some(_) if kind == "text/event-stream" => {}
            Some(now) => Comparison::new(before, after, way).compare(name, &media["schema"], &now["schema"], found),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "paths": {
                "/v1/things": {"post": {
                    "security": [{"person": []}, {"client": ["things:write"]}],
                    "parameters": [{"name": "limit", "in": "query", "required": false, "schema": {"type": "integer", "maximum": 200}}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
                    "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
                }},
                "/v1/parts": {"get": {"responses": {"200": {"description": "All parts"}}}},
            },
            "webhooks": {"thing.made": {"post": {"requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "required": ["data"], "properties": {"data": {"$ref": "#/components/schemas/Thing"}}}}}}}}},
            "components": {"schemas": {
                "NewThing": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "maxLength": 20}, "colour": {"type": "string", "enum": ["red", "blue"]},
                    "kind": {"type": "string", "pattern": "^(csv|xml)$"},
                    "within": {"$ref": "#/components/schemas/NewThing"}}},
                "Thing": {"type": "object", "required": ["id", "name"], "properties": {
                    "id": {"type": "string"}, "name": {"type": "string"}, "size": {"type": ["integer", "null"]}}},
            }},
        })
    }

    /// What a change of the document breaks.
    fn broken(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let (before, mut after) = (document(), document());
        change(&mut after);
        breaking(&before, &after)
    }

    const CALL: &str = "POST /v1/things";

    #[test]
    fn what_is_added_breaks_nobody() {
        assert_eq!(broken(|_| {}), Vec::<String>::new());
        let more = broken(|document| {
            document["paths"]["/v1/more"] = json!({"get": {}});
            document["components"]["schemas"]["Thing"]["properties"]["more"] = json!({"type": "string"});
            document["components"]["schemas"]["NewThing"]["properties"]["more"] = json!({"type": "string"});
            document["components"]["schemas"]["NewThing"]["properties"]["colour"]["enum"] =
                json!(["red", "blue", "green"]);
            document["components"]["schemas"]["NewThing"]["properties"]["name"]["maxLength"] = json!(30);
            document["components"]["schemas"]["NewThing"]["properties"]["kind"]["pattern"] = json!("^(csv|json|xml)$");
            document["components"]["schemas"]["NewThing"]["required"] = json!([]);
            let call = &mut document["paths"]["/v1/things"]["post"];
            call["responses"]["409"] = json!({"description": "A rule says no"});
            let more = json!({"name": "more", "in": "query", "required": false, "schema": {}});
            call["parameters"].as_array_mut().unwrap().push(more);
            call["security"].as_array_mut().unwrap().push(json!({}));
        });
        assert_eq!(more, Vec::<String>::new());
    }

    #[test]
    fn what_goes_from_calls_and_answers_breaks_clients() {
        let gone = broken(|document| {
            document["paths"]["/v1/parts"] = json!({});
            document["webhooks"] = json!({});
            document["paths"]["/v1/things"]["post"]["parameters"] = json!([]);
            document["paths"]["/v1/things"]["post"]["security"] = json!([{"person": []}]);
        });
        let client = format!("{CALL}: not any more for client [\"things:write\"]");
        assert_eq!(
            gone,
            [
                "GET /v1/parts is gone",
                client.as_str(),
                "POST /v1/things: the parameter limit is gone",
                "webhook thing.made is gone"
            ]
        );
        let thinner = broken(|document| {
            document["components"]["schemas"]["Thing"]["properties"] =
                json!({"id": {"type": "string"}, "size": {"type": "string"}});
            document["components"]["schemas"]["Thing"]["required"] = json!([]);
        });
        let of = |name: &str, at: &str| {
            [
                format!("{name}{at}/id can be absent"),
                format!("{name}{at}/name is gone"),
                format!("{name}{at}/size can be a string"),
            ]
        };
        assert_eq!(thinner, [of(&format!("{CALL}: 201"), ""), of("webhook thing.made", "/data")].concat());
    }

    #[test]
    fn what_becomes_needed_or_refused_breaks_clients() {
        let stricter = broken(|document| {
            let thing = &mut document["components"]["schemas"]["NewThing"];
            thing["required"] = json!(["name", "colour"]);
            thing["properties"]["colour"]["enum"] = json!(["red"]);
            thing["properties"]["kind"]["pattern"] = json!("^(csv|json)$");
            thing["properties"]["name"] = json!({"type": "string", "maxLength": 10, "pattern": "^x"});
            let call = &mut document["paths"]["/v1/things"]["post"];
            call["requestBody"]["required"] = json!(true);
            call["parameters"] = json!([
                {"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 100}},
                {"name": "more", "in": "query", "required": true, "schema": {}}]);
        });
        let expected = [
            "a body is needed",
            "body/colour is needed",
            "body/colour takes \"blue\" no more",
            "body/kind: pattern is another one",
            "body/name: maxLength is stricter",
            "body/name: pattern is another one",
            "the parameter limit is needed",
            "the parameter limit: maximum is stricter",
            "the parameter more is needed",
        ];
        assert_eq!(stricter, expected.map(|what| format!("{CALL}: {what}")));
        let gone = broken(|document| {
            let thing = &mut document["components"]["schemas"]["NewThing"]["properties"];
            thing.as_object_mut().unwrap().remove("colour");
        });
        assert_eq!(gone, [format!("{CALL}: body/colour is gone")]);
    }

    #[test]
    fn a_line_of_the_changelog_allows_a_change() {
        let changes = ["GET /v1/parts is gone".to_owned(), "POST /v1/things: a body is needed".to_owned()];
        let changelog = "# Changes\n- Breaking: `GET /v1/parts is gone`; ask for `/v1/pieces`.\n- POST /v1/things: a body is needed\n";
        assert_eq!(unannounced(&changes, changelog), changes[1..]);
    }
}
