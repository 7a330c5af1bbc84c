use serde_json::{Value, json};
use tests::auction_house::{House, Win, apply, id_of, pay_in};
use tests::given::Company;

use super::trial::World;
use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/portals/{portal}/auctions", &["auction_house"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/auctions", &["auction_house"], AUCTION, Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/auctions/{id}", &["auction"], "", Seller, [404, 404, 200, 200, 200]),
    row("PATCH /v1/auctions/{id}", &["auction_draft"], r#"{"deposit": "5"}"#, Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/auctions/{id}", &["auction_draft"], "", Seller, [401, 404, 403, 204, 404]),
    row("POST /v1/auctions/{id}/publish", &["auction_draft"], "", Seller, [401, 404, 403, 200, 404]),
    row("POST /v1/auctions/{id}/cancel", &["auction"], r#"{"reason": "damaged"}"#, Seller, [401, 404, 403, 200, 200]),
    row("POST /v1/auctions/{id}/relist", &["auction_unsold"], "", Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/auctions/{id}/bidders", &["auction"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/auctions/{id}/bidders/apply", &["auction"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/bidders/invite", &["auction"], INVITATION, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/bidders/{organisation}/admit", &["auction_qualified", "auction_applicant"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/bidders/{organisation}/refuse", &["auction_qualified", "auction_applicant"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/bidders/{organisation}/withdraw", &["auction", "auction_applicant"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/auctions/{id}/questions", &["auction"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/auctions/{id}/questions", &["auction"], r#"{"question": "Dry?"}"#, Buyer, [401, 404, 403, 201, 403]),
    row("POST /v1/auctions/{id}/questions/{question}/answer", &["auction", "auction_question"], r#"{"answer": "Yes."}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/deposit", &["auction_secured"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/deposit/release", &["auction_bound"], "", Buyer, [401, 404, 403, 200, 403]),
    row("GET /v1/organisations/{id}/deposit-payments", &["buyer"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/organisations/{id}/deposit-payments", &["buyer"], PAYMENT, Buyer, [401, 403, 403, 403, 201]),
    row("POST /v1/auctions/{id}/lots/{number}/default", &["auction_sold", "1"], r#"{"organisation_id": "$buyer"}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/auctions/{id}/lots/{number}/offer", &["auction_unsold", "1"], "", Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/auctions/{id}/offers", &["auction_unsold"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/auction-offers/{id}/accept", &["auction_offer"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/auction-offers/{id}/decline", &["auction_offer"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/auction-offers/{id}/withdraw", &["auction_offer"], "", Seller, [401, 404, 403, 200, 403]),
];

const AUCTION: &str = r#"{"name": {"en": "Rebar"}, "format": "english", "currency": "EUR", "opens_at": "2099-03-01T09:00:00Z",
    "closes_at": "2099-03-01T12:00:00Z", "increments": {"table": [{"from": "0", "step": "1"}]},
    "lots": [{"name": {"en": "Rebar"}, "content": "20", "unit": "TNE", "start_price": "8000"}],
    "terms": {"incoterm": "FCA", "place": "Hamburg", "payment_days": 14}, "tax": {"category": "S", "rate": "19"}}"#;

const INVITATION: &str = r#"{"organisation_ids": ["$auction_member"]}"#;

const PAYMENT: &str =
    r#"{"direction": "in", "amount": {"amount": "1.00", "currency": "EUR"}, "reference": "bank $number"}"#;

impl World {
    pub async fn subject_of_auction(&self, name: &str, made: &[String]) -> String {
        match name {
            "auction_member" => self.joined(&made[0]).await.id,
            "auction_applicant" => {
                let company = self.joined(&made[0]).await;
                apply(&company.owner, &format!("/v1/auctions/{}", made[0])).await;
                company.id
            }
            "auction_question" => {
                let company = self.joined(&made[0]).await;
                let path = format!("/v1/auctions/{}/questions", made[0]);
                company.owner.post(&path, json!({"question": "Dry?"})).await.expect(201).id()
            }
            _ => self.auction(name).await,
        }
    }

    /// A new member of the auction's portal that may bid.
    async fn joined(&self, auction: &str) -> Company {
        let seller = &self.trade.seller;
        let shown = seller.owner.get(&format!("/v1/auctions/{auction}")).await.expect(200).json();
        let slug = shown["portal_id"].as_str().expect("a portal").to_owned();
        let house = House { portal_id: slug.clone(), slug, manager: seller.clone() };
        house.member(&self.app, "Bidder", &["bid"]).await
    }

    async fn auction(&self, name: &str) -> String {
        let (seller, buyer, house) = (&self.trade.seller, &self.trade.buyer, self.house().await);
        let announced = async |more: Value| house.announced(seller, more).await;
        let path = match name {
            "auction_house" => return house.slug.clone(),
            "auction_draft" => house.draft(seller, json!({})).await,
            "auction_qualified" => announced(json!({"access": "qualified"})).await,
            "auction_secured" | "auction_bound" => {
                let path = announced(json!({"deposit": "5"})).await;
                apply(&buyer.owner, &path).await;
                pay_in(&self.app, buyer, "5.00").await;
                if name == "auction_bound" {
                    buyer.owner.post(&format!("{path}/deposit"), json!({})).await.expect(200);
                }
                path
            }
            "auction_sold" | "auction_unsold" | "auction_offer" => {
                let path = announced(json!({})).await;
                apply(&buyer.owner, &path).await;
                return self.closed(name, &path).await;
            }
            _ => announced(json!({})).await,
        };
        id_of(&path).to_owned()
    }

    /// The buyer has won and has not signed in time, or came second.
    async fn closed(&self, name: &str, path: &str) -> String {
        let (id, buyer) = (id_of(path), &self.trade.buyer);
        if name == "auction_sold" {
            let win = Win { company: buyer, units: 1, price: 900_000 };
            self.app.given_closed_lot(id, 1, &[win], None).await;
            let made = format!("SELECT count(contract_id) FROM auction_award WHERE auction_id = '{id}'");
            self.app.until(async || self.app.count(&made).await == 1).await;
            self.app.sql("UPDATE contract SET created_at = created_at - interval '8 days'").await;
            return id.to_owned();
        }
        self.app.given_closed_lot(id, 1, &[], Some((buyer, 790_000))).await;
        if name == "auction_unsold" {
            return id.to_owned();
        }
        let offer = self.trade.seller.owner.post(&format!("{path}/lots/1/offer"), json!({})).await;
        offer.expect(201).id()
    }
}
