//! Whether what traders were told is so, when all is over.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use tests::client::Client;
use tests::nodes::Ground;
use tests::process::Service;

use super::load::{Placed, Trader, text};

/// A side of a trade as its company sees it.
struct Side {
    company: usize,
    side: String,
    order: String,
    price: String,
    tonnes: String,
}

/// What is kept, whoever may see it.
#[derive(Default)]
struct Kept {
    trades: HashMap<String, Vec<Side>>,
    /// Open tonnes by side and price.
    book: BTreeMap<(String, String), u64>,
}

/// Every answered order is there, once, and is what was answered; there are no others; every trade has its two orders; the book is what is
/// open of the live ones; and the journal says the same.
pub async fn all_is_as_answered(ground: &Ground, node: &Service, traders: &[Trader<'_>]) {
    let mut kept = Kept::default();
    for (index, trader) in traders.iter().enumerate() {
        let client = ground.log_in(index, node).await;
        for trade in list(&client, "/v1/exchange/trades?limit=200").await {
            let (price, tonnes) = (text(&trade["price"]["amount"]), text(&trade["quantity"]["value"]));
            let side =
                Side { company: index, side: text(&trade["side"]), order: text(&trade["order_id"]), price, tonnes };
            kept.trades.entry(text(&trade["id"])).or_default().push(side);
        }
        let orders = list(&client, "/v1/exchange/orders?limit=200").await;
        assert_eq!(orders.len(), trader.orders.len(), "trader {index} has other orders than it placed");
        let by_id: HashMap<String, &Value> = orders.iter().map(|order| (text(&order["id"]), order)).collect();
        for placed in &trader.orders {
            let order = by_id.get(&placed.id).unwrap_or_else(|| panic!("order {} is lost", placed.id));
            is_as_answered(placed, order);
            kept.count(order);
        }
    }
    for trader in traders {
        trader.orders.iter().for_each(|placed| kept.traded_as_answered(placed));
    }
    kept.every_trade_has_two_orders(traders);
    assert_eq!(kept.book, shown(&ground.book(node).await));
    let number = ground.count("SELECT count(*) FROM exchange_trade").await;
    assert_eq!(usize::try_from(number).unwrap(), kept.trades.len());
    ground.agrees().await;
}

fn is_as_answered(placed: &Placed, order: &Value) {
    assert_eq!(
        (&order["client_order_id"], &order["side"], &order["price"]["amount"]),
        (&json!(placed.name), &json!(placed.side), &json!(placed.price))
    );
    let (whole, filled, open) =
        (tonnes(&order["quantity"]), tonnes(&order["filled_quantity"]), tonnes(&order["open_quantity"]));
    match order["state"].as_str() {
        Some("live") => {
            assert!(!placed.is_cancelled && whole == filled + open, "{order}");
            assert!(placed.tonnes.is_none_or(|tonnes| tonnes == whole), "{order}");
        }
        Some("filled") => assert!(open == 0 && whole == filled, "{order}"),
        _ => assert!(open == 0, "{order}"),
    }
}

impl Kept {
    /// What is filled of an order is what it traded.
    fn count(&mut self, order: &Value) {
        if order["state"] == "live" {
            let level = (text(&order["side"]), text(&order["price"]["amount"]));
            *self.book.entry(level).or_default() += tonnes(&order["open_quantity"]);
        }
        let id = text(&order["id"]);
        let sides = self.trades.values().flatten().filter(|side| side.order == id);
        let traded: u64 = sides.map(|side| side.tonnes.parse::<u64>().unwrap()).sum();
        assert_eq!(traded, tonnes(&order["filled_quantity"]), "{order}");
    }

    /// What an answer said that was traded is traded.
    fn traded_as_answered(&self, placed: &Placed) {
        for (trade, (price, tonnes)) in &placed.fills {
            let sides = self.trades.get(trade).unwrap_or_else(|| panic!("trade {trade} is lost"));
            let own = sides.iter().find(|side| side.order == placed.id);
            assert_eq!(own.map(|side| (&side.price, &side.tonnes)), Some((price, tonnes)), "trade {trade}");
        }
    }

    fn every_trade_has_two_orders(&self, traders: &[Trader<'_>]) {
        let of: HashMap<&str, usize> = traders
            .iter()
            .enumerate()
            .flat_map(|(index, trader)| trader.orders.iter().map(move |placed| (placed.id.as_str(), index)))
            .collect();
        for (trade, sides) in &self.trades {
            let [one, other] = sides.as_slice() else { panic!("trade {trade} has {} sides", sides.len()) };
            assert_ne!((&one.side, one.company), (&other.side, other.company), "trade {trade}");
            assert_eq!((&one.price, &one.tonnes), (&other.price, &other.tonnes), "trade {trade}");
            for side in sides {
                assert_eq!(of.get(side.order.as_str()), Some(&side.company), "trade {trade}");
            }
        }
    }
}

fn tonnes(quantity: &Value) -> u64 {
    text(&quantity["value"]).parse().unwrap()
}

fn shown(book: &Value) -> BTreeMap<(String, String), u64> {
    let mut levels = BTreeMap::new();
    for (side, name) in [("buy", "bids"), ("sell", "asks")] {
        for level in book[name].as_array().unwrap() {
            levels.insert((side.to_owned(), text(&level["price"]["amount"])), tonnes(&level["quantity"]));
        }
    }
    levels
}

/// All items of a list.
async fn list(client: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}
