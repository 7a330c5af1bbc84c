//! From text to tree.

use std::borrow::Cow;

use domain::kernel::{Kind, Refusal};
use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

use super::characters::{Wrong, attribute_value, check_characters, is_blank, is_name, reference};
use super::tree::{Attribute, Document, NONE, Node, path};
use super::{Doctype, Limits, encoding, refusal};

const XINCLUDE: &str = "http://www.w3.org/2001/XInclude";
/// Bytes of the name of a namespace.
const LONGEST_NAMESPACE: usize = 512;
/// Namespaces of a document, and prefixes that are declared at one place.
const MOST_NAMESPACES: usize = 64;

/// What is being read.
struct Builder<'a, 'l> {
    source: &'a str,
    limits: &'l Limits,
    doctype: Doctype,
    resolver: NamespaceResolver,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    namespaces: Vec<String>,
    /// The elements that are not closed yet.
    open: Vec<u32>,
    seen_doctype: bool,
}

/// Reads the whole text.
pub fn document<'a>(source: &'a str, limits: &Limits, doctype: Doctype) -> Result<Document<'a>, Refusal> {
    let mut builder = Builder {
        source,
        limits,
        doctype,
        resolver: NamespaceResolver::default(),
        nodes: Vec::new(),
        attributes: Vec::new(),
        namespaces: vec![String::new()],
        open: Vec::new(),
        seen_doctype: false,
    };
    builder.resolver.set_max_namespace_bindings(MOST_NAMESPACES);
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_comments = true;
    let mut is_first = true;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(builder.malformed(format!("The document is not well-formed: {error}."))),
        };
        if matches!(event, Event::Eof) {
            return builder.finish();
        }
        builder.event(event, is_first)?;
        is_first = false;
    }
}

impl<'a> Builder<'a, '_> {
    fn event(&mut self, event: Event<'a>, is_first: bool) -> Result<(), Refusal> {
        match event {
            Event::Start(start) => self.start(&start),
            Event::Empty(start) => {
                self.start(&start)?;
                self.end();
                Ok(())
            }
            Event::End(_) => {
                self.end();
                Ok(())
            }
            Event::Text(text) => {
                self.check(check_characters(&text))?;
                if text.contains("]]>") {
                    return Err(self.malformed("`]]>` stands in the text."));
                }
                self.text(text.xml10_content())
            }
            Event::CData(text) => {
                self.check(check_characters(&text))?;
                if self.open.is_empty() {
                    return Err(self.malformed("There is text outside the document element."));
                }
                self.text(text.xml10_content())
            }
            Event::GeneralRef(name) => {
                let c = self.check(reference(&name))?;
                self.text(Cow::Owned(c.to_string()))
            }
            Event::Comment(text) => self.check(check_characters(&text)),
            Event::PI(instruction) => {
                self.check(check_characters(&instruction))?;
                if instruction.target().eq_ignore_ascii_case("xml") || !is_name(instruction.target()) {
                    return Err(self.malformed("A processing instruction has no proper name."));
                }
                Ok(())
            }
            Event::Decl(declaration) if is_first => self.declaration(&declaration),
            Event::Decl(_) => Err(self.malformed("The XML declaration does not stand at the beginning.")),
            Event::DocType(declaration) => self.document_type(&declaration),
            Event::Eof => Ok(()),
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
        let version = declaration.version();
        if version.is_err() {
            return Err(self.malformed("The XML declaration has no version."));
        }
        if version.is_ok_and(|version| version != "1.0") {
            return Err(self.refused("version", "Only version 1.0 of XML is read."));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(name)) => encoding::declared(&name, self.source),
            Some(Err(_)) => Err(self.malformed("The XML declaration is broken.")),
        }
    }

    fn document_type(&mut self, declaration: &str) -> Result<(), Refusal> {
        if self.doctype == Doctype::Refused {
            return Err(self.refused("doctype", "A document type declaration is not allowed."));
        }
        if declaration.contains('[') {
            let detail = "The document type declares something of its own, which is not allowed.";
            return Err(self.refused("internal_subset", detail));
        }
        if self.seen_doctype || !self.nodes.is_empty() {
            return Err(self.malformed("The document type declaration does not stand before the document element."));
        }
        self.seen_doctype = true;
        self.check(check_characters(declaration))
    }

    fn start(&mut self, start: &BytesStart<'a>) -> Result<(), Refusal> {
        if self.open.is_empty() && !self.nodes.is_empty() {
            return Err(self.malformed("There is more than one document element."));
        }
        if self.open.len() >= self.limits.depth {
            let detail = format!("Elements are within each other more than {} deep.", self.limits.depth);
            return Err(self.bounded("too_deep", detail));
        }
        if self.nodes.len() >= self.limits.elements {
            let detail = format!("The document has more than {} elements.", self.limits.elements);
            return Err(self.bounded("too_many_elements", detail));
        }
        let name = self.name(start.name())?;
        self.open_node(name, self.offset_of(start));
        if self.resolver.push(&self.counted(start)?).is_err() {
            return Err(self.wrong_namespace());
        }
        let namespace = self.namespace_of(start.name(), true)?;
        if self.namespaces[namespace as usize] == XINCLUDE {
            return Err(self.refused("xinclude", "Other documents are not included."));
        }
        let attributes = self.read_attributes(start)?;
        if let Some(node) = self.nodes.last_mut() {
            node.namespace = namespace;
            node.attributes = attributes;
        }
        Ok(())
    }

    /// Refuses a start tag with too many attributes, or too long a namespace, before anything is done with them: names of namespaces are
    /// compared for every element.
    fn counted<'s>(&self, start: &'s BytesStart<'a>) -> Result<BytesStart<'s>, Refusal> {
        let mut count = 0;
        for attribute in start.attributes().with_checks(false).take(self.limits.attributes_of_one + 1) {
            count += 1;
            let declared = attribute.ok().filter(|one| one.key.as_namespace_binding().is_some());
            if declared.is_some_and(|one| one.value.len() > LONGEST_NAMESPACE) {
                return Err(self.bounded("too_long", format!("A namespace has more than {LONGEST_NAMESPACE} bytes.")));
            }
        }
        if count > self.limits.attributes_of_one {
            let detail = format!("An element has more than {} attributes.", self.limits.attributes_of_one);
            return Err(self.bounded("too_many_attributes", detail));
        }
        if self.attributes.len() + count > self.limits.attributes {
            let detail = format!("The document has more than {} attributes.", self.limits.attributes);
            return Err(self.bounded("too_many_attributes", detail));
        }
        Ok(start.borrow())
    }

    fn open_node(&mut self, name: &'a str, offset: u32) {
        let (index, parent) = (self.nodes.len() as u32, self.open.last().copied().unwrap_or(NONE));
        if let Some(above) = self.nodes.get(parent as usize) {
            let before = above.last_child;
            match self.nodes.get_mut(before as usize) {
                Some(before) => before.next = index,
                None => self.nodes[parent as usize].first_child = index,
            }
            self.nodes[parent as usize].last_child = index;
        }
        self.nodes.push(Node {
            name,
            namespace: 0,
            parent,
            first_child: NONE,
            last_child: NONE,
            next: NONE,
            attributes: 0..0,
            text: Cow::Borrowed(""),
            offset,
        });
        self.open.push(index);
    }

    /// The attributes but for those that declare namespaces.
    fn read_attributes(&mut self, start: &BytesStart<'a>) -> Result<std::ops::Range<u32>, Refusal> {
        let first = self.attributes.len();
        let mut written: Vec<&str> = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                return Err(self.malformed("The attributes are not well-formed."));
            };
            let name = self.name(attribute.key)?;
            if written.contains(&attribute.key.0) {
                return Err(self.duplicate(name));
            }
            written.push(attribute.key.0);
            if attribute.value.len() > self.limits.text {
                return Err(self.too_long());
            }
            let raw =
                self.slice(&attribute.value).map_or_else(|| Cow::Owned(attribute.value.to_string()), Cow::Borrowed);
            let value = self.check(attribute_value(raw))?;
            if attribute.key.as_namespace_binding().is_some() {
                if attribute.value.contains('&') {
                    return Err(self.wrong_namespace());
                }
                continue;
            }
            let namespace = self.namespace_of(attribute.key, false)?;
            if self.attributes[first..].iter().any(|one| one.name == name && one.namespace == namespace) {
                return Err(self.duplicate(name));
            }
            self.attributes.push(Attribute { name, namespace, value });
        }
        Ok(first as u32..self.attributes.len() as u32)
    }

    fn end(&mut self) {
        self.open.pop();
        self.resolver.pop();
    }

    fn text(&mut self, text: Cow<'a, str>) -> Result<(), Refusal> {
        let Some(node) = self.open.last().and_then(|index| self.nodes.get_mut(*index as usize)) else {
            return match is_blank(&text) {
                true => Ok(()),
                false => Err(self.malformed("There is text outside the document element.")),
            };
        };
        if node.text.len() + text.len() > self.limits.text {
            return Err(self.too_long());
        }
        if node.text.is_empty() {
            node.text = text;
        } else if !(is_blank(&text) && node.first_child != NONE) {
            node.text.to_mut().push_str(&text);
        }
        Ok(())
    }

    fn finish(self) -> Result<Document<'a>, Refusal> {
        if !self.open.is_empty() {
            return Err(self.malformed("The document ends before all elements are closed."));
        }
        if self.nodes.is_empty() {
            return Err(self.malformed("The document has no element."));
        }
        let Self { source, nodes, attributes, namespaces, .. } = self;
        Ok(Document { source, nodes, attributes, namespaces })
    }

    /// The local part of a name, as it stands in the source.
    fn name(&self, name: QName<'_>) -> Result<&'a str, Refusal> {
        if name.0.len() > self.limits.name {
            return Err(self.bounded("too_long", format!("A name has more than {} bytes.", self.limits.name)));
        }
        let (local, prefix) = match name.0.split_once(':') {
            Some((prefix, local)) => (local, Some(prefix)),
            None => (name.0, None),
        };
        let is_proper = is_name(local) && prefix.is_none_or(is_name);
        match self.slice(local) {
            Some(local) if is_proper => Ok(local),
            _ => Err(self.malformed("The name of an element or attribute is not well-formed.")),
        }
    }

    /// The number of the namespace of a name.
    fn namespace_of(&mut self, name: QName<'_>, is_element: bool) -> Result<u32, Refusal> {
        let found = match self.resolver.resolve_prefix(name.prefix(), is_element) {
            ResolveResult::Unbound => return Ok(0),
            ResolveResult::Bound(namespace) => namespace.0,
            ResolveResult::Unknown(_) => return Err(self.wrong_namespace()),
        };
        let known = self.namespaces.iter().position(|one| one == found);
        let place = known.unwrap_or_else(|| {
            self.namespaces.push(found.to_owned());
            self.namespaces.len() - 1
        });
        if place > MOST_NAMESPACES {
            let detail = format!("The document has more than {MOST_NAMESPACES} namespaces.");
            return Err(self.bounded("too_many_attributes", detail));
        }
        Ok(place as u32)
    }

    /// Where a part of the source stands in it.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr().addr()).wrapping_sub(self.source.as_ptr().addr())
    }

    /// The same part as a slice of the source.
    fn slice(&self, part: &str) -> Option<&'a str> {
        let at = self.offset(part);
        self.source.get(at..at.checked_add(part.len())?).filter(|slice| *slice == part)
    }

    fn offset_of(&self, start: &BytesStart<'_>) -> u32 {
        self.offset(start).saturating_sub(1).min(self.source.len()) as u32
    }

    /// The path to the innermost element that is open.
    fn path(&self) -> String {
        self.open.last().map(|index| path(&self.nodes, *index)).unwrap_or_default()
    }

    fn check<T>(&self, checked: Result<T, Wrong>) -> Result<T, Refusal> {
        checked.map_err(|(code, detail)| self.refused(code, detail))
    }

    fn refused(&self, code: &'static str, detail: impl Into<String>) -> Refusal {
        refusal(Kind::MalformedRequest, self.path(), code, detail)
    }

    fn malformed(&self, detail: impl Into<String>) -> Refusal {
        self.refused("malformed", detail)
    }

    fn bounded(&self, code: &'static str, detail: impl Into<String>) -> Refusal {
        refusal(Kind::InvalidInput, self.path(), code, detail)
    }

    fn too_long(&self) -> Refusal {
        self.bounded("too_long", format!("A text has more than {} bytes.", self.limits.text))
    }

    fn duplicate(&self, name: &str) -> Refusal {
        let pointer = format!("{}/@{name}", self.path());
        refusal(Kind::MalformedRequest, pointer, "duplicate_attribute", "The attribute stands there twice.")
    }

    fn wrong_namespace(&self) -> Refusal {
        self.refused("namespace", "A namespace prefix is not declared, or its declaration is not allowed.")
    }
}
