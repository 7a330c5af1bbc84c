//! The table of the lines.

use super::sheet::{Block, Flow, Ink, WIDTH};
use super::text::{Length, Type, pt};
use super::{Setter, wording};
use crate::billing::paper::PaperLine;

/// Between two columns.
const GAP: Length = pt(10);
/// Between a quantity and its unit.
const SMALL_GAP: Length = pt(4);
/// Above and below the text of a row.
const PADDING: Length = pt(4);
/// The least width of the item column for which a type size is taken.
const ITEM_WIDTH: Length = pt(120);
/// Sizes tried from the first on, until large numbers leave room for the items. Only at the first one may a head of several
/// words claim its whole width.
const SIZES: [(Length, bool); 7] =
    [(9_000, true), (9_000, false), (8_500, false), (8_000, false), (7_000, false), (6_000, false), (5_500, false)];
/// Text lines of one block: a longer item goes on in further blocks, so that a page can end within it.
const LINES_OF_A_BLOCK: usize = 24;

struct Column {
    head: &'static str,
    cells: Vec<String>,
    is_number: bool,
    gap_before: Length,
}

struct Layout {
    style: Type,
    /// Left edge and width of each column; the second one is the item.
    places: Vec<(Length, Length)>,
}

/// The whole table, its head and one or more blocks per line.
pub fn lines(setter: &Setter<'_>) -> Vec<Flow> {
    let columns = columns(setter);
    let layout = layout(setter, &columns);
    let mut flow = vec![Flow::TableHead(head(setter, &columns, &layout))];
    let last = setter.paper.lines.len().saturating_sub(1);
    for (index, line) in setter.paper.lines.iter().enumerate() {
        let mut blocks = row(setter, line, index, &columns, &layout);
        // The sums never stand on a page without a line.
        if let Some(block) = blocks.last_mut().filter(|_| index == last) {
            block.keep = true;
        }
        flow.extend(blocks.into_iter().map(Flow::Block));
    }
    flow.push(Flow::TableEnd);
    flow
}

/// All columns; the cells of the item column are left empty, as it takes what room the others leave.
fn columns(setter: &Setter<'_>) -> Vec<Column> {
    let (words, language, lines) = (setter.words, setter.paper.language, &setter.paper.lines);
    let column = |head, is_number, cell: &dyn Fn(&PaperLine) -> String| Column {
        head,
        cells: lines.iter().map(cell).collect(),
        is_number,
        gap_before: GAP,
    };
    let mut columns = vec![
        column(words.position, false, &|line| line.position.to_string()),
        column(words.item, false, &|_| String::new()),
        column(words.quantity, true, &|line| wording::number(line.quantity.normalize(), language)),
        column(words.unit, false, &|line| wording::unit(line.unit, language).to_owned()),
        column(words.unit_price, true, &|line| setter.amount(line.unit_price)),
    ];
    columns[0].gap_before = 0;
    columns[3].gap_before = SMALL_GAP;
    if lines.iter().any(|line| !line.discount_percent.is_zero()) {
        columns.push(column(words.discount, true, &|line| discount(setter, line)));
    }
    columns.push(column(words.vat, true, &|line| wording::tax_rate(&line.tax_category, line.tax_rate, language)));
    columns.push(column(words.net, true, &|line| setter.amount(line.net)));
    columns
}

fn discount(setter: &Setter<'_>, line: &PaperLine) -> String {
    if line.discount_percent.is_zero() {
        return String::new();
    }
    wording::percent(line.discount_percent, setter.paper.language)
}

/// Every column is as wide as its widest cell, and the item column takes the rest.
fn layout(setter: &Setter<'_>, columns: &[Column]) -> Layout {
    let mut layout = Layout { style: Type::regular(pt(9)), places: Vec::new() };
    for (size, whole_heads) in SIZES {
        let style = Type::regular(size);
        let width = |column| column_width(setter, column, style, whole_heads);
        let mut widths: Vec<Length> = columns.iter().map(width).collect();
        let gaps: Length = columns.iter().map(|column| column.gap_before).sum();
        let others: Length = widths.iter().enumerate().filter(|(index, _)| *index != 1).map(|(_, width)| width).sum();
        widths[1] = WIDTH - gaps - others;
        let fits = widths[1] >= ITEM_WIDTH;
        widths[1] = widths[1].max(pt(40));
        let mut x = 0;
        let place = |(column, width): (&Column, Length)| {
            let left = x + column.gap_before;
            x = left + width;
            (left, width)
        };
        layout = Layout { style, places: columns.iter().zip(widths).map(place).collect() };
        if fits {
            break;
        }
    }
    layout
}

fn head_style(style: Type) -> Type {
    Type::bold(style.size - 1_000)
}

fn column_width(setter: &Setter<'_>, column: &Column, style: Type, whole_head: bool) -> Length {
    let head = |text| setter.fonts.width(text, head_style(style));
    let head = if whole_head { head(column.head) } else { column.head.split(' ').map(head).max().unwrap_or_default() };
    let cells = column.cells.iter().map(|cell| setter.fonts.width(cell, style));
    cells.chain([head]).max().unwrap_or_default()
}

fn head(setter: &Setter<'_>, columns: &[Column], layout: &Layout) -> Block {
    let style = head_style(layout.style);
    let cells: Vec<Vec<String>> = columns
        .iter()
        .zip(&layout.places)
        .map(|(column, (_, width))| setter.fonts.wrap(column.head, style, *width))
        .collect();
    let deepest = cells.iter().map(Vec::len).max().unwrap_or_default();
    let mut block = Block::space(style.leading() * deepest as Length + PADDING + 1_000);
    for ((column, (left, width)), texts) in columns.iter().zip(&layout.places).zip(&cells) {
        // Heads of one line stand on the lowest, next to the rows.
        let mut top = style.leading() * (deepest - texts.len()) as Length;
        for text in texts {
            let run = setter.run(text, style);
            let x = if column.is_number { left + width - run.width } else { *left };
            block.text(x, top, run, style, Ink::Blue);
            top += style.leading();
        }
    }
    block.area((0, block.height - 1_000), (WIDTH, 1_000), Ink::Blue);
    block
}

fn row(setter: &Setter<'_>, line: &PaperLine, index: usize, columns: &[Column], layout: &Layout) -> Vec<Block> {
    let style = layout.style;
    let small = Type::regular(style.size - 1_500);
    let (item_left, item_width) = layout.places[1];
    let name = setter.fonts.wrap(&line.name, style, item_width).into_iter().map(|text| (text, style, Ink::Black));
    let sku = line.sku.iter().map(|sku| format!("{} {sku}", setter.words.sku));
    let sku = sku.flat_map(|sku| setter.fonts.wrap(&sku, small, item_width)).map(|text| (text, small, Ink::Grey));
    let mut texts: Vec<(String, Type, Ink)> = name.chain(sku).collect();
    if texts.is_empty() {
        texts.push((String::new(), style, Ink::Black));
    }
    let mut blocks: Vec<Block> = texts
        .chunks(LINES_OF_A_BLOCK)
        .map(|chunk| {
            let mut block = Block::default();
            for (text, style, ink) in chunk {
                block.text(item_left, block.height, setter.run(text, *style), *style, *ink);
                block.height += style.leading();
            }
            block
        })
        .collect();
    for (number, (column, (left, width))) in columns.iter().zip(&layout.places).enumerate() {
        let Some(cell) = column.cells.get(index).filter(|cell| number != 1 && !cell.is_empty()) else { continue };
        let run = setter.run(cell, style);
        let x = if column.is_number { left + width - run.width } else { *left };
        blocks[0].text(x, 0, run, style, if number == 0 { Ink::Grey } else { Ink::Black });
    }
    framed(blocks)
}

/// Space above the first and below the last block of a row, and a rule under it.
fn framed(blocks: Vec<Block>) -> Vec<Block> {
    let last = blocks.len().saturating_sub(1);
    let frame = |(index, block): (usize, Block)| {
        let mut framed = Block::default();
        framed.place(0, if index == 0 { PADDING } else { 0 }, block);
        if index == last {
            framed.height += PADDING;
            framed.area((0, framed.height - 500), (WIDTH, 500), Ink::Line);
        }
        framed
    };
    blocks.into_iter().enumerate().map(frame).collect()
}
