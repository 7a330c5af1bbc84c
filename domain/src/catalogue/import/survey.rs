//! A first look at a file while it comes in: its encoding, its separator, its columns, and how many rows it has.

use super::encoding::Encoding;
use super::table::{Dialect, MAX_RECORD, Record, Splitter};
use crate::kernel::{Kind, Refusal};

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// How much of a file is looked at to find the separator.
const HEAD: usize = 64 * 1024;

/// Takes pieces of a file.
#[derive(Debug)]
pub struct Survey {
    ndjson: bool,
    separator: Option<u8>,
    encoding: Option<Encoding>,
    /// The beginning, until the separator is known.
    head: Vec<u8>,
    splitter: Option<Splitter>,
    header: Option<Record>,
    rows: u64,
    marked: bool,
    /// Rows with letters beyond ASCII that are UTF-8, and rows that are not.
    utf8: u64,
    other: u64,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    pub dialect: Dialect,
    pub encoding: Encoding,
    /// The names of the columns; none where each row names them itself.
    pub header: Vec<String>,
    pub rows: u64,
}

impl Survey {
    /// What is declared is not looked for.
    pub fn new(ndjson: bool, separator: Option<u8>, encoding: Option<Encoding>) -> Self {
        Self {
            ndjson,
            separator,
            encoding,
            head: Vec::new(),
            splitter: None,
            header: None,
            rows: 0,
            marked: false,
            utf8: 0,
            other: 0,
        }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        if self.splitter.is_none() {
            self.head.extend_from_slice(bytes);
            if self.head.len() < HEAD {
                return;
            }
            self.begin();
        } else if let Some(splitter) = &mut self.splitter {
            splitter.push(bytes);
        }
        self.read(false);
    }

    /// Refuses what is no table at all.
    pub fn finish(mut self) -> Result<Surveyed, Refusal> {
        if self.splitter.is_none() {
            self.begin();
        }
        if self.head.starts_with(b"\xff\xfe") || self.head.starts_with(b"\xfe\xff") {
            return Err(unreadable("The file is written in UTF-16; save it in UTF-8 or Windows-1251."));
        }
        self.read(true);
        let encoding = match self.encoding {
            Some(declared) => declared,
            None if self.marked || self.utf8 >= self.other => Encoding::Utf8,
            None => Encoding::Windows1251,
        };
        let dialect = self.dialect();
        let Some(header) = self.header else {
            return match dialect {
                Dialect::Ndjson if self.rows > 0 => {
                    Ok(Surveyed { dialect, encoding, header: Vec::new(), rows: self.rows })
                }
                _ => Err(unreadable("The file is empty.")),
            };
        };
        let names = header.cells.and_then(|cells| {
            cells.into_iter().map(|cell| Ok(encoding.decode(cell)?.trim().to_owned())).collect::<Result<Vec<_>, _>>()
        });
        let names = names
            .map_err(|invalid| unreadable(&format!("The row with the names of the columns: {}", invalid.detail)))?;
        Ok(Surveyed { dialect, encoding, header: names, rows: self.rows })
    }

    fn dialect(&self) -> Dialect {
        match self.separator {
            _ if self.ndjson => Dialect::Ndjson,
            separator => Dialect::Csv { separator: separator.unwrap_or(b',') },
        }
    }

    fn begin(&mut self) {
        self.marked = self.head.starts_with(UTF8_MARK);
        let text = without_mark(&self.head);
        self.separator = self.separator.or_else(|| separator_of(text));
        let mut splitter = Splitter::new(self.dialect());
        splitter.push(text);
        self.splitter = Some(splitter);
        self.head.truncate(UTF8_MARK.len());
    }

    fn read(&mut self, last: bool) {
        let Some(splitter) = &mut self.splitter else { return };
        while let Some(record) = splitter.next(last) {
            if let Ok(cells) = &record.cells
                && !cells.iter().all(|cell| cell.is_ascii())
            {
                let utf8 = cells.iter().all(|cell| std::str::from_utf8(cell).is_ok());
                *(if utf8 { &mut self.utf8 } else { &mut self.other }) += 1;
            }
            if self.header.is_none() && !self.ndjson {
                self.header = Some(record);
            } else {
                self.rows += 1;
            }
        }
    }
}

/// The beginning of a file without the mark that some programs put before UTF-8.
pub fn without_mark(head: &[u8]) -> &[u8] {
    head.strip_prefix(UTF8_MARK).unwrap_or(head)
}

/// The most frequent of comma, semicolon and tabulator in the first line, outside quotes.
fn separator_of(head: &[u8]) -> Option<u8> {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head.iter().take(MAX_RECORD) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(one, _)| one == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.into_iter().find(|(_, count)| *count == most && most > 0).map(|(separator, _)| separator)
}

fn unreadable(detail: &str) -> Refusal {
    Refusal::new(Kind::ImportUnreadable, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(file: &[u8]) -> Result<Surveyed, Refusal> {
        let mut survey = Survey::new(false, None, None);
        file.chunks(7).for_each(|piece| survey.push(piece));
        survey.finish()
    }

    #[test]
    fn separator_encoding_and_rows_are_found() {
        let found = survey("\u{feff}sku;\"name, en\";ru\r\nA;b;Болт\r\nB;c;d".as_bytes()).unwrap();
        assert_eq!(found.dialect, Dialect::Csv { separator: b';' });
        assert_eq!((found.encoding, found.rows), (Encoding::Utf8, 2));
        assert_eq!(found.header, ["sku", "name, en", "ru"]);
        let found = survey(b"sku\tname\nA\t\xc1\xee\xeb\xf2\n").unwrap();
        assert_eq!((found.dialect, found.encoding), (Dialect::Csv { separator: b'\t' }, Encoding::Windows1251));
        assert_eq!(survey(b"sku\nA\n").unwrap().dialect, Dialect::Csv { separator: b',' });
    }

    #[test]
    fn one_odd_row_does_not_change_the_encoding() {
        let found = survey("sku,name\nA,Болт\nB,Гайка\nC,\u{0}".replace('\u{0}', "?").as_bytes()).unwrap();
        assert_eq!(found.encoding, Encoding::Utf8);
        let mut file = "sku,name\nA,Болт\nB,Гайка\nC,".as_bytes().to_vec();
        file.extend(b"\xc1\n");
        assert_eq!(survey(&file).unwrap().encoding, Encoding::Utf8);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for odd in [&b""[..], b"\n \r\n", b"\xff\xfes\0k\0u\0", b"sk\0u,name\nA,b", b"\"sku,name\nA,b"] {
            assert_eq!(survey(odd).unwrap_err().kind, Kind::ImportUnreadable, "{odd:?}");
        }
    }

    #[test]
    fn large_files_are_counted_in_bounded_memory() {
        let mut survey = Survey::new(true, None, None);
        for n in 0..20_000 {
            survey.push(format!("{{\"sku\": \"{n}\"}}\n").as_bytes());
        }
        let found = survey.finish().unwrap();
        assert_eq!((found.dialect, found.rows, found.header.len()), (Dialect::Ndjson, 20_000, 0));
    }
}
