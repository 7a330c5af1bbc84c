//! What the lines come to: the totals and the tax summary.

use super::head::{BODY, COLUMN_GAP, LABEL, SMALL, STRONG, line};
use super::sheet::{Block, Ink, WIDTH};
use super::text::{Length, Type, pt};
use super::{Setter, wording};
use crate::billing::paper::{PaperKind, PaperTax, standard_reason};

/// The tax summary beside the totals, or above them where one of them is too wide or the summary too long.
pub fn sums(setter: &Setter<'_>) -> Vec<Block> {
    let (totals, totals_width) = totals(setter);
    let beside = WIDTH - totals_width - COLUMN_GAP;
    let summary = taxes(setter, beside);
    let height: Length = summary.iter().map(|block| block.height).sum();
    let space = Block::space(pt(14)).kept();
    let mut right = Block::default();
    right.place(WIDTH - totals_width, 0, totals);
    if beside >= tax_width(setter) && height <= pt(260) {
        right.place(0, 0, Block::stack(summary));
        return vec![space, right, Block::space(pt(22))];
    }
    let mut blocks = vec![space];
    blocks.extend(taxes(setter, WIDTH));
    blocks.extend([Block::space(pt(14)), right, Block::space(pt(22))]);
    blocks
}

/// The totals in a column of its own, and its width.
fn totals(setter: &Setter<'_>) -> (Block, Length) {
    let (words, totals) = (setter.words, &setter.paper.totals);
    let is_credit = setter.paper.kind != PaperKind::Invoice;
    let mut rows = vec![
        (words.total_net, totals.net, BODY),
        (words.total_tax, totals.tax, BODY),
        (words.total, totals.gross, STRONG),
    ];
    if !totals.paid.is_zero() {
        rows.push((words.paid, -totals.paid, BODY));
    }
    let (label, value) = match is_credit {
        true => (words.amount_credited, totals.gross),
        false => (words.amount_due, totals.payable),
    };
    let (value, style) = (setter.money(value), Type::bold(pt(12)));
    let fonts = setter.fonts;
    let widths = rows
        .iter()
        .map(|(label, value, style)| fonts.width(label, *style) + fonts.width(&setter.amount(*value), *style));
    let last = fonts.width(label, STRONG) + fonts.width(&value, style);
    let width = (widths.chain([last]).max().unwrap_or_default() + pt(40)).clamp(pt(212), WIDTH);
    let mut block = Block::default();
    for (label, value, style) in rows {
        let (top, right) = (block.height + pt(2), width - pt(10));
        block.text(pt(10), top, setter.run(label, style), style, Ink::Black);
        block.text_to(right, top, setter.run(&setter.amount(value), style), style, Ink::Black);
        block.height = top + style.leading() + pt(2);
    }
    let band = block.height + pt(4);
    block.area((0, band), (width, pt(28)), Ink::Blue);
    block.text(pt(10), band + pt(8), setter.run(label, STRONG), STRONG, Ink::White);
    block.text_to(width - pt(10), band + pt(6), setter.run(&value, style), style, Ink::White);
    block.height = band + pt(28);
    (block, width)
}

fn tax_cells(setter: &Setter<'_>, tax: &PaperTax) -> [String; 3] {
    let rate = match tax.category.as_str() {
        "O" => tax.category.clone(),
        category => wording::tax_rate(category, tax.rate, setter.paper.language),
    };
    [rate, setter.amount(tax.base), setter.amount(tax.tax)]
}

/// The widths of the three columns of the tax summary without what separates them.
fn tax_columns(setter: &Setter<'_>) -> [Length; 3] {
    let heads =
        [setter.words.tax_summary, setter.words.taxable, setter.words.vat].map(|head| setter.fonts.width(head, LABEL));
    setter.paper.taxes.iter().fold(heads, |widths, tax| {
        let cells = tax_cells(setter, tax).map(|cell| setter.fonts.width(&cell, BODY));
        [0, 1, 2].map(|column| widths[column].max(cells[column]))
    })
}

fn tax_width(setter: &Setter<'_>) -> Length {
    tax_columns(setter).iter().sum::<Length>() + 2 * pt(16)
}

/// A head and a block for each category and rate, with the reason where no tax is charged.
fn taxes(setter: &Setter<'_>, width: Length) -> Vec<Block> {
    let words = setter.words;
    let last = tax_columns(setter)[2];
    let middle = width - last - pt(16);
    let mut head = line(setter, words.tax_summary, LABEL, Ink::Grey);
    head.text_to(middle, 0, setter.run(words.taxable, LABEL), LABEL, Ink::Grey);
    head.text_to(width, 0, setter.run(words.vat, LABEL), LABEL, Ink::Grey);
    head.area((0, head.height + pt(2)), (width, 500), Ink::Line);
    head.height += pt(5);
    let mut blocks = vec![head.kept()];
    for tax in &setter.paper.taxes {
        let [rate, base, amount] = tax_cells(setter, tax);
        let mut block = line(setter, &rate, BODY, Ink::Black);
        block.text_to(middle, 0, setter.run(&base, BODY), BODY, Ink::Black);
        block.text_to(width, 0, setter.run(&amount, BODY), BODY, Ink::Black);
        let standard = standard_reason(&tax.category, setter.paper.language);
        let reason = tax.exemption_reason.as_deref().filter(|reason| !reason.trim().is_empty()).or(standard);
        for text in setter.fonts.wrap_at_most(8, reason.unwrap_or_default(), SMALL, width) {
            let top = block.height;
            block.place(0, top, line(setter, &text, SMALL, Ink::Grey));
        }
        block.height += pt(3);
        blocks.push(block);
    }
    blocks
}
