use domain::auction::{Format, LotRules, Rules};
use tests::auction::{Auction, AuctionPortal, given_auction, join, lot, rules};

use super::trial::World;
use super::{Buyer, Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("POST /v1/auctions/{id}/bids", &["live_auction"], BID, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/auctions/{id}/bids", &["live_auction"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/auctions/{id}/buy-now", &["live_auction"], LOT, Buyer, [401, 404, 403, 201, 403]),
    row("POST /v1/auctions/{id}/bids/withdraw", &["sealed_auction"], LOT, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/auctions/{id}/lots", &["live_auction"], "", Buyer, [404, 404, 200, 200, 200]),
    row("GET /v1/auctions/{id}/lots/{number}", &["live_auction", "1"], "", Buyer, [404, 404, 200, 200, 200]),
    row("GET /v1/auctions/{id}/lots/{number}/history", &["live_auction", "1"], "", Buyer, [404, 404, 200, 200, 200]),
    row("GET /v1/auctions/{id}/lots/{number}/result", &["live_auction", "1"], "", Buyer, [404, 404, 200, 200, 200]),
    row("GET /v1/auctions/{id}/stream", &["live_auction"], "", Buyer, [404, 404, 200, 200, 200]),
];

const BID: &str = r#"{"price": {"amount": "100", "currency": "EUR"}}"#;

const LOT: &str = r#"{"lot": 1}"#;

impl World {
    /// An auction in which the buyer bids, on a portal that only its members see; in a sealed one it has a bid.
    pub async fn subject_of_auctions(&self, name: &str) -> String {
        let holder = self.app.company("Holder").await;
        let portal: AuctionPortal = self.app.auction_portal_of(holder, "closed").await;
        join(&self.app, &portal.slug, &self.trade.buyer).await;
        if name == "sealed_auction" {
            let auction = Auction::open(&self.app, &portal, rules(&self.app, Format::SealedFirstPrice)).await;
            auction.bid(&self.trade.buyer, "100").await;
            return auction.id;
        }
        let lots = vec![LotRules { buy_now: Some(20_000), ..lot(Format::English) }];
        let rules = Rules { lots, ..rules(&self.app, Format::English) };
        let id = given_auction(&self.app, &portal, &rules).await;
        // Its lots are there once the host knows of it.
        portal.seller.owner.get(&format!("/v1/auctions/{id}/lots")).await.expect(200);
        id
    }
}
