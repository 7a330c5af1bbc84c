//! The structure that the design asks for, checked.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All Rust files below a folder of the project.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&entry).unwrap();
                found.push((entry, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// Fails naming every file in which one of the words stands.
fn assert_none(files: Vec<(PathBuf, String)>, words: &[&str], why: &str) {
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            if !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{why}\n{}", found.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    let words = [
        "tokio",
        "diesel",
        "actix",
        "async fn",
        "std::fs",
        "std::net",
        "std::env",
        "Utc::now",
        "SystemTime",
        "Instant",
    ];
    assert_none(sources("domain/src"), &words, "The domain knows no I/O, no clock, no SQL and no HTTP:");
    let manifest = fs::read_to_string(root().join("domain/Cargo.toml")).unwrap();
    for crate_name in ["tokio", "diesel", "actix", "reqwest", "redis", "infra", "api"] {
        let depends = manifest.lines().any(|line| line.starts_with(crate_name));
        assert!(!depends, "domain depends on {crate_name}");
    }
}

#[test]
fn dependencies_go_one_way() {
    assert_none(sources("infra/src"), &["actix", "api::"], "infra knows nothing of HTTP:");
}

#[test]
fn use_cases_know_nothing_of_http() {
    let usecases = sources("api/src").into_iter().filter(|(path, _)| {
        path.file_name().is_some_and(|n| n == "usecase.rs") || path.parent().is_some_and(|p| p.ends_with("usecase"))
    });
    assert_none(usecases.collect(), &["actix_web", "HttpRequest", "HttpResponse"], "Use cases know nothing of HTTP:");
}

#[test]
fn sql_stays_in_infra() {
    let words = ["diesel::", "sql_query", "infra::schema", "batch_execute"];
    assert_none(sources("api/src"), &words, "SQL belongs into infra:");
}

#[test]
fn files_are_short() {
    for folder in ["domain/src", "infra/src", "api/src", "tests"] {
        for (path, text) in sources(folder) {
            let generated = path.ends_with("infra/src/schema.rs");
            let lines = text.lines().count();
            assert!(generated || lines <= 600, "{} has {lines} lines", path.display());
        }
    }
}

/// Of two migrations of one version, the database would run only one.
#[test]
fn every_migration_has_a_version_of_its_own() {
    let names = fs::read_dir(root().join("migrations")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut versions = std::collections::BTreeSet::new();
    for name in names.map(|name| name.into_string().unwrap()) {
        let version = name.split('_').next().unwrap().replace('-', "");
        assert!(versions.insert(version), "another migration has the version of {name}");
    }
}

/// Two types of one name would be one schema in the API document, and one of the two would judge the other's bodies.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let mut names = std::collections::BTreeMap::new();
    let mut twice = Vec::new();
    for (path, text) in sources("api/src") {
        // Each item with its attributes: what stands between two declarations.
        for item in
            text.split("#[derive(").skip(1).filter(|item| item.lines().next().is_some_and(|l| l.contains("ToSchema")))
        {
            let declared = item.split_once("pub struct ").or_else(|| item.split_once("pub enum "));
            let Some((attributes, rest)) = declared else { continue };
            let given = attributes.split_once("schema(as = ").map_or(rest, |(_, name)| name);
            let name: String = given.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(other) = names.insert(name.clone(), path.clone()) {
                twice.push(format!("{name} in {} and {}", other.display(), path.display()));
            }
        }
    }
    assert!(names.len() > 100, "{} schemas were found", names.len());
    assert!(twice.is_empty(), "schemas of the same name:\n{}", twice.join("\n"));
}

/// What happens is told by events of the catalogue alone, and the catalogue tells of nothing that never happens. Texts of the same form that
/// name a timer are constants.
#[test]
fn the_catalogue_of_events_has_what_happens_and_nothing_else() {
    let known: std::collections::BTreeSet<&str> = domain::event::all().map(|one| one.name).collect();
    let subjects: std::collections::BTreeSet<&str> =
        known.iter().filter_map(|name| Some(name.split_once('.')?.0)).collect();
    let mut told = std::collections::BTreeSet::new();
    let mut unknown = Vec::new();
    for (path, text) in sources("api/src").into_iter().chain(sources("infra/src")) {
        let lines = text.lines().take_while(|line| !line.contains("#[cfg(test)]"));
        for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
            for word in line.split('"').skip(1).step_by(2) {
                let Some((of, _)) = word.split_once('.') else { continue };
                let is_name = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.');
                if known.contains(word) {
                    told.insert(word.to_owned());
                } else if is_name && subjects.contains(of) && !line.contains("const ") {
                    unknown.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "these are not in domain/src/event:\n{}", unknown.join("\n"));
    let never: Vec<&&str> = known.iter().filter(|name| !told.contains(**name)).collect();
    assert!(never.is_empty(), "these never happen: {never:?}");
}
