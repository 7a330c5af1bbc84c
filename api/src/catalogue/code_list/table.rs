//! The table of an uploaded code list.

use domain::catalogue::code_list::Code;
use domain::kernel::language::{Texts, check_tag};
use domain::kernel::{Faults, Refusal};

/// The rows with the lines they stood in. Faults point at `/file`, or at line and column below it.
pub fn read(bytes: &[u8], language: &str) -> Result<Vec<(u64, Code)>, Refusal> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Refusal::fault("/file", "encoding", "The file is not UTF-8."))?
        .trim_start_matches('\u{FEFF}')
        // The reader counts a line's end of two characters at the line after it.
        .replace("\r\n", "\n");
    let first = text.lines().next().unwrap_or_default();
    let separator = [b'\t', b';', b','].into_iter().find(|b| first.as_bytes().contains(b)).unwrap_or(b'\t');
    // A table separated by tabs knows no quotes.
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(separator != b'\t')
        .has_headers(true)
        .from_reader(text.as_bytes());
    let unreadable = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Refusal::fault(format!("/file/{line}"), "columns", "The line cannot be read, or has another number of columns.")
    };
    let headers = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let columns = Columns::of(&headers, language)?;
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, columns.code(&record)));
        if rows.len() > domain::catalogue::code_list::MAX_CODES {
            break;
        }
    }
    Ok(rows)
}

struct Columns {
    code: usize,
    parent: Option<usize>,
    names: Vec<(String, usize)>,
}

impl Columns {
    fn of(headers: &csv::StringRecord, language: &str) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let (mut code, mut parent, mut names) = (None, None, Vec::new());
        for (index, header) in headers.iter().enumerate() {
            match header.trim() {
                "code" => code = Some(index),
                "parent" => parent = Some(index),
                "name" => names.push((language.to_owned(), index)),
                other => match other.strip_prefix("name_").filter(|tag| check_tag(tag).is_ok()) {
                    Some(tag) => names.push((tag.to_owned(), index)),
                    None => faults.add("/file/1", "unknown_column", format!("There is no column `{other:.40}`.")),
                },
            }
        }
        if code.is_none() {
            faults.add("/file/1", "required", "The column `code` is missing.");
        }
        if names.is_empty() {
            faults.add("/file/1", "required", "A column `name` or `name_en`, `name_ru` and the like is missing.");
        }
        faults.result()?;
        Ok(Self { code: code.unwrap_or_default(), parent, names })
    }

    fn code(&self, record: &csv::StringRecord) -> Code {
        let cell = |index: usize| record.get(index).unwrap_or_default().trim().to_owned();
        let filled = |text: &String| !text.is_empty();
        let names: Texts = self
            .names
            .iter()
            .map(|(tag, index)| (tag.clone(), cell(*index)))
            .filter(|(_, text)| filled(text))
            .collect();
        Code { code: cell(self.code), parent: self.parent.map(cell).filter(filled), names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, &'static str)> {
        read(text.as_bytes(), "en").unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn tables_of_all_three_separators_say_the_same() {
        for text in [
            "\u{FEFF}code\tparent\tname\tname_ru\r\n1\t\tIron\tЖелезо\r\n1.1\t1\tBars\t\r\n",
            "code;parent;name;name_ru\n1;;Iron;Железо\n1.1;1;Bars;\n",
            "name_ru,name,parent,code\nЖелезо,\"Iron\",,1\n,Bars,1,1.1\n",
        ] {
            let rows = read(text.as_bytes(), "en").unwrap();
            assert_eq!(rows.len(), 2, "{text}");
            assert_eq!(rows[0].0, 2);
            assert_eq!((rows[0].1.names["ru"].as_str(), rows[0].1.names["en"].as_str()), ("Железо", "Iron"));
            assert_eq!((rows[1].1.parent.as_deref(), rows[1].1.names.len()), (Some("1"), 1));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        assert_eq!(faults("code;name\n1;Iron\n2;Steel;more\n"), [("/file/3".to_owned(), "columns")]);
        assert_eq!(
            faults("number;title\n"),
            [
                ("/file/1".to_owned(), "unknown_column"),
                ("/file/1".to_owned(), "unknown_column"),
                ("/file/1".to_owned(), "required"),
                ("/file/1".to_owned(), "required")
            ]
        );
        assert_eq!(read(b"code\tname\n1\t\xCF\xEE\n", "ru").unwrap_err().faults[0].code, "encoding");
    }
}
