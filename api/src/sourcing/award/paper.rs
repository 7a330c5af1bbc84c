//! How a letter is printed: A4, in PDF/A-2u, like an invoice. Equal letters give equal bytes.

use chrono::Datelike;
use domain::kernel::Date;
use krilla::metadata::{DateTime, Metadata};

use super::wording::words;
use crate::billing::paper::PaperLanguage;
use crate::billing::pdf::sheet::{BOTTOM, Block, Flow, Ink, MARGIN, Mark, PAGE_WIDTH, Page, WIDTH, moved, paginate};
use crate::billing::pdf::text::{Fonts, Length, Type, fonts, pt};
use crate::billing::pdf::{PdfError, draw};

const TITLE: Type = Type::bold(pt(20));
const BODY: Type = Type::regular(pt(10));
const STRONG: Type = Type::bold(pt(10));
const SMALL: Type = Type::regular(pt(8));
/// Room for the labels of facts.
const LABEL: Length = pt(150);
/// Room for amounts.
const AMOUNT: Length = pt(110);
const GAP: Length = pt(24);

/// A letter. Whoever fills it has computed and worded everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub language: PaperLanguage,
    pub title: String,
    pub made_on: Date,
    /// Names and addresses, the name first.
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub facts: Vec<(&'static str, String)>,
    pub text: &'static str,
    pub lines: Vec<LetterLine>,
    pub sums: Vec<(&'static str, String)>,
    /// What stands below.
    pub closing: Vec<(&'static str, String)>,
}

/// Something that is awarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterLine {
    pub name: String,
    /// How its amount comes about.
    pub terms: String,
    pub amount: String,
}

/// Prints a letter. Characters that the font lacks appear as question marks.
pub fn render(letter: &Letter) -> Result<Vec<u8>, PdfError> {
    let fonts = fonts()?;
    let mut pages = compose(fonts, letter);
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        page.extend(furniture(fonts, letter, index, count));
    }
    draw(&pages, metadata(fonts, letter))
}

fn compose(fonts: &Fonts, letter: &Letter) -> Vec<Page> {
    let mut blocks = paragraph(fonts, &letter.title, TITLE, Ink::Blue, WIDTH);
    blocks.push(Block::space(pt(16)));
    blocks.push(parties(fonts, letter));
    blocks.push(Block::space(GAP));
    blocks.extend(letter.facts.iter().flat_map(|(label, value)| fact(fonts, label, value)));
    blocks.push(Block::space(GAP));
    blocks.extend(paragraph(fonts, letter.text, BODY, Ink::Black, WIDTH));
    blocks.push(Block::space(pt(12)));
    blocks.extend(letter.lines.iter().flat_map(|line| awarded(fonts, line)));
    for (label, value) in &letter.sums {
        blocks.push(sum(fonts, label, value));
    }
    blocks.push(Block::space(pt(12)));
    blocks.extend(letter.closing.iter().flat_map(|(label, value)| fact(fonts, label, value)));
    paginate(blocks.into_iter().map(Flow::Block).collect())
}

fn line(fonts: &Fonts, text: &str, style: Type, ink: Ink) -> Block {
    let mut block = Block::space(style.leading());
    block.text(0, 0, fonts.run(text, style), style, ink);
    block
}

fn paragraph(fonts: &Fonts, text: &str, style: Type, ink: Ink, width: Length) -> Vec<Block> {
    fonts.wrap(text, style, width).iter().map(|text| line(fonts, text, style, ink)).collect()
}

/// Sender and recipient side by side.
fn parties(fonts: &Fonts, letter: &Letter) -> Block {
    let words = words(letter.language);
    let width = (WIDTH - GAP) / 2;
    let party = |label: &str, lines: &[String]| {
        let mut rows = vec![line(fonts, label, SMALL, Ink::Grey)];
        for (index, text) in lines.iter().enumerate() {
            let style = if index == 0 { STRONG } else { BODY };
            let wrapped = fonts.wrap_at_most(6, text, style, width);
            rows.extend(wrapped.iter().map(|text| line(fonts, text, style, Ink::Black)));
        }
        Block::stack(rows)
    };
    let mut both = Block::default();
    both.place(0, 0, party(words.from, &letter.from));
    both.place(width + GAP, 0, party(words.to, &letter.to));
    both
}

/// A value after its grey label, wrapped beside it.
fn fact(fonts: &Fonts, label: &str, value: &str) -> Vec<Block> {
    let mut rows = Vec::new();
    for text in fonts.wrap(value, BODY, WIDTH - LABEL) {
        let mut row = Block::space(BODY.leading());
        if rows.is_empty() {
            let label = fonts.cut(label, SMALL, LABEL - pt(8));
            row.text(0, BODY.ascent() - SMALL.ascent(), fonts.run(&label, SMALL), SMALL, Ink::Grey);
        }
        row.text(LABEL, 0, fonts.run(&text, BODY), BODY, Ink::Black);
        rows.push(row);
    }
    rows.push(Block::space(pt(3)));
    rows
}

/// The name with the amount at the right, and below it how that comes about.
fn awarded(fonts: &Fonts, of: &LetterLine) -> Vec<Block> {
    let width = WIDTH - AMOUNT - pt(10);
    let mut rows = paragraph(fonts, &of.name, STRONG, Ink::Black, width);
    if rows.is_empty() {
        rows.push(Block::space(STRONG.leading()));
    }
    let amount = fonts.run(&fonts.cut(&of.amount, BODY, AMOUNT), BODY);
    rows[0].text_to(WIDTH, 0, amount, BODY, Ink::Black);
    rows.extend(paragraph(fonts, &of.terms, SMALL, Ink::Grey, width));
    let mut rule = Block::space(pt(8));
    rule.area((0, pt(3)), (WIDTH, 500), Ink::Line);
    rows.push(rule);
    rows
}

fn sum(fonts: &Fonts, label: &str, value: &str) -> Block {
    let mut row = Block::space(BODY.leading());
    let label = fonts.cut(label, BODY, WIDTH - AMOUNT - pt(10));
    row.text(0, 0, fonts.run(&label, BODY), BODY, Ink::Black);
    row.text_to(WIDTH, 0, fonts.run(&fonts.cut(value, STRONG, AMOUNT), STRONG), STRONG, Ink::Black);
    row
}

/// What stands on every page outside the text: a band at the top, and the foot.
fn furniture(fonts: &Fonts, letter: &Letter, index: usize, count: usize) -> Vec<Mark> {
    let mut page = Block::default();
    page.area((0, 0), (PAGE_WIDTH, pt(6)), Ink::Blue);
    let mut inner = Block::default();
    let foot = BOTTOM + pt(14);
    inner.area((0, foot), (WIDTH, 500), Ink::Line);
    let sender = letter.from.first().map(String::as_str).unwrap_or_default();
    let sender = fonts.cut(sender, SMALL, WIDTH - pt(80));
    inner.text(0, foot + pt(6), fonts.run(&sender, SMALL), SMALL, Ink::Grey);
    inner.text_to(WIDTH, foot + pt(6), fonts.run(&format!("{} / {count}", index + 1), SMALL), SMALL, Ink::Grey);
    page.marks.extend(inner.marks.into_iter().map(|mark| moved(mark, MARGIN, 0)));
    page.marks
}

fn metadata(fonts: &Fonts, letter: &Letter) -> Metadata {
    let day = letter.made_on;
    let made = DateTime::new(u16::try_from(day.year()).unwrap_or_default())
        .month(day.month() as u8)
        .day(day.day() as u8)
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0);
    let text = |text: &str| fonts.run(text, BODY).text;
    let facts: Vec<&str> = letter.facts.iter().map(|(_, value)| value.as_str()).collect();
    Metadata::new()
        .title(text(&letter.title))
        .authors(letter.from.first().map(|name| text(name)).into_iter().collect())
        .language(letter.language.code().to_owned())
        .creator("Torg".to_owned())
        .document_id(format!("{} {}", letter.title, facts.join(" ")))
        .creation_date(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(language: PaperLanguage) -> Letter {
        let name = "Прокат горячекатаный S235JR, 3 мм ".repeat(3);
        let lines = (1..=80).map(|number| LetterLine {
            name: format!("{number} {name}"),
            terms: "25 t × 640.50 EUR".to_owned(),
            amount: "16,012.50 EUR".to_owned(),
        });
        Letter {
            language,
            title: "Notice of award".to_owned(),
            made_on: Date::from_ymd_opt(2027, 3, 2).unwrap(),
            from: vec!["Siemens AG".to_owned(), "Werner-von-Siemens-Straße 1".to_owned()],
            to: vec!["ПАО «Северсталь»".to_owned()],
            facts: vec![("Request", "Rolled steel".to_owned())],
            text: words(language).awarded,
            lines: lines.collect(),
            sums: vec![("Total", "1,281,000.00 EUR".to_owned())],
            closing: vec![("Reason", "The lowest price. ".repeat(60))],
        }
    }

    #[test]
    fn equal_letters_give_equal_bytes_and_long_ones_have_several_pages() {
        for language in [PaperLanguage::En, PaperLanguage::Ru] {
            let first = render(&letter(language)).unwrap();
            assert!(first.starts_with(b"%PDF-1.7"));
            assert!(first == render(&letter(language)).unwrap());
            assert!(compose(fonts().unwrap(), &letter(language)).len() > 2);
        }
    }

    #[test]
    fn nothing_leaves_the_page() {
        for page in compose(fonts().unwrap(), &letter(PaperLanguage::Ru)) {
            for mark in page {
                let Mark::Text { x, baseline, run, .. } = mark else { continue };
                assert!(x >= MARGIN && x + run.width <= PAGE_WIDTH - MARGIN + 10, "{}", run.text);
                assert!(baseline <= BOTTOM + pt(2), "{}", run.text);
            }
        }
    }
}
