//! From places in the JSON that our use cases take to places in the document that it came as.

use domain::kernel::Refusal;

/// Where the parts of a document stand.
#[derive(Debug, Clone)]
pub struct Places {
    /// The path to each line, such as `/Order/OrderLine[2]/LineItem`.
    pub lines: Vec<String>,
    /// By the beginnings of pointers into the JSON: the paths to other parts. The first that fits counts.
    pub parts: &'static [(&'static str, &'static str)],
}

impl Places {
    /// The path in the document. What is of no known part keeps its pointer.
    pub fn of(&self, pointer: &str) -> String {
        if let Some(place) = line_of(pointer).and_then(|line| self.lines.get(line)) {
            return place.clone();
        }
        let part = self.parts.iter().find(|(beginning, _)| pointer.starts_with(beginning));
        part.map_or_else(|| pointer.to_owned(), |(_, path)| (*path).to_owned())
    }

    /// The refusal with the places of the document.
    pub fn relocate(&self, mut refusal: Refusal) -> Refusal {
        for fault in &mut refusal.faults {
            fault.pointer = self.of(&fault.pointer);
        }
        refusal
    }
}

/// The line that a pointer such as `/lines/3/quantity` is about.
pub fn line_of(pointer: &str) -> Option<usize> {
    pointer.strip_prefix("/lines/")?.split('/').next()?.parse().ok()
}

/// Whether a refusal is about single lines and nothing else: then a document is answered with a document that says no.
pub fn is_of_lines(refusal: &Refusal) -> bool {
    !refusal.faults.is_empty() && refusal.faults.iter().all(|fault| line_of(&fault.pointer).is_some())
}

#[cfg(test)]
mod tests {
    use domain::kernel::refusal::Fault;

    use super::*;

    #[test]
    fn places_are_those_of_the_document() {
        let lines = vec!["/Order/OrderLine[1]/LineItem".to_owned(), "/Order/OrderLine[2]/LineItem".to_owned()];
        let places = Places { lines, parts: &[("/note", "/Order/Note")] };
        assert_eq!(places.of("/lines/1/quantity"), "/Order/OrderLine[2]/LineItem");
        assert_eq!(places.of("/note"), "/Order/Note");
        assert_eq!(places.of("/lines/7"), "/lines/7");
        assert_eq!(places.of("/portal_id"), "/portal_id");
    }

    #[test]
    fn a_refusal_is_of_lines_if_all_of_it_is() {
        let at = |pointer: &str| Fault { pointer: pointer.to_owned(), code: "x", detail: String::new() };
        assert!(is_of_lines(&Refusal::invalid(vec![at("/lines/0/quantity"), at("/lines/2")])));
        assert!(!is_of_lines(&Refusal::invalid(vec![at("/lines/0"), at("/note")])));
        assert!(!is_of_lines(&Refusal::invalid(Vec::new())));
    }
}
