//! Bodies of forms, as browsers send them: read within limits, into an object that a published schema can judge.

use actix_web::dev::Payload;
use actix_web::{HttpMessage, HttpRequest, web};
use domain::kernel::Kind;
use serde_json::{Map, Value};

use super::body::read;
use super::call::BodyBytes;
use super::problem::Problem;

pub const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The largest form.
pub const MAX_FORM: usize = 16 * 1024;

/// The fields of a form. All of them are texts; none comes twice.
pub async fn fields(request: &HttpRequest, payload: Payload) -> Result<Map<String, Value>, Problem> {
    let bytes = read(request, payload, MAX_FORM).await?.freeze();
    request.extensions_mut().insert(BodyBytes(bytes.clone()));
    object(&bytes).map_err(|detail| Problem::new(Kind::MalformedRequest, detail))
}

/// As strict as what is read of JSON.
fn object(bytes: &[u8]) -> Result<Map<String, Value>, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The form is not in UTF-8.")?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| "The body is no form.")?;
    let mut object = Map::new();
    for (name, value) in pairs.into_inner() {
        if name.contains('\0') || value.contains('\0') {
            return Err("A field of the form holds the character NUL.");
        }
        if object.insert(name, Value::String(value)).is_some() {
            return Err("A field of the form comes twice.");
        }
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_texts_and_come_once() {
        let read = |text: &str| object(text.as_bytes()).map(Value::Object);
        assert_eq!(read("sku=A+1%2F2&quantity=3"), Ok(json!({"sku": "A 1/2", "quantity": "3"})));
        assert_eq!(read(""), Ok(json!({})));
        for bad in ["sku=a%00b", "a%00b=1", "sku=a&sku=a"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(object(b"sku=\xff").is_err());
    }
}
