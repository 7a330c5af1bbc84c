//! Splits a file into records as it comes in, whatever the size of its pieces: comma-separated values after RFC 4180, or lines.
//!
//! A record that is amiss spoils no other: after one with broken quotes reading goes on with the next line. What is held in memory
//! is bounded by the longest record.

use crate::kernel::refusal::Invalid;

/// The longest cell, in bytes.
pub const MAX_CELL: usize = 64 * 1024;

/// The longest record, in bytes, with its line end.
pub const MAX_RECORD: usize = 1024 * 1024;

/// How a file is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Cells parted by this byte; the first record names the columns.
    Csv { separator: u8 },
    /// A JSON object in each line.
    Ndjson,
}

/// A record, or why it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// As a spreadsheet counts it: the first one is 1.
    pub number: u64,
    /// The bytes of each cell without quotes; of a line the only one.
    pub cells: Result<Vec<Vec<u8>>, Invalid>,
}

/// Takes pieces of a file and gives records.
#[derive(Debug)]
pub struct Splitter {
    dialect: Dialect,
    buffer: Vec<u8>,
    start: usize,
    number: u64,
    /// Within what was given up: until the end of the line.
    skipping: bool,
}

/// Where a record ends, and where the next one begins.
struct Scanned {
    cells: Result<Vec<Vec<u8>>, Invalid>,
    next: usize,
}

impl Splitter {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, buffer: Vec::new(), start: 0, number: 0, skipping: false }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next record that is there whole; at the `last` piece of the file what is left is one. Blank lines are counted and left
    /// out.
    pub fn next(&mut self, last: bool) -> Option<Record> {
        loop {
            if self.skipping && !self.skip_line(last) {
                return None;
            }
            let rest = &self.buffer[self.start..];
            if rest.is_empty() {
                return None;
            }
            let scanned = match self.dialect {
                Dialect::Csv { separator } => scan(rest, separator, last),
                Dialect::Ndjson => scan_line(rest, last),
            };
            // Whether more of a long record has come already must not tell: it is judged by its first bytes alone.
            let scanned = match scanned {
                Some(scanned) if scanned.next <= MAX_RECORD => scanned,
                None if rest.len() <= MAX_RECORD => return None,
                _ => self.give_up(last),
            };
            self.number += 1;
            self.start += scanned.next;
            if !is_blank(&scanned.cells) {
                return Some(Record { number: self.number, cells: scanned.cells });
            }
        }
    }

    /// A record without an end in sight: a quote that is never closed ends with its line, a line without end is left out.
    fn give_up(&mut self, last: bool) -> Scanned {
        let rest = &self.buffer[self.start..];
        let quoted = matches!(self.dialect, Dialect::Csv { .. }) && rest[..MAX_RECORD].contains(&b'"');
        let next = match line_end(rest, last) {
            Some((_, next)) => next,
            None => {
                self.skipping = true;
                rest.len() - usize::from(half_end(rest))
            }
        };
        Scanned { cells: Err(if quoted { broken_quotes() } else { too_long() }), next }
    }

    /// Leaves out what is left of a line; false where more of it may come.
    fn skip_line(&mut self, last: bool) -> bool {
        match line_end(&self.buffer[self.start..], last) {
            Some((_, next)) => {
                self.start += next;
                self.skipping = false;
                true
            }
            None => {
                let rest = &self.buffer[self.start..];
                self.start += rest.len() - usize::from(half_end(rest));
                false
            }
        }
    }
}

/// Whether what came so far may end with the first half of a line end.
fn half_end(bytes: &[u8]) -> bool {
    bytes.ends_with(b"\r")
}

fn is_blank(cells: &Result<Vec<Vec<u8>>, Invalid>) -> bool {
    matches!(cells, Ok(cells) if cells.len() == 1 && cells[0].iter().all(u8::is_ascii_whitespace))
}

/// Where the first line ends and the next begins: a line feed, a carriage return, or both. Without more to come a carriage return
/// may be the last byte.
fn line_end(bytes: &[u8], last: bool) -> Option<(usize, usize)> {
    let end = bytes.iter().position(|b| matches!(b, b'\n' | b'\r'))?;
    after_line(bytes, end, last).map(|next| (end, next))
}

/// Behind the line end that begins at `end`; none where only more bytes can tell.
fn after_line(bytes: &[u8], end: usize, last: bool) -> Option<usize> {
    match (bytes[end], bytes.get(end + 1)) {
        (b'\r', Some(b'\n')) => Some(end + 2),
        (b'\r', None) if !last => None,
        _ => Some(end + 1),
    }
}

fn scan_line(bytes: &[u8], last: bool) -> Option<Scanned> {
    let (end, next) = match line_end(bytes, last) {
        Some(found) => found,
        None if last => (bytes.len(), bytes.len()),
        None => return None,
    };
    let line = &bytes[..end];
    Some(Scanned { cells: check(line).map(|()| vec![line.to_vec()]), next })
}

/// One record of comma-separated values; none where only more bytes can tell where it ends.
fn scan(bytes: &[u8], separator: u8, last: bool) -> Option<Scanned> {
    let mut cells = Vec::new();
    let mut fault = None;
    let mut at = 0;
    loop {
        let cell = match bytes.get(at) {
            Some(b'"') => quoted(bytes, at + 1, separator, last)?,
            _ => plain(bytes, at, separator),
        };
        let Ok((cell, end)) = cell else { return broken(bytes, last) };
        let sound = if cell.len() > MAX_CELL { Err(too_long()) } else { check(&cell) };
        fault = fault.or(sound.err());
        cells.push(cell);
        match bytes.get(end) {
            Some(&byte) if byte == separator => at = end + 1,
            Some(_) => {
                let next = after_line(bytes, end, last)?;
                return Some(Scanned { cells: fault.map_or(Ok(cells), Err), next });
            }
            None if last => return Some(Scanned { cells: fault.map_or(Ok(cells), Err), next: end }),
            None => return None,
        }
    }
}

type Found = Result<(Vec<u8>, usize), ()>;

/// A cell without quotes and where it ends.
fn plain(bytes: &[u8], from: usize, separator: u8) -> Found {
    let ends = |b: &u8| *b == separator || matches!(b, b'\n' | b'\r');
    let end = bytes[from..].iter().position(ends).map_or(bytes.len(), |length| from + length);
    let cell = &bytes[from..end];
    if cell.contains(&b'"') { Err(()) } else { Ok((cell.to_vec(), end)) }
}

/// A cell in quotes, from behind the first one. None where the closing one is not there yet.
fn quoted(bytes: &[u8], from: usize, separator: u8, last: bool) -> Option<Found> {
    let mut cell = Vec::new();
    let mut at = from;
    loop {
        let Some(length) = bytes[at..].iter().position(|b| *b == b'"') else {
            return if last { Some(Err(())) } else { None };
        };
        cell.extend_from_slice(&bytes[at..at + length]);
        let behind = at + length + 1;
        match bytes.get(behind) {
            Some(b'"') => {
                cell.push(b'"');
                at = behind + 1;
            }
            Some(&byte) if byte == separator || matches!(byte, b'\n' | b'\r') => return Some(Ok((cell, behind))),
            Some(_) => return Some(Err(())),
            None if last => return Some(Ok((cell, behind))),
            None => return None,
        }
    }
}

/// A record with broken quotes ends with its first line.
fn broken(bytes: &[u8], last: bool) -> Option<Scanned> {
    let next = match line_end(bytes, last) {
        Some((_, next)) => next,
        None if last => bytes.len(),
        None => return None,
    };
    Some(Scanned { cells: Err(broken_quotes()), next })
}

fn check(cell: &[u8]) -> Result<(), Invalid> {
    if cell.contains(&0) { Err(Invalid::new("nul", "The row holds the character NUL.")) } else { Ok(()) }
}

fn broken_quotes() -> Invalid {
    let detail =
        "A quote is not closed, or stands within a cell that does not begin with one: RFC 4180 doubles it there.";
    Invalid::new("broken_quotes", detail)
}

fn too_long() -> Invalid {
    Invalid::new("too_long", format!("A cell has at most {MAX_CELL} bytes, a row {MAX_RECORD}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All records of a file that comes in pieces of this size: their numbers and cells, or codes.
    fn split(dialect: Dialect, file: &[u8], piece: usize) -> Vec<(u64, Vec<String>)> {
        let mut splitter = Splitter::new(dialect);
        let mut found = Vec::new();
        let told = |record: Record| match record.cells {
            Ok(cells) => (record.number, cells.into_iter().map(|c| String::from_utf8(c).unwrap()).collect()),
            Err(invalid) => (record.number, vec![format!("!{}", invalid.code)]),
        };
        for bytes in file.chunks(piece) {
            splitter.push(bytes);
            found.extend(std::iter::from_fn(|| splitter.next(false)).map(told));
            assert!(splitter.buffer.len() <= MAX_RECORD + 2 * piece.max(MAX_CELL), "{}", splitter.buffer.len());
        }
        found.extend(std::iter::from_fn(|| splitter.next(true)).map(told));
        found
    }

    /// The same in pieces of every size.
    #[track_caller]
    fn same(file: &str, expected: &[(u64, &[&str])]) {
        let expected: Vec<(u64, Vec<String>)> =
            expected.iter().map(|(n, cells)| (*n, cells.iter().map(ToString::to_string).collect())).collect();
        for piece in 1..=file.len() {
            assert_eq!(split(Dialect::Csv { separator: b',' }, file.as_bytes(), piece), expected, "pieces of {piece}");
        }
    }

    #[test]
    fn cells_and_rows_end_as_rfc_4180_says_with_line_ends_of_any_kind() {
        same(
            "a,b\r\n1,\"x, \"\"y\"\"\nz\"\n,\r\"\",2",
            &[(1, &["a", "b"]), (2, &["1", "x, \"y\"\nz"]), (3, &["", ""]), (4, &["", "2"])],
        );
    }

    #[test]
    fn blank_lines_are_counted_and_left_out() {
        same("a\n\n  \nb\n\n", &[(1, &["a"]), (4, &["b"])]);
    }

    #[test]
    fn a_row_with_broken_quotes_spoils_no_other() {
        same(
            "a,b\n1,\"open\n2,x\n\"3\",y\n4,z\"z\n5,\"a\"b\n6,ok\n",
            &[
                (1, &["a", "b"]),
                (2, &["!broken_quotes"]),
                (3, &["2", "x"]),
                (4, &["3", "y"]),
                (5, &["!broken_quotes"]),
                (6, &["!broken_quotes"]),
                (7, &["6", "ok"]),
            ],
        );
        same("1\n\"open\n2\n", &[(1, &["1"]), (2, &["!broken_quotes"]), (3, &["2"])]);
    }

    #[test]
    fn nuls_and_cells_without_end_are_refused_and_bounded() {
        let mut file = b"a\n\0\n".to_vec();
        file.extend(vec![b'x'; MAX_CELL + 1]);
        file.push(b'\n');
        file.extend(vec![b'y'; 3 * MAX_RECORD]);
        file.extend(b"\n\"");
        file.extend(vec![b'z'; 2 * MAX_RECORD]);
        file.extend(b"\nlast\n");
        let told = split(Dialect::Csv { separator: b';' }, &file, 8192);
        let told: Vec<(u64, &str)> = told.iter().map(|(n, cells)| (*n, cells[0].as_str())).collect();
        assert_eq!(
            told,
            [(1, "a"), (2, "!nul"), (3, "!too_long"), (4, "!too_long"), (5, "!broken_quotes"), (6, "last")]
        );
    }

    #[test]
    fn what_a_long_record_is_does_not_depend_on_the_pieces() {
        let row = |cell: &str, cells: usize| vec![cell; cells].join(",");
        let fitting = row(&"x".repeat(65_535), 16);
        assert_eq!(fitting.len() + 1, MAX_RECORD);
        for (long, expected) in [
            (fitting.clone() + "\n", None),
            (fitting.clone() + "\r\n", Some("!too_long")),
            (fitting.clone() + "x\r", Some("!too_long")),
            (fitting.clone() + &fitting + ",\"quoted\"\r", Some("!too_long")),
            (format!("\"q\",{fitting}\r\n"), Some("!broken_quotes")),
            (format!("\"q\",\"a\r\nb{fitting}\"\r\n"), Some("!broken_quotes")),
        ] {
            let file = format!("{long}1,2\n");
            let told = |piece: usize| {
                let split = split(Dialect::Csv { separator: b',' }, file.as_bytes(), piece);
                split.into_iter().map(|(number, cells)| (number, cells[0].clone())).collect::<Vec<_>>()
            };
            let whole = told(file.len());
            assert!(expected.is_none_or(|code| whole[0].1 == code), "{expected:?}");
            for piece in [65_536, MAX_RECORD - 1, MAX_RECORD, MAX_RECORD + 1] {
                assert!(told(piece) == whole, "pieces of {piece}, {expected:?}");
            }
        }
    }

    #[test]
    fn lines_are_records_of_one_cell() {
        let told = split(Dialect::Ndjson, b"{\"a\": \"\\\"\"}\r\n\n{}", 3);
        assert_eq!(told, [(1, vec!["{\"a\": \"\\\"\"}".to_owned()]), (3, vec!["{}".to_owned()])]);
    }
}
