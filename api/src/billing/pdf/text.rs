//! Type: measuring, shaping and wrapping text in PT Sans.

use std::sync::LazyLock;

use rustybuzz::{Direction, Feature, ShapePlan, UnicodeBuffer, script};

use super::PdfError;

/// A length or coordinate in thousandths of a point. Whole numbers keep the layout exact and the same everywhere.
pub type Length = i32;

/// Whole points as a [`Length`].
pub const fn pt(points: i32) -> Length {
    points * 1000
}

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/PTS55F.ttf");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/PTS75F.ttf");
static FONTS: LazyLock<Option<Fonts>> =
    LazyLock::new(|| Some(Fonts { regular: Typeface::new(REGULAR)?, bold: Typeface::new(BOLD)? }));

/// Stands in for what the font has no glyph for. The text behind it, which is searched and copied, stays what it was.
const SUBSTITUTE: char = '?';
/// A place in a long word after which it may be broken without a hyphen.
const BREAKS: &[char] = &['-', '/', '\\', '_', '.', ',', ';', ':', '&', '=', '+', '@', '|', '–', '—'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// A weight at a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    pub weight: Weight,
    pub size: Length,
}

impl Type {
    pub const fn regular(size: Length) -> Self {
        Self { weight: Weight::Regular, size }
    }

    pub const fn bold(size: Length) -> Self {
        Self { weight: Weight::Bold, size }
    }

    /// From one baseline to the next.
    pub const fn leading(self) -> Length {
        self.size * 13 / 10
    }

    /// From the top of a line to its baseline.
    pub const fn ascent(self) -> Length {
        self.size
    }
}

pub struct Fonts {
    regular: Typeface,
    bold: Typeface,
}

pub struct Typeface {
    pub font: krilla::text::Font,
    face: rustybuzz::Face<'static>,
    /// For numbers: without kerning, so that figures stand under each other.
    figures: ShapePlan,
    latin: ShapePlan,
    cyrillic: ShapePlan,
    substitute: u16,
}

/// One line of text, shaped: what is drawn and how wide it is.
#[derive(Debug, Clone)]
pub struct Run {
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub width: Length,
}

/// A glyph with its measures in thousandths of the type size, and the bytes of the text it stands for.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub id: u32,
    pub advance: i32,
    pub x_offset: i32,
    pub y_offset: i32,
    pub bytes: std::ops::Range<usize>,
}

/// The fonts, parsed once for the process.
pub fn fonts() -> Result<&'static Fonts, PdfError> {
    FONTS.as_ref().ok_or(PdfError::Font)
}

impl Fonts {
    pub fn typeface(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The width without kerning, which is at most a hair more than what is drawn.
    pub fn width(&self, text: &str, style: Type) -> Length {
        text.chars().map(|c| self.char_width(c, style)).sum()
    }

    fn char_width(&self, c: char, style: Type) -> Length {
        scaled(self.typeface(style.weight).advance(c), style.size)
    }

    /// Shapes one line.
    pub fn run(&self, text: &str, style: Type) -> Run {
        let text = clean(text);
        let glyphs = self.typeface(style.weight).shape(&text);
        let width = scaled(glyphs.iter().map(|g| g.advance).sum(), style.size);
        Run { text, glyphs, width }
    }

    /// Breaks a text into lines no wider than `width`: at its own line ends, at spaces, and inside words only where a word
    /// alone is wider than a line. Blank text gives no lines.
    pub fn wrap(&self, text: &str, style: Type, width: Length) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            self.wrap_paragraph(&clean(paragraph), style, width, &mut lines);
        }
        lines
    }

    /// As [`Self::wrap`], with no more than `most` lines; an ellipsis ends what is cut.
    pub fn wrap_at_most(&self, most: usize, text: &str, style: Type, width: Length) -> Vec<String> {
        let mut lines = self.wrap(text, style, width);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.cut(&format!("{last}…"), style, width);
            }
        }
        lines
    }

    /// The text, or as much of it as fits with an ellipsis at the end.
    pub fn cut(&self, text: &str, style: Type, width: Length) -> String {
        let mut text = text.to_owned();
        if self.width(&text, style) <= width {
            return text;
        }
        while !text.is_empty() && self.width(&text, style) + self.char_width('…', style) > width {
            text.pop();
        }
        text + "…"
    }

    fn wrap_paragraph(&self, text: &str, style: Type, width: Length, lines: &mut Vec<String>) {
        let space = self.char_width(' ', style);
        let mut line = String::new();
        let mut used = 0;
        for word in text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|word| !word.is_empty()) {
            let wide = self.width(word, style);
            if !line.is_empty() && used + space + wide <= width {
                line.push(' ');
                line.push_str(word);
                used += space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let rest = if wide > width { self.break_word(word, style, width, lines) } else { word };
            line.push_str(rest);
            used = self.width(rest, style);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }

    /// Pushes full lines of a word that is too wide and returns the rest of it. A break comes after punctuation where that
    /// leaves at least half a line, and never before a combining mark.
    fn break_word<'a>(&self, word: &'a str, style: Type, width: Length, lines: &mut Vec<String>) -> &'a str {
        let (mut start, mut used, mut soft) = (0, 0, None);
        for (index, c) in word.char_indices() {
            let wide = self.char_width(c, style);
            if used + wide > width && index > start && !is_mark(c) {
                let cut = soft.filter(|(_, before)| *before >= width / 2).map_or(index, |(cut, _)| cut);
                lines.push(word[start..cut].to_owned());
                start = cut;
                used = self.width(&word[start..index], style);
                soft = None;
            }
            used += wide;
            if BREAKS.contains(&c) {
                soft = Some((index + c.len_utf8(), used));
            }
        }
        &word[start..]
    }
}

impl Typeface {
    fn new(data: &'static [u8]) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(data, 0).filter(|face| face.units_per_em() == 1000)?;
        let plan =
            |script, features: &[Feature]| ShapePlan::new(&face, Direction::LeftToRight, Some(script), None, features);
        let no_kerning = Feature::new(rustybuzz::ttf_parser::Tag::from_bytes(b"kern"), 0, ..);
        Some(Self {
            font: krilla::text::Font::new(data.into(), 0)?,
            figures: plan(script::LATIN, &[no_kerning]),
            latin: plan(script::LATIN, &[]),
            cyrillic: plan(script::CYRILLIC, &[]),
            substitute: face.glyph_index(SUBSTITUTE)?.0,
            face,
        })
    }

    fn advance(&self, c: char) -> i32 {
        let glyph = self.face.glyph_index(c).unwrap_or(rustybuzz::ttf_parser::GlyphId(self.substitute));
        i32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default())
    }

    /// From left to right always: the font has no letters of other scripts, and a stray mark of direction must not be able
    /// to turn an amount round.
    fn shape(&self, text: &str) -> Vec<Glyph> {
        let (script, plan) = if text.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c)) {
            (script::CYRILLIC, &self.cyrillic)
        } else if text.chars().any(char::is_alphabetic) {
            (script::LATIN, &self.latin)
        } else {
            (script::LATIN, &self.figures)
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script);
        let shaped = rustybuzz::shape_with_plan(&self.face, plan, buffer);
        let infos = shaped.glyph_infos();
        let end_of = |index: usize| {
            let start = infos[index].cluster;
            infos[index..]
                .iter()
                .map(|info| info.cluster)
                .find(|next| *next > start)
                .map_or(text.len(), |next| next as usize)
        };
        let place = |(index, position): (usize, &rustybuzz::GlyphPosition)| {
            let missing = infos[index].glyph_id == 0;
            Glyph {
                id: if missing { u32::from(self.substitute) } else { infos[index].glyph_id },
                advance: if missing { self.advance(SUBSTITUTE) } else { position.x_advance },
                x_offset: position.x_offset,
                y_offset: position.y_offset,
                bytes: infos[index].cluster as usize..end_of(index),
            }
        };
        shaped.glyph_positions().iter().enumerate().map(place).collect()
    }
}

/// Takes out what is not for printing: controls become spaces, marks of direction and of byte order disappear, and what is
/// not a character for interchange becomes U+FFFD.
fn clean(text: &str) -> String {
    let printable = |c: char| match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => Some(' '),
        c if (c as u32) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c) => Some('\u{fffd}'),
        c => Some(c),
    };
    text.chars().filter_map(printable).collect()
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Font units, of which there are a thousand to the type size, at that size.
fn scaled(units: i32, size: Length) -> Length {
    let length = i64::from(units) * i64::from(size) / 1000;
    length.clamp(i64::from(Length::MIN), i64::from(Length::MAX)) as Length
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Type = Type::regular(pt(10));

    fn wrap(text: &str, width: Length) -> Vec<String> {
        fonts().unwrap().wrap(text, STYLE, width)
    }

    #[test]
    fn no_line_is_wider_than_asked_and_no_letter_is_lost() {
        let text = "Арматура стальная горячекатаная A500C, сертификат https://example.org/a-very/long_path/without/any/spaces \
                    Überwachungsstellenleiterinnenversammlungsprotokollführerausweis 北京钢铁有限公司 e\u{301}e\u{301}e\u{301}";
        for width in [pt(12), pt(30), pt(77), pt(200), pt(1000)] {
            let lines = wrap(text, width);
            for line in &lines {
                let run = fonts().unwrap().run(line, STYLE);
                assert!(run.width <= width, "`{line}` is {} wide, not {width}", run.width);
                assert!(!line.starts_with('\u{301}'));
            }
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }

    #[test]
    fn words_break_at_spaces_and_long_ones_after_punctuation() {
        assert_eq!(wrap("one two", pt(1000)), ["one two"]);
        assert_eq!(wrap("one two", pt(25)), ["one", "two"]);
        assert_eq!(wrap("first\n\nsecond", pt(1000)), ["first", "second"]);
        assert_eq!(wrap("aaaaaaaa-bbbbbbbb", pt(70)), ["aaaaaaaa-", "bbbbbbbb"]);
        assert_eq!(wrap(" \t ", pt(50)), Vec::<String>::new());
        assert_eq!(wrap("ab", 1), ["a", "b"]);
    }

    #[test]
    fn what_is_cut_ends_with_an_ellipsis() {
        let fonts = fonts().unwrap();
        let lines = fonts.wrap_at_most(2, "one two three four five six", STYLE, pt(40));
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && fonts.width(&lines[1], STYLE) <= pt(40));
        assert_eq!(fonts.wrap_at_most(2, "one", STYLE, pt(40)), ["one"]);
    }

    #[test]
    fn figures_are_equally_wide_so_that_columns_line_up() {
        let fonts = fonts().unwrap();
        for style in [STYLE, Type::bold(pt(10))] {
            let widths = ["1,111.11", "7,974.14", "0,000.00"].map(|text| fonts.run(text, style).width);
            assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
        }
    }

    #[test]
    fn a_missing_glyph_is_drawn_as_a_question_mark_and_keeps_its_text() {
        let run = fonts().unwrap().run("北a", STYLE);
        let mark = fonts().unwrap().run("?", STYLE);
        assert_eq!(run.glyphs[0].id, mark.glyphs[0].id);
        assert_eq!(run.glyphs[0].bytes, 0..3);
        assert!(run.glyphs.iter().all(|glyph| glyph.id != 0));
        assert_eq!(fonts().unwrap().run("1\u{202e}23\u{0}", STYLE).text, "123 ");
    }
}
