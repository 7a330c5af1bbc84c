//! The code lists that come with the service.

use std::io::Read;

use domain::catalogue::code_list::{Code, check_codes};
use domain::kernel::language::Texts;
use domain::kernel::{Kind, Refusal};
use infra::Failure;

use super::table;

/// A list with its codes.
pub struct Bundled {
    pub key: &'static str,
    pub edition: &'static str,
    language: &'static str,
    name: (&'static str, &'static str),
    packed: &'static [u8],
}

const LISTS: &[Bundled] = &[Bundled {
    key: "okpd2",
    edition: "2014",
    language: "ru",
    name: ("Russian classification of products by economic activity", "ОКПД 2"),
    packed: include_bytes!("../../../data/okpd2.tsv.gz"),
}];

/// The list of this key.
pub fn find(key: &str) -> Result<&'static Bundled, Refusal> {
    let found = LISTS.iter().find(|list| list.key == key);
    found.ok_or_else(|| Refusal::new(Kind::NotFound, "No such code list comes with the service: upload it."))
}

impl Bundled {
    pub fn names(&self) -> Texts {
        [("en", self.name.0), ("ru", self.name.1)].map(|(tag, text)| (tag.to_owned(), text.to_owned())).into()
    }

    pub fn codes(&self) -> Result<Vec<Code>, Failure> {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(self.packed).read_to_end(&mut bytes).map_err(Failure::broken)?;
        let rows = table::read(&bytes, self.language)?;
        check_codes(rows).map_err(|faults| Refusal::invalid(faults.0).into())
    }
}
