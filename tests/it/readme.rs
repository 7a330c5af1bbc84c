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
async fn what_the_readme_says_works_word_by_word() {
    let app = TestApp::demonstration().await;
    let folder = tempfile::tempdir().unwrap();
    // Where `make run` keeps its mails.
    std::fs::create_dir(folder.path().join(".torg")).unwrap();
    std::os::unix::fs::symlink(app.mail_directory(), folder.path().join(".torg/mail")).unwrap();
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
            "\"active\"",
            "\"ERP\"",
            "\"Regulars\"",
            "\"Above 50\"",
            "\"placed\"",
            "\"awaiting_approval\"",
            "\"placed\""
        ],
        "{said}"
    );
    assert!(said.contains("\"state\": \"paid\"") && said.contains("\"number\": \"INV20"), "{said}");
    // The goods as they came in: tried, with a fault, corrected, their stock alone, and as they were exported.
    let counts: Vec<&str> = said.lines().filter(|line| line.starts_with("{\"created\"")).collect();
    let of = |created, updated, unchanged, failed| {
        format!(r#"{{"created":{created},"updated":{updated},"unchanged":{unchanged},"failed":{failed}}}"#)
    };
    assert_eq!(counts, [of(2, 0, 0, 1), of(2, 0, 0, 1), of(1, 0, 2, 0), of(0, 1, 0, 0), of(0, 0, 6, 0)]);
    assert!(said.contains("4,SUGAR-1,tax.rate,decimal,") && said.contains("\"amount\": \"3.705\""), "{said}");
    assert!(said.contains("/problems/budget-exceeded") && said.contains("\"status\": 403"), "{said}");
    // The mill's order was answered: filled, unless the session was just changing.
    assert!(said.contains("\"filled_quantity\": {") && said.contains("\"differentials\""), "{said}");
    assert!(said.contains(r#""incoterm":"FCA","incoterm_place":"Novorossiysk""#), "{said}");
    // Each line of the mini-tender went to who was cheaper for it, and the steel of the demonstration is compared.
    assert!(said.contains(r#""state":"concluded","net":"25440.00""#), "{said}");
    assert!(said.contains(r#""state":"concluded","net":"22600.00""#), "{said}");
    assert!(said.contains("Klodnica Blachy\tEUR\t229444.00\t"), "{said}");
    // The pages for integrators: rows with results, a webhook, an order as a document (twice, and with unknown goods), open data.
    assert!(said.contains(r#"["TEA-100",200,null]"#) && said.contains(r#"["TEA-999",422,"#), "{said}");
    assert!(
        said.contains(r#"{"state":"enabled","event_types":["delivery.received","invoice.paid","order.*"]}"#),
        "{said}"
    );
    assert!(said.contains("AB\nAB\nRE\n") && said.contains(r#"["TEA-250",{"amount":"#), "{said}");
    assert!(said.contains(r#""version":"1.1""#) && said.contains("ocds-"), "{said}");
    let workbook = std::fs::read(folder.path().join("comparison.xlsx")).unwrap();
    assert!(workbook.starts_with(b"PK") && workbook.len() > 4_000);
    let pdf = std::fs::read(folder.path().join("invoice.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000);
}
