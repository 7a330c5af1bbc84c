//! A document that was read: a flat tree.

use std::borrow::Cow;
use std::ops::Range;

/// No node.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub name: &'a str,
    /// The place in [`Document::namespaces`].
    pub namespace: u32,
    pub parent: u32,
    pub first_child: u32,
    pub last_child: u32,
    pub next: u32,
    /// The place in [`Document::attributes`].
    pub attributes: Range<u32>,
    pub text: Cow<'a, str>,
    /// Where its start tag begins, in bytes after the byte order mark.
    pub offset: u32,
}

#[derive(Debug)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub namespace: u32,
    pub value: Cow<'a, str>,
}

/// A document with its elements in the order of the text.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) source: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// The first is that of names without a namespace: empty.
    pub(super) namespaces: Vec<String>,
}

impl Document<'_> {
    /// The document element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }

    /// How many elements it has; at least one.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }
}

/// An element of a document.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Element<'d> {
    fn node(self) -> &'d Node<'d> {
        &self.document.nodes[self.index as usize]
    }

    /// Without its prefix.
    pub fn name(self) -> &'d str {
        self.node().name
    }

    /// Empty for a name that has none.
    pub fn namespace(self) -> &'d str {
        &self.document.namespaces[self.node().namespace as usize]
    }

    pub fn is(self, namespace: &str, name: &str) -> bool {
        self.name() == name && self.namespace() == namespace
    }

    /// What stands directly in it, without white space around it. Between child elements white space counts for nothing.
    pub fn text(self) -> &'d str {
        self.node().text.trim_matches([' ', '\t', '\n', '\r'])
    }

    /// The value of an attribute without a namespace, as most are.
    pub fn attribute(self, name: &str) -> Option<&'d str> {
        self.attribute_of("", name)
    }

    pub fn attribute_of(self, namespace: &str, name: &str) -> Option<&'d str> {
        let Range { start, end } = self.node().attributes;
        let own = self.document.attributes.get(start as usize..end as usize)?;
        let found = own.iter().find(|one| {
            one.name == name && self.document.namespaces.get(one.namespace as usize).is_some_and(|of| of == namespace)
        });
        found.map(|one| one.value.as_ref())
    }

    /// The language of its text after the nearest `xml:lang`; empty if none is said.
    pub fn language(self) -> &'d str {
        let mut at = Some(self);
        while let Some(element) = at {
            if let Some(tag) = element.attribute_of("http://www.w3.org/XML/1998/namespace", "lang") {
                return tag;
            }
            at = element.parent();
        }
        ""
    }

    pub fn parent(self) -> Option<Self> {
        self.at(self.node().parent)
    }

    pub fn children(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.at(self.node().first_child), |child| child.at(child.node().next))
    }

    pub fn children_of<'n>(self, namespace: &'n str, name: &'n str) -> impl Iterator<Item = Self> + use<'d, 'n> {
        self.children().filter(move |child| child.is(namespace, name))
    }

    fn at(self, index: u32) -> Option<Self> {
        (index != NONE).then_some(Self { document: self.document, index })
    }

    /// The line on which its start tag begins, counted from 1. Takes time in proportion to the place in the document.
    pub fn line(self) -> usize {
        let before = self.document.source.as_bytes().get(..self.node().offset as usize).unwrap_or_default();
        before.iter().filter(|b| **b == b'\n').count() + 1
    }

    /// The path to it, such as `/Order/OrderLine[2]/LineItem`. Takes time in proportion to the number of its siblings.
    pub fn path(self) -> String {
        path(&self.document.nodes, self.index)
    }
}

/// The path to a node in a tree that may not be complete yet.
pub(super) fn path(nodes: &[Node<'_>], index: u32) -> String {
    let mut steps = Vec::new();
    let mut at = index;
    while let Some(node) = nodes.get(at as usize) {
        steps.push(step(nodes, at, node));
        at = node.parent;
    }
    steps.reverse();
    steps.concat()
}

/// `/Name`, with a position if the parent has several of that name.
fn step(nodes: &[Node<'_>], index: u32, node: &Node<'_>) -> String {
    let mut sibling = nodes.get(node.parent as usize).map_or(NONE, |parent| parent.first_child);
    let (mut position, mut count) = (1, 0);
    while let Some(other) = nodes.get(sibling as usize) {
        if other.name == node.name && other.namespace == node.namespace {
            count += 1;
            if sibling == index {
                position = count;
            }
        }
        sibling = other.next;
    }
    if count > 1 { format!("/{}[{position}]", node.name) } else { format!("/{}", node.name) }
}
