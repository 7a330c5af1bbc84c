//! Quick orders: SKUs and quantities, one to a line.

use crate::kernel::{Faults, Refusal};

/// The most lines of a quick order.
pub const MAX_LINES: usize = 1000;

/// The most faults that are told of one file.
const MAX_FAULTS: usize = 200;

/// What is wanted of a SKU; without a unit, in the offer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickLine {
    pub sku: String,
    pub quantity: String,
    pub unit: Option<String>,
}

/// Reads lines of the form `sku;quantity` or `sku;quantity;unit`. Blank lines count for nothing, and a first line whose quantity is
/// the word `quantity` is a head. All faults are told at once, with the number of the line; of very many the first.
pub fn parse_csv(text: &str) -> Result<Vec<QuickLine>, Refusal> {
    let mut faults = Faults::default();
    let mut lines = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let pointer = "/csv";
        match cells.as_slice() {
            [_, quantity, ..] if index == 0 && quantity.eq_ignore_ascii_case("quantity") => {}
            [sku, quantity] | [sku, quantity, ""] if !sku.is_empty() && !quantity.is_empty() => {
                lines.push(QuickLine { sku: (*sku).to_owned(), quantity: decimal_point(quantity), unit: None });
            }
            [sku, quantity, unit] if !sku.is_empty() && !quantity.is_empty() => {
                let unit = Some((*unit).to_owned());
                lines.push(QuickLine { sku: (*sku).to_owned(), quantity: decimal_point(quantity), unit });
            }
            _ if faults.0.len() < MAX_FAULTS => {
                let detail = format!("Line {} is not of the form sku;quantity or sku;quantity;unit.", index + 1);
                faults.add(pointer, "line", detail);
            }
            _ => {}
        }
    }
    if lines.len() > MAX_LINES {
        faults.add("/csv", "too_many", format!("A quick order has at most {MAX_LINES} lines."));
    }
    faults.result()?;
    Ok(lines)
}

/// Spreadsheets in many countries write a comma.
fn decimal_point(quantity: &str) -> String {
    quantity.replacen(',', ".", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_and_without_unit_and_head() {
        let lines = parse_csv("\u{feff}sku;quantity;unit\r\nA-1;10\r\n\n B 2 ; 2,5 ; KGM \nC;1;\n").unwrap();
        let read: Vec<_> =
            lines.iter().map(|line| (line.sku.as_str(), line.quantity.as_str(), line.unit.as_deref())).collect();
        assert_eq!(read, [("A-1", "10", None), ("B 2", "2.5", Some("KGM")), ("C", "1", None)]);
    }

    #[test]
    fn every_line_that_is_none_is_told() {
        let refusal = parse_csv("A\n;3\nB;2\nC;1;KGM;x\n").unwrap_err();
        let told: Vec<_> = refusal.faults.iter().map(|fault| &fault.detail[..6]).collect();
        assert_eq!(told, ["Line 1", "Line 2", "Line 4"]);
        assert_eq!(parse_csv(&"A\n".repeat(300)).unwrap_err().faults.len(), 200);
    }
}
