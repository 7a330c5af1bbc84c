//! What a PDF says.

use std::process::Command;

/// The text of a PDF, as `pdftotext` reads it.
pub fn text_of(pdf: &[u8]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("paper.pdf");
    std::fs::write(&path, pdf).expect("written");
    let output = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().expect("pdftotext runs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}
