//! How the columns of a seller's own file correspond to fields.

use std::collections::BTreeMap;

use super::ImportKind;
use super::field::Field;
use super::row::stated;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Fault, Faults, Kind, Refusal};

/// The most columns that a mapping speaks of.
const MAX_MEMBERS: usize = 1000;

/// How dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateFormat {
    /// `2026-11-24`.
    #[default]
    Iso,
    /// `24.11.2026`.
    DayMonthYear,
    /// `11/24/2026`.
    MonthDayYear,
}

impl DateFormat {
    pub const ALL: [(&'static str, Self); 3] =
        [("YYYY-MM-DD", Self::Iso), ("DD.MM.YYYY", Self::DayMonthYear), ("MM/DD/YYYY", Self::MonthDayYear)];

    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|(name, _)| *name == text);
        let detail = || format!("`{text}` is not one of YYYY-MM-DD, DD.MM.YYYY and MM/DD/YYYY.");
        known.map(|(_, format)| format).ok_or_else(|| Invalid::new("date_format", detail()))
    }

    /// The date as ISO 8601 writes it; what is no date in this format stays as it is and is refused where it is read.
    pub fn to_iso(self, text: &str) -> String {
        let (separator, order) = match self {
            Self::Iso => return text.to_owned(),
            Self::DayMonthYear => ('.', [2, 1, 0]),
            Self::MonthDayYear => ('/', [2, 0, 1]),
        };
        let parts: Vec<&str> = text.split(separator).collect();
        let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if parts.len() != 3 || !parts.iter().all(digits) {
            return text.to_owned();
        }
        let [year, month, day] = order.map(|index| parts[index]);
        format!("{year}-{month:0>2}-{day:0>2}")
    }
}

/// Which column is which field, and how its cells are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// The field of a column by its name in the file. Columns that bear the name of a field need none.
    pub columns: BTreeMap<String, String>,
    /// What every row says of a field that has no column, or an empty cell.
    pub fixed: BTreeMap<String, String>,
    /// Columns without a field are left out instead of refused.
    pub ignore_unknown: bool,
    pub decimal_comma: bool,
    pub date_format: DateFormat,
    /// An empty cell takes away what is there, where it can be taken away; otherwise it says nothing.
    pub clear_empty: bool,
}

impl Mapping {
    /// Checks the fields that it names; the pointers are those of its members in JSON.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut faults = Faults::default();
        for (pointer, members) in [("/columns", self.columns.len()), ("/fixed", self.fixed.len())] {
            if members > MAX_MEMBERS {
                faults.add(pointer, "too_many", format!("There are at most {MAX_MEMBERS}."));
            }
        }
        for (column, field) in &self.columns {
            faults.keep(format!("/columns/{}", escape(column)), Field::parse(field));
        }
        for (field, text) in &self.fixed {
            let pointer = format!("/fixed/{}", escape(field));
            match faults.keep(&pointer, Field::parse(field)) {
                Some(Field::Sku) => faults.add(pointer, "not_fixed", "Each row has a sku of its own."),
                Some(field) => _ = faults.keep(pointer, stated(self, &field, text.clone())),
                None => {}
            }
        }
        faults.result()
    }

    /// The field of a column; none for one that is left out.
    pub fn field_of(&self, column: &str) -> Result<Option<Field>, Invalid> {
        let name = self.columns.get(column).map_or(column, String::as_str);
        match Field::parse(name) {
            Ok(field) => Ok(Some(field)),
            Err(_) if self.ignore_unknown && !self.columns.contains_key(column) => Ok(None),
            Err(invalid) => Err(invalid),
        }
    }

    /// The name that a file has for a field.
    pub fn column_of(&self, field: &str) -> String {
        let mapped = self.columns.iter().find(|(_, mapped)| *mapped == field);
        mapped.map_or(field, |(column, _)| column.as_str()).to_owned()
    }

    /// The fields of a file's columns. All columns that do not fit are told together.
    pub fn layout(&self, header: &[String], kind: ImportKind) -> Result<Vec<Option<Field>>, Refusal> {
        let mut faults = Faults::default();
        let mut fields: Vec<Option<Field>> = Vec::new();
        for column in header {
            let pointer = format!("/{}", escape(column));
            let field = faults.keep(&pointer, self.field_of(column)).flatten();
            let twice = field.is_some() && fields.contains(&field);
            if twice {
                faults.add(&pointer, "duplicate", "There are two columns of this field.");
            }
            if field.as_ref().is_some_and(|field| !field.fits(kind)) {
                let detail = format!("A file of {} does not have this column.", kind.code());
                faults.add(&pointer, "unknown_column", detail);
            }
            fields.push(field);
        }
        if !fields.contains(&Some(Field::Sku)) {
            faults.add(format!("/{}", self.column_of("sku")), "required", "The column with the sku is missing.");
        }
        if faults.0.is_empty() { Ok(fields) } else { Err(misfit(faults.0)) }
    }
}

fn misfit(faults: Vec<Fault>) -> Refusal {
    Refusal { kind: Kind::ImportColumns, ..Refusal::invalid(faults) }
}

/// A name as a part of a JSON pointer (RFC 6901).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> Mapping {
        let columns = [("Артикул", "sku"), ("Цена", "price")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        Mapping { columns: columns.into(), ..Mapping::default() }
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn own_names_and_the_names_of_fields_are_columns() {
        let fields = mapping().layout(&header(&["Артикул", "name.ru", "Цена"]), ImportKind::Products).unwrap();
        assert_eq!(fields, [Some(Field::Sku), Some(Field::Name("ru".into())), Some(Field::Price)]);
        assert_eq!(mapping().column_of("sku"), "Артикул");
        let lenient = Mapping { ignore_unknown: true, ..mapping() };
        assert_eq!(lenient.layout(&header(&["Артикул", "x"]), ImportKind::Stock).unwrap(), [Some(Field::Sku), None]);
    }

    #[test]
    fn all_columns_that_do_not_fit_are_told() {
        let refusal = mapping().layout(&header(&["name.ru", "x/y", "Цена", "price"]), ImportKind::Prices).unwrap_err();
        assert_eq!(refusal.kind, Kind::ImportColumns);
        let told: Vec<(&str, &str)> = refusal.faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(
            told,
            [
                ("/name.ru", "unknown_column"),
                ("/x~1y", "unknown_column"),
                ("/price", "duplicate"),
                ("/Артикул", "required"),
            ]
        );
    }

    #[test]
    fn a_mapping_names_fields_that_there_are() {
        let odd = Mapping {
            columns: [("a".to_owned(), "colour".to_owned())].into(),
            fixed: [("sku".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())].into(),
            ..Mapping::default()
        };
        let faults = odd.check().unwrap_err().faults;
        let told: Vec<(&str, &str)> = faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(
            told,
            [("/columns/a", "unknown_column"), ("/fixed/b", "unknown_column"), ("/fixed/sku", "not_fixed")]
        );
    }

    #[test]
    fn fixed_numbers_are_written_as_those_of_the_file() {
        let fixed = [("tax.rate", "7.5"), ("minimum_order", "1,5")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let odd = Mapping { fixed: fixed.into(), decimal_comma: true, ..Mapping::default() };
        let faults = odd.check().unwrap_err().faults;
        let told: Vec<(&str, &str)> = faults.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(told, [("/fixed/tax.rate", "decimal")]);
    }

    #[test]
    fn dates_are_read_as_they_are_written() {
        assert_eq!(DateFormat::DayMonthYear.to_iso("4.11.2026"), "2026-11-04");
        assert_eq!(DateFormat::MonthDayYear.to_iso("11/24/2026"), "2026-11-24");
        assert_eq!(DateFormat::DayMonthYear.to_iso("2026-11-24"), "2026-11-24");
        assert_eq!(DateFormat::parse("DD.MM.YYYY"), Ok(DateFormat::DayMonthYear));
        assert!(DateFormat::parse("D.M.Y").is_err());
    }
}
