//! The catalogue of events as others read it: schemas and webhooks of the API document, and the list of all types.

use domain::event::{self, EventType, Form, Member};
use serde_json::{Map, Value, json};

use super::dto::{EventTypeDto, EventTypesDto};

/// All types with their schemas.
pub fn types() -> EventTypesDto {
    let told = |one: &EventType| EventTypeDto {
        kind: one.name.to_owned(),
        subject_kind: one.subject.to_owned(),
        description: one.meaning.to_owned(),
        data: data(one, &inlined),
    };
    EventTypesDto { items: event::all().map(told).collect() }
}

/// Adds a schema and a webhook for each type to the API document.
pub fn describe(document: &mut Value) {
    for (name, meaning) in HEADERS {
        document["components"]["parameters"][name] = json!({"name": name, "in": "header", "required": true,
            "description": meaning, "schema": {"type": "string"}});
    }
    for one in event::all() {
        let name = schema_name(one);
        document["webhooks"][one.name] = json!({"post": webhook(one, &name)});
        document["components"]["schemas"][name] = schema(one);
    }
}

/// The headers of each delivery, by the specification Standard Webhooks.
const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "The id of the message: the same for each attempt, so that what came before is known again."),
    ("webhook-timestamp", "When the attempt was made, in seconds since 1970: refuse what is older than some minutes."),
    (
        "webhook-signature",
        "`v1,` and the HMAC-SHA-256 in base64 of id, timestamp and body, joined by dots; several ones, separated by \
        spaces, while a secret is changed.",
    ),
];

/// `OrderConfirmedEvent` of `order.confirmed`.
pub fn schema_name(one: &EventType) -> String {
    let words = one.name.split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.chain(["Event".to_owned()]).collect()
}

fn webhook(one: &EventType, schema: &str) -> Value {
    let body = json!({"type": "object", "required": ["type", "timestamp", "data"], "properties": {
        "type": {"type": "string", "const": one.name},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "data": {"$ref": format!("#/components/schemas/{schema}")},
    }});
    let headers: Vec<Value> =
        HEADERS.iter().map(|(name, _)| json!({"$ref": format!("#/components/parameters/{name}")})).collect();
    json!({
        "tags": ["event"],
        "operationId": format!("on_{}", one.name.replace('.', "_")),
        "summary": one.meaning,
        "description": "Sent to your webhook endpoints that ask for it, signed by the specification Standard Webhooks. Answer with any \
            status from 200 to 299 within twenty seconds; anything else is tried again.",
        "parameters": headers,
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"204": {"description": "You have it"}, "410": {"description": "You want no more: the endpoint is disabled"}},
    })
}

fn schema(one: &EventType) -> Value {
    json!({
        "type": "object",
        "description": one.meaning,
        "required": ["id", "type", "at", "subject", "schema_version", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "type": {"type": "string", "const": one.name},
            "at": reference("Time"),
            "subject": {"type": "object", "required": ["kind", "id", "version"], "properties": {
                "kind": {"type": "string", "const": one.subject},
                "id": {"type": "string", "format": "uuid"},
                "version": {"type": "integer", "format": "int64", "description": "The version of the thing after it happened."},
            }},
            "portal_id": {"type": ["string", "null"], "format": "uuid"},
            "schema_version": {"type": "integer", "format": "int32"},
            "data": data(one, &reference),
        },
    })
}

/// How a schema that has a name in the API document is spoken of.
type Named<'a> = &'a dyn Fn(&str) -> Value;

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// The same where there is no document around it.
fn inlined(name: &str) -> Value {
    let pair = |one: &str, other: &str| json!({"type": "object", "required": [one, other], "properties": {one: {"type": "string"}, other: {"type": "string"}}});
    match name {
        "Money" => pair("amount", "currency"),
        "Quantity" => pair("value", "unit"),
        _ => json!({"type": "string", "format": "date-time"}),
    }
}

fn data(one: &EventType, named: Named<'_>) -> Value {
    object(one.data, named)
}

fn object(members: &[Member], named: Named<'_>) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|member| (member.name.to_owned(), property(member, named))).collect();
    let required: Vec<&str> = members.iter().filter(|member| member.always).map(|member| member.name).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn property(member: &Member, named: Named<'_>) -> Value {
    let mut schema = form(member.form, named);
    if !member.always {
        schema = match schema["type"].take() {
            Value::Null => json!({"oneOf": [{"type": "null"}, form(member.form, named)]}),
            kind => {
                schema["type"] = json!([kind, "null"]);
                schema
            }
        };
    }
    schema["description"] = member.meaning.into();
    schema
}

fn form(form: Form, named: Named<'_>) -> Value {
    match form {
        Form::Text => json!({"type": "string"}),
        Form::Texts | Form::Map => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Form::Id => json!({"type": "string", "format": "uuid"}),
        Form::Integer => json!({"type": "integer", "format": "int64"}),
        Form::Flag => json!({"type": "boolean"}),
        Form::Decimal => json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}),
        Form::Money => named("Money"),
        Form::Quantity => named("Quantity"),
        Form::Time => named("Time"),
        Form::Date => json!({"type": "string", "format": "date"}),
        Form::Digest => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        Form::List(inner) => json!({"type": "array", "items": self::form(*inner, named)}),
        Form::Object(members) => object(members, named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_a_webhook_whose_schemas_are_there_and_are_no_others() {
        let mut document = crate::server::document();
        for one in event::all() {
            let name = schema_name(one);
            let body = &document["webhooks"][one.name]["post"]["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(body["properties"]["data"], reference(&name));
            assert_eq!(document["components"]["schemas"][&name], schema(one), "{name} is something else");
        }
        for named in ["Money", "Quantity", "Time"] {
            assert!(document["components"]["schemas"][named].take().is_object(), "{named}");
        }
    }
}
