//! What procurement systems speak of.

use serde_json::json;
use tests::procurement::{Purchasing, gln_of};

use super::trial::World;

impl World {
    pub async fn subject_of_procurement(&self, name: &str) -> String {
        let (seller, buyer) = (&self.trade.seller, &self.trade.buyer);
        match name {
            "buyer_gln" => gln_of(buyer).await,
            "seller_gln" => gln_of(seller).await,
            "sku" => self.offered().await.sku,
            "order_number" => {
                let id = self.trade.market.place(&buyer.owner, &self.offered().await, "2").await;
                let order = seller.owner.get(&format!("/v1/orders/{id}")).await.expect(200).json();
                order["number"].as_str().expect("a number").to_owned()
            }
            // The token of a visit, perhaps with something in its basket.
            _ => {
                let path = Purchasing::of(&self.trade).await.visit(&self.app, "create", "").await;
                if name == "filled_visit" {
                    let body = json!({"items": [{"sku": self.offered().await.sku, "quantity": "1"}]});
                    self.app.anonymous().post(&format!("{path}/items"), body).await.expect(200);
                }
                path.rsplit('/').next().expect("a token").to_owned()
            }
        }
    }
}
