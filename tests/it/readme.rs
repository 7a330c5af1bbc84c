//! The README, typed word by word.

use tests::app::TestApp;
use tokio::process::Command;

/// The shell commands of the README, for a server at another address.
fn commands(address: &str) -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let script: String = blocks.collect();
    assert!(script.contains("http://127.0.0.1:8080"));
    script.replace("http://127.0.0.1:8080", address)
}

#[tokio::test]
async fn the_first_trade_of_the_readme_leads_to_a_paid_invoice() {
    let app = TestApp::northwind().await;
    let folder = tempfile::tempdir().unwrap();
    let script = commands(&format!("http://{}", app.address));
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder.path())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let states: Vec<&str> = said.lines().filter(|line| line.starts_with('"')).collect();
    assert_eq!(
        states,
        [
            "\"awaiting_signatures\"",
            "\"active\"",
            "\"received\"",
            "\"confirmed\"",
            "\"verified\"",
            "\"applied\"",
            "\"active\""
        ],
        "{said}"
    );
    assert!(said.contains("\"state\": \"paid\"") && said.contains("\"number\": \"INV20"), "{said}");
    let pdf = std::fs::read(folder.path().join("invoice.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000);
}
