//! Webhooks of companies under test, and what makes events.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, number};
use crate::webhook_receiver::{Received, Receiver};

/// A webhook that was made.
pub struct Webhook {
    pub id: String,
    pub secret: String,
}

impl Webhook {
    pub fn path(&self) -> String {
        format!("/v1/webhooks/{}", self.id)
    }

    pub fn deliveries(&self) -> String {
        format!("{}/deliveries", self.path())
    }

    /// Sends the test event.
    pub async fn test(&self, by: &Client) -> Value {
        by.post(&format!("{}/test", self.path()), json!({})).await.expect(202).json()
    }

    /// Its deliveries in a state, of the newest events first.
    pub async fn in_state(&self, by: &Client, state: &str) -> Vec<Value> {
        let list = by.get(&format!("{}?limit=200&state={state}", self.deliveries())).await.expect(200).json();
        list["items"].as_array().expect("items").clone()
    }
}

impl Company {
    /// A webhook that gets the events of warehouses.
    pub async fn webhook(&self, receiver: &Receiver) -> Webhook {
        self.webhook_with(json!({"url": receiver.url(), "event_types": ["warehouse.*"]})).await
    }

    pub async fn webhook_with(&self, body: Value) -> Webhook {
        let made = self.owner.post("/v1/webhooks", body).await.expect(201).json();
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        Webhook { id: text("id"), secret: text("secret") }
    }

    /// Makes an event `warehouse.created` and gives the id of the warehouse.
    pub async fn add_warehouse(&self) -> String {
        add_warehouse(&self.owner).await
    }
}

/// Makes an event `warehouse.created` and gives the id of the warehouse.
pub async fn add_warehouse(by: &Client) -> String {
    by.post("/v1/warehouses", json!({"name": format!("Warehouse {}", number())})).await.expect(201).id()
}

impl TestApp {
    /// Moves the service's clock on. Tokens may have expired after it.
    pub fn later(&self, by: TimeDelta) {
        self.shared.clock.set(self.shared.clock.now() + by);
    }
}

/// Whether the signature is good, by what the specification says alone: HMAC-SHA-256 (RFC 2104) with the secret's bytes over id, time and the
/// body as it came, in any of the signatures.
pub fn is_signed(received: &Received, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let content = [
        received.header("webhook-id").as_bytes(),
        b".",
        received.header("webhook-timestamp").as_bytes(),
        b".",
        &received.body,
    ]
    .concat();
    let expected = format!("v1,{}", STANDARD.encode(hmac(&key, &content)));
    received.header("webhook-signature").split(' ').any(|one| one == expected)
}

fn hmac(key: &[u8], content: &[u8]) -> Vec<u8> {
    assert!(key.len() <= 64, "a longer key would be hashed first");
    let padded = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(content).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}
