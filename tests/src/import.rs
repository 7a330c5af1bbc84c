//! Files of goods as sellers send them.

use reqwest::Method;
use serde_json::Value;

use crate::app::TestApp;
use crate::client::{Answer, Client};

impl Client {
    /// Sends a bare file.
    pub async fn import(&self, query: &str, media: &str, file: impl Into<Vec<u8>>) -> Answer {
        let request = self.request(Method::POST, &format!("/v1/imports{query}")).header("Content-Type", media);
        self.send(request.body(file.into())).await
    }

    /// What was refused of a file, as `row column code`.
    pub async fn import_errors(&self, import: &Value) -> Vec<String> {
        let path = format!("{}?limit=200", import["errors"].as_str().expect("an address"));
        let page = self.get(&path).await.expect(200).json();
        let text = |error: &Value| {
            let part = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {}", error["row"], part("column"), part("code"))
        };
        page["items"].as_array().expect("items").iter().map(text).collect()
    }
}

impl TestApp {
    /// Sends a CSV file and waits until it was worked off.
    pub async fn imported(&self, seller: &Client, query: &str, file: impl Into<Vec<u8>>) -> Value {
        let import = seller.import(query, "text/csv", file).await.expect(202).id();
        self.import_over(seller, &import).await
    }

    /// From now on no import is worked off before [`TestApp::imports_go_on`].
    pub async fn imports_wait(&self) {
        let later = "CREATE OR REPLACE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN NEW.leased_until = '2999-01-01'; RETURN NEW; END $$;
             CREATE OR REPLACE TRIGGER later BEFORE INSERT ON import_job FOR EACH ROW EXECUTE FUNCTION later();";
        self.sql(later).await;
    }

    pub async fn imports_go_on(&self) {
        self.sql("DROP TRIGGER later ON import_job; UPDATE import_job SET leased_until = now()").await;
    }

    /// Waits until an import is over.
    pub async fn import_over(&self, seller: &Client, import: &str) -> Value {
        let path = format!("/v1/imports/{import}");
        let over = async || {
            let state = seller.get(&path).await.expect(200).json()["state"].clone();
            state != "queued" && state != "running"
        };
        self.until(over).await;
        seller.get(&path).await.expect(200).json()
    }
}

/// `created updated unchanged failed` of an import.
pub fn counts(import: &Value) -> [i64; 4] {
    ["created", "updated", "unchanged", "failed"].map(|name| import["counts"][name].as_i64().expect("a number"))
}
