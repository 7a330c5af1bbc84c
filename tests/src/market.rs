//! An open portal with sellers and buyers, for tests of trade.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::Client;
use crate::given::{Company, number};

/// A portal with a catalogue.
pub struct Market {
    pub portal_id: String,
    pub slug: String,
}

/// A product on offer.
#[derive(Clone)]
pub struct Offered {
    pub product_id: String,
    pub offer_id: String,
    pub sku: String,
}

impl TestApp {
    /// An open portal where companies buy and sell from catalogues.
    pub async fn market(&self) -> Market {
        let slug = format!("market-{}", number());
        let operator = self.operator().await;
        let body = json!({"slug": slug, "name": {"en": "Market"}, "visibility": "open", "functions": ["catalogue"]});
        let answer = operator.post("/v1/portals", body).await.expect(201);
        Market { portal_id: answer.id(), slug }
    }
}

impl Market {
    /// A verified company that is a member with these capabilities.
    pub async fn member(&self, app: &TestApp, name: &str, capabilities: &[&str]) -> Company {
        let company = app.company(name).await;
        self.join(app, &company, capabilities).await;
        company
    }

    pub async fn join(&self, app: &TestApp, company: &Company, capabilities: &[&str]) {
        let path = format!("/v1/portals/{}/members", self.slug);
        company.owner.post(&path, json!({"capabilities": capabilities})).await.expect(201);
        let operator = app.operator().await;
        operator.post(&format!("{path}/{}/approve", company.id), json!({})).await.expect(200);
    }

    /// Puts a new product on offer: so many in stock, tiers of quantity and price in euros.
    pub async fn offer(&self, seller: &Client, on_hand: &str, tiers: &[(&str, &str)]) -> Offered {
        self.offer_with(seller, on_hand, tiers, json!({})).await
    }

    /// [`Market::offer`] with other data of the product.
    pub async fn offer_with(&self, seller: &Client, on_hand: &str, tiers: &[(&str, &str)], more: Value) -> Offered {
        let sku = format!("SKU-{:06}", number());
        let mut product = json!({
            "sku": sku, "name": {"en": format!("Steel bolt {sku}"), "ru": format!("Стальной болт {sku}")},
            "base_unit": "C62", "tax": {"category": "S", "rate": "19"}
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            product[key] = value.clone();
        }
        let made = seller.post("/v1/products", json!({"product": product, "on_hand": on_hand})).await.expect(201);
        let product_id = made.id();
        let tiers: Vec<Value> = tiers
            .iter()
            .map(|(from, price)| json!({"from": from, "unit_price": {"amount": price, "currency": "EUR"}}))
            .collect();
        let body = json!({"product_id": product_id, "tiers": tiers, "publish": true});
        let offer = seller.post(&format!("/v1/portals/{}/offers", self.slug), body).await.expect(201);
        Offered { product_id, offer_id: offer.id(), sku }
    }

    /// The body of an order in euros: quantities of offers in pieces.
    pub fn order(&self, lines: &[(&Offered, &str)], submit: bool) -> Value {
        let lines: Vec<Value> = lines
            .iter()
            .map(
                |(offer, quantity)| json!({"offer_id": offer.offer_id, "quantity": {"value": quantity, "unit": "C62"}}),
            )
            .collect();
        json!({"portal_id": self.portal_id, "currency": "EUR", "lines": lines, "submit": submit})
    }

    /// Orders one offer and gives the order's id.
    pub async fn place(&self, buyer: &Client, offer: &Offered, quantity: &str) -> String {
        let answer = buyer.post("/v1/orders", self.order(&[(offer, quantity)], true)).await.expect(201);
        answer.json()["orders"][0]["id"].as_str().expect("an order").to_owned()
    }
}

/// What a seller has of a product: on hand and reserved.
pub async fn stock(seller: &Client, offer: &Offered) -> (String, String) {
    let stock = seller.get(&format!("/v1/products/{}/stock", offer.product_id)).await.expect(200).json();
    let text = |key: &str| stock[key].as_str().expect("a number").to_owned();
    (text("on_hand"), text("reserved"))
}
