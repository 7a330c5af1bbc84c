//! What operations are done to: a new one at each call, made through the API by those whose it is.

use serde_json::json;
use sha2::{Digest, Sha256};
use tests::given::{gln, number};
use tests::market::Offered;

use super::trial::World;

fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

impl World {
    /// The id of a new thing of that name, or what the row itself made for the path: `first`, `second`. What is no name of
    /// a thing stands for itself.
    pub async fn subject(&self, name: &str, made: &[String]) -> String {
        let (seller, buyer) = (&self.trade.seller, &self.trade.buyer);
        match name {
            "first" => made[0].clone(),
            "seller" => seller.id.clone(),
            "buyer" => buyer.id.clone(),
            "outsider" => self.outsider.id.clone(),
            "number" => number().to_string(),
            "gln" => gln(number()),
            "portal" => self.trade.market.slug.clone(),
            "portal_id" => self.trade.market.portal_id.clone(),
            "pending" => self.app.pending_company("Pending").await.id,
            "verified" => self.app.company("Verified").await.id,
            "suspended" => {
                let company = self.app.company("Suspended").await;
                let path = format!("/v1/organisations/{}/suspend", company.id);
                self.operator.post(&path, json!({"note": "unpaid fees"})).await.expect(200);
                company.id
            }
            "bank_account" => {
                let path = format!("/v1/organisations/{}/bank-accounts", seller.id);
                let body = json!({"holder": "x", "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"});
                seller.owner.post(&path, body).await.expect(201).id()
            }
            "account" => {
                self.invoice().await;
                let accounts = seller.owner.get("/v1/accounts").await.expect(200).json();
                accounts["items"][0]["id"].as_str().expect("an account").to_owned()
            }
            "person" => {
                let email = self.app.person(seller, &["viewer"]).await.email;
                let path = format!("/v1/organisations/{}/members?limit=200", seller.id);
                let members = seller.owner.get(&path).await.expect(200).json();
                let found = members["items"].as_array().expect("members").iter().find(|one| one["email"] == email);
                found.expect("the person is a member")["person_id"].as_str().expect("an id").to_owned()
            }
            "disabled_person" => {
                let id = Box::pin(self.subject("person", made)).await;
                self.operator.post(&format!("/v1/people/{id}/disable"), json!({})).await.expect(200);
                id
            }
            "invitation" => {
                let body = json!({"email": format!("new{}@new.example", number()), "roles": ["viewer"]});
                seller.owner.post(&format!("/v1/organisations/{}/invitations", seller.id), body).await.expect(201).id()
            }
            // A company that names the seller as its parent.
            "affiliate" => {
                let company = self.app.company("Affiliate").await;
                let path = format!("/v1/organisations/{}", company.id);
                let etag = company.owner.etag(&path).await;
                let body = json!({"parent_id": seller.id});
                company.owner.put_if(&format!("{path}/parent"), &etag, body).await.expect(200);
                company.id
            }
            "api_client" => seller.api_client(&["orders:read"]).await["id"].as_str().expect("an id").to_owned(),
            "client_secret" => {
                let path = format!("/v1/organisations/{}/api-clients/{}/secrets", made[0], made[1]);
                let secrets = seller.owner.get(&path).await.expect(200).json();
                secrets["items"][0]["id"].as_str().expect("a secret").to_owned()
            }
            "refresh_token" => {
                let body = json!({"email": seller.email, "password": tests::given::PASSWORD});
                let answer = self.app.anonymous().post("/v1/sessions", body).await.expect(201).json();
                answer["refresh_token"].as_str().expect("a token").to_owned()
            }
            _ => self.subject_of_feature(name, made).await,
        }
    }

    async fn subject_of_feature(&self, name: &str, made: &[String]) -> String {
        match name {
            "bank_statement" | "bank_statement_entry" => self.subject_of_statements(name).await,
            "buyer_group" | "blocked_buyer" => self.subject_of_audience(name).await,
            "media" | "offer_media" => self.subject_of_media(name, made).await,
            "exchange" | "instrument" | "trading_schedule" | "traded" | "exchange_order" => {
                self.subject_of_exchange(name).await
            }
            "live_auction" | "sealed_auction" => self.subject_of_auctions(name).await,
            name if name.starts_with("auction") => self.subject_of_auction(name, made).await,
            name if name.starts_with("webhook") => self.subject_of_integration(name).await,
            name if name.starts_with("rfq") => self.subject_of_sourcing(name, made).await,
            "co_trader" => self.co_trader(&made[0]).await,
            "clearing" => self.clearing(&made[0]).await,
            "buyer_gln" | "seller_gln" | "sku" | "order_number" | "visit" | "filled_visit" => {
                self.subject_of_procurement(name).await
            }
            "warehouse" | "expected_receipt" => self.subject_of_stock(name, made).await,
            _ => self.subject_of_trade(name, made).await,
        }
    }

    /// A data sheet of the product, or of the offer's product and then one that can be fetched.
    async fn subject_of_media(&self, name: &str, made: &[String]) -> String {
        let seller = &self.trade.seller.owner;
        let sheet = async |product: &str| {
            let pdf = tests::upload::pdf("one");
            seller.add_media(product, "sheet.pdf", &pdf, json!({"en": "Sheet"})).await.expect(201).id()
        };
        if name == "media" {
            return sheet(&made[0]).await;
        }
        let path = format!("/v1/portals/{}/offers/{}", self.trade.market.slug, made[1]);
        let offer = seller.get(&path).await.expect(200).json();
        let id = sheet(offer["product_id"].as_str().expect("a product")).await;
        let ready = format!("SELECT count(*) FROM product_media WHERE state = 'ready' AND id = '{id}'");
        self.app.until(async || self.app.count(&ready).await == 1).await;
        id
    }

    async fn subject_of_trade(&self, name: &str, made: &[String]) -> String {
        let (seller, buyer) = (&self.trade.seller.owner, &self.trade.buyer.owner);
        match name {
            "product" => {
                let product = json!({"sku": format!("P-{}", number()), "name": {"en": "Thing"}, "base_unit": "C62",
                    "tax": {"category": "S", "rate": "19"}});
                seller.post("/v1/products", json!({"product": product, "on_hand": "5"})).await.expect(201).id()
            }
            "offer" => self.offered().await.offer_id,
            "withdrawn_offer" => {
                let offer = self.offered().await.offer_id;
                let path = format!("/v1/portals/{}/offers/{offer}/withdraw", self.trade.market.slug);
                seller.post(&path, json!({})).await.expect(200);
                offer
            }
            "price_list" => {
                let offer = self.offered().await.offer_id;
                let body = json!({"name": "Framework", "buyers": [self.trade.buyer.id], "valid_from": "2026-01-01T00:00:00Z",
                    "entries": [{"offer_id": offer, "tiers": [{"from": "1", "unit_price": {"amount": "1", "currency": "EUR"}}]}]});
                let path = format!("/v1/portals/{}/price-lists", self.trade.market.slug);
                seller.post(&path, body).await.expect(201).id()
            }
            "draft" => {
                let offer = self.offered().await;
                let body = self.trade.market.order(&[(&offer, "2")], false);
                let draft = buyer.post("/v1/orders", body).await.expect(201).json();
                draft["orders"][0]["id"].as_str().expect("a draft").to_owned()
            }
            "placed" => self.trade.market.place(buyer, &self.offered().await, "2").await,
            "contract" => self.trade.contract(&[(&self.offered().await, "2")]).await,
            "active" => self.trade.active(&[(&self.offered().await, "2")]).await,
            "disputed" => {
                let contract = self.trade.active(&[(&self.offered().await, "2")]).await;
                let path = format!("/v1/contracts/{contract}/dispute");
                buyer.post(&path, json!({"reason": "wet"})).await.expect(200);
                contract
            }
            "fulfilled" => self.trade.fulfilled(&[(&self.offered().await, "2")]).await,
            "text_hash" => {
                let contract = buyer.get(&format!("/v1/contracts/{}", made[0])).await.expect(200).json();
                contract["text_hash"].as_str().expect("a hash").to_owned()
            }
            "amended" => {
                let contract = self.trade.active(&[(&self.offered().await, "2")]).await;
                let body = json!({"text": "Later.", "text_hash": hash_of("Later.")});
                buyer.post(&format!("/v1/contracts/{contract}/amendments"), body).await.expect(201);
                contract
            }
            "amendment_hash" => hash_of("Later."),
            "delivery" => {
                let contract = self.trade.active(&[(&self.offered().await, "2")]).await;
                seller.post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201).id()
            }
            "draft_invoice" => {
                let contract = self.trade.fulfilled(&[(&self.offered().await, "2")]).await;
                seller.post("/v1/invoices", json!({"contract_id": contract})).await.expect(201).id()
            }
            "invoice" => self.invoice().await,
            "document" => seller.upload(json!({"title": "Terms", "visibility": "owner"})).await.expect(201).id(),
            "payment" => self.trade.pay("1.00", None).await.expect(201).id(),
            _ => self.subject_of_fulfilment(name, made).await,
        }
    }

    pub async fn subject_of_purchasing(&self, name: &str, made: &[String]) -> String {
        let buyer = &self.trade.buyer;
        let own = format!("/v1/organisations/{}", buyer.id);
        match name {
            "buyer_person" => {
                let me = buyer.owner.get("/v1/me").await.expect(200).json();
                me["id"].as_str().expect("an id").to_owned()
            }
            "cost_centre" => {
                let owner = Box::pin(self.subject("buyer_person", made)).await;
                let body = json!({"code": format!("c{}", number()), "name": "Workshop", "owner_id": owner});
                buyer.owner.post(&format!("{own}/cost-centres"), body).await.expect(201).id()
            }
            "buyer_colleague" => {
                let colleague = self.app.person(buyer, &["approver"]).await;
                let me = colleague.owner.get("/v1/me").await.expect(200).json();
                me["id"].as_str().expect("an id").to_owned()
            }
            "delegation" => {
                let to = Box::pin(self.subject("buyer_colleague", made)).await;
                let body = json!({"to": to, "ends_at": "2026-12-31T00:00:00Z"});
                buyer.owner.post(&format!("{own}/delegations"), body).await.expect(201).id()
            }
            // An order of a colleague that waits for the owner; the policy is gone again.
            "awaiting" => {
                let path = format!("{own}/approval-policy");
                let step = json!({"name": "Owner", "approvers": {"roles": ["owner"]}});
                let policy = json!({"rules": [{"name": "All", "steps": [step]}]});
                buyer.owner.put_if(&path, &buyer.owner.etag(&path).await, policy).await.expect(200);
                let colleague = self.app.person(buyer, &["buyer"]).await.owner;
                let order = self.trade.market.place(&colleague, &self.offered().await, "1").await;
                buyer.owner.put_if(&path, &buyer.owner.etag(&path).await, json!({"rules": []})).await.expect(200);
                order
            }
            "credit_line" => {
                let company = self.app.company("Debtor").await.id;
                let path = format!("/v1/organisations/{}/credit-lines", self.trade.seller.id);
                let body = json!({"buyer_id": company, "currency": "EUR"});
                self.trade.seller.owner.post(&path, body).await.expect(201).id()
            }
            // Over a limit of zero, which is another buyer's.
            "over_credit" => {
                let debtor = self.trade.market.member(&self.app, "Debtor", &["buy"]).await;
                let path = format!("/v1/organisations/{}/credit-lines", self.trade.seller.id);
                let body = json!({"buyer_id": debtor.id, "currency": "EUR", "limit": "0"});
                self.trade.seller.owner.post(&path, body).await.expect(201);
                self.trade.market.place(&debtor.owner, &self.offered().await, "1").await
            }
            "sku" => self.offered().await.sku,
            "requisition_list" => {
                let line =
                    json!({"offer_id": self.offered().await.offer_id, "quantity": {"value": "1", "unit": "C62"}});
                let portal = &self.trade.market.portal_id;
                let body =
                    json!({"name": "Monthly", "shared": true, "portal_id": portal, "currency": "EUR", "lines": [line]});
                buyer.owner.post("/v1/requisition-lists", body).await.expect(201).id()
            }
            "standing_order" => {
                let line =
                    json!({"offer_id": self.offered().await.offer_id, "quantity": {"value": "1", "unit": "C62"}});
                let body = json!({"name": "Coffee", "portal_id": self.trade.market.portal_id, "currency": "EUR", "mode": "draft",
                    "schedule": {"period": "month", "first_on": "2099-01-01"}, "lines": [line]});
                buyer.owner.post("/v1/standing-orders", body).await.expect(201).id()
            }
            "budget" => {
                let body = json!({"currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-12-31"});
                let path = format!("{own}/cost-centres/{}/budgets", made[1]);
                buyer.owner.post(&path, body).await.expect(201).id()
            }
            _ => self.subject_of_imports(name, made).await,
        }
    }

    async fn subject_of_stock(&self, name: &str, made: &[String]) -> String {
        let seller = &self.trade.seller.owner;
        let warehouse =
            seller.post("/v1/warehouses", json!({"name": format!("Warehouse {}", number())})).await.expect(201).id();
        if name == "warehouse" {
            return warehouse;
        }
        let body = json!({"warehouse_id": warehouse, "quantity": "4", "expected_on": "2100-01-01"});
        seller.post(&format!("/v1/products/{}/expected-receipts", made[0]), body).await.expect(201).id()
    }

    async fn subject_of_audience(&self, name: &str) -> String {
        let (seller, id) = (&self.trade.seller.owner, &self.trade.seller.id);
        if name == "buyer_group" {
            let body = json!({"name": format!("Group {}", number()), "members": [self.trade.buyer.id]});
            return seller.post(&format!("/v1/organisations/{id}/buyer-groups"), body).await.expect(201).id();
        }
        let company = self.app.company("Blocked").await.id;
        let path = format!("/v1/organisations/{id}/blocked-buyers");
        seller.post(&path, json!({"organisation_id": company})).await.expect(201);
        company
    }

    pub async fn subject_of_portals(&self, name: &str, made: &[String]) -> String {
        let seller = &self.trade.seller.owner;
        let member_of = |portal: &str| format!("/v1/portals/{portal}/members");
        match name {
            // Opened, and so managed, by the seller; closed: outsiders do not know of it.
            "club" => self.club("closed").await,
            "open_club" => self.club("open").await,
            "ruled_club" => {
                let club = self.club("closed").await;
                let path = format!("/v1/portals/{club}/rules");
                seller.post(&path, json!({"text": {"en": "Pay."}})).await.expect(201);
                club
            }
            "applicant" | "member" | "suspended_member" => {
                let path = member_of(&made[0]);
                let company = self.app.company("Member").await;
                company.owner.post(&path, json!({"capabilities": ["buy"]})).await.expect(201);
                if name != "applicant" {
                    seller.post(&format!("{path}/{}/approve", company.id), json!({})).await.expect(200);
                }
                if name == "suspended_member" {
                    seller.post(&format!("{path}/{}/suspend", company.id), json!({})).await.expect(200);
                }
                company.id
            }
            // A closed club of somebody else that has asked the buyer in.
            "inviting_club" => {
                let slug = format!("inviting-{}", number());
                let body =
                    json!({"slug": slug, "name": {"en": "Club"}, "visibility": "closed", "functions": ["catalogue"]});
                let host = self.app.company("Host").await.owner;
                host.post("/v1/portals", body).await.expect(201);
                let invited = json!({"organisation_id": self.trade.buyer.id, "capabilities": ["buy"]});
                host.post(&format!("/v1/portals/{slug}/invitations"), invited).await.expect(201);
                slug
            }
            _ => self.subject_of_taxonomy(name, made).await,
        }
    }

    async fn subject_of_taxonomy(&self, name: &str, made: &[String]) -> String {
        match name {
            "category" => {
                let body = json!({"code": format!("c{}", number()), "name": {"en": "Things"}});
                self.operator.post("/v1/categories", body).await.expect(201).id()
            }
            "attribute" => {
                let body = json!({"key": "size", "name": {"en": "Size"}, "kind": "text"});
                self.operator.post(&format!("/v1/categories/{}/attributes", made[0]), body).await.expect(201);
                "size".to_owned()
            }
            "code_list" => {
                let key = format!("codes-{}", number());
                let list = json!({"key": key, "name": {"en": "Codes"}, "edition": "1"}).to_string();
                let form = reqwest::multipart::Form::new()
                    .text("code_list", list)
                    .text("file", format!("code;name\n{key};Things\n"));
                let request = self.operator.request(reqwest::Method::POST, "/v1/code-lists").multipart(form);
                self.operator.send(request).await.expect(201);
                key
            }
            plain => plain.to_owned(),
        }
    }

    async fn club(&self, visibility: &str) -> String {
        let slug = format!("club-{}", number());
        let body = json!({"slug": slug, "name": {"en": "Club"}, "visibility": visibility, "functions": ["catalogue"]});
        self.trade.seller.owner.post("/v1/portals", body).await.expect(201);
        slug
    }

    pub async fn offered(&self) -> Offered {
        self.trade.market.offer(&self.trade.seller.owner, "100", &[("1", "2.00")]).await
    }

    pub async fn invoice(&self) -> String {
        let invoice = self.trade.invoice(&[(&self.offered().await, "2")]).await;
        invoice["id"].as_str().expect("an invoice").to_owned()
    }
}
