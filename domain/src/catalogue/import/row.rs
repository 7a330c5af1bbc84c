//! What a row says, by field.

use std::collections::BTreeMap;

use super::field::Field;
use super::formula;
use super::mapping::Mapping;
use crate::kernel::refusal::Invalid;

/// What a row says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number whose unit stands apart from it, as in an object.
    Quantity {
        value: String,
        unit: String,
    },
    /// There shall be none.
    Clear,
}

/// A row of a file. Fields that are not in it stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    cells: BTreeMap<Field, Cell>,
}

impl Row {
    /// Takes in what a cell of a table says. A fault tells why it cannot.
    pub fn add_cell(&mut self, mapping: &Mapping, field: Field, cell: String) -> Result<(), Invalid> {
        let text = formula::read(if field.is_text() { cell } else { cell.trim().to_owned() })?;
        self.add_text(mapping, field, Some(text))
    }

    /// Takes in what a member of an object says; none where it is null.
    pub fn add_text(&mut self, mapping: &Mapping, field: Field, text: Option<String>) -> Result<(), Invalid> {
        let cell = match text {
            None => Cell::Clear,
            Some(text) if text.trim().is_empty() => {
                if !mapping.clear_empty {
                    return Ok(());
                }
                Cell::Clear
            }
            Some(text) => Cell::Text(stated(mapping, &field, text)?),
        };
        self.cells.insert(field, cell);
        Ok(())
    }

    /// Takes in a number with a unit; only attributes have one.
    pub fn add_quantity(&mut self, field: Field, value: String, unit: String) -> Result<(), Invalid> {
        if !matches!(field, Field::Attribute(_)) {
            return Err(Invalid::new("wrong_type", "A string is expected."));
        }
        self.cells.insert(field, Cell::Quantity { value, unit });
        Ok(())
    }

    /// Adds what is said of every row, as [`stated`] gives it.
    pub fn complete(&mut self, fixed: &[(Field, String)]) {
        for (field, text) in fixed {
            self.cells.entry(field.clone()).or_insert_with(|| Cell::Text(text.clone()));
        }
    }

    pub fn get(&self, field: &Field) -> Option<&Cell> {
        self.cells.get(field)
    }

    /// What is stated of a field.
    pub fn text(&self, field: &Field) -> Option<&str> {
        match self.cells.get(field)? {
            Cell::Text(text) => Some(text),
            Cell::Quantity { .. } | Cell::Clear => None,
        }
    }

    pub fn cells(&self) -> impl Iterator<Item = (&Field, &Cell)> {
        self.cells.iter()
    }

    /// The number that the row is about.
    pub fn sku(&self) -> &str {
        self.text(&Field::Sku).unwrap_or_default()
    }
}

/// What a text says of a field: numbers with a point, however the file writes them.
pub fn stated(mapping: &Mapping, field: &Field, text: String) -> Result<String, Invalid> {
    if !mapping.decimal_comma || !field.is_number() {
        return Ok(text);
    }
    if *field == Field::Prices {
        // Here a space parts one price from the next.
        let parts: Result<Vec<String>, Invalid> = text.split(' ').map(with_point).collect();
        return Ok(parts?.join(" "));
    }
    with_point(&text)
}

/// `1 234,50` as `1234.50`. A point would be read as what it is not.
pub fn with_point(text: &str) -> Result<String, Invalid> {
    if text.contains('.') {
        return Err(Invalid::new("decimal", "Numbers are written with a decimal comma here."));
    }
    let spaces = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];
    Ok(text.chars().filter(|c| !spaces.contains(c)).map(|c| if c == ',' { '.' } else { c }).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mapping: &Mapping, cells: &[(&str, &str)]) -> Result<Row, Invalid> {
        let mut row = Row::default();
        for (name, cell) in cells {
            row.add_cell(mapping, Field::parse(name).unwrap(), cell.to_string())?;
        }
        Ok(row)
    }

    #[test]
    fn texts_are_kept_and_other_cells_trimmed() {
        let read = row(&Mapping::default(), &[("sku", " A-1 "), ("name.en", " Bolt "), ("gtin", "")]).unwrap();
        assert_eq!((read.sku(), read.text(&Field::Name("en".into()))), ("A-1", Some(" Bolt ")));
        assert_eq!(read.get(&Field::Gtin), None);
    }

    #[test]
    fn an_empty_cell_takes_away_where_the_mapping_says_so() {
        let clearing = Mapping { clear_empty: true, ..Mapping::default() };
        assert_eq!(row(&clearing, &[("gtin", " ")]).unwrap().get(&Field::Gtin), Some(&Cell::Clear));
    }

    #[test]
    fn commas_become_points_and_points_are_refused() {
        let russian = Mapping { decimal_comma: true, ..Mapping::default() };
        let read = row(&russian, &[("price", "1\u{a0}234,50"), ("name.ru", "1,5 м")]).unwrap();
        assert_eq!(read.text(&Field::Price), Some("1234.50"));
        assert_eq!(row(&russian, &[("price", "1 234,50")]).unwrap().text(&Field::Price), Some("1234.50"));
        assert_eq!(read.text(&Field::Name("ru".into())), Some("1,5 м"));
        let prices = row(&russian, &[("prices", "1:18,00 50:1\u{a0}016,20")]).unwrap();
        assert_eq!(prices.text(&Field::Prices), Some("1:18.00 50:1016.20"));
        assert_eq!(row(&russian, &[("price", "1.234")]).unwrap_err().code, "decimal");
        assert_eq!(row(&russian, &[("name.ru", "=1+1")]).unwrap_err().code, "formula");
    }

    #[test]
    fn fixed_values_fill_what_is_not_stated() {
        let mut read = row(&Mapping::default(), &[("currency", "EUR")]).unwrap();
        read.complete(&[(Field::Currency, "USD".into()), (Field::BaseUnit, "C62".into())]);
        assert_eq!((read.text(&Field::Currency), read.text(&Field::BaseUnit)), (Some("EUR"), Some("C62")));
    }
}
