//! Lines of a request out of a spreadsheet.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::line_input::{LineInput, MAX_LINES};
use crate::catalogue::attribute::{Given, check_key};
use crate::catalogue::import::{Dialect, Splitter, formula};
use crate::kernel::language::{DEFAULT_LANGUAGE, check_tag};
use crate::kernel::refusal::Invalid;
use crate::kernel::{CategoryId, Date, Faults, ProductId, Refusal};

/// The most faults that are told of one file.
const MAX_FAULTS: usize = 200;

/// What a column is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    /// In a language.
    Name(String),
    Category,
    Product,
    Quantity,
    Unit,
    TargetPrice,
    RequiredOn,
    /// An attribute of the specification.
    Specification(String),
}

impl Column {
    fn parse(name: &str) -> Result<Self, Invalid> {
        match (name, name.split_once('.')) {
            ("name", _) => Ok(Self::Name(DEFAULT_LANGUAGE.to_owned())),
            ("category_id", _) => Ok(Self::Category),
            ("product_id", _) => Ok(Self::Product),
            ("quantity", _) => Ok(Self::Quantity),
            ("unit", _) => Ok(Self::Unit),
            ("target_price", _) => Ok(Self::TargetPrice),
            ("required_on", _) => Ok(Self::RequiredOn),
            (_, Some(("name", tag))) => check_tag(tag).map(|()| Self::Name(tag.to_owned())),
            (_, Some(("specification", key))) => check_key(key).map(|()| Self::Specification(key.to_owned())),
            _ => Err(Invalid::new("unknown_column", format!("`{name:.40}` is no column of a line."))),
        }
    }

    /// Puts what a cell says into the line; an empty one says nothing.
    fn put(&self, cell: &str, line: &mut LineInput) -> Result<(), Invalid> {
        let text = cell.to_owned();
        match self {
            Self::Name(tag) => drop(line.names.insert(tag.clone(), text)),
            Self::Category => line.category_id = Some(CategoryId(uuid(cell)?)),
            Self::Product => line.product_id = Some(ProductId(uuid(cell)?)),
            Self::Quantity => line.quantity = with_point(cell),
            Self::Unit => line.unit = text,
            Self::TargetPrice => line.target_price = Some(with_point(cell)),
            Self::RequiredOn => line.required_on = Some(date(cell)?),
            Self::Specification(key) => {
                let given = match cell {
                    "true" => Given::YesNo(true),
                    "false" => Given::YesNo(false),
                    _ => Given::Text(text),
                };
                line.specification.insert(key.clone(), given);
            }
        }
        Ok(())
    }
}

/// Reads lines under a head that names the columns: `name` or `name.ru`, `category_id`, `product_id`, `quantity`, `unit`, `target_price`,
/// `required_on`, `specification.thickness`. The separator is the one of semicolon, tabulator and comma that the head has most of. All
/// faults are told at once, as `/csv/3/quantity` with the number of the row and the name of the column; of very many the first. What the
/// cells say is checked with the request.
pub fn parse_csv(text: &str) -> Result<Vec<LineInput>, Refusal> {
    let mut faults = Faults::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut splitter = Splitter::new(Dialect::Csv { separator: separator(text) });
    splitter.push(text.as_bytes());
    let mut rows = std::iter::from_fn(|| splitter.next(true));
    let head = rows.next().map_or(Ok(Vec::new()), |head| head.cells).map_err(|invalid| invalid.at("/csv/1"))?;
    let columns = columns(&head, &mut faults);
    faults.result()?;
    let mut faults = Faults::default();
    let mut lines = Vec::new();
    for row in rows {
        let at = format!("/csv/{}", row.number);
        if lines.len() == MAX_LINES {
            faults.add(at, "too_many", format!("A request has at most {MAX_LINES} lines."));
            break;
        }
        if let Some(cells) = faults.keep(&at, row.cells) {
            lines.push(line(&cells, &columns, &at, &mut faults));
        }
        if faults.0.len() >= MAX_FAULTS {
            faults.0.truncate(MAX_FAULTS);
            break;
        }
    }
    if lines.is_empty() && faults.0.is_empty() {
        faults.add("/csv", "required", "There is no line under the head.");
    }
    faults.result().map(|()| lines)
}

fn columns(head: &[Vec<u8>], faults: &mut Faults) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut seen = BTreeSet::new();
    for cell in head {
        let name = String::from_utf8_lossy(cell).trim().to_owned();
        let Some(column) = faults.keep("/csv/1", Column::parse(&name)) else { continue };
        if !seen.insert(column.clone()) {
            faults.add("/csv/1", "twice", format!("There is a column `{name:.40}` already."));
        }
        columns.push(column);
    }
    for (needed, name) in [(Column::Quantity, "quantity"), (Column::Unit, "unit")] {
        if !seen.contains(&needed) {
            faults.add("/csv/1", "required", format!("The column `{name}` is missing."));
        }
    }
    columns
}

fn line(cells: &[Vec<u8>], columns: &[Column], pointer: &str, faults: &mut Faults) -> LineInput {
    let mut line = LineInput::default();
    if cells.len() > columns.len() {
        faults.add(pointer, "too_many_cells", format!("The head has {} columns.", columns.len()));
    }
    for (column, cell) in columns.iter().zip(cells) {
        let cell = String::from_utf8_lossy(cell).trim().to_owned();
        if cell.is_empty() {
            continue;
        }
        let read = formula::read(cell).and_then(|cell| column.put(&cell, &mut line));
        faults.keep(format!("{pointer}/{}", name_of(column)), read);
    }
    line
}

fn name_of(column: &Column) -> String {
    match column {
        Column::Name(tag) if tag == DEFAULT_LANGUAGE => "name".to_owned(),
        Column::Name(tag) => format!("name.{tag}"),
        Column::Category => "category_id".to_owned(),
        Column::Product => "product_id".to_owned(),
        Column::Quantity => "quantity".to_owned(),
        Column::Unit => "unit".to_owned(),
        Column::TargetPrice => "target_price".to_owned(),
        Column::RequiredOn => "required_on".to_owned(),
        Column::Specification(key) => format!("specification.{key}"),
    }
}

fn separator(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default().as_bytes();
    let count = |separator: &u8| head.iter().filter(|byte| *byte == separator).count();
    // Of equal counts the last one wins.
    *b",\t;".iter().max_by_key(|separator| count(separator)).unwrap_or(&b';')
}

/// Spreadsheets in many countries write a comma.
fn with_point(number: &str) -> String {
    number.replacen(',', ".", 1)
}

fn uuid(text: &str) -> Result<Uuid, Invalid> {
    Uuid::try_parse(text).map_err(|_| Invalid::new("uuid", "A UUID is expected."))
}

fn date(text: &str) -> Result<Date, Invalid> {
    text.parse().map_err(|_| Invalid::new("date", "A date such as 2026-11-24 is expected."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let refusal = parse_csv(text).unwrap_err();
        refusal.faults.into_iter().map(|fault| fault.pointer + " " + fault.code).collect()
    }

    #[test]
    fn lines_are_read_with_quotes_commas_and_languages() {
        let text = "\u{feff}name;name.ru;quantity;unit;target_price;required_on;specification.grade\r\n\
                    \"Coil; hot rolled\";Рулон;12,5;TNE;640,50;2027-01-15;S235JR\r\n\r\nSheet;;3;TNE;;;\r\n";
        let lines = parse_csv(text).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].names["en"], "Coil; hot rolled");
        assert_eq!(lines[0].names["ru"], "Рулон");
        assert_eq!((lines[0].quantity.as_str(), lines[0].target_price.as_deref()), ("12.5", Some("640.50")));
        assert_eq!(lines[0].required_on, Date::from_ymd_opt(2027, 1, 15));
        assert_eq!(lines[0].specification["grade"], Given::Text("S235JR".into()));
        assert_eq!((lines[1].target_price.as_ref(), lines[1].specification.len()), (None, 0));
    }

    #[test]
    fn the_separator_is_found_in_the_head() {
        for text in
            ["name,quantity,unit\nA,1,C62\n", "name\tquantity\tunit\nA\t1\tC62\n", "name;quantity;unit\nA;1;C62"]
        {
            assert_eq!(parse_csv(text).unwrap()[0].unit, "C62", "{text}");
        }
    }

    #[test]
    fn faults_name_row_and_column() {
        let text = "name;quantity;unit;product_id;required_on\nA;1;C62;x;\nB;1;C62;;soon\n=1+1;1;C62\nC;1;C62;;;9\n";
        let expected =
            ["/csv/2/product_id uuid", "/csv/3/required_on date", "/csv/4/name formula", "/csv/5 too_many_cells"];
        assert_eq!(faults(text), expected);
    }

    #[test]
    fn a_head_that_is_none_is_told_at_once() {
        assert_eq!(
            faults("name;colour;name\nA;1;C62"),
            ["/csv/1 unknown_column", "/csv/1 twice", "/csv/1 required", "/csv/1 required"]
        );
        assert_eq!(faults(""), ["/csv/1 required", "/csv/1 required"]);
        assert_eq!(faults("quantity;unit\n"), ["/csv required"]);
    }

    #[test]
    fn very_long_files_are_cut_off() {
        let many = "quantity;unit\n".to_owned() + &"1;C62\n".repeat(MAX_LINES + 1);
        assert_eq!(faults(&many), ["/csv/502 too_many"]);
        let bad = "quantity;unit;product_id\n".to_owned() + &"1;C62;x\n".repeat(300);
        assert_eq!(faults(&bad).len(), MAX_FAULTS);
    }
}
