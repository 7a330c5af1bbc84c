//! People of companies besides their owners: invited by mail, as they are.

use serde_json::json;

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, PASSWORD, number};

/// A person who belongs to a company.
pub struct Colleague {
    pub id: String,
    pub email: String,
    pub client: Client,
}

impl TestApp {
    /// Somebody new with these roles, invited by the owner and logged in.
    pub async fn colleague(&self, company: &Company, roles: &[&str]) -> Colleague {
        let email = format!("colleague{}@torg.example", number());
        let path = format!("/v1/organisations/{}/invitations", company.id);
        company.owner.post(&path, json!({"email": email, "roles": roles})).await.expect(201);
        let token = self.mailed_token(&email).await;
        let body = json!({"token": token, "name": "Colleague", "password": PASSWORD});
        let joined = self.anonymous().post("/v1/invitations/accept", body).await.expect(200).json();
        let id = joined["person_id"].as_str().expect("a person").to_owned();
        Colleague { id, client: self.log_in(&email).await, email }
    }
}

impl Company {
    /// The path of a member.
    pub fn member(&self, person: &str) -> String {
        format!("/v1/organisations/{}/members/{person}", self.id)
    }
}
