//! Machines of companies, and the mails that the service sends.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::given::Company;

impl TestApp {
    /// Asks the token endpoint with these fields.
    pub async fn ask_token(&self, fields: &[(&str, &str)]) -> Answer {
        let anonymous = self.anonymous();
        anonymous.send(anonymous.request(Method::POST, "/oauth/token").form(fields)).await
    }

    /// The answer to a client's credentials in the form.
    pub async fn token_of(&self, client: &str, secret: &str) -> Answer {
        self.ask_token(&[("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret)]).await
    }

    /// A machine of the company with these scopes, with a token.
    pub async fn machine(&self, company: &Company, scopes: &[&str]) -> Client {
        let made = company.api_client(scopes).await;
        let (id, secret) = (made["id"].as_str().expect("an id"), made["secret"]["secret"].as_str().expect("a secret"));
        let token = self.token_of(id, secret).await.expect(200).json();
        self.anonymous().with_token(token["access_token"].as_str().expect("a token"))
    }

    /// The texts of the mails to somebody, as soon as there are so many.
    pub async fn mails_to(&self, email: &str, count: usize) -> Vec<String> {
        let line = format!("To: {email}\n");
        let read = || {
            let files = std::fs::read_dir(self.mail_directory()).into_iter().flatten().flatten();
            let sent = files.filter(|file| file.path().extension().is_some_and(|e| e == "eml"));
            let texts = sent.filter_map(|file| std::fs::read_to_string(file.path()).ok());
            texts.filter(|text| text.contains(&line)).collect::<Vec<_>>()
        };
        self.until(async || read().len() >= count).await;
        read()
    }

    /// The token in the only mail to somebody.
    pub async fn mailed_token(&self, email: &str) -> String {
        token_in(&self.mails_to(email, 1).await[0])
    }
}

impl Company {
    /// A new API client of the company, as it is answered.
    pub async fn api_client(&self, scopes: &[&str]) -> Value {
        let path = format!("/v1/organisations/{}/api-clients", self.id);
        self.owner.post(&path, json!({"name": "Machine", "scopes": scopes})).await.expect(201).json()
    }
}

/// The token in the text of a mail.
pub fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("token=").expect("a link with a token");
    rest.split_whitespace().next().expect("a token").to_owned()
}
