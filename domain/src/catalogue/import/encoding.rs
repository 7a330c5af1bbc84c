//! The encodings that files come in.

use crate::kernel::refusal::Invalid;

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Windows1251,
}

impl Encoding {
    pub fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1251 => "windows-1251",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = [Self::Utf8, Self::Windows1251].into_iter().find(|one| one.code().eq_ignore_ascii_case(code));
        known.ok_or_else(|| Invalid::new("encoding", format!("`{code}` is not one of utf-8 and windows-1251.")))
    }

    /// The text of a cell.
    pub fn decode(self, bytes: Vec<u8>) -> Result<String, Invalid> {
        match self {
            Self::Utf8 => {
                String::from_utf8(bytes).map_err(|_| Invalid::new("encoding", "The cell is not written in UTF-8."))
            }
            Self::Windows1251 => {
                let text = encoding_rs::WINDOWS_1251.decode_without_bom_handling_and_without_replacement(&bytes);
                let text = text.ok_or_else(|| Invalid::new("encoding", "The cell is not written in Windows-1251."))?;
                Ok(text.into_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_give_the_same_text() {
        assert_eq!(Encoding::Utf8.decode("Сталь №1".into()).unwrap(), "Сталь №1");
        let bytes = b"\xd1\xf2\xe0\xeb\xfc \xb91".to_vec();
        assert_eq!(Encoding::Windows1251.decode(bytes.clone()).unwrap(), "Сталь №1");
        assert_eq!(Encoding::Utf8.decode(bytes).unwrap_err().code, "encoding");
        for encoding in [Encoding::Utf8, Encoding::Windows1251] {
            assert_eq!(Encoding::parse(encoding.code()), Ok(encoding));
        }
        assert_eq!(Encoding::parse("UTF-8"), Ok(Encoding::Utf8));
        assert!(Encoding::parse("koi8-r").is_err());
    }
}
