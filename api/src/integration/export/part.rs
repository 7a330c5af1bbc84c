//! A part of an export while it is gathered: lines, packed as they come.

use std::io::Write;
use std::time::{Duration, Instant};

use domain::integration::export::Section;
use flate2::Compression;
use flate2::write::GzEncoder;
use infra::Failure;
use serde_json::{Value, json};
use uuid::Uuid;

/// How long the lines of a part are together, about.
const FULL: usize = 4 * 1024 * 1024;

/// After how long a part is closed however little is in it: the lease of the job has to outlast it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lines, and how many things were looked at for them.
pub struct Part {
    packer: GzEncoder<Vec<u8>>,
    begun: Instant,
    pub plain: usize,
    pub seen: i64,
    pub lines: i64,
}

impl Part {
    pub fn begin() -> Self {
        let packer = GzEncoder::new(Vec::new(), Compression::fast());
        Self { packer, begun: Instant::now(), plain: 0, seen: 0, lines: 0 }
    }

    /// Writes what is shown of a thing, if something is.
    pub fn add(&mut self, section: Section, id: Uuid, data: Option<Value>) -> Result<(), Failure> {
        self.seen += 1;
        let Some(data) = data else { return Ok(()) };
        let line = json!({"type": section.code(), "id": id, "data": data}).to_string() + "\n";
        self.packer.write_all(line.as_bytes()).map_err(Failure::broken)?;
        self.plain += line.len();
        self.lines += 1;
        Ok(())
    }

    /// Enough for one file, or for one lease.
    pub fn is_full(&self) -> bool {
        self.plain >= FULL || self.begun.elapsed() > PATIENCE
    }

    /// The file, packed.
    pub fn packed(self) -> Result<Vec<u8>, Failure> {
        self.packer.finish().map_err(Failure::broken)
    }
}
