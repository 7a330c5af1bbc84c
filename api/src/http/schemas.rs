//! The published schemas judge what comes in: what the document says is what is checked, and all faults are found at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use domain::kernel::Fault;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

/// Nobody reads more faults than this, and a body of a megabyte can hold half a million.
const MOST_FAULTS: usize = 200;

/// Validators for the schemas of the OpenAPI document, each compiled at its first use.
pub struct Schemas {
    schemas: Value,
    validators: HashMap<String, OnceLock<Option<Validator>>>,
}

impl Schemas {
    /// `document` is the OpenAPI document as JSON.
    pub fn new(document: &Value) -> Self {
        let schemas = document["components"]["schemas"].clone();
        let names = schemas.as_object().into_iter().flat_map(|schemas| schemas.keys());
        let validators = names.map(|name| (name.clone(), OnceLock::new())).collect();
        Self { schemas, validators }
    }

    /// All faults of `value` under the schema, or none. A schema that is missing lets everything pass: reading the value
    /// into its type still checks it, only less kindly.
    pub fn faults(&self, schema: &str, value: &Value) -> Vec<Fault> {
        let Some(validator) = self.validator(schema) else { return Vec::new() };
        if validator.is_valid(value) {
            return Vec::new();
        }
        let all = validator.iter_errors(value).flat_map(|error| faults_of(&error));
        let mut faults: Vec<Fault> = all.take(MOST_FAULTS).collect();
        faults.dedup();
        faults
    }

    fn validator(&self, name: &str) -> Option<&Validator> {
        let compile = || {
            let mut needed = BTreeMap::new();
            self.collect(name, &mut needed);
            let schema = json!({"$ref": format!("{PREFIX}{name}"), "components": {"schemas": needed}});
            jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true)
                .build(&schema)
                .inspect_err(|error| tracing::error!(name, %error, "a schema cannot be compiled"))
                .ok()
        };
        self.validators.get(name)?.get_or_init(compile).as_ref()
    }

    /// A schema and all that it refers to: the compiler looks at everything that it is given, and there are more than a thousand.
    fn collect<'a>(&'a self, name: &str, into: &mut BTreeMap<String, &'a Value>) {
        let Some(schema) = self.schemas.get(name) else { return };
        if into.insert(name.to_owned(), schema).is_none() {
            for other in references(schema) {
                self.collect(other, into);
            }
        }
    }
}

/// Where the schemas are in the document.
const PREFIX: &str = "#/components/schemas/";

/// The names of the schemas that a schema refers to.
fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(PREFIX));
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn faults_of(error: &ValidationError<'_>) -> Vec<Fault> {
    use ValidationErrorKind as K;
    let here = error.instance_path().to_string();
    let fault = |code: &'static str, detail: String| vec![Fault { pointer: here.clone(), code, detail }];
    match error.kind() {
        K::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Fault {
                pointer: format!("{here}/{}", escape(name)),
                code: "required",
                detail: "This is needed.".into(),
            }]
        }
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => unexpected
            .iter()
            .map(|name| Fault {
                pointer: format!("{here}/{}", escape(name)),
                code: "unknown_field",
                detail: format!("There is no field `{name}` here."),
            })
            .collect(),
        K::Type { kind } => fault("wrong_type", format!("Expected: {}.", type_names(kind))),
        K::Enum { options } => fault("not_one_of", format!("Expected one of {options}.")),
        K::Constant { expected_value } => fault("not_one_of", format!("Expected {expected_value}.")),
        K::MinLength { limit } => fault("too_short", format!("At least {limit} characters are needed.")),
        K::MaxLength { limit } => fault("too_long", format!("At most {limit} characters are taken.")),
        K::MinItems { limit } => fault("too_few", format!("At least {limit} items are needed.")),
        K::MaxItems { limit } => fault("too_many", format!("At most {limit} items are taken.")),
        K::MinProperties { limit } => fault("too_few", format!("At least {limit} members are needed.")),
        K::MaxProperties { limit } => fault("too_many", format!("At most {limit} members are taken.")),
        K::Minimum { limit } => fault("out_of_range", format!("The least is {limit}.")),
        K::Maximum { limit } => fault("out_of_range", format!("The most is {limit}.")),
        K::ExclusiveMinimum { limit } => fault("out_of_range", format!("It must be more than {limit}.")),
        K::ExclusiveMaximum { limit } => fault("out_of_range", format!("It must be less than {limit}.")),
        K::Pattern { pattern } => fault("format", format!("It must have the form {pattern}.")),
        K::Format { format } => fault("format", format!("It must be of the format {format}.")),
        K::UniqueItems => fault("twice", "The items must differ from each other.".into()),
        K::AnyOf { context } | K::OneOfNotValid { context } => closest(context, &here),
        _ => fault("invalid", "It does not fit the schema.".into()),
    }
}

/// Of several alternatives, the faults of the one that fits best: the fewest, null not counted.
fn closest(alternatives: &[Vec<ValidationError<'static>>], here: &str) -> Vec<Fault> {
    alternatives
        .iter()
        .filter(|errors| !errors.iter().any(|e| is_null_expected(e, here)))
        .map(|errors| errors.iter().flat_map(faults_of).collect::<Vec<_>>())
        .min_by_key(Vec::len)
        .unwrap_or_else(|| vec![Fault { pointer: here.into(), code: "wrong_type", detail: "It does not fit.".into() }])
}

fn is_null_expected(error: &ValidationError<'_>, here: &str) -> bool {
    let null = matches!(error.kind(), ValidationErrorKind::Type { kind } if type_names(kind) == "null");
    null && error.instance_path().as_str() == here
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(many) => {
            many.iter().map(|t| t.to_string()).filter(|t| t != "null").collect::<Vec<_>>().join(" or ")
        }
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_found_with_pointer_and_code() {
        let schemas = Schemas::new(&json!({"components": {"schemas": {
            "Line": {"type": "object", "required": ["sku"], "additionalProperties": false, "properties": {
                "sku": {"type": "string", "minLength": 2}, "count": {"type": ["integer", "null"], "minimum": 1}}},
            "Order": {"type": "object", "required": ["lines", "currency"], "additionalProperties": false, "properties": {
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "note": {"oneOf": [{"type": "null"}, {"type": "string", "maxLength": 2}]},
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}}}
        }}}));
        let found = |value| {
            let mut found: Vec<_> =
                schemas.faults("Order", &value).into_iter().map(|f| format!("{} {}", f.pointer, f.code)).collect();
            found.sort();
            found
        };
        assert!(found(json!({"currency": "EUR", "lines": [{"sku": "ab", "count": 2}], "note": "x"})).is_empty());
        assert_eq!(
            found(
                json!({"lines": [{"sku": "a", "count": 0}, {"a/b": 1}], "note": "long", "currency": "eur", "more": 1})
            ),
            [
                "/currency format",
                "/lines/0/count out_of_range",
                "/lines/0/sku too_short",
                "/lines/1/a~1b unknown_field",
                "/lines/1/sku required",
                "/more unknown_field",
                "/note too_long"
            ]
        );
        assert_eq!(found(json!([])), [" wrong_type"]);
    }
}
