//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ClusterError;

const LEAST: u32 = 15;

/// The folder with the programs of the newest usable version.
pub fn bin_directory() -> Result<PathBuf, ClusterError> {
    find().map(|(bin, _)| bin)
}

/// The folder and the major version.
pub(super) fn find() -> Result<(PathBuf, u32), ClusterError> {
    let debian =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    // Of equal versions the last one wins: Debian's folder has all the programs, a link in the path perhaps only some.
    std::env::split_paths(&paths)
        .chain(debian)
        .filter(|bin| bin.join("initdb").exists())
        .filter_map(|bin| version(&bin).map(|version| (bin, version)))
        .filter(|(_, version)| *version >= LEAST)
        .max_by_key(|(_, version)| *version)
        .ok_or(ClusterError::NotInstalled)
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` → 15
fn version(bin: &Path) -> Option<u32> {
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(2)?.split(['.', 'b', 'r', 'd']).next()?.parse().ok()
}
