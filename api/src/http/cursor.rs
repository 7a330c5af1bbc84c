//! Cursors: where a page ended, signed together with the list, the filters and the caller they were given for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::Kind;
use infra::db::page::{After, Page};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::call::Call;
use super::principal::Principal;
use super::problem::Problem;
use crate::app::App;
use crate::secret::SecretKey;

/// The parameters that every list takes.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The page that is asked for.
    pub fn page(&self, app: &App, call: &Call, by: &Principal) -> Result<Page, Problem> {
        let context = context(call, by.organisation_id());
        page(&app.secret, &context, self.limit, self.cursor.as_deref())
    }
}

/// What a cursor is good for: this path, these filters, this caller.
pub fn context(call: &Call, caller: Option<Uuid>) -> String {
    let filters: Vec<&str> = call
        .query()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=") && !pair.starts_with("limit="))
        .collect();
    format!("{}?{}#{}", call.path(), filters.join("&"), caller.unwrap_or_default())
}

/// The page that `limit` and `cursor` ask for.
pub fn page(key: &SecretKey, context: &str, limit: Option<i64>, cursor: Option<&str>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Kind::InvalidQuery, "`limit` is a number from 1 to 200."));
    }
    let after = cursor.map(|text| open(key, context, text)).transpose()?;
    Ok(Page { limit, after })
}

/// The text of a cursor.
pub fn seal(key: &SecretKey, context: &str, after: &After) -> String {
    let mut bytes = after.id.as_bytes().to_vec();
    bytes.extend_from_slice(after.key.as_bytes());
    let tag = tag(key, context, &bytes);
    URL_SAFE_NO_PAD.encode([tag.as_slice(), &bytes].concat())
}

fn open(key: &SecretKey, context: &str, text: &str) -> Result<After, Problem> {
    let invalid = || Problem::new(Kind::InvalidCursor, "The cursor is not one that this list gave you.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    let (given, bytes) = bytes.split_at_checked(12).ok_or_else(invalid)?;
    if tag(key, context, bytes) != given {
        return Err(invalid());
    }
    let (id, sort) = bytes.split_at_checked(16).ok_or_else(invalid)?;
    let id = Uuid::from_slice(id).map_err(|_| invalid())?;
    Ok(After { key: String::from_utf8(sort.to_vec()).map_err(|_| invalid())?, id })
}

fn tag(key: &SecretKey, context: &str, bytes: &[u8]) -> [u8; 12] {
    key.sign(&[context.as_bytes(), &[0], bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_list_only() {
        let key = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        let after = After { key: "Стали & Co".to_owned(), id: Uuid::from_u128(7) };
        let text = seal(&key, "/v1/a?#1", &after);
        assert_eq!(open(&key, "/v1/a?#1", &text).unwrap(), after);
        assert!(open(&key, "/v1/b?#1", &text).is_err() && open(&key, "/v1/a?#2", &text).is_err());
        for odd in ["", "x", "!!", &text[1..], &format!("{text}A")] {
            assert_eq!(open(&key, "/v1/a?#1", odd).unwrap_err().refusal.kind, Kind::InvalidCursor);
        }
    }
}
