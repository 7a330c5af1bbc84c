//! A comparison as a workbook: for reading on, sorting and filing. Numbers are numbers, with the precision that a spreadsheet has; texts of
//! others are written as text, so that none becomes a formula.

use std::sync::Arc;

use bytes::Bytes;
use domain::kernel::Currency;
use domain::kernel::language::pick;
use domain::sourcing::comparison::Choice;
use domain::sourcing::{Line, Subject};
use infra::Failure;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use super::entrants::{Compared, SideBySide};
use super::render::columns;
use super::xlsx_quotes;

/// What the lines are told by, before the first quote: number, name, quantity, unit, target price.
const BEFORE: usize = 5;

/// What a quote has of each line: its unit price and what that comes to.
const EACH: usize = 2;

/// A comparison as the bytes of a workbook.
pub async fn workbook(compared: &Arc<SideBySide>) -> Result<Bytes, Failure> {
    let make = || async {
        let of = compared.clone();
        let work = move || written(&of).map(Bytes::from);
        tokio::task::spawn_blocking(work).await.map_err(Failure::broken)?.map_err(Failure::broken)
    };
    compared.workbook.get_or_try_init(make).await.cloned()
}

fn written(of: &SideBySide) -> Result<Vec<u8>, XlsxError> {
    let (columns, formats) = (columns(of), Formats::of(of.comparison.currency));
    let mut workbook = Workbook::new();
    lines_by_quotes(workbook.add_worksheet().set_name("Comparison")?, of, &columns, &formats)?;
    xlsx_quotes::quotes(workbook.add_worksheet().set_name("Quotes")?, of, &columns, &formats)?;
    best(workbook.add_worksheet().set_name("Best")?, of, &columns, &formats)?;
    workbook.save_to_buffer()
}

/// How cells look.
pub struct Formats {
    pub head: Format,
    pub plain: Format,
    pub amount: Format,
    pub price: Format,
    pub points: Format,
    /// Of the quote that is best for a line.
    best_amount: Format,
    best_price: Format,
    /// Of what does not compete.
    weak_amount: Format,
    weak_price: Format,
}

impl Formats {
    fn of(currency: Currency) -> Self {
        let decimals = usize::try_from(currency.decimals()).unwrap_or_default();
        let point = if decimals == 0 { "" } else { "." };
        let amount = Format::new().set_num_format(format!("#,##0{point}{}", "0".repeat(decimals)));
        let price = Format::new().set_num_format("#,##0.00####");
        let best = |format: &Format| format.clone().set_bold().set_background_color(Color::RGB(0xC6_EF_CE));
        let weak = |format: &Format| format.clone().set_italic().set_font_color(Color::RGB(0x80_80_80));
        Self {
            head: Format::new().set_bold().set_text_wrap().set_background_color(Color::RGB(0xDD_EB_F7)),
            plain: Format::new(),
            points: Format::new().set_num_format("0.00##"),
            best_amount: best(&amount),
            best_price: best(&price),
            weak_amount: weak(&amount),
            weak_price: weak(&price),
            amount,
            price,
        }
    }
}

/// Writes a text as a text, whatever it begins with.
pub fn text(sheet: &mut Worksheet, row: usize, column: usize, text: &str, format: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row_of(row), column_of(column), text, format)?;
    Ok(())
}

pub fn number(
    sheet: &mut Worksheet,
    row: usize,
    column: usize,
    number: Decimal,
    format: &Format,
) -> Result<(), XlsxError> {
    let number = number.to_f64().unwrap_or_default();
    sheet.write_number_with_format(row_of(row), column_of(column), number, format)?;
    Ok(())
}

/// Writes the titles of columns, each with its width in characters.
pub fn titles(sheet: &mut Worksheet, titles: &[(String, f64)], formats: &Formats) -> Result<(), XlsxError> {
    for (column, (title, width)) in titles.iter().enumerate() {
        text(sheet, 0, column, title, &formats.head)?;
        sheet.set_column_width(column_of(column), *width)?;
    }
    Ok(())
}

fn row_of(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn column_of(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// What a line is called, in English if it is said in English.
fn name(line: &Line) -> String {
    match line.subject {
        Subject::Product(id) if line.names.is_empty() => format!("Product {id}"),
        _ => pick(&line.names, &[]).to_owned(),
    }
}

/// Lines × quotes: of each quote the offer by which it competes for the line, or else, in grey, what it offers first.
fn lines_by_quotes(
    sheet: &mut Worksheet,
    of: &SideBySide,
    columns: &[&Compared],
    formats: &Formats,
) -> Result<(), XlsxError> {
    let currency = of.comparison.currency.code();
    let before = [("Line", 7.0), ("Name", 40.0), ("Quantity", 12.0), ("Unit", 7.0), ("Target price", 13.0)];
    let mut head: Vec<(String, f64)> = before.map(|(title, width)| (title.to_owned(), width)).to_vec();
    for column in columns {
        head.push((column.quoter.clone(), 16.0));
        head.push((String::new(), 16.0));
    }
    titles(sheet, &head, formats)?;
    for column in 0..head.len() {
        let title = match column.checked_sub(BEFORE).map(|place| place % EACH) {
            None => String::new(),
            Some(0) => format!("Unit price, {currency}"),
            Some(_) => format!("Landed, {currency}"),
        };
        text(sheet, 1, column, &title, &formats.head)?;
    }
    sheet.set_freeze_panes(2, 2)?;
    for (row, line) in of.terms.lines.iter().enumerate() {
        let at = row + 2;
        number(sheet, at, 0, line.number.into(), &formats.plain)?;
        text(sheet, at, 1, &name(line), &formats.plain)?;
        number(sheet, at, 2, line.quantity.value(), &formats.plain)?;
        text(sheet, at, 3, line.quantity.unit().code(), &formats.plain)?;
        if let Some(target) = line.target {
            number(sheet, at, 4, target.price.amount(), &formats.price)?;
        }
        for column in 0..columns.len() {
            cell(sheet, of, (row, column), formats)?;
        }
    }
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    of: &SideBySide,
    (row, column): (usize, usize),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let cell = of.comparison.matrix.cell(row, column);
    let is_best = of.comparison.line_rankings[row].first() == Some(&column);
    let (price, amount) = match cell.best_offer() {
        Some(_) if is_best => (&formats.best_price, &formats.best_amount),
        Some(_) => (&formats.price, &formats.amount),
        None => (&formats.weak_price, &formats.weak_amount),
    };
    let Some(offer) = cell.best_offer().or(cell.offers.first()) else { return Ok(()) };
    let at = BEFORE + column * EACH;
    number(sheet, row + 2, at, offer.unit_price, price)?;
    number(sheet, row + 2, at + 1, offer.landed.amount(), amount)
}

/// The best total, split and combination line by line, with what comes to the goods below.
fn best(sheet: &mut Worksheet, of: &SideBySide, columns: &[&Compared], formats: &Formats) -> Result<(), XlsxError> {
    let comparison = &of.comparison;
    let currency = comparison.currency.code();
    let choices = [
        ("Best total", comparison.best_total.as_ref()),
        ("Best split", Some(&comparison.best_split)),
        ("Best combination", Some(&comparison.best_combination.choice)),
    ];
    let mut head = vec![("Line".to_owned(), 18.0), ("Name".to_owned(), 40.0)];
    for (title, _) in choices {
        head.push((title.to_owned(), 30.0));
        head.push((format!("Landed, {currency}"), 16.0));
    }
    titles(sheet, &head, formats)?;
    sheet.set_freeze_panes(1, 2)?;
    for (row, line) in of.terms.lines.iter().enumerate() {
        number(sheet, row + 1, 0, line.number.into(), &formats.plain)?;
        text(sheet, row + 1, 1, &name(line), &formats.plain)?;
    }
    for (place, (_, choice)) in choices.into_iter().enumerate() {
        let Some(choice) = choice else {
            text(sheet, 1, 2 + place * EACH, "No quote is complete.", &formats.plain)?;
            continue;
        };
        chosen(sheet, of, columns, (choice, 2 + place * EACH), formats)?;
    }
    let proven = if comparison.best_combination.proven { "proven" } else { "the best that was found" };
    let after = of.terms.lines.len() + 1;
    for (row, title) in ["Fixed costs", "Discounts", "Total", "Conditions"].into_iter().enumerate() {
        text(sheet, after + row, 0, title, &formats.head)?;
    }
    text(sheet, after + 4, 0, "Best combination", &formats.head)?;
    text(sheet, after + 4, 2 + 2 * EACH, proven, &formats.plain)
}

/// Who gets which line in a choice, and what it comes to.
fn chosen(
    sheet: &mut Worksheet,
    of: &SideBySide,
    columns: &[&Compared],
    (choice, at): (&Choice, usize),
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (row, column) in choice.by_line.iter().enumerate() {
        let Some(column) = *column else {
            text(sheet, row + 1, at, "nobody", &formats.weak_amount)?;
            continue;
        };
        text(sheet, row + 1, at, &columns[column].quoter, &formats.plain)?;
        if let Some(offer) = of.comparison.matrix.cell(row, column).best_offer() {
            number(sheet, row + 1, at + 1, offer.landed.amount(), &formats.amount)?;
        }
    }
    let after = choice.by_line.len() + 1;
    let fixed: Decimal = choice.shares.iter().map(|share| share.fixed.amount()).sum();
    let discounts: Decimal = choice.shares.iter().map(|share| share.discount.amount()).sum();
    number(sheet, after, at + 1, fixed, &formats.amount)?;
    number(sheet, after + 1, at + 1, -discounts, &formats.amount)?;
    number(sheet, after + 2, at + 1, choice.total.amount(), &formats.best_amount)?;
    let kept = if choice.keeps_conditions() { "kept" } else { "not kept" };
    text(sheet, after + 3, at, kept, &formats.plain)
}
