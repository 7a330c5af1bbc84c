//! The API document: committed, served, valid, and complete enough to work from.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::operations::{Operation, operations};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
const SCHEMA: &str = include_str!("../data/openapi-3.1/schema.json");

/// Fails naming everything that is amiss, not just the first thing.
#[track_caller]
fn assert_none(amiss: &[String], what: &str) {
    assert!(amiss.is_empty(), "{what}\n{}", amiss.join("\n"));
}

/// `UPDATE=1 cargo test openapi` writes the file.
#[test]
fn the_committed_document_is_what_the_server_makes() {
    let made = serde_json::to_string_pretty(&api::server::document()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(COMMITTED, &made).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap();
    let first = made.lines().zip(committed.lines()).enumerate().find(|(_, (made, committed))| made != committed);
    assert!(
        made == committed,
        "openapi/openapi.json is stale, run this test with UPDATE=1; first difference: {first:?}"
    );
}

// S23
#[tokio::test]
async fn the_running_server_serves_this_document_and_a_page_to_browse_it() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    assert_eq!(anonymous.get("/openapi.json").await.expect(200).json(), api::server::document());
    assert_eq!(anonymous.get("/docs").await.header("location"), "/docs/");
    let page = anonymous.get("/docs/").await.expect(200).text;
    // The page's assets come from the server itself.
    assert!(page.contains("swagger-ui") && !page.contains("https://") && !page.contains("//cdn"), "{page}");
    anonymous.get("/docs/swagger-ui-bundle.js").await.expect(200);
}

#[test]
fn the_document_is_valid_openapi_3_1() {
    let document = api::server::document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["license"]["name"].as_str().is_some_and(|name| !name.is_empty()));
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors = validator.iter_errors(&document).map(|error| format!("{}: {error:.200}", error.instance_path()));
    assert_none(&errors.collect::<Vec<_>>(), "the document is no valid OpenAPI 3.1:");
    // That schema leaves out what a schema may look like.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "the schema {name} is none");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|one| walk(one, found));
            }
            Value::Array(items) => items.iter().for_each(|one| walk(one, found)),
            _ => {}
        }
    }
    let document = api::server::document();
    let mut found = BTreeSet::new();
    walk(&document, &mut found);
    assert!(found.len() > 50);
    let astray = |reference: &&str| document.pointer(reference.trim_start_matches('#')).is_none();
    let astray: Vec<String> = found.into_iter().filter(astray).map(str::to_owned).collect();
    assert_none(&astray, "these lead nowhere:");
}

#[test]
fn every_operation_is_described() {
    let document = api::server::document();
    let tags: BTreeSet<&str> = document["tags"].as_array().unwrap().iter().filter_map(|t| t["name"].as_str()).collect();
    let mut amiss = Vec::new();
    let mut ids = BTreeSet::new();
    for one in operations(&document) {
        let mut check = |fine: bool, what: &str| {
            if !fine {
                amiss.push(format!("{}: {what}", one.name()));
            }
        };
        let text = |key: &str| one.body[key].as_str().unwrap_or_default();
        check(text("summary").len() > 5 || text("description").len() > 5, "no summary");
        check(!text("operationId").is_empty() && ids.insert(text("operationId").to_owned()), "no id of its own");
        let own: Vec<&str> = one.body["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        check(!own.is_empty() && own.iter().all(|tag| tags.contains(tag)), "no tag that the document explains");
        let responses = one.body["responses"].as_object().cloned().unwrap_or_default();
        check(responses.keys().any(|status| status.starts_with('2') || status == "101"), "no good answer");
        check(responses.contains_key("429") && responses.contains_key("503"), "not all statuses");
        let described = |answer: &Value| answer["description"].as_str().is_some_and(|text| text.len() > 1);
        check(responses.values().all(described), "a response without description");
        check(one.is_public() || responses.contains_key("401"), "401 is missing");
        check(one.body["description"] != one.body["summary"], "the summary twice");
    }
    assert_none(&amiss, "operations that are not described:");
}

#[test]
fn every_parameter_is_declared_as_it_is_used() {
    let mut amiss = Vec::new();
    for one in operations(&api::server::document()) {
        let declared: BTreeSet<String> = one.parameters("path").into_iter().collect();
        let used: BTreeSet<String> = one.path_parameters().into_iter().collect();
        if declared != used {
            amiss.push(format!("{}: {used:?} declared as {declared:?}", one.name()));
        }
        let headers = one.parameters("header");
        // Answers that hold tokens are not kept, so these calls take no key and must not promise to; cXML brings one in its documents.
        let secret = ["/v1/sessions", "/v1/sessions/refresh", "/oauth/token", "/v1/cxml"].contains(&one.path.as_str());
        let takes_key = headers.iter().any(|name| name == "Idempotency-Key");
        if takes_key != (one.method == "POST" && !secret) {
            amiss.push(format!("{}: Idempotency-Key {}", one.name(), if takes_key { "declared" } else { "missing" }));
        }
        // What a market holds changes under everybody's hands and has no version: a change says the new whole.
        let is_markets = one.path.contains("/exchange/") || one.path.contains("/holdings/");
        let edits = ["PATCH", "PUT"].contains(&one.method.as_str()) && !is_markets;
        if edits && !headers.iter().any(|name| name == "If-Match") {
            amiss.push(format!("{}: no If-Match", one.name()));
        }
    }
    assert_none(&amiss, "parameters:");
}

/// The schema of a request body in one of its media types.
fn request_schemas(one: &Operation) -> Vec<(String, Value)> {
    let content = one.body["requestBody"]["content"].as_object().cloned().unwrap_or_default();
    content.into_iter().map(|(kind, media)| (kind, media["schema"].clone())).collect()
}

#[test]
fn every_request_body_has_an_example() {
    let document = api::server::document();
    let mut amiss = Vec::new();
    for one in operations(&document) {
        for (kind, schema) in request_schemas(&one) {
            let reference = schema["$ref"].as_str().unwrap_or_default();
            let named = document.pointer(reference.trim_start_matches('#')).unwrap_or(&schema);
            // A file has no example; what is said of it in the other parts has.
            let parts =
                named["properties"].as_object().into_iter().flatten().filter_map(|(_, part)| part["$ref"].as_str());
            let fine = if kind.starts_with("multipart/") {
                parts
                    .filter_map(|part| document.pointer(part.trim_start_matches('#')))
                    .all(|part| part.get("example").is_some())
            } else {
                named.get("example").is_some()
            };
            if !fine {
                amiss.push(format!("{} ({kind}): {reference}", one.name()));
            }
        }
    }
    assert_none(&amiss, "request bodies without an example:");
}

#[test]
fn every_example_fits_its_schema() {
    let document = api::server::document();
    let mut amiss = Vec::new();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let Some(example) = schema.get("example") else { continue };
        let whole = json!({"$ref": format!("#/components/schemas/{name}"), "components": document["components"]});
        let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        amiss.extend(validator.iter_errors(example).map(|error| format!("{name}{}: {error}", error.instance_path())));
    }
    assert_none(&amiss, "examples that do not fit:");
}
