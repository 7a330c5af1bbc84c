//! The OpenAPI document: what the handlers declare, completed by what the conventions say of all of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

use super::life;
use super::problem::{FaultDocument, ProblemDocument};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Torg",
        description = "A marketplace server for companies: catalogues, orders, contracts, deliveries, invoices and payments.\n\n\
            Amounts are decimal strings, times are RFC 3339 in UTC, errors are problem documents (RFC 9457). Every POST takes an \
            `Idempotency-Key`; every change of a resource that was read needs its `ETag` in `If-Match`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Torg", url = "https://torg.example/")
    ),
    servers((url = "/", description = "This server")),
    components(schemas(ProblemDocument, FaultDocument)),
    tags(
        (name = "party", description = "Legal entities, people, credentials"),
        (name = "portal", description = "Open and closed portals and their members"),
        (name = "catalogue", description = "Categories, products, offers, price lists, search"),
        (name = "ordering", description = "Draft and placed orders"),
        (name = "contract", description = "Agreements, signatures, deliveries"),
        (name = "billing", description = "Invoices, credit notes, payments, the ledger"),
        (name = "document", description = "Files, versions, publication"),
        (name = "event", description = "What happened"),
        (name = "exchange", description = "Instruments traded on order books, and when they are"),
        (name = "sourcing", description = "Requests for quotation, quotes, comparison, negotiation, awards and framework agreements"),
        (name = "auction", description = "Surplus stock to the best bid, and contracts for which suppliers undercut each other"),
        (name = "integration", description = "What other systems connect to: webhooks, documents of procurement systems, statements of banks, exports of everything"),
        (name = "service", description = "The service itself")
    )
)]
struct Base;

/// The document as the handlers declare it, before [`complete`].
pub fn base() -> Document {
    Base::openapi()
}

/// Adds what the conventions say: security schemes, who may call, the problems each call can answer, the headers it takes and gives, and
/// the patch form of every schema that is patched.
pub fn complete(document: &Document) -> Value {
    let mut value = serde_json::to_value(document).unwrap_or_default();
    value["openapi"] = json!("3.1.0");
    value["components"]["securitySchemes"] = json!({
        "person": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of `POST /v1/sessions`."},
        "client": {"type": "oauth2", "description": "The access token of `POST /oauth/token`.", "flows": {"clientCredentials": {
            "tokenUrl": "/oauth/token", "scopes": scopes()}}}
    });
    let mut patched = BTreeSet::new();
    if let Some(paths) = value["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete_operation(path, method, operation, &mut patched);
            }
        }
    }
    for name in patched {
        let schema = patch_of(&value["components"]["schemas"][&name]);
        value["components"]["schemas"][format!("{name}Patch")] = schema;
    }
    value
}

fn scopes() -> Value {
    let scopes = domain::party::Scope::ALL.iter().map(|scope| (scope.code().to_owned(), json!(scope.meaning())));
    Value::Object(scopes.collect())
}

/// Calls that hand out secrets, whose answers are therefore never kept; and cXML, whose documents bring a key of their own.
const WITHOUT_KEY: [&str; 4] = ["/v1/sessions", "/v1/sessions/refresh", "/oauth/token", "/v1/cxml"];

fn complete_operation(path: &str, method: &str, operation: &mut Value, patched: &mut BTreeSet<String>) {
    describe_callers(operation);
    problems(path, method, operation);
    files_and_streams(operation);
    // No bounds: an id that is no good one is replaced, not refused.
    add_parameter(
        operation,
        "X-Request-Id",
        "An id for the logs; one is made where it is absent or odd.",
        json!({"type": "string"}),
    );
    if method == "patch"
        && let Some(name) = body_schema(operation)
    {
        let reference = json!({"$ref": format!("#/components/schemas/{name}Patch")});
        operation["requestBody"]["content"] = json!({"application/merge-patch+json": {"schema": reference}});
        patched.insert(name);
    }
    if let Some(deprecated) = life::of(method, path) {
        deprecated.describe(operation);
    }
}

/// Says at the end of the description who may call.
fn describe_callers(operation: &mut Value) {
    let security = operation["security"].as_array();
    let machine = security.and_then(|all| all.iter().find_map(|one| one.get("client")));
    let callers = match (security, machine.map(|scopes| scopes[0].as_str())) {
        (None, _) => "Anybody may call it, without a token.".to_owned(),
        (Some(all), _) if all.iter().any(|one| one.as_object().is_some_and(Map::is_empty)) => {
            "It needs no token; with one you get what is for you.".to_owned()
        }
        (_, None) => "For people: machines cannot call it.".to_owned(),
        (_, Some(None)) => "For people, and for machines with any scope.".to_owned(),
        (_, Some(Some(scope))) => format!("For people, and for machines with the scope `{scope}`."),
    };
    let said = operation["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
    operation["description"] = json!(said + &callers);
}

/// The problems that the call can answer, by what it is and takes.
fn problems(path: &str, method: &str, operation: &mut Value) {
    let public = operation.get("security").is_none();
    let has_body = operation.get("requestBody").is_some();
    let conditional = has_parameter(operation, "If-Match");
    let mut statuses: Vec<(u16, &str)> =
        vec![(400, "The request cannot be read"), (429, "Too many requests"), (500, "Our fault"), (503, "Not now")];
    if !public {
        statuses.extend([(401, "No good access token"), (403, "Not allowed")]);
    }
    if path.contains('{') || has_body || has_parameter(operation, "portal") {
        statuses.push((404, "Not found, or not to be known of"));
    }
    if has_body {
        statuses.extend([(413, "The body is too large"), (415, "Another media type"), (422, "The input has faults")]);
    }
    if method != "get" {
        statuses.push((409, "A rule says no"));
    }
    if method == "post" {
        statuses.push((422, "The input has faults"));
    }
    if method == "post" && !WITHOUT_KEY.contains(&path) {
        let form = json!({"type": "string", "minLength": 1, "maxLength": 255});
        let meaning = "Makes it safe to send the request again: 1 to 255 visible characters.";
        add_parameter(operation, "Idempotency-Key", meaning, form);
    }
    if conditional {
        statuses.extend([(412, "The resource has changed meanwhile"), (428, "If-Match is needed")]);
    }
    let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    let responses = operation["responses"].as_object_mut();
    if let Some(responses) = responses {
        for (status, description) in statuses {
            responses.entry(status.to_string()).or_insert_with(|| json!({"description": description}));
        }
        for (status, response) in responses.iter_mut() {
            if status.starts_with(['4', '5']) && response.get("content").is_none() {
                response["content"] = problem.clone();
            }
        }
        responses.values_mut().for_each(response_headers);
    }
}

/// A file is of its own media type. A stream of events has no schema: this version of OpenAPI speaks of whole answers alone.
fn files_and_streams(operation: &mut Value) {
    for answer in operation["responses"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        let Some(content) = answer.get_mut("content").and_then(Value::as_object_mut) else { continue };
        if let Some(file) = content.get("application/octet-stream").cloned() {
            content.insert("*/*".to_owned(), file);
        }
        if let Some(stream) = content.get_mut("text/event-stream") {
            *stream = json!({});
        }
    }
}

fn response_headers(response: &mut Value) {
    if !response["headers"].is_object() {
        response["headers"] = Value::Object(Map::new());
    }
    response["headers"]["X-Request-Id"] =
        json!({"description": "The id of the request.", "schema": {"type": "string"}});
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name))
}

/// A header that may be sent.
fn add_parameter(operation: &mut Value, name: &str, description: &str, schema: Value) {
    if has_parameter(operation, name) {
        return;
    }
    let parameter =
        json!({"name": name, "in": "header", "required": false, "description": description, "schema": schema});
    match operation["parameters"].as_array_mut() {
        Some(all) => all.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

fn body_schema(operation: &Value) -> Option<String> {
    let content = operation["requestBody"]["content"].as_object()?;
    let reference = content.values().next()?["schema"]["$ref"].as_str()?;
    reference.rsplit('/').next().map(str::to_owned)
}

/// A merge patch of an object: nothing is required, and `null` takes a member away.
fn patch_of(schema: &Value) -> Value {
    let mut patch = schema.clone();
    if let Some(object) = patch.as_object_mut() {
        object.remove("required");
        object.insert(
            "description".into(),
            json!("A JSON Merge Patch (RFC 7396): members that are absent stay, null takes away."),
        );
    }
    for property in patch["properties"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        if let Some(kind) = property["type"].as_str().map(str::to_owned) {
            property["type"] = json!([kind, "null"]);
        } else if property.get("$ref").is_some() {
            *property = json!({"oneOf": [{"type": "null"}, property.clone()]});
        }
    }
    patch
}
