//! What tests begin with, made through the API; only operators, who are made from the command line, come from the database.

use std::sync::atomic::{AtomicU32, Ordering};

use api::auth::password;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::app::TestApp;
use crate::client::Client;
use crate::database;

/// The password of everybody in tests.
pub const PASSWORD: &str = "seven green bottles on a wall";

static NUMBER: AtomicU32 = AtomicU32::new(1);

/// A number that no other test of this run has.
pub fn number() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A GLN in the range that GS1 keeps for examples.
pub fn gln(number: u32) -> String {
    let digits = format!("952{number:09}");
    let sum: u32 = digits.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(d, w)| u32::from(d - b'0') * w).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A registered company and its owner, logged in.
#[derive(Clone)]
pub struct Company {
    pub id: String,
    pub name: String,
    pub email: String,
    pub owner: Client,
}

/// The body of a registration that passes.
pub fn registration(name: &str, email: &str) -> Value {
    json!({
        "legal_name": name, "legal_form": "GmbH", "country": "DE",
        "addresses": [{"kind": "legal", "lines": ["Hafenstraße 1"], "city": "Hamburg", "postal_code": "20457", "country": "DE"}],
        "identifiers": [{"scheme": "gln", "value": gln(number())}],
        "person": {"name": format!("Owner of {name}"), "email": email, "password": PASSWORD, "language": "en"}
    })
}

impl TestApp {
    /// Somebody logged in with the tests' password.
    pub async fn log_in(&self, email: &str) -> Client {
        let anonymous = self.anonymous();
        let answer = anonymous.post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await.expect(201);
        anonymous.with_token(answer.json()["access_token"].as_str().expect("a token"))
    }

    /// The operator of the platform; made at the first call.
    pub async fn operator(&self) -> Client {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let make = || async { password::hash(PASSWORD.into(), crate::app::CHEAP).await.expect("hashed") };
        let hash = HASH.get_or_init(make).await;
        let mut connection = database::connect(&self.database_url).await;
        diesel::sql_query(
            "INSERT INTO person (id, email, name, language, password_hash, is_operator, created_at)
             VALUES (gen_random_uuid(), 'operator@torg.example', 'Operator', 'en', $1, true, now()) ON CONFLICT DO NOTHING",
        )
        .bind::<diesel::sql_types::Text, _>(hash)
        .execute(&mut connection)
        .await
        .expect("the operator is there");
        self.log_in("operator@torg.example").await
    }

    /// A company that has registered and waits for the operator.
    pub async fn pending_company(&self, name: &str) -> Company {
        let email = format!(
            "owner{}@{}.example",
            number(),
            name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
        );
        let answer = self.anonymous().post("/v1/organisations", registration(name, &email)).await.expect(201);
        let owner = self.log_in(&email).await;
        Company { id: answer.id(), name: name.to_owned(), email, owner }
    }

    /// A company that may trade.
    pub async fn company(&self, name: &str) -> Company {
        let company = self.pending_company(name).await;
        let operator = self.operator().await;
        operator.post(&format!("/v1/organisations/{}/verify", company.id), json!({})).await.expect(200);
        company
    }

    /// Runs SQL on the test's database; for looking behind the scenes.
    pub async fn sql(&self, text: &str) {
        database::connect(&self.database_url).await.batch_execute(text).await.expect("the statement runs");
    }

    /// How the database refuses a statement.
    pub async fn sql_error(&self, text: &str) -> String {
        let refused = database::connect(&self.database_url).await.batch_execute(text).await;
        refused.expect_err("the statement is refused").to_string()
    }

    /// The one number that a query gives.
    pub async fn count(&self, query: &str) -> i64 {
        database::count(&self.database_url, query).await
    }
}
