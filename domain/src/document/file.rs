//! Which files are taken. Extension and content must agree; what the sender declares counts for nothing. Whatever a browser or
//! a system would run (HTML, SVG, scripts, programs) stays out, and what is taken is only ever sent as a download.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

/// How many bytes from the beginning of a file the recognition looks at.
pub const HEAD: usize = 16 * 1024;

/// The kinds of file that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    Pdf,
    Png,
    Jpeg,
    Webp,
    Text,
    Csv,
    Xml,
    Json,
    Docx,
    Xlsx,
    Odt,
    Ods,
    Zip,
}

impl MediaType {
    pub const ALL: [Self; 13] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Text,
        Self::Csv,
        Self::Xml,
        Self::Json,
        Self::Docx,
        Self::Xlsx,
        Self::Odt,
        Self::Ods,
        Self::Zip,
    ];

    /// The name registered with IANA.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
            Self::Xml => "application/xml",
            Self::Json => "application/json",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Zip => "application/zip",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|media| media.code() == code);
        known.ok_or_else(|| Invalid::new("media_type", format!("`{code}` is not a media type that is taken.")))
    }

    /// By the extension of a file name, in upper or lower case.
    pub fn of_name(file_name: &str) -> Option<Self> {
        let (_, extension) = file_name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "pdf" => Self::Pdf,
            "png" => Self::Png,
            "jpg" | "jpeg" => Self::Jpeg,
            "webp" => Self::Webp,
            "txt" => Self::Text,
            "csv" => Self::Csv,
            "xml" => Self::Xml,
            "json" => Self::Json,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "odt" => Self::Odt,
            "ods" => Self::Ods,
            "zip" => Self::Zip,
            _ => return None,
        })
    }

    /// The type of a file from its name and its first [`HEAD`] bytes (all of them, if there are fewer). Refuses with
    /// [`Kind::ForbiddenFileType`] other extensions, and content that is not what the extension says.
    pub fn recognise(file_name: &str, head: &[u8]) -> Result<Self, Refusal> {
        let Some(media) = Self::of_name(file_name) else {
            return Err(Refusal::new(Kind::ForbiddenFileType, "Files with this extension are not taken."));
        };
        if media.fits(head) {
            return Ok(media);
        }
        let detail = format!("The content of the file is not {}, as its name says.", media.code());
        Err(Refusal::new(Kind::ForbiddenFileType, detail))
    }

    fn fits(self, head: &[u8]) -> bool {
        match self {
            Self::Pdf => head.starts_with(b"%PDF-"),
            Self::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => head.starts_with(b"\xff\xd8\xff"),
            Self::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
            Self::Docx | Self::Xlsx => is_zip(head),
            Self::Odt | Self::Ods => is_zip(head) && opendocument_type(head) == Some(self.code().as_bytes()),
            // A ZIP file without entries has only its directory's end.
            Self::Zip => is_zip(head) || head.starts_with(b"PK\x05\x06"),
            Self::Text | Self::Csv => plain_text(head).is_some_and(|text| !is_active(text)),
            Self::Json => plain_text(head).is_some_and(|text| text.starts_with(is_start_of_json)),
            Self::Xml => plain_text(head).is_some_and(is_harmless_xml),
        }
    }
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// An OpenDocument file begins with an entry `mimetype`, neither packed nor with extra fields, so that its text stands at a
/// fixed place (OpenDocument 1.3, part 2, §3.3).
fn opendocument_type(head: &[u8]) -> Option<&[u8]> {
    let length = head.get(22..26)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))?;
    let text = head.get(38..)?.get(..usize::try_from(length).ok()?)?;
    (head.get(30..38)? == b"mimetype").then_some(text)
}

/// The text in UTF-8, without byte order mark and white space before it; nothing where it is other than text.
fn plain_text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The end of the head may lie within a character.
        Err(error) if error.error_len().is_none() && head.len() >= HEAD => {
            std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    (!text.is_empty() && text.chars().all(is_text)).then_some(text)
}

/// What browsers take for a page, or systems for a script.
fn is_active(text: &str) -> bool {
    let begin: String = text.chars().take(16).collect::<String>().to_ascii_lowercase();
    let marks =
        ["#!", "<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<style", "<img", "<a ", "<meta"];
    marks.iter().any(|mark| begin.starts_with(mark))
}

fn is_start_of_json(c: char) -> bool {
    matches!(c, '{' | '[' | '"' | '-' | 't' | 'f' | 'n') || c.is_ascii_digit()
}

/// XML whose first element is in the head and neither a page nor a drawing, and that holds nothing of these kinds.
fn is_harmless_xml(text: &str) -> bool {
    let Some(name) = first_element(text) else { return false };
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    let namespaces = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"];
    !matches!(local.as_str(), "html" | "svg" | "script") && !namespaces.iter().any(|namespace| text.contains(namespace))
}

/// The name of the first element, after the declaration, comments and the like. A document type with declarations of its own,
/// which could build the rest from entities, has none.
fn first_element(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let (skipped, end) = if let Some(comment) = rest.strip_prefix("<!--") {
            (comment, "-->")
        } else if rest.starts_with("<?") {
            (rest, "?>")
        } else if rest.starts_with("<!DOCTYPE") {
            (rest, ">")
        } else {
            break;
        };
        let (inside, after) = skipped.split_once(end)?;
        if inside.starts_with("<!DOCTYPE") && inside.contains('[') {
            return None;
        }
        rest = after.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    name.get(..end).filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// The name under which a file is offered for download: without path, control or invisible characters, and one that every file
/// system takes. Faults: `blank`, `too_long`, `file_name`.
pub fn check_file_name(name: &str) -> Result<(), Invalid> {
    if name.trim().is_empty() {
        return Err(Invalid::new("blank", "The file has no name."));
    }
    if name.len() > 255 || name.chars().count() > 150 {
        return Err(Invalid::new("too_long", "A file name has at most 150 characters (255 bytes)."));
    }
    let forbidden = |c: char| c.is_control() || is_invisible(c) || "/\\:*?\"<>|".contains(c);
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    if name.contains(forbidden) || name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) || is_device(&stem) {
        return Err(Invalid::new("file_name", "Give a plain file name: no path, no special characters."));
    }
    Ok(())
}

/// Characters without width and those that turn the direction of writing: they make `annexe.pdf` out of other things.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Names that Windows keeps for devices.
fn is_device(stem: &str) -> bool {
    matches!(stem, "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
