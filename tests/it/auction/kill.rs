//! SIGKILL under load: no answered bid is lost, and nobody else wins.

use std::cell::{Cell, RefCell};

use domain::auction::{Format, LotRules, Rules};
use futures::future::join_all;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::auction::{AuctionPortal, given_auction, lot, rules};
use tests::client::Client;
use tests::database;
use tests::given::Company;
use tests::nodes::until;
use tests::process::Service;

const BIDDERS: usize = 6;

/// A database with an auction that several processes may host, and who bids in it. Nobody hosts it yet.
struct Ground {
    database_url: String,
    secret: String,
    portal: AuctionPortal,
    auction: String,
    bidders: Vec<Company>,
}

impl Ground {
    async fn prepare() -> Self {
        let app = TestApp::start().await;
        let portal = app.auction_portal().await;
        let mut bidders = Vec::new();
        for number in 1..=BIDDERS {
            bidders.push(portal.bidder(&app, &format!("Bidder {number}")).await);
        }
        // It is sold when somebody buys it at once: by no bid before, since the reserve is far away.
        let lots = vec![LotRules { reserve: Some(90_000_000), buy_now: Some(90_000_000), ..lot(Format::English) }];
        let auction = given_auction(&app, &portal, &Rules { lots, proxy: false, ..rules(&app, Format::English) }).await;
        let secret = app.config().secret_key.as_ref().expect("a key").expose_secret().to_owned();
        Self { database_url: app.database_url.clone(), secret, portal, auction, bidders }
    }

    async fn node(&self) -> Service {
        Service::start(&[("TORG_DATABASE_URL", &self.database_url), ("TORG_SECRET_KEY", &self.secret)]).await
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/auctions/{}/{what}", self.auction)
    }
}

/// Where bidders send their bids now, and until when.
struct Load {
    base: RefCell<Client>,
    /// The highest price that somebody has bid, in euros.
    price: Cell<u32>,
    answered: Cell<usize>,
    is_over: Cell<bool>,
}

/// Bids more and more until it is over; each bid under a key of its own, asked for again until it is answered. Gives the receipts.
async fn bid_on(ground: &Ground, load: &Load, index: usize) -> Vec<Value> {
    let mut receipts = Vec::new();
    while !load.is_over.get() {
        load.price.set(load.price.get() + 1);
        let (key, price) = (format!("bid-{}", load.price.get()), format!("{}.00", load.price.get()));
        let body = json!({"price": {"amount": price, "currency": "EUR"}});
        if let Some(receipt) = asked(ground, load, index, &key, &body).await {
            receipts.push(receipt);
            load.answered.set(load.answered.get() + 1);
        }
    }
    receipts
}

/// The receipt of a bid; none where others were faster, or it is over.
async fn asked(ground: &Ground, load: &Load, index: usize, key: &str, body: &Value) -> Option<Value> {
    loop {
        let client = load.base.borrow().with_token(ground.bidders[index].owner.token());
        match client.try_post_once(&ground.path("bids"), key, body).await {
            Some(answer) if answer.status == 201 => return Some(answer.json()),
            Some(answer) if answer.text.contains("bid-too-low") || answer.text.contains("already-leads") => {
                return None;
            }
            // The host is gone, or whether it was done is not known yet.
            Some(answer) => assert!([409, 503].contains(&answer.status.as_u16()), "{answer:?}"),
            None => {}
        }
        if load.is_over.get() {
            return None;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_killed_host_loses_no_answered_bid_and_there_is_one_winner() {
    let ground = Ground::prepare().await;
    let first = ground.node().await;
    let second = ground.node().await;
    let load =
        Load { base: first.client().into(), price: Cell::new(100), answered: Cell::new(0), is_over: Cell::new(false) };
    let bidding = join_all((0..BIDDERS).map(|index| bid_on(&ground, &load, index)));
    let trial = async {
        until(async || load.answered.get() > 30).await;
        let before = load.answered.get();
        first.kill().await;
        *load.base.borrow_mut() = second.client();
        until(async || load.answered.get() > before + 30).await;
        load.is_over.set(true);
    };
    let (receipts, ()) = tokio::join!(bidding, trial);

    // Everybody wants it at once; one gets it.
    let buy = async |company: &Company| {
        let client = second.client().with_token(company.owner.token());
        client.post(&ground.path("buy-now"), json!({})).await.status.as_u16()
    };
    let mut bought = join_all(ground.bidders.iter().map(buy)).await;
    bought.sort_unstable();
    assert_eq!(bought, [vec![201], vec![409; BIDDERS - 1]].concat());

    let history = whole_history(&ground, &second).await;
    for receipt in receipts.iter().flatten() {
        let number = usize::try_from(receipt["number"].as_u64().unwrap()).unwrap();
        assert_eq!(history[number - 1]["hash"], receipt["hash"]);
    }
    let seller = second.client().with_token(ground.portal.seller.owner.token());
    let result = seller.get(&ground.path("lots/1/result")).await.expect(200).json();
    assert_eq!(result["awards"].as_array().unwrap().len(), 1);
    assert_eq!(result["last_hash"], history.last().unwrap()["hash"]);
    let awards = format!("SELECT count(*) FROM auction_award WHERE auction_id = '{}'", ground.auction);
    assert_eq!(database::count(&ground.database_url, &awards).await, 1);
    // What was asked for again under its key was done once.
    let twice = "SELECT count(*) FROM (SELECT FROM auction_entry GROUP BY auction_id, lot, bidder, price HAVING count(*) > 1) t";
    assert_eq!(database::count(&ground.database_url, twice).await, 0);
}

async fn whole_history(ground: &Ground, node: &Service) -> Vec<Value> {
    let (mut entries, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}?limit=200{cursor}", ground.path("lots/1/history"));
        let page = node.client().get(&path).await.expect(200).json();
        entries.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return entries,
        }
    }
}
