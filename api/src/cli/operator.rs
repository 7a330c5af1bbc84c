//! `torg operator create`.

use api::clock::new_id;
use api::config::Config;
use api::{auth::password, server};
use infra::db::{clock, migration, pool, tx};
use infra::party::person::{self, PersonRow};

/// Creates an operator with the password on standard input.
pub async fn create(config: Config, email: &str, name: &str) -> Result<(), String> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).map_err(|error| error.to_string())?;
    let password = password.trim_end_matches(['\n', '\r']);
    let email = email.trim().to_lowercase();
    domain::party::check_password(password, &email).map_err(|invalid| format!("the password: {}", invalid.detail))?;
    let url = server::database_url(&config).map_err(|failure| failure.to_string())?;
    migration::run(pool::connect(url.clone()).await.map_err(|error| error.to_string())?)
        .await
        .map_err(|failure| failure.to_string())?;
    let mut connection = pool::connect(url).await.map_err(|error| error.to_string())?;
    let at = clock::now(&mut connection).await.map_err(|failure| failure.to_string())?;
    let row = PersonRow {
        id: new_id(at),
        email: email.clone(),
        name: name.trim().to_owned(),
        language: "en".into(),
        password_hash: password::hash(password.to_owned(), config.password_cost)
            .await
            .map_err(|failure| failure.to_string())?,
        is_operator: true,
        disabled_at: None,
        erased_at: None,
        version: 1,
        created_at: at,
    };
    tx::once(&mut connection, &async |tx| person::insert(tx, &row).await)
        .await
        .map_err(|failure| failure.to_string())?;
    println!("operator {email} created");
    Ok(())
}
