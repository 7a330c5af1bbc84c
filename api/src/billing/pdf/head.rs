//! What stands above the lines: title and amount, the parties, dates and references.

use super::sheet::{Block, Ink, WIDTH};
use super::text::{Length, Type, pt};
use super::{Setter, wording};
use crate::billing::paper::{PaperKind, PaperParty};

pub const BODY: Type = Type::regular(9_500);
pub const STRONG: Type = Type::bold(9_500);
pub const SMALL: Type = Type::regular(8_000);
pub const LABEL: Type = Type::bold(8_000);
const TITLE: Type = Type::bold(pt(26));
const NUMBER: Type = Type::regular(pt(11));
const PARTY: Type = Type::bold(pt(11));
/// The amount due is set in the largest of these that fits.
const HERO_SIZES: [Length; 4] = [pt(20), pt(16), pt(13), pt(10)];
const HERO_WIDTH: Length = pt(250);
/// Rows of a party that surely fit on the first page.
const ROWS_OF_A_PARTY: usize = 36;
const FACTS_IN_A_ROW: usize = 4;
const FACT_PADDING: Length = pt(10);
pub const COLUMN_GAP: Length = pt(28);

/// `Invoice No. 2026-17`
pub fn title(setter: &Setter<'_>) -> String {
    format!("{} {} {}", kind(setter), setter.words.number, setter.paper.number)
}

fn kind(setter: &Setter<'_>) -> &'static str {
    match setter.paper.kind {
        PaperKind::Invoice => setter.words.invoice,
        PaperKind::CreditNote { .. } => setter.words.credit_note,
    }
}

/// Title and amount, the parties, and the facts of the deal.
pub fn head(setter: &Setter<'_>) -> Vec<Block> {
    let mut blocks = vec![masthead(setter), Block::space(pt(20))];
    blocks.extend(parties(setter));
    blocks.push(Block::space(pt(18)));
    blocks.extend(facts(setter));
    blocks.push(Block::space(pt(24)));
    blocks
}

fn masthead(setter: &Setter<'_>) -> Block {
    let width = WIDTH - HERO_WIDTH - COLUMN_GAP;
    let mut block = Block::default();
    block.text(0, 0, setter.fitted(kind(setter), TITLE, width), TITLE, Ink::Blue);
    let mut top = TITLE.leading();
    let number = format!("{}\u{a0}{}", setter.words.number, setter.paper.number);
    for line in setter.fonts.wrap_at_most(4, &number, NUMBER, width) {
        block.text(0, top, setter.run(&line, NUMBER), NUMBER, Ink::Black);
        top += NUMBER.leading();
    }
    block.height = top;
    block.place(0, 0, hero(setter));
    block
}

/// What matters most, at the right: how much, and until when.
fn hero(setter: &Setter<'_>) -> Block {
    let (words, paper) = (setter.words, setter.paper);
    let is_credit = paper.kind != PaperKind::Invoice;
    let (label, value) = match is_credit {
        true => (words.amount_credited, paper.totals.gross),
        false => (words.amount_due, paper.totals.payable),
    };
    let value = setter.money(value);
    let style = HERO_SIZES
        .map(Type::bold)
        .into_iter()
        .find(|style| setter.fonts.width(&value, *style) <= HERO_WIDTH)
        .unwrap_or(Type::bold(pt(10)));
    let mut block = Block::default();
    block.text_to(WIDTH, pt(5), setter.run(label, SMALL), SMALL, Ink::Grey);
    let top = pt(5) + SMALL.leading();
    block.text_to(WIDTH, top, setter.run(&value, style), style, Ink::Black);
    block.height = top + style.leading();
    let note = match (is_credit, paper.due_on) {
        (false, _) if paper.totals.payable.is_zero() && !paper.totals.paid.is_zero() => words.paid_in_full.to_owned(),
        (false, Some(day)) => format!("{} {}", words.due_by, wording::date(day, paper.language)),
        _ => return block,
    };
    block.text_to(WIDTH, block.height, setter.run(&note, BODY), BODY, Ink::Grey);
    block.height += BODY.leading();
    block
}

/// Seller and buyer side by side: as one block, or row by row if they are so long that a page may have to part them.
fn parties(setter: &Setter<'_>) -> Vec<Block> {
    let width = (WIDTH - COLUMN_GAP) / 2;
    let seller = party(setter, setter.words.seller, &setter.paper.seller, width);
    let buyer = party(setter, setter.words.buyer, &setter.paper.buyer, width);
    let beside = |left: Block, right: Block| {
        let mut row = Block::default();
        row.place(0, 0, left);
        row.place(width + COLUMN_GAP, 0, right);
        row
    };
    if seller.len().max(buyer.len()) <= ROWS_OF_A_PARTY {
        return vec![beside(Block::stack(seller), Block::stack(buyer))];
    }
    let rows = seller.len().max(buyer.len());
    let (mut seller, mut buyer) = (seller.into_iter(), buyer.into_iter());
    (0..rows).map(|_| beside(seller.next().unwrap_or_default(), buyer.next().unwrap_or_default())).collect()
}

fn party(setter: &Setter<'_>, label: &str, party: &PaperParty, width: Length) -> Vec<Block> {
    let language = setter.paper.language;
    let mut rows = vec![line(setter, label, LABEL, Ink::Grey)];
    rows[0].area((0, LABEL.leading() + 1_500), (width, 500), Ink::Line);
    rows[0].height += pt(6);
    let wrap = |text: &str, style| setter.fonts.wrap(text, style, width).into_iter().map(move |text| (text, style));
    let mut texts: Vec<(String, Type)> = wrap(&party.legal_name, PARTY).collect();
    for address in party.address_lines.iter().filter(|line| !line.trim().is_empty()) {
        texts.extend(wrap(address, BODY));
    }
    texts.extend(wrap(&locality(party), BODY));
    texts.extend(wrap(wording::country(party.country.code(), language), BODY));
    rows.extend(texts.iter().map(|(text, style)| line(setter, text, *style, Ink::Black)));
    let mut facts: Vec<(String, String)> =
        party.vat().map(|vat| (wording::scheme("vat", language), vat.to_owned())).into_iter().collect();
    let others = party.identifiers.iter().filter(|(scheme, _)| scheme != "vat");
    facts.extend(others.map(|(scheme, value)| (wording::scheme(scheme, language), value.clone())));
    let contact: Vec<&str> =
        [&party.contact_name, &party.phone, &party.email].into_iter().flatten().map(String::as_str).collect();
    for (index, text) in contact.into_iter().enumerate() {
        facts.push((if index == 0 { setter.words.contact.to_owned() } else { String::new() }, text.to_owned()));
    }
    if let Some(last) = rows.last_mut().filter(|_| !facts.is_empty()) {
        last.height += pt(4);
    }
    rows.extend(labelled(setter, &facts, width));
    rows
}

/// Postal code and city in the order that the country writes them.
fn locality(party: &PaperParty) -> String {
    let postal = party.postal_code.as_deref().unwrap_or_default().trim();
    let region = party.region.as_deref().unwrap_or_default().trim();
    let (city, comma) = (party.city.trim(), if region.is_empty() { "" } else { ", " });
    let text = match party.country.code() {
        "US" | "CA" | "AU" | "GB" | "IE" | "NZ" | "IN" | "ZA" => format!("{city}{comma}{region} {postal}"),
        "RU" | "BY" | "KZ" if !postal.is_empty() => format!("{postal}, {region}{comma}{city}"),
        "RU" | "BY" | "KZ" => format!("{region}{comma}{city}"),
        _ => format!("{postal} {city}{comma}{region}"),
    };
    text.trim().to_owned()
}

/// A block of one line.
pub fn line(setter: &Setter<'_>, text: &str, style: Type, ink: Ink) -> Block {
    let mut block = Block::space(style.leading());
    block.text(0, 0, setter.run(text, style), style, ink);
    block
}

/// Rows of a grey label and a value, the values aligned under each other.
fn labelled(setter: &Setter<'_>, facts: &[(String, String)], width: Length) -> Vec<Block> {
    let widest = facts.iter().map(|(label, _)| setter.fonts.width(label, SMALL)).max().unwrap_or_default();
    let left = (widest + pt(8)).min(width / 2);
    facts.iter().flat_map(|(label, value)| labelled_rows(setter, label, value, left, width)).collect()
}

/// A value after its grey label, wrapped beside it.
pub fn labelled_rows(setter: &Setter<'_>, label: &str, value: &str, left: Length, width: Length) -> Vec<Block> {
    let mut rows: Vec<Block> = Vec::new();
    for text in setter.fonts.wrap(value, BODY, width - left) {
        let mut row = Block::space(BODY.leading());
        if rows.is_empty() {
            // Smaller type, on the same baseline as the value.
            let drop = BODY.ascent() - SMALL.ascent();
            row.text(0, drop, setter.fitted(label, SMALL, left), SMALL, Ink::Grey);
        }
        row.text(left, 0, setter.run(&text, BODY), BODY, Ink::Black);
        rows.push(row);
    }
    rows
}

/// Dates and references in a pale band.
fn facts(setter: &Setter<'_>) -> Vec<Block> {
    let (words, paper) = (setter.words, setter.paper);
    let day = |day| wording::date(day, paper.language);
    let mut facts = vec![(words.issue_date, day(paper.issued_on))];
    if let PaperKind::CreditNote { invoice_number, invoice_issued_on } = &paper.kind {
        let of = invoice_issued_on.map(|issued| format!(" {}\u{a0}{}", words.of_date, day(issued))).unwrap_or_default();
        facts.push((words.for_invoice, format!("{invoice_number}{of}")));
    }
    let given =
        |label, text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty()).map(|text| (label, text));
    facts.extend(paper.due_on.map(|due| (words.due_date, day(due))));
    facts.extend(paper.delivered_on.map(|delivered| (words.delivery_date, day(delivered))));
    facts.extend(given(words.order, &paper.order_number));
    facts.extend(given(words.contract, &paper.contract_number));
    facts.extend(given(words.reference, &paper.buyer_reference));
    facts.push((words.currency, paper.currency.code().to_owned()));
    let rows = facts.len().div_ceil(FACTS_IN_A_ROW).max(1);
    let in_a_row = facts.len().div_ceil(rows);
    let mut blocks: Vec<Block> = facts.chunks(in_a_row).map(|row| fact_row(setter, row, in_a_row)).collect();
    let last = blocks.len() - 1;
    for (index, block) in blocks.iter_mut().enumerate() {
        pale(block, index == 0, index == last);
    }
    blocks
}

fn fact_row(setter: &Setter<'_>, facts: &[(&str, String)], in_a_row: usize) -> Block {
    let width = (WIDTH - 2 * FACT_PADDING + FACT_PADDING) / in_a_row as Length;
    let mut row = Block::default();
    for (index, (label, value)) in facts.iter().enumerate() {
        let x = FACT_PADDING + width * index as Length;
        let mut cell = line(setter, label, SMALL, Ink::Grey);
        cell.height += pt(1);
        for text in setter.fonts.wrap_at_most(6, value, STRONG, width - FACT_PADDING) {
            let top = cell.height;
            cell.place(0, top, line(setter, &text, STRONG, Ink::Black));
        }
        row.place(x, 0, cell);
    }
    row
}

/// Puts a row of facts on its ground, with space above the first and below the last.
fn pale(block: &mut Block, is_first: bool, is_last: bool) {
    let row = std::mem::take(block);
    let above = if is_first { pt(8) } else { pt(3) };
    let height = row.height + above + if is_last { pt(8) } else { pt(3) };
    block.area((0, 0), (WIDTH, height), Ink::Pale);
    block.place(0, above, row);
    block.height = height;
    block.keep = !is_last;
}
