//! What is deprecated, said by one table in every answer (RFC 9745, RFC 8594) and in the API document.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use domain::kernel::Timestamp;
use serde_json::{Value, json};

/// An operation that will go, at the earliest twelve months after that was said.
#[derive(Debug, Clone, Copy)]
pub struct Deprecated {
    pub method: &'static str,
    /// As in the API document, with its parameters in braces.
    pub path: &'static str,
    /// Since when it should not be used any more: RFC 3339.
    pub since: &'static str,
    /// When it will answer no longer: RFC 3339.
    pub sunset: &'static str,
    /// What to call instead.
    pub instead: &'static str,
}

/// All operations that are deprecated. None is.
pub const DEPRECATED: &[Deprecated] = &[];

/// Where the policy and the list of changes are explained.
const EXPLAINED: &str = "</docs/>; rel=\"deprecation\"; type=\"text/html\"";

/// What is said of an operation, by the path of the document, which is the pattern of the route.
pub fn of(method: &str, path: &str) -> Option<&'static Deprecated> {
    in_table(DEPRECATED, method, path)
}

fn in_table(table: &'static [Deprecated], method: &str, path: &str) -> Option<&'static Deprecated> {
    table.iter().find(|one| one.path == path && one.method.eq_ignore_ascii_case(method))
}

impl Deprecated {
    /// Says it in an answer, beside the links that are there.
    pub fn mark(&self, headers: &mut HeaderMap) {
        let since = time(self.since).map(|at| format!("@{}", at.timestamp()));
        let sunset = time(self.sunset).map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        for (name, value) in [("deprecation", since), ("sunset", sunset)] {
            if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers.append(LINK, HeaderValue::from_static(EXPLAINED));
    }

    /// Says it in the API document.
    pub fn describe(&self, operation: &mut Value) {
        operation["deprecated"] = json!(true);
        let said = operation["description"].as_str().unwrap_or_default();
        let told = format!("{said}\n\nDeprecated: use {} instead; it goes on {}.", self.instead, self.sunset);
        operation["description"] = json!(told);
        for response in operation["responses"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            response["headers"]["Deprecation"] =
                json!({"description": "Since when it is deprecated (RFC 9745).", "schema": {"type": "string"}});
            response["headers"]["Sunset"] =
                json!({"description": "When it will answer no longer (RFC 8594).", "schema": {"type": "string"}});
        }
    }
}

fn time(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    const TABLE: &[Deprecated] = &[Deprecated {
        method: "GET",
        path: "/v1/things/{id}",
        since: "2026-12-01T00:00:00Z",
        sunset: "2027-12-31T00:00:00Z",
        instead: "`GET /v1/items/{id}`",
    }];

    // R24
    #[test]
    fn an_answer_says_since_when_until_when_and_where_that_is_explained() {
        assert!(in_table(TABLE, "POST", "/v1/things/{id}").is_none());
        let found = in_table(TABLE, "get", "/v1/things/{id}").expect("it is in the table");
        let mut headers = HeaderMap::new();
        headers.insert(LINK, HeaderValue::from_static("</v1/things?cursor=x>; rel=\"next\""));
        found.mark(&mut headers);
        assert_eq!(headers.get("deprecation").unwrap(), "@1796083200");
        assert_eq!(headers.get("sunset").unwrap(), "Fri, 31 Dec 2027 00:00:00 GMT");
        let links: Vec<&str> = headers.get_all(LINK).map(|link| link.to_str().unwrap()).collect();
        assert_eq!(links, ["</v1/things?cursor=x>; rel=\"next\"", "</docs/>; rel=\"deprecation\"; type=\"text/html\""]);
        let mut operation = json!({"description": "A thing.", "responses": {"200": {"description": "It"}}});
        found.describe(&mut operation);
        assert_eq!(operation["deprecated"], true);
        assert!(operation["description"].as_str().unwrap().contains("use `GET /v1/items/{id}` instead"));
        assert!(operation["responses"]["200"]["headers"]["Sunset"].is_object());
    }

    // R24
    #[test]
    fn what_is_deprecated_answers_for_twelve_months_and_is_in_the_document() {
        let document = crate::server::document();
        for one in DEPRECATED.iter().chain(TABLE) {
            let (since, sunset) = (time(one.since).expect("a time"), time(one.sunset).expect("a time"));
            assert!(sunset >= since + Days::new(365), "{} {} goes too early", one.method, one.path);
        }
        for one in DEPRECATED {
            let operation = &document["paths"][one.path][one.method.to_lowercase()];
            assert_eq!(operation["deprecated"], true, "{} {} is not there", one.method, one.path);
        }
    }
}
