//! The life of the API: what a client was written against goes on, unless the changelog says so.

use serde_json::Value;
use tests::api_changes::{breaking, read, released, unannounced};

const RELEASED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/released.json");
const CHANGELOG: &str = include_str!("../../CHANGELOG.md");

/// `RELEASE=1 cargo test openapi_life`, as a release is made, notes what it promises.
// R23
#[test]
fn no_change_breaks_a_client_of_the_last_release_unless_the_changelog_says_so() {
    let document = api::server::document();
    if std::env::var_os("RELEASE").is_some() {
        std::fs::write(RELEASED, released(&document)).unwrap();
    }
    let promised: Value = read(&std::fs::read_to_string(RELEASED).unwrap());
    assert!(promised["paths"].as_object().unwrap().len() > 100);
    let unsaid = unannounced(&breaking(&promised, &document), CHANGELOG);
    assert!(
        unsaid.is_empty(),
        "these changes break clients; undo them, or add a line `- Breaking: …` with these words to CHANGELOG.md:\n{}",
        unsaid.join("\n")
    );
}

// R23
#[test]
fn what_is_kept_of_a_release_is_all_that_a_client_depends_on() {
    let document = api::server::document();
    let kept = read(&released(&document));
    assert_eq!(breaking(&document, &kept), Vec::<String>::new());
    assert_eq!(breaking(&kept, &document), Vec::<String>::new());
}
