//! Imports in JSON.

use std::collections::BTreeMap;

use domain::catalogue::import::{DateFormat, Dialect, Mapping};
use domain::kernel::{Kind, Refusal};
use infra::Failure;
use infra::catalogue::import::error::ErrorRow;
use infra::catalogue::import::job::JobRow;
use infra::catalogue::import::mapping::MappingRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::reading::Reading;
use crate::http::dto::Time;
use crate::http::problem_table::row;

/// What a file is about and how it is read. What is not declared is found out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "products", "portal": "northwind", "mapping": "1C", "currency": "RUB", "publish": true}))]
pub struct ImportOptions {
    /// `products` (default) are made or changed by their `sku`; `prices` and `stock` change those alone.
    #[schema(pattern = "^(products|prices|stock)$")]
    #[param(pattern = "^(products|prices|stock)$", default = "products")]
    pub kind: Option<String>,
    /// Where the products are offered at the prices of the file: id or slug. Needed as soon as the file has prices.
    #[schema(max_length = 100)]
    #[param(max_length = 100)]
    pub portal: Option<String>,
    /// Says what would happen and changes nothing.
    pub dry_run: Option<bool>,
    /// The name of a saved mapping.
    #[schema(max_length = 100)]
    #[param(max_length = 100)]
    pub mapping: Option<String>,
    /// `csv`, `ndjson` or `ubl`; by default as the media type or the name of the file says.
    #[schema(pattern = "^(csv|ndjson|ubl)$")]
    #[param(pattern = "^(csv|ndjson|ubl)$")]
    pub format: Option<String>,
    #[schema(pattern = "^(utf-8|windows-1251)$")]
    #[param(pattern = "^(utf-8|windows-1251)$")]
    pub encoding: Option<String>,
    #[schema(pattern = "^(comma|semicolon|tab)$")]
    #[param(pattern = "^(comma|semicolon|tab)$")]
    pub separator: Option<String>,
    /// Of the prices, where no column says otherwise.
    #[schema(pattern = "^[A-Z]{3}$")]
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// Buyers see the offers at once, where no column says otherwise.
    pub publish: Option<bool>,
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(example = json!({"import": {"kind": "products"}, "file": "(the bytes)"}))]
pub struct ImportUpload {
    /// Comes before the file.
    pub import: Option<ImportOptions>,
    /// CSV, NDJSON or a catalogue of UBL.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// A table: the first row names the columns. `name.<language>`, `description.<language>` and `price.<quantity>` have columns for each
/// language or quantity; `prices` takes all prices in one cell as `1:18.00 50:16.20`. Columns that are not there leave things as
/// they are. Quotes after RFC 4180; a text that begins like a formula has an apostrophe before it.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(value_type = String, example = "sku;name.en;name.ru;base_unit;tax.category;tax.rate;on_hand;price\nB-12;Bolt M12;Болт М12;C62;S;20;500;1.20\n")]
pub struct ImportTable(String);

/// A JSON object in each line, with the members of a product.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(value_type = String, example = "{\"sku\": \"B-12\", \"name\": {\"en\": \"Bolt M12\"}, \"base_unit\": \"C62\", \"tax\": {\"category\": \"S\", \"rate\": \"20\"}, \"price\": {\"1\": \"1.20\"}}\n")]
pub struct ImportLines(String);

/// A `Catalogue` of UBL 2.1, in UTF-8 and without a document type: at most 4 MiB and 200,000 elements. Each `CatalogueLine` is a row, known by
/// `Item/SellersItemIdentification/ID`; what is in it of names, unit, codes, tax, quantities and prices becomes the fields of that
/// row. A line that deletes withdraws the offer. Of a saved mapping only what is fixed is used. What is wrong with the document as a
/// whole is told at once, by element; what is wrong with a line is told with the errors of the import.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(value_type = String, example = "<Catalogue xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2\">…</Catalogue>")]
pub struct ImportCatalogue(String);

/// A file that is taken in, row by row. It can be read for 90 days after it is over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportDto {
    pub id: Uuid,
    pub kind: String,
    pub portal_id: Option<Uuid>,
    pub dry_run: bool,
    pub file_name: Option<String>,
    /// In bytes.
    pub size: i64,
    /// `csv`, `ndjson` or `ubl`.
    pub format: &'static str,
    /// `utf-8` or `windows-1251`.
    pub encoding: String,
    /// Of a CSV file.
    pub separator: Option<&'static str>,
    /// `queued`, `running`, and in the end `finished`, `failed` or `cancelled`.
    #[schema(example = "running")]
    pub state: String,
    /// In rows.
    pub progress: ProgressDto,
    pub counts: ImportCounts,
    /// Why it failed as a whole.
    pub problem: Option<JobProblem>,
    /// Where the rows that were refused are told.
    #[schema(format = "uri-reference")]
    pub errors: String,
    pub created_at: Time,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
}

/// How far a job is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress, example = json!({"done": 2000, "total": 100000}))]
pub struct ProgressDto {
    pub done: i64,
    pub total: i64,
}

/// What became of the rows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"created": 1990, "updated": 7, "unchanged": 2, "failed": 1}))]
pub struct ImportCounts {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    /// Rows that were refused. Of each up to 20 faults are listed, of a file the first 100,000.
    pub failed: i64,
}

/// Why a job failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobProblem {
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    pub detail: String,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"row": 17, "sku": "B-12", "column": "tax.rate", "code": "tax_rate", "detail": "The standard category has a rate above zero."}))]
pub struct ImportError {
    /// As a spreadsheet counts: the row with the names of the columns is 1.
    pub row: i64,
    pub sku: Option<String>,
    /// By its name in the file; empty for the row as a whole.
    pub column: String,
    pub code: String,
    pub detail: String,
}

/// How the columns of your files correspond to fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "1C", "columns": {"Артикул": "sku", "Наименование": "name.ru", "Цена": "price"},
    "fixed": {"base_unit": "C62", "tax.category": "S", "tax.rate": "20", "currency": "RUB"}, "decimal_comma": true}))]
pub struct ImportMappingData {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Fields by the names of columns. A column that bears the name of a field needs none.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What every row says of a field, where it has no cell for it.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Columns without a field are left out instead of refused.
    #[serde(default)]
    pub ignore_unknown: bool,
    /// Numbers are written like `1 234,50`.
    #[serde(default)]
    pub decimal_comma: bool,
    /// `YYYY-MM-DD` (default), `DD.MM.YYYY` or `MM/DD/YYYY`.
    #[serde(default = "iso")]
    #[schema(pattern = "^(YYYY-MM-DD|DD\\.MM\\.YYYY|MM/DD/YYYY)$", default = "YYYY-MM-DD")]
    pub date_format: String,
    /// An empty cell takes away what is there, where it can be taken away; by default it says nothing.
    #[serde(default)]
    pub clear_empty: bool,
}

fn iso() -> String {
    "YYYY-MM-DD".into()
}

/// A saved mapping.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportMapping {
    pub id: Uuid,
    #[serde(flatten)]
    pub data: ImportMappingData,
    pub created_at: Time,
}

impl ImportMappingData {
    pub fn parse(&self) -> Result<Mapping, Refusal> {
        let format = DateFormat::parse(&self.date_format).map_err(|invalid| invalid.at("/date_format"))?;
        let mapping = Mapping {
            columns: self.columns.clone(),
            fixed: self.fixed.clone(),
            ignore_unknown: self.ignore_unknown,
            decimal_comma: self.decimal_comma,
            date_format: format,
            clear_empty: self.clear_empty,
        };
        mapping.check()?;
        Ok(mapping)
    }
}

impl ImportMapping {
    pub fn of(row: &MappingRow) -> Result<Self, Failure> {
        let data = serde_json::from_value(row.definition.clone()).map_err(Failure::broken)?;
        Ok(Self { id: row.id, data, created_at: row.created_at.into() })
    }
}

impl ImportDto {
    pub fn of(job: &JobRow) -> Result<Self, Failure> {
        let reading = Reading::of(&job.reading)?;
        Ok(Self {
            id: job.id,
            kind: job.kind.clone(),
            portal_id: job.portal_id,
            dry_run: job.dry_run,
            file_name: job.file_name.clone(),
            size: job.size,
            format: match reading.dialect()? {
                Dialect::Ndjson if reading.is_catalogue => "ubl",
                Dialect::Ndjson => "ndjson",
                Dialect::Csv { .. } => "csv",
            },
            encoding: reading.encoding.clone(),
            separator: reading.separator_name()?,
            state: job.state.clone(),
            progress: ProgressDto { done: job.done, total: job.total },
            counts: ImportCounts {
                created: job.created,
                updated: job.updated,
                unchanged: job.unchanged,
                failed: job.failed,
            },
            problem: JobProblem::of(job.problem.as_deref(), job.detail.as_deref()),
            errors: format!("/v1/imports/{}/errors", job.id),
            created_at: job.created_at.into(),
            started_at: job.started_at.map(Time),
            finished_at: job.finished_at.map(Time),
        })
    }
}

impl JobProblem {
    pub fn of(slug: Option<&str>, detail: Option<&str>) -> Option<Self> {
        let kind = format!("/problems/{}", slug?);
        Some(Self { kind, detail: detail.unwrap_or_default().to_owned() })
    }
}

/// The word for a problem in its address.
pub fn slug(kind: Kind) -> &'static str {
    row(kind).slug
}

impl From<ErrorRow> for ImportError {
    fn from(row: ErrorRow) -> Self {
        Self { row: row.row_number, sku: row.sku, column: row.column_name, code: row.code, detail: row.detail }
    }
}
