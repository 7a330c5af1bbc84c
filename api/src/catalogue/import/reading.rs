//! From the bytes of a file to its rows.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use domain::catalogue::import::row::stated;
use domain::catalogue::import::{Cell, Dialect, Encoding, Field, ImportKind, Mapping, Record, Row, Splitter, survey};
use domain::kernel::Refusal;
use domain::kernel::refusal::Invalid;
use futures::{Stream, StreamExt};
use infra::Failure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dto::ImportMappingData;
use super::{object, ubl};

/// How a file is read: found out and decided when it came, kept with its job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reading {
    /// None for NDJSON.
    pub separator: Option<char>,
    pub encoding: String,
    pub mapping: ImportMappingData,
    /// What the sender says of every row, beside the mapping.
    pub fixed: BTreeMap<String, String>,
    /// It came as a catalogue of UBL, and is kept as the lines that this made.
    #[serde(default)]
    pub is_catalogue: bool,
}

impl Reading {
    pub fn of(kept: &Value) -> Result<Self, Failure> {
        Self::deserialize(kept).map_err(Failure::broken)
    }

    pub fn dialect(&self) -> Result<Dialect, Failure> {
        let byte = |separator: char| u8::try_from(separator).map_err(Failure::broken);
        self.separator.map_or(Ok(Dialect::Ndjson), |separator| Ok(Dialect::Csv { separator: byte(separator)? }))
    }

    pub fn separator_name(&self) -> Result<Option<&'static str>, Failure> {
        let Some(separator) = self.separator else { return Ok(None) };
        let known = SEPARATORS.iter().find(|(_, byte)| char::from(*byte) == separator);
        known.map(|(name, _)| Some(*name)).ok_or_else(|| Failure::broken("an unknown separator"))
    }
}

/// How many faults of a row are told.
pub const MAX_FAULTS: usize = 20;

/// How much is read at a time besides so many rows, and what a cell counts for besides its bytes.
const BATCH_SIZE: usize = 4 * 1024 * 1024;
const CELL_SIZE: usize = 64;

/// The separators by name.
pub const SEPARATORS: [(&str, u8); 3] = [("comma", b','), ("semicolon", b';'), ("tab", b'\t')];

/// What is wrong with a cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    pub column: String,
    pub code: &'static str,
    pub detail: String,
}

/// A row, or why it cannot be read.
#[derive(Debug)]
pub struct Parsed {
    pub number: u64,
    /// As far as it could be read.
    pub sku: String,
    pub row: Result<Row, Vec<RowFault>>,
}

/// The rows of a file, in order.
pub struct Rows<S> {
    content: S,
    dialect: Dialect,
    splitter: Splitter,
    encoding: Encoding,
    pub mapping: Mapping,
    kind: ImportKind,
    with_portal: bool,
    is_catalogue: bool,
    fixed: Vec<(Field, String)>,
    /// The columns; none before the first row of a table was read.
    columns: Option<Vec<(String, Option<Field>)>>,
    /// Hashes of the numbers that came.
    seen: HashSet<u64>,
    hasher: RandomState,
    begun: bool,
    ended: bool,
}

impl<S> Rows<S>
where
    S: Stream<Item = Result<bytes::Bytes, Failure>> + Unpin,
{
    pub fn new(content: S, reading: &Reading, kind: ImportKind, with_portal: bool) -> Result<Self, Failure> {
        let mapping = reading.mapping.parse()?;
        let fixed = mapping.fixed.iter().chain(&reading.fixed);
        let fixed: Result<Vec<(Field, String)>, Invalid> =
            fixed.map(|(name, text)| fixed_field(&mapping, name, text)).collect();
        let dialect = reading.dialect()?;
        Ok(Self {
            content,
            dialect,
            splitter: Splitter::new(dialect),
            encoding: Encoding::parse(&reading.encoding)?,
            fixed: fixed?.into_iter().filter(|(field, _)| field.fits(kind)).collect(),
            mapping,
            kind,
            with_portal,
            is_catalogue: reading.is_catalogue,
            columns: None,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            begun: false,
            ended: false,
        })
    }

    /// The next rows, at most so many, and of long ones fewer; empty at the end of the file.
    pub async fn batch(&mut self, most: usize) -> Result<Vec<Parsed>, Failure> {
        let mut rows = Vec::new();
        let mut size = 0;
        while rows.len() < most && size < BATCH_SIZE {
            let Some(record) = self.record().await? else { break };
            size += size_of(&record);
            if self.columns.is_none() && self.dialect != Dialect::Ndjson {
                self.columns = Some(self.header(record)?);
            } else {
                rows.push(self.parse(record));
            }
        }
        Ok(rows)
    }

    async fn record(&mut self) -> Result<Option<Record>, Failure> {
        loop {
            if let Some(record) = self.splitter.next(self.ended) {
                return Ok(Some(record));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<(), Failure> {
        if !self.begun {
            self.begun = true;
            // The mark of UTF-8 may come in pieces.
            let mut head = Vec::new();
            while head.len() < 3 {
                let Some(piece) = self.content.next().await else { break };
                head.extend_from_slice(&piece?);
            }
            self.splitter.push(survey::without_mark(&head));
            return Ok(());
        }
        match self.content.next().await {
            Some(piece) => self.splitter.push(&piece?),
            None => self.ended = true,
        }
        Ok(())
    }

    fn header(&self, record: Record) -> Result<Vec<(String, Option<Field>)>, Refusal> {
        let cells = record.cells.map_err(|invalid| invalid.at("/file"))?;
        let names: Result<Vec<String>, Invalid> =
            cells.into_iter().map(|cell| Ok(self.encoding.decode(cell)?.trim().to_owned())).collect();
        let names = names.map_err(|invalid| invalid.at("/file"))?;
        let fields = self.mapping.layout(&names, self.kind)?;
        Ok(names.into_iter().zip(fields).collect())
    }

    fn parse(&mut self, record: Record) -> Parsed {
        let number = record.number;
        let whole = |invalid: Invalid| vec![fault(String::new(), invalid)];
        let read = match record.cells {
            Err(invalid) => Err(whole(invalid)),
            Ok(cells) if self.dialect == Dialect::Ndjson => self.object(cells),
            Ok(cells) => self.cells(cells),
        };
        let (sku, row) = match read {
            Ok(mut row) => {
                row.complete(&self.fixed);
                let sku = row.sku().to_owned();
                let checked = self.first(&sku);
                (sku, checked.map(|()| row).map_err(|invalid| vec![fault(self.mapping.column_of("sku"), invalid)]))
            }
            Err(faults) => (String::new(), Err(faults)),
        };
        Parsed { number, sku, row }
    }

    /// A number comes once in a file: which of several rows were right nobody knows.
    fn first(&mut self, sku: &str) -> Result<(), Invalid> {
        if sku.is_empty() {
            return Err(Invalid::new("required", "The sku is missing."));
        }
        if !self.seen.insert(self.hasher.hash_one(sku)) {
            return Err(Invalid::new("duplicate", "An earlier row has this sku."));
        }
        Ok(())
    }

    fn cells(&self, cells: Vec<Vec<u8>>) -> Result<Row, Vec<RowFault>> {
        let columns = self.columns.as_deref().unwrap_or_default();
        if cells.len() != columns.len() {
            let detail = format!("The row has {} cells, the file {} columns.", cells.len(), columns.len());
            return Err(vec![fault(String::new(), Invalid::new("cell_count", detail))]);
        }
        let mut row = Row::default();
        let mut faults = Vec::new();
        for ((name, field), cell) in columns.iter().zip(cells) {
            let Some(field) = field else { continue };
            let text = self.encoding.decode(cell);
            let added = text.and_then(|text| row.add_cell(&self.mapping, field.clone(), text));
            faults.extend(added.err().map(|invalid| fault(name.clone(), invalid)));
            if faults.len() >= MAX_FAULTS {
                break;
            }
        }
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    fn object(&self, mut line: Vec<Vec<u8>>) -> Result<Row, Vec<RowFault>> {
        let whole = |invalid: Invalid| vec![fault(String::new(), invalid)];
        let text = self.encoding.decode(line.pop().unwrap_or_default()).map_err(whole)?;
        if self.is_catalogue
            && let Some(faults) = ubl::faults_of(&text)
        {
            return Err(faults);
        }
        let members = object::members(&text).map_err(whole)?;
        let mut row = Row::default();
        let mut faults = Vec::new();
        for (name, value) in members {
            let added = self.member(&mut row, &name, value);
            faults.extend(added.err().map(|invalid| fault(name, invalid)));
            if faults.len() >= MAX_FAULTS {
                break;
            }
        }
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    fn member(&self, row: &mut Row, name: &str, value: object::Member) -> Result<(), Invalid> {
        let Some(field) = self.mapping.field_of(name)? else { return Ok(()) };
        if !field.fits(self.kind) {
            let detail = format!("A file of {} does not have this member.", self.kind.code());
            return Err(Invalid::new("unknown_column", detail));
        }
        if field.is_of_offer() && !self.with_portal {
            return Err(Invalid::new("portal_required", "Say on which portal this holds."));
        }
        if row.get(&field).is_some() {
            return Err(Invalid::new("duplicate", "Two members are about this field."));
        }
        match value? {
            Cell::Text(text) => row.add_text(&self.mapping, field, Some(text)),
            Cell::Quantity { value, unit } => row.add_quantity(field, value, unit),
            Cell::Clear => row.add_text(&self.mapping, field, None),
        }
    }
}

/// How much memory a record takes, or more.
fn size_of(record: &Record) -> usize {
    record.cells.iter().flatten().map(|cell| cell.len() + CELL_SIZE).sum()
}

/// What is said of every row.
fn fixed_field(mapping: &Mapping, name: &str, text: &str) -> Result<(Field, String), Invalid> {
    let field = Field::parse(name)?;
    let text = stated(mapping, &field, text.to_owned())?;
    Ok((field, text))
}

pub fn fault(column: String, invalid: Invalid) -> RowFault {
    RowFault { column, code: invalid.code, detail: invalid.detail }
}
