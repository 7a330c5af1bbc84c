//! The printed form of an invoice or credit note: A4, in PDF/A-2u, so that it can be archived and searched.
//!
//! `wording` knows the languages, `text` sets type, `head`, `table`, `sums` and `foot` make blocks of marks, `sheet` lays them on pages, and
//! this file draws the pages with krilla. Equal papers give equal bytes.

mod foot;
mod head;
pub mod sheet;
mod sums;
mod table;
pub mod text;
pub mod wording;

use chrono::Datelike;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::GlyphId;
use krilla::{Document, SerializeSettings};
use rust_decimal::Decimal;

use super::paper::InvoicePaper;
use sheet::{Flow, Ink, Mark, PAGE_HEIGHT, PAGE_WIDTH, Page};
use text::{Fonts, Glyph, Length, Run, Type};
use wording::Words;

#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("the built-in fonts cannot be read")]
    Font,
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// Prints the paper. Characters that PT Sans lacks appear as question marks.
pub fn render(paper: &InvoicePaper) -> Result<Vec<u8>, PdfError> {
    let setter = Setter { fonts: text::fonts()?, words: wording::words(paper.language), paper };
    draw(&compose(&setter), metadata(&setter))
}

/// What is set, and what it is set with.
struct Setter<'a> {
    fonts: &'static Fonts,
    words: &'static Words,
    paper: &'a InvoicePaper,
}

impl Setter<'_> {
    fn run(&self, text: &str, style: Type) -> Run {
        self.fonts.run(text, style)
    }

    /// One line that is cut to the width.
    fn fitted(&self, text: &str, style: Type, width: Length) -> Run {
        self.run(&self.fonts.cut(text, style, width), style)
    }

    fn amount(&self, value: Decimal) -> String {
        wording::amount(value, self.paper.currency, self.paper.language)
    }

    fn money(&self, value: Decimal) -> String {
        format!("{}\u{a0}{}", self.amount(value), self.paper.currency)
    }
}

fn compose(setter: &Setter<'_>) -> Vec<Page> {
    let mut flow: Vec<Flow> = head::head(setter).into_iter().map(Flow::Block).collect();
    flow.extend(table::lines(setter));
    flow.extend(sums::sums(setter).into_iter().map(Flow::Block));
    flow.extend(foot::payment(setter).into_iter().map(Flow::Block));
    let mut pages = sheet::paginate(flow);
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        page.extend(foot::furniture(setter, index, count));
    }
    pages
}

fn metadata(setter: &Setter<'_>) -> Metadata {
    let paper = setter.paper;
    let day = paper.issued_on;
    let issued = DateTime::new(u16::try_from(day.year()).unwrap_or_default())
        .month(day.month() as u8)
        .day(day.day() as u8)
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0);
    let seller = setter.run(&paper.seller.legal_name, head::BODY).text;
    Metadata::new()
        .title(setter.run(&head::title(setter), head::BODY).text)
        .authors(vec![seller])
        .language(paper.language.code().to_owned())
        .creator("Torg".to_owned())
        .document_id(format!("{:?} {} {}", paper.kind, paper.number, paper.seller.legal_name))
        .creation_date(issued)
}

/// The file of these pages.
pub fn draw(pages: &[Page], metadata: Metadata) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .finish()
        .map_err(|error| PdfError::Write(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, enable_tagging: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata);
    let fonts = text::fonts()?;
    let size = PageSettings::from_wh(points(PAGE_WIDTH), points(PAGE_HEIGHT))
        .ok_or_else(|| PdfError::Write("the page has no size".to_owned()))?;
    for marks in pages {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for mark in marks {
            draw_mark(&mut surface, fonts, mark);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| PdfError::Write(error.to_string()))
}

fn draw_mark(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) {
    match mark {
        Mark::Text { run, .. } if run.glyphs.is_empty() => {}
        Mark::Text { x, baseline, run, style, ink } => {
            surface.set_fill(Some(fill(*ink)));
            let font = fonts.typeface(style.weight).font.clone();
            let start = Point::from_xy(points(*x), points(*baseline));
            surface.draw_glyphs(start, &run.glyphs, font, &run.text, points(style.size), false);
        }
        Mark::Area { x, y, width, height, ink } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(points(*x), points(*y), points(*width), points(*height)) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(ink: Ink) -> Fill {
    let color = match ink {
        Ink::Black => rgb::Color::new(0x1d, 0x26, 0x30),
        Ink::Grey => rgb::Color::new(0x5f, 0x6b, 0x78),
        Ink::Blue => rgb::Color::new(0x14, 0x42, 0x72),
        Ink::White => rgb::Color::new(0xff, 0xff, 0xff),
        Ink::Pale => rgb::Color::new(0xf1, 0xf4, 0xf8),
        Ink::Line => rgb::Color::new(0xd3, 0xda, 0xe2),
    };
    Fill { paint: color.into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

/// Coordinates become floats here and nowhere else, because the PDF library takes them so.
#[allow(clippy::float_arithmetic)]
fn points(length: Length) -> f32 {
    length as f32 / 1000.0
}

impl krilla::text::Glyph for Glyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.id)
    }

    fn text_range(&self) -> std::ops::Range<usize> {
        self.bytes.clone()
    }

    fn x_advance(&self, size: f32) -> f32 {
        em(self.advance, size)
    }

    fn x_offset(&self, size: f32) -> f32 {
        em(self.x_offset, size)
    }

    fn y_offset(&self, size: f32) -> f32 {
        em(self.y_offset, size)
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<krilla::surface::Location> {
        None
    }
}

#[allow(clippy::float_arithmetic)]
fn em(units: i32, size: f32) -> f32 {
    points(units) * size
}

#[cfg(test)]
mod tests;
