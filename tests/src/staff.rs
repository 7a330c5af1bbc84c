//! People with one role, put straight into the database: who may do what is the question here, not how they came to be.

use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::app::TestApp;
use crate::database;
use crate::given::{Company, number};

impl TestApp {
    /// The company as another person of it with these roles sees it. Their password is that of the owner.
    pub async fn person(&self, company: &Company, roles: &[&str]) -> Company {
        let email = format!("staff{}@torg.example", number());
        let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
        let mut connection = database::connect(&self.database_url).await;
        diesel::sql_query(
            "WITH new AS (
                 INSERT INTO person (id, email, name, language, password_hash, created_at)
                 SELECT gen_random_uuid(), $1, 'Staff', 'en', password_hash, now() FROM person WHERE email = $2 RETURNING id)
             INSERT INTO member (organisation_id, person_id, roles, created_at) SELECT $3, id, $4, now() FROM new",
        )
        .bind::<Text, _>(&email)
        .bind::<Text, _>(&company.email)
        .bind::<SqlUuid, _>(Uuid::parse_str(&company.id).expect("an id"))
        .bind::<Array<Text>, _>(roles)
        .execute(&mut connection)
        .await
        .expect("the person is there");
        Company { owner: self.log_in(&email).await, email, ..company.clone() }
    }
}
