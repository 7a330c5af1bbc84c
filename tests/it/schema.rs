use diesel_async::SimpleAsyncConnection;
use infra::db::migration;
use tests::database;

/// `UPDATE=1 cargo test schema` writes the file.
#[tokio::test]
async fn schema_rs_is_what_the_migrations_make() {
    let mut connection = database::connect(&database::fresh().await).await;
    let printed = tests::schema::print(&mut connection).await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/src/schema.rs");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).unwrap();
    }
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    assert_eq!(squeezed(&printed), squeezed(&std::fs::read_to_string(path).unwrap()));
}

#[tokio::test]
async fn migrations_go_up_and_down_and_up_to_the_same_schema() {
    let url = database::bare().await;
    migration::run(database::connect(&url).await).await.unwrap();
    let first = dump(&url).await;
    migration::revert_all(database::connect(&url).await).await.unwrap();
    let mut connection = database::connect(&url).await;
    connection.batch_execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_%') = 0; END $$").await.unwrap();
    migration::run(database::connect(&url).await).await.unwrap();
    assert!(first.len() > 10_000);
    assert_eq!(dump(&url).await, first);
}

/// All that makes up the schema, as PostgreSQL itself would write it.
async fn dump(url: &str) -> String {
    let bin = infra::db::cluster::bin_directory().unwrap();
    let output = tokio::process::Command::new(bin.join("pg_dump"))
        .args(["--schema-only", "--no-owner", "-d", url])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // Newer versions write a random word into each dump.
    text.lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}
