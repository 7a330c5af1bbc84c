//! What operations of integration are done to.

use serde_json::json;
use tests::sourcing::time;

use super::trial::World;

impl World {
    /// Webhooks of the seller at a port where nobody listens.
    pub async fn subject_of_integration(&self, name: &str) -> String {
        let seller = &self.trade.seller.owner;
        if name == "webhook_since" {
            return time(self.app.shared.clock.now() - chrono::TimeDelta::hours(1));
        }
        self.make_room_for_webhooks().await;
        let body = json!({"url": "http://127.0.0.1:9/", "event_types": ["order.*"]});
        let id = seller.post("/v1/webhooks", body).await.expect(201).id();
        match name {
            "webhook_disabled" => {
                seller.post(&format!("/v1/webhooks/{id}/disable"), json!({})).await.expect(200);
                id
            }
            "webhook_delivery" => seller.post(&format!("/v1/webhooks/{id}/test"), json!({})).await.expect(202).id(),
            _ => id,
        }
    }

    /// A company has so many at most.
    async fn make_room_for_webhooks(&self) {
        let seller = &self.trade.seller.owner;
        let all = seller.get("/v1/webhooks?limit=200").await.expect(200).json();
        let all = all["items"].as_array().expect("webhooks");
        for one in all.iter().take(all.len().saturating_sub(20)) {
            let path = format!("/v1/webhooks/{}", one["id"].as_str().expect("an id"));
            seller.delete_if(&path, &seller.etag(&path).await).await.expect(204);
        }
    }
}
