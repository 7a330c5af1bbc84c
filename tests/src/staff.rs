//! People with one role and machines with some scopes, put straight into the database: who may do what is the question here,
//! not how they came to be.

use api::auth::token::{self, Claims};
use api::clock::new_id;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::app::TestApp;
use crate::client::Client;
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

    /// A machine of the company with a token of these scopes.
    pub async fn machine(&self, company: &Company, scopes: &[&str]) -> Client {
        let id = new_id(self.shared.clock.now());
        let organisation = Uuid::parse_str(&company.id).expect("an id");
        let mut connection = database::connect(&self.database_url).await;
        diesel::sql_query(
            "INSERT INTO api_client (id, organisation_id, name, scopes, created_by, created_at)
             SELECT $1, $2, 'Machine', $3, person_id, now() FROM member WHERE organisation_id = $2 LIMIT 1",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(organisation)
        .bind::<Array<Text>, _>(scopes.iter().map(|&scope| scope.to_owned()).collect::<Vec<_>>())
        .execute(&mut connection)
        .await
        .expect("the client is there");
        let at = self.shared.clock.now();
        let mut claims = Claims::new(&self.shared.config.issuer, id, at, new_id(at));
        claims.org = Some(organisation);
        claims.scope = Some(scopes.join(" "));
        self.anonymous().with_token(&token::sign(&self.shared.keys, &claims).expect("signed"))
    }
}
