//! What comes between an order and its payment, for the operations that are done to it.

use serde_json::json;
use tests::trade::weigh;

use super::trial::World;

impl World {
    pub async fn subject_of_fulfilment(&self, name: &str, made: &[String]) -> String {
        let (seller, buyer) = (&self.trade.seller.owner, &self.trade.buyer.owner);
        match name {
            "changed_order" => {
                let order = self.trade.market.place(buyer, &self.offered().await, "2").await;
                let path = format!("/v1/orders/{order}");
                let line = seller.get(&path).await.expect(200).json()["lines"][0]["id"].clone();
                let dearer = json!({"lines": [{"line_id": line, "unit_price": {"amount": "2.50", "currency": "EUR"}}]});
                seller.post(&format!("{path}/confirm"), dearer).await.expect(200);
                order
            }
            "weighed_product" => {
                let product = self.offered().await.product_id;
                weigh(seller, &product, "2.5", "5").await;
                product
            }
            "charging_portal" => {
                let biller = self.app.company("Torg").await;
                let path = format!("/v1/portals/{}/commissions", self.trade.market.slug);
                let body = json!({"billed_by": biller.id, "tax": {"category": "S", "rate": "19"}, "rates": [{"percent": "2"}]});
                let etag = self.operator.etag(&path).await;
                self.operator.put_if(&path, &etag, body).await.expect(200);
                self.trade.market.slug.clone()
            }
            "commission_statement" => {
                Box::pin(self.subject_of_fulfilment("charging_portal", made)).await;
                self.invoice().await;
                let listed = seller.get("/v1/commission-statements").await.expect(200).json();
                listed["items"][0]["id"].as_str().expect("a statement").to_owned()
            }
            "billable_buyer" => {
                self.trade.fulfilled(&[(&self.offered().await, "2")]).await;
                self.trade.buyer.id.clone()
            }
            "collected_buyer" => {
                let body = json!({"buyer_id": self.trade.buyer.id});
                seller.post("/v1/collective-invoicing", body).await.expect(201);
                self.trade.buyer.id.clone()
            }
            "line_of_contract" => {
                let contract = buyer.get(&format!("/v1/contracts/{}", made[0])).await.expect(200).json();
                contract["lines"][0]["id"].as_str().expect("a line").to_owned()
            }
            "return" => {
                let contract = self.trade.fulfilled(&[(&self.offered().await, "2")]).await;
                self.trade.ask_return(&contract, "1").await.expect(201).id()
            }
            "confirmed_payment" => {
                let payment = self.trade.pay("1.00", None).await.expect(201).id();
                let on_account = json!({"allocations": []});
                seller.post(&format!("/v1/payments/{payment}/confirm"), on_account).await.expect(200);
                payment
            }
            "accepted_return" => {
                let id = Box::pin(self.subject_of_fulfilment("return", made)).await;
                seller.post(&format!("/v1/returns/{id}/accept"), json!({})).await.expect(200);
                id
            }
            "price_proposal" => {
                let body = json!({"portal_id": self.trade.market.portal_id, "offer_id": self.offered().await.offer_id,
                    "quantity": {"value": "5", "unit": "C62"}, "unit_price": {"amount": "1.90", "currency": "EUR"}});
                buyer.post("/v1/price-proposals", body).await.expect(201).id()
            }
            _ => self.subject_of_purchasing(name, made).await,
        }
    }
}
