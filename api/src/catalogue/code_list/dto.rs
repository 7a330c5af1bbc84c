//! Code lists in JSON.

use domain::kernel::language::Texts;
use infra::Failure;
use infra::catalogue::code_list::{CodeListRow, CodeRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::catalogue::category::texts;
use crate::http::dto::Time;

/// What is said of a code list that is uploaded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "eclass", "name": {"en": "ECLASS"}, "edition": "15.0", "language": "en"}))]
pub struct CodeListData {
    /// What it is called in paths and at products. A known one gets the codes of this edition.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,39}$")]
    pub key: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// Which edition of the list it is.
    #[schema(min_length = 1, max_length = 40)]
    pub edition: String,
    /// The language of the column `name`; columns such as `name_ru` say it themselves.
    #[serde(default = "english")]
    #[schema(pattern = "^[a-z]{2,3}(-[A-Z]{2})?$", default = "en")]
    pub language: String,
}

fn english() -> String {
    "en".to_owned()
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"code_list": {"key": "eclass", "name": {"en": "ECLASS"}, "edition": "15.0"}, "file": "(the bytes)"}))]
pub struct CodeListUpload {
    pub code_list: CodeListData,
    /// A table in UTF-8, at most 32 MiB, separated by tab, `;` or `,`, with a first line that names its columns: `code`, `name` or `name_ru`
    /// and the like, and `parent` for a tree.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// A code list without its codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeList, example = json!({
    "key": "okpd2", "name": {"ru": "ОКПД 2"}, "edition": "2026", "codes": 20307, "loaded_at": "2026-11-24T08:00:00.000000Z"
}))]
pub struct CodeListDto {
    pub key: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    pub edition: String,
    /// How many there are in this edition.
    pub codes: i32,
    pub loaded_at: Time,
}

/// A code of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Code, example = json!({"code": "01.11", "parent": "01.1", "name": {"ru": "Культуры зерновые"}, "retired": false}))]
pub struct CodeDto {
    pub code: String,
    pub parent: Option<String>,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// It is no longer in the list, but products have it.
    pub retired: bool,
}

/// Which codes to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CodeQuery {
    /// The children of this code; without it and without `q` those at the top.
    #[param(max_length = 40)]
    pub parent: Option<String>,
    /// The beginning of a code, or words of a name.
    #[param(max_length = 200)]
    pub q: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl CodeListDto {
    pub fn of(row: CodeListRow) -> Result<Self, Failure> {
        Ok(Self {
            key: row.key,
            name: texts(row.name)?,
            edition: row.edition,
            codes: row.codes,
            loaded_at: row.loaded_at.into(),
        })
    }
}

impl CodeDto {
    pub fn of(row: CodeRow) -> Result<Self, Failure> {
        Ok(Self { code: row.code, parent: row.parent, name: texts(row.name)?, retired: row.retired })
    }
}
