//! Several equal units: who gets how many, and what is paid.

use domain::auction::{Format, Pricing, Rules, Undersubscribed};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction::{Auction, euros, of_units, rules, units};

/// Units and price of each award.
async fn awards(auction: &Auction<'_>, seller: &tests::given::Company) -> Vec<(Value, Value)> {
    let result = auction.result(&seller.owner).await;
    let all = result["awards"].as_array().unwrap().iter();
    all.map(|award| (award["units"].clone(), award["price"]["amount"].clone())).collect()
}

/// Ten units: Anna takes six at 120, Bela six at 110, Carl five at 105. Bela gets the four that are left, Carl nothing.
#[tokio::test]
async fn the_best_bids_get_the_units_and_pay_what_the_pricing_says() {
    let app = TestApp::start().await;
    for (pricing, paid) in [(Pricing::PayAsBid, ["120.00", "110.00"]), (Pricing::UniformPrice, ["110.00", "110.00"])] {
        let portal = app.auction_portal().await;
        let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
        let carl = portal.bidder(&app, "Carl").await;
        let auction = Auction::open(&app, &portal, of_units(rules(&app, Format::English), 10, pricing)).await;
        let carls = auction.take(&carl, units(5, "105.00")).await;
        assert_eq!(carls["leading"], 5);
        auction.take(&anna, units(6, "120.00")).await;
        let belas = auction.take(&bela, units(6, "110.00")).await;
        assert_eq!((&belas["leading"], &belas["price"]), (&json!(4), &euros("110.00")));
        carl.owner.post(&auction.path("bids"), units(5, "110.50")).await.problem(409, "bid-too-low");
        auction.close().await;
        assert_eq!(
            awards(&auction, &portal.seller).await,
            [(json!(6), json!(paid[0])), (json!(4), json!(paid[1]))],
            "{pricing:?}"
        );
    }
}

#[tokio::test]
async fn an_undersubscribed_sale_goes_through_or_is_cancelled_as_it_says() {
    let app = TestApp::start().await;
    for (undersubscribed, outcome, count) in
        [(Undersubscribed::GoThrough, "sold", 1), (Undersubscribed::Cancel, "undersubscribed", 0)]
    {
        let portal = app.auction_portal().await;
        let anna = portal.bidder(&app, "Anna").await;
        let rules = Rules { undersubscribed, ..of_units(rules(&app, Format::English), 10, Pricing::UniformPrice) };
        let auction = Auction::open(&app, &portal, rules).await;
        auction.take(&anna, units(6, "120.00")).await;
        auction.close().await;
        let result = auction.result(&portal.seller.owner).await;
        assert_eq!(result["outcome"], outcome);
        assert_eq!(awards(&auction, &portal.seller).await.len(), count);
    }
}

/// Sealed bids for units are opened together.
#[tokio::test]
async fn sealed_bids_for_several_units_are_paid_at_one_price() {
    let app = TestApp::start().await;
    let portal = app.auction_portal().await;
    let (anna, bela) = (portal.bidder(&app, "Anna").await, portal.bidder(&app, "Bela").await);
    let rules = of_units(rules(&app, Format::SealedFirstPrice), 10, Pricing::UniformPrice);
    let auction = Auction::open(&app, &portal, rules).await;
    auction.take(&anna, units(7, "130.00")).await;
    auction.take(&bela, units(7, "115.00")).await;
    auction.close().await;
    let expected = [(json!(7), json!("115.00")), (json!(3), json!("115.00"))];
    assert_eq!(awards(&auction, &portal.seller).await, expected);
}
