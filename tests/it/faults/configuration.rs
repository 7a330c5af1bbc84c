use tests::process;

/// The one line that a wrong value ends the start with.
async fn refusal(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = process::run(arguments, variables).await;
    assert_eq!(output.status.code(), Some(1), "{variables:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[tokio::test]
async fn a_wrong_value_stops_the_start_with_a_line_that_names_it() {
    for (name, value) in [
        ("TORG_LISTEN", "nowhere"),
        ("TORG_WORKERS", "0"),
        ("TORG_WORKERS", "many"),
        ("TORG_CONNECTIONS_PER_WORKER", "1000"),
        ("TORG_REQUEST_SECONDS", "0"),
        ("TORG_ORDER_EXPIRY_HOURS", "-1"),
        ("TORG_LOG", "tests=nonsense=x"),
        ("TORG_TRUSTED_PROXIES", "[proxy]"),
        ("TORG_COLOUR", "red"),
    ] {
        let text = refusal(&["serve"], &[(name, value)]).await;
        let field = name.trim_start_matches("TORG_").to_lowercase();
        assert!(text.to_lowercase().contains(&field), "{name}={value}: {text}");
    }
    assert!(refusal(&["serve"], &[]).await.contains("TORG_DATABASE_URL"));
    let text = refusal(&["serve", "--config", "/nowhere/torg.toml"], &[]).await;
    assert!(text.contains("/nowhere/torg.toml"), "{text}");
}

#[tokio::test]
async fn a_secret_key_that_is_none_and_a_database_that_is_not_there_are_said() {
    let database = tests::database::fresh().await;
    let missing = refusal(&["serve"], &[("TORG_LISTEN", "127.0.0.1:0"), ("TORG_DATABASE_URL", &database)]).await;
    assert!(missing.contains("TORG_SECRET_KEY"), "{missing}");
    let short = [("TORG_LISTEN", "127.0.0.1:0"), ("TORG_DATABASE_URL", &*database), ("TORG_SECRET_KEY", "c2hvcnQ=")];
    let short = refusal(&["serve"], &short).await;
    assert!(short.contains("secret key") && !short.contains("c2hvcnQ="), "{short}");
    let secret = api::secret::SecretKey::generate().unwrap();
    let url = "postgres://torg:hunter2@127.0.0.1:1/torg";
    let absent = [("TORG_LISTEN", "127.0.0.1:0"), ("TORG_DATABASE_URL", url), ("TORG_SECRET_KEY", &secret)];
    let absent = refusal(&["serve"], &absent).await;
    assert!(absent.contains("database") && !absent.contains("hunter2"), "{absent}");
}

// S25
#[tokio::test]
async fn the_configuration_is_printed_without_its_secrets() {
    let variables = [
        ("TORG_DATABASE_URL", "postgres://torg:hunter2@db/torg"),
        ("TORG_REDIS_URL", "redis://:hunter2@cache"),
        ("TORG_SECRET_KEY", "hunter2hunter2"),
        ("TORG_SMTP_URL", "smtp://torg:hunter2@mail"),
        ("TORG_FILES_S3__BUCKET", "files"),
        ("TORG_FILES_S3__ACCESS_KEY", "access"),
        ("TORG_FILES_S3__SECRET", "hunter2"),
        ("TORG_WORKERS", "3"),
    ];
    let output = process::run(&["config"], &variables).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("hunter2") && !String::from_utf8_lossy(&output.stderr).contains("hunter2"), "{text}");
    let printed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&printed["workers"], &printed["database_url"]), (&3.into(), &"(hidden)".into()));
}

#[tokio::test]
async fn a_file_is_read_and_the_environment_wins_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("torg.toml");
    std::fs::write(&path, "workers = 3\nissuer = \"https://torg.example\"\n").unwrap();
    let arguments = ["config", "--config", path.to_str().unwrap()];
    let output = process::run(&arguments, &[("TORG_WORKERS", "5")]).await;
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&printed["workers"], &printed["issuer"]), (&5.into(), &"https://torg.example".into()));
}
