//! What operations of sourcing are done to.

use serde_json::{Value, json};
use tests::client::Client;
use tests::given::number;
use tests::sourcing::{Tender, column, id_of, time};

use super::trial::World;

impl World {
    /// On a portal that only its members see, where the buyer asks and the seller quotes.
    pub async fn subject_of_sourcing(&self, name: &str, made: &[String]) -> String {
        let (seller, buyer) = (&self.trade.seller.owner, &self.trade.buyer.owner);
        match name {
            "rfq_deadline" => time(self.app.shared.clock.now() + chrono::TimeDelta::days(30)),
            "rfq_last_day" => (self.app.shared.clock.now() + chrono::TimeDelta::days(90)).date_naive().to_string(),
            "rfq_portal" => self.tender().await.slug,
            // One that anybody sees, with a request.
            "rfq_open_portal" => {
                let tender = self.app.tender_of(self.trade.buyer.clone(), "open").await;
                tender.published(json!({})).await;
                tender.slug
            }
            "rfq_open" => {
                let requests = column(buyer, &format!("/v1/portals/{}/rfqs", made[0]), "id").await;
                requests[0].as_str().expect("an id").to_owned()
            }
            "rfq_portal_subscribed" => {
                let tender = self.tender().await;
                let path = tender.path("rfq-subscription");
                seller.put_if(&path, &seller.etag(&path).await, json!({})).await.expect(200);
                tender.slug
            }
            "rfq_applicant" => {
                seller.post(&format!("/v1/rfqs/{}/applications", made[0]), json!({})).await.expect(200);
                self.trade.seller.id.clone()
            }
            "rfq_question" => {
                let path = format!("/v1/rfqs/{}/questions", made[0]);
                seller.post(&path, json!({"text": "Which?"})).await.expect(201).id()
            }
            "rfq_its_quote" => {
                let quotes = column(buyer, &format!("/v1/rfqs/{}/quotes", made[0]), "id").await;
                quotes.first().and_then(Value::as_str).unwrap_or("0190b5a0-0000-7000-8000-00000000dead").to_owned()
            }
            "rfq_template" => {
                let body =
                    json!({"name": format!("Steel {}", number()), "request": self.tender().await.request(json!({}))});
                buyer.post("/v1/rfq-templates", body).await.expect(201).id()
            }
            name if name.starts_with("rfq_quote_") || name == "rfq_quote" => self.rfq_quote(name).await,
            name if name.starts_with("rfq_award") || name == "rfq_framework" => self.rfq_award(name).await,
            _ => self.rfq(name).await,
        }
    }

    async fn tender(&self) -> Tender {
        let tender = self.app.tender_of(self.trade.buyer.clone(), "closed").await;
        tender.join(&self.app, &self.trade.seller, &["quote"]).await;
        tender
    }

    async fn rfq(&self, name: &str) -> String {
        let tender = self.tender().await;
        let invites = json!({"invitations": [self.trade.seller.id]});
        let path = match name {
            "rfq_draft" => tender.draft(json!({})).await,
            "rfq_inviting" => tender.published(invites).await,
            "rfq_declined" => {
                let path = tender.published(invites).await;
                self.trade.seller.owner.post(&format!("{path}/decline"), json!({})).await.expect(200);
                path
            }
            "rfq_qualifying" => tender.published(json!({"procedure": {"prequalification": true}})).await,
            "rfq_quoted" | "rfq_closed" | "rfq_evaluated" => self.quoted(&tender, name).await.0,
            _ => tender.published(json!({})).await,
        };
        id_of(&path).to_owned()
    }

    /// A request and the seller's quote to it, which is sealed, or lies with the buyer as the name says.
    async fn quoted(&self, tender: &Tender, name: &str) -> (String, String) {
        let rfq = tender.published(json!({})).await;
        let quote = tender.quoted(&self.trade.seller, &rfq, &["500", "700"], json!({})).await;
        match name {
            "rfq_quoted" | "rfq_quote_sealed" => {}
            "rfq_closed" => self.app.pass_deadline(&rfq).await,
            _ => tender.evaluated(&self.app, &rfq).await,
        }
        (rfq, quote)
    }

    async fn rfq_quote(&self, name: &str) -> String {
        let tender = self.tender().await;
        let (seller, buyer) = (&self.trade.seller.owner, &self.trade.buyer.owner);
        if name == "rfq_quote_draft" {
            let rfq = tender.published(json!({})).await;
            return seller
                .post(&format!("{rfq}/quotes"), tender.quote(&["500", "700"], json!({})))
                .await
                .expect(201)
                .id();
        }
        let (_, quote) = self.quoted(&tender, name).await;
        let counter = async |by: &Client, price: &str| {
            let body = json!({"lines": [{"line": 1, "unit_price": price}]});
            by.post(&format!("{quote}/counter"), body).await.expect(200);
        };
        if name == "rfq_quote_countered" || name == "rfq_quote_answered" {
            counter(buyer, "450").await;
        }
        if name == "rfq_quote_answered" {
            counter(seller, "480").await;
        }
        id_of(&quote).to_owned()
    }

    /// The whole to the seller: it waits for the owner's consent, is announced and waits for its contract, or is an agreement in force.
    async fn rfq_award(&self, name: &str) -> String {
        let buyer = &self.trade.buyer;
        let tender = self.tender().await;
        let start = self.app.shared.clock.now().date_naive() + chrono::Days::new(40);
        let more = match name {
            "rfq_framework" => json!({
                "procedure": {"outcome": "framework"}, "framework_months": 12,
                "deadlines": {"quotes": time(tender.deadline), "start": start}
            }),
            "rfq_award_awaiting" => json!({}),
            _ => json!({"procedure": {"standstill_days": 10}}),
        };
        let colleague = self.app.person(buyer, &["buyer"]).await.owner;
        let rfq = colleague
            .post(&tender.path("rfqs?publish=true"), tender.request(more))
            .await
            .expect(201)
            .header("location");
        let quote = tender.quoted(&self.trade.seller, &rfq, &["500", "700"], json!({})).await;
        tender.evaluated(&self.app, &rfq).await;
        let path = format!("/v1/organisations/{}/approval-policy", buyer.id);
        let set = async |rules: Value| {
            let etag = buyer.owner.etag(&path).await;
            buyer.owner.put_if(&path, &etag, json!({"rules": rules})).await.expect(200);
        };
        if name == "rfq_award_awaiting" {
            let step = json!({"name": "Owner", "approvers": {"roles": ["owner"]}});
            set(json!([{"name": "All", "steps": [step]}])).await;
        }
        let body = json!({"quote_id": id_of(&quote), "reason": "Best."});
        let made = colleague.post(&format!("{rfq}/award"), body).await.expect(201).json();
        if name == "rfq_award_awaiting" {
            set(json!([])).await;
        }
        let award = &made["awards"][0];
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        match name {
            "rfq_awarded" => id_of(&rfq).to_owned(),
            "rfq_framework" => {
                let first = "first_day = current_date - 1, content = content || jsonb_build_object('first_day', current_date - 1)";
                self.app.sql(&format!("UPDATE framework_agreement SET {first}")).await;
                text(&award["framework_id"])
            }
            _ => text(&award["id"]),
        }
    }
}
