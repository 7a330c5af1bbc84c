//! Writing XML: elements with text or with others in them, never empty by accident.

use std::io::Result;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::characters::is_char;

pub type Written = Result<()>;

/// Attributes of one element: names and values. Values are escaped.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// Begins a document in UTF-8, indented by two spaces.
    pub fn new() -> Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer })
    }

    /// The document type declaration, for formats that have one by tradition, such as `cXML SYSTEM "…"`. It is written as it is.
    pub fn doctype(&mut self, declaration: &str) -> Written {
        self.writer.write_event(Event::DocType(BytesText::from_escaped(declaration)))
    }

    pub fn finish(self) -> String {
        let mut text = String::from_utf8(self.writer.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// An element with others in it. If nothing is written into it, it is not written either.
    pub fn node(&mut self, name: &str, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        let before = self.writer.get_ref().len();
        let mut is_empty = false;
        self.node_with(name, &[], |xml| {
            let begun = xml.writer.get_ref().len();
            inner(xml)?;
            is_empty = xml.writer.get_ref().len() == begun;
            Ok(())
        })?;
        if is_empty {
            self.writer.get_mut().truncate(before);
        }
        Ok(())
    }

    /// An element with others in it, and attributes. Attributes with blank values are left out.
    pub fn node_with(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        inner: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.begin(name, attributes)?;
        inner(self)?;
        self.end(name)
    }

    /// Begins an element for a writer around this one, which ends it by [`Self::end`].
    pub fn begin(&mut self, name: &str, attributes: Attributes<'_>) -> Written {
        self.writer.write_event(Event::Start(start(name, attributes)))
    }

    pub fn end(&mut self, name: &str) -> Written {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element without content, for what is told by being there, or by attributes.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> Written {
        self.writer.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element with text. Blank text writes nothing: Peppol allows no empty elements.
    pub fn leaf(&mut self, name: &str, text: &str) -> Written {
        self.leaf_with(name, &[], text)
    }

    pub fn leaf_with(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Written {
        let text = allowed(text);
        if text.trim().is_empty() {
            return Ok(());
        }
        let start = start(name, attributes);
        self.writer.write_event(Event::Start(start.borrow()))?;
        self.writer.write_event(Event::Text(BytesText::new(text.trim())))?;
        self.writer.write_event(Event::End(start.to_end()))
    }

    /// An element if there is something to put into it.
    pub fn given(&mut self, name: &str, text: &Option<String>) -> Written {
        self.leaf(name, text.as_deref().unwrap_or_default())
    }
}

fn start(name: &str, attributes: Attributes<'_>) -> BytesStart<'static> {
    let mut start = BytesStart::new(name.to_owned());
    for (name, value) in attributes.iter().filter(|(_, value)| !value.trim().is_empty()) {
        start.push_attribute((*name, allowed(value).as_str()));
    }
    start
}

/// Replaces what XML 1.0 cannot carry.
fn allowed(text: &str) -> String {
    text.chars().map(|c| if is_char(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}
