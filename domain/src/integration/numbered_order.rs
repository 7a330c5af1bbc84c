//! Orders that come with a number of their buyer: the same number is the same order.

use crate::kernel::{Kind, Refusal};

/// What a number is that comes with a content, as its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It was not there before.
    New,
    /// The same order once more: nothing is done, and it is answered as it stands by now.
    Again,
}

/// Whether a number is new (`kept` is none) or comes again. Refused with [`Kind::AlreadyExists`] if it came with another content before.
pub fn known(kept: Option<&[u8]>, hash: &[u8], number: &str) -> Result<Known, Refusal> {
    match kept {
        None => Ok(Known::New),
        Some(kept) if kept == hash => Ok(Known::Again),
        Some(_) => {
            let detail = format!(
                "You have sent another order with the number `{number}`. A changed order has a number of its own."
            );
            Err(Refusal::new(Kind::AlreadyExists, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_one_content() {
        assert_eq!(known(None, b"a", "1"), Ok(Known::New));
        assert_eq!(known(Some(b"a"), b"a", "1"), Ok(Known::Again));
        let refusal = known(Some(b"a"), b"b", "PO 7").unwrap_err();
        assert_eq!(refusal.kind, Kind::AlreadyExists);
        assert!(refusal.detail.contains("`PO 7`"));
    }
}
