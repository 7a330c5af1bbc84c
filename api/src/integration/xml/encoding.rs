//! From bytes to text: UTF-8 and nothing else.

use domain::kernel::{Kind, Refusal};

use super::refusal;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// How UTF-16 and UTF-32 begin: with their byte order marks, or with `<` and zeros around it.
const WIDE: [&[u8]; 6] = [b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0\0<", b"\0\0\xfe\xff"];

/// The text without a byte order mark. Fault `encoding` for anything but UTF-8.
pub fn utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    if WIDE.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(wrong("The document is in UTF-16 or UTF-32; it has to be in UTF-8."));
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes)
        .map_err(|error| wrong(format!("The document is not in UTF-8: byte {} is wrong.", error.valid_up_to() + 1)))
}

/// Checks what the XML declaration says. Fault `encoding` for anything but UTF-8; US-ASCII is a part of it.
pub fn declared(name: &str, text: &str) -> Result<(), Refusal> {
    if name.eq_ignore_ascii_case("utf-8") || (name.eq_ignore_ascii_case("us-ascii") && text.is_ascii()) {
        return Ok(());
    }
    let name: String = name.chars().take(40).collect();
    Err(wrong(format!("The document says that it is in `{name}`; it has to be in UTF-8.")))
}

fn wrong(detail: impl Into<String>) -> Refusal {
    refusal(Kind::UnsupportedMediaType, String::new(), "encoding", detail)
}
