//! The books of one product, kept beside the server by plain sums: whatever commands come in whatever order, what the server says is
//! on hand and reserved is what they add up to; nothing is ever negative, and a command that is refused changes nothing.

use std::collections::BTreeSet;

use futures::future::join_all;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::market::{Offered, stock};
use tests::trade::{Trade, sign};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Command {
    Order,
    Confirm,
    ConfirmLess,
    Propose,
    Decline,
    CancelOrder,
    CancelContract,
    Deliver,
    Receive,
    Return,
    Count,
    Receipt,
    Loss,
    Backorders,
}

/// How often each comes: enough contracts are made that something can be delivered, received and returned.
const WEIGHTS: [(u32, Command); 14] = [
    (5, Command::Order),
    (4, Command::Confirm),
    (1, Command::ConfirmLess),
    (1, Command::Propose),
    (1, Command::Decline),
    (1, Command::CancelOrder),
    (1, Command::CancelContract),
    (5, Command::Deliver),
    (4, Command::Receive),
    (2, Command::Return),
    (1, Command::Count),
    (2, Command::Receipt),
    (1, Command::Loss),
    (1, Command::Backorders),
];

/// The same commands at every run.
fn commands() -> Vec<Vec<(Command, i64)>> {
    let one =
        proptest::strategy::Union::new_weighted(WEIGHTS.map(|(weight, command)| (weight, Just(command))).to_vec());
    let strategy = vec(vec((one, 0i64..10_000), COMMANDS..=COMMANDS), PRODUCTS..=PRODUCTS);
    strategy.new_tree(&mut TestRunner::deterministic()).expect("commands").current()
}

/// Products whose books are kept at the same time.
const PRODUCTS: usize = 4;
const COMMANDS: usize = 120;

/// An order that waits for its seller.
#[derive(Debug)]
struct Open {
    path: String,
    line: Value,
    quantity: i64,
    /// None of it for a rest that the buyer waits for.
    reserved: i64,
}

#[derive(Debug)]
struct Agreed {
    path: String,
    line: Value,
    quantity: i64,
    /// Still reserved for it.
    promised: i64,
    /// What has left the house, less what did not arrive in order.
    delivered: i64,
    /// Arrived in order and was not given back.
    kept: i64,
    /// On their way: path and quantity.
    under_way: Vec<(String, i64)>,
}

struct Books<'a> {
    trade: &'a Trade,
    of: Offered,
    warehouse: &'a str,
    on_hand: i64,
    backorder: i64,
    open: Vec<Open>,
    agreed: Vec<Agreed>,
    /// The commands that were not refused.
    done: BTreeSet<Command>,
}

fn pieces(quantity: i64) -> Value {
    json!({"value": quantity.to_string(), "unit": "C62"})
}

fn grounds() -> Value {
    json!({"reason": "It is no longer needed."})
}

/// Whether the command was done; refusals are conflicts or faults of the input, never failures.
fn done(answer: &Answer) -> bool {
    let status = answer.status.as_u16();
    assert!(answer.status.is_success() || status == 409 || status == 422, "{}", answer.text);
    answer.status.is_success()
}

fn chosen(number: i64, of: usize) -> Option<usize> {
    usize::try_from(number).ok()?.checked_rem(of)
}

impl Books<'_> {
    fn seller(&self) -> &Client {
        &self.trade.seller.owner
    }

    fn buyer(&self) -> &Client {
        &self.trade.buyer.owner
    }

    fn reserved(&self) -> i64 {
        self.open.iter().map(|one| one.reserved).chain(self.agreed.iter().map(|one| one.promised)).sum()
    }

    fn available(&self) -> i64 {
        self.on_hand + self.backorder - self.reserved()
    }

    async fn run(&mut self, command: Command, number: i64) {
        let accepted = match command {
            Command::Order => self.order(number).await,
            Command::Confirm => self.confirm(number).await,
            Command::ConfirmLess => self.confirm_less(number).await,
            Command::Propose => self.propose(number).await,
            Command::Decline => self.give_up(number, "decline").await,
            Command::CancelOrder => self.give_up(number, "cancel").await,
            Command::CancelContract => self.cancel_contract(number).await,
            Command::Deliver => self.deliver(number).await,
            Command::Receive => self.receive(number).await,
            Command::Return => self.give_back(number).await,
            Command::Count => self.count(number % 60).await,
            Command::Receipt => self.movement("receipt", 1 + number % 9).await,
            Command::Loss => self.movement("loss", 1 + number % 9).await,
            Command::Backorders => self.allow(number % 8).await,
        };
        if accepted.is_some_and(|accepted| accepted) {
            self.done.insert(command);
        }
    }

    async fn order(&mut self, number: i64) -> Option<bool> {
        let quantity = 1 + number % 12;
        let mut body = self.trade.market.order(&[(&self.of, &quantity.to_string())], true);
        body["shortage"] = json!(if number % 2 == 0 { "backorder" } else { "release" });
        let answer = self.buyer().post("/v1/orders", body).await;
        assert_eq!(done(&answer), quantity <= self.available(), "{}", answer.text);
        if done(&answer) {
            self.opened(&answer.json()["orders"][0], quantity);
        }
        Some(done(&answer))
    }

    fn opened(&mut self, order: &Value, reserved: i64) {
        let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
        let quantity = order["lines"][0]["quantity"]["value"].as_str().unwrap().parse().unwrap();
        self.open.push(Open { path, line: order["lines"][0]["id"].clone(), quantity, reserved });
    }

    /// The seller confirms all of an order.
    async fn confirm(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.open.len())?;
        let (wanted, available) = (self.open[at].quantity - self.open[at].reserved, self.available());
        let answer = self.seller().post(&format!("{}/confirm", self.open[at].path), json!({})).await;
        assert_eq!(done(&answer), wanted <= available || wanted == 0, "{}", answer.text);
        if done(&answer) {
            let order = self.open.remove(at);
            self.contract(&answer.json()["contract_id"], order.quantity, number).await;
        }
        Some(done(&answer))
    }

    /// The seller confirms a part; the rest is given up, or becomes an order that the buyer waits for.
    async fn confirm_less(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.open.len())?;
        let order = &self.open[at];
        // A rest would be waited for again and again.
        if order.quantity < 2 || order.reserved == 0 {
            return None;
        }
        let part = 1 + number % (order.quantity - 1);
        let body =
            json!({"expected_date": "2999-01-20", "lines": [{"line_id": order.line, "quantity": part.to_string()}]});
        let answer = self.seller().post(&format!("{}/confirm", order.path), body).await;
        if done(&answer) {
            let confirmed = answer.json();
            let before = self.open.remove(at);
            let listed = self.buyer().get("/v1/orders?state=placed&limit=200").await.expect(200).json();
            let all = listed["items"].as_array().unwrap();
            if let Some(rest) = all.iter().find(|one| one["backorder_of"] == confirmed["id"]) {
                self.opened(rest, 0);
                assert_eq!(self.open.last().unwrap().quantity, before.quantity - part);
            }
            self.contract(&confirmed["contract_id"], part, number).await;
        }
        Some(done(&answer))
    }

    /// The seller wants to send one more than was ordered, and the buyer accepts or refuses, or the seller thinks better of it.
    async fn propose(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.open.len())?;
        let (path, quantity) = (self.open[at].path.clone(), self.open[at].quantity + 1);
        let body = json!({"lines": [{"line_id": self.open[at].line, "quantity": quantity.to_string()}]});
        let proposed = self.seller().post(&format!("{path}/confirm"), body).await;
        if !done(&proposed) {
            return Some(false);
        }
        assert_eq!(proposed.json()["state"], "confirmation_proposed");
        match number % 3 {
            0 => drop(self.buyer().post(&format!("{path}/refuse"), grounds()).await.expect(200)),
            1 => drop(self.seller().post(&format!("{path}/withdraw"), json!({})).await.expect(200)),
            _ => {
                let etag = self.buyer().etag(&path).await;
                let accepted = self.buyer().post_if(&format!("{path}/accept"), &etag, json!(null)).await.expect(200);
                self.open.remove(at);
                self.contract(&accepted.json()["contract_id"], quantity, number).await;
            }
        }
        Some(true)
    }

    /// What was confirmed; most contracts are signed at once.
    async fn contract(&mut self, id: &Value, quantity: i64, number: i64) {
        let id = id.as_str().unwrap();
        let path = format!("/v1/contracts/{id}");
        if number % 5 > 0 {
            for owner in [self.seller(), self.buyer()] {
                sign(owner, id).await.expect(200);
            }
        }
        let line = self.seller().get(&path).await.expect(200).json()["lines"][0]["id"].clone();
        let under_way = Vec::new();
        self.agreed.push(Agreed { path, line, quantity, promised: quantity, delivered: 0, kept: 0, under_way });
    }

    async fn give_up(&mut self, number: i64, verb: &str) -> Option<bool> {
        let at = chosen(number, self.open.len())?;
        let by = if verb == "decline" { self.seller() } else { self.buyer() };
        let answer = by.post(&format!("{}/{verb}", self.open[at].path), grounds()).await;
        if done(&answer) {
            self.open.remove(at);
        }
        Some(done(&answer))
    }

    async fn cancel_contract(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.agreed.len())?;
        let path = format!("{}/cancel", self.agreed[at].path);
        let mut over = false;
        for by in [self.buyer(), self.seller()] {
            let answer = by.post(&path, grounds()).await;
            over = done(&answer) && answer.json()["state"] == "cancelled";
            if over {
                break;
            }
        }
        if over {
            self.agreed.remove(at);
        }
        Some(over)
    }

    async fn deliver(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.agreed.len())?;
        let (owed, available) = (self.agreed[at].quantity - self.agreed[at].delivered, self.available());
        let quantity = 1 + number % (owed + 1);
        let body = json!({"lines": [{"contract_line_id": self.agreed[at].line, "quantity": pieces(quantity)}]});
        let answer = self.seller().post(&format!("{}/deliveries", self.agreed[at].path), body).await;
        let from_promised = quantity.min(self.agreed[at].promised);
        if done(&answer) {
            assert!(quantity <= owed && quantity <= self.on_hand && quantity - from_promised <= available);
            self.on_hand -= quantity;
            let contract = &mut self.agreed[at];
            contract.promised -= from_promised;
            contract.delivered += quantity;
            contract.under_way.push((format!("/v1/deliveries/{}", answer.id()), quantity));
        }
        Some(done(&answer))
    }

    /// Some arrives in order, some damaged, and some not at all.
    async fn receive(&mut self, number: i64) -> Option<bool> {
        let under_way: Vec<usize> =
            (0..self.agreed.len()).filter(|at| !self.agreed[*at].under_way.is_empty()).collect();
        let at = under_way[chosen(number, under_way.len())?];
        let (path, quantity) = self.agreed[at].under_way[0].clone();
        let damaged = if number % 2 == 0 { 0 } else { number % (quantity + 1) };
        let good = (quantity - damaged - number % 3).max(0);
        let line =
            json!({"contract_line_id": self.agreed[at].line, "received": pieces(good), "damaged": pieces(damaged)});
        let answer = self.buyer().post(&format!("{path}/receive"), json!({"lines": [line]})).await;
        if done(&answer) {
            let contract = &mut self.agreed[at];
            contract.under_way.remove(0);
            contract.delivered -= quantity - good;
            contract.kept += good;
        }
        Some(done(&answer))
    }

    /// Something comes back: half of it can be sold again.
    async fn give_back(&mut self, number: i64) -> Option<bool> {
        let at = chosen(number, self.agreed.len())?;
        let quantity = 1 + number % (self.agreed[at].kept + 1);
        let line = json!({"contract_line_id": self.agreed[at].line, "quantity": pieces(quantity)});
        let body = json!({"reason": "It does not fit.", "lines": [line]});
        let asked = self.buyer().post(&format!("{}/returns", self.agreed[at].path), body).await;
        if !done(&asked) {
            return Some(false);
        }
        assert!(quantity <= self.agreed[at].kept);
        let path = format!("/v1/returns/{}", asked.id());
        self.seller().post(&format!("{path}/accept"), json!({})).await.expect(200);
        let back = quantity / 2;
        let line = json!({"contract_line_id": self.agreed[at].line, "restocked": pieces(back), "written_off": pieces(quantity - back)});
        self.seller().post(&format!("{path}/complete"), json!({"lines": [line]})).await.expect(200);
        self.agreed[at].kept -= quantity;
        self.on_hand += back;
        Some(true)
    }

    async fn count(&mut self, on_hand: i64) -> Option<bool> {
        let path = format!("/v1/products/{}/stock", self.of.product_id);
        let etag = self.seller().etag(&path).await;
        let answer = self.seller().put_if(&path, &etag, json!({"on_hand": on_hand.to_string()})).await;
        assert_eq!(done(&answer), on_hand + self.backorder >= self.reserved(), "{}", answer.text);
        if done(&answer) {
            self.on_hand = on_hand;
        }
        Some(done(&answer))
    }

    async fn movement(&mut self, reason: &str, quantity: i64) -> Option<bool> {
        let path = format!("/v1/products/{}/stock-movements", self.of.product_id);
        let body = json!({"warehouse_id": self.warehouse, "reason": reason, "quantity": quantity.to_string()});
        let answer = self.seller().post(&path, body).await;
        if done(&answer) {
            self.on_hand += if reason == "receipt" { quantity } else { -quantity };
        }
        Some(done(&answer))
    }

    /// So much may be promised beyond what is there; nothing, if that is nothing.
    async fn allow(&mut self, limit: i64) -> Option<bool> {
        let path = format!("/v1/products/{}/backorders", self.of.product_id);
        let etag = self.seller().etag(&path).await;
        let rule = json!({"rule": "allowed", "limit": limit.to_string(), "lead_time_days": 14});
        let answer = self.seller().put_if(&path, &etag, if limit == 0 { json!({"rule": "none"}) } else { rule }).await;
        assert_eq!(done(&answer), self.on_hand + limit >= self.reserved(), "{}", answer.text);
        if done(&answer) {
            self.backorder = limit;
        }
        Some(done(&answer))
    }
}

#[tokio::test]
async fn stock_is_never_negative_and_never_lost_whatever_the_order_of_commands() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let body = json!({"name": "Kiel", "country": "DE", "city": "Kiel"});
    let warehouse = trade.seller.owner.post("/v1/warehouses", body).await.expect(201).id();
    let runs = commands().into_iter().map(async |commands| {
        let of = trade.market.offer(&trade.seller.owner, "20", &[("1", "2.00")]).await;
        let mut books = Books {
            trade: &trade,
            of,
            warehouse: &warehouse,
            on_hand: 20,
            backorder: 0,
            open: Vec::new(),
            agreed: Vec::new(),
            done: BTreeSet::new(),
        };
        for (at, (command, number)) in commands.into_iter().enumerate() {
            books.run(command, number).await;
            let kept = (books.on_hand.to_string(), books.reserved().to_string());
            assert_eq!(stock(books.seller(), &books.of).await, kept, "after command {at}: {command:?} {number}");
            assert!(books.reserved() >= 0 && books.reserved() <= books.on_hand + books.backorder);
        }
        books.done
    });
    let done: BTreeSet<Command> = join_all(runs).await.into_iter().flatten().collect();
    let missed: Vec<_> = WEIGHTS.iter().filter(|(_, command)| !done.contains(command)).collect();
    assert!(missed.is_empty(), "never done: {missed:?}");
    // Beneath, lots and movements add up to the stock.
    let amiss =
        "SELECT count(*) FROM stock s JOIN (SELECT product_id, sum(quantity) AS quantity FROM stock_lot GROUP BY 1) l
        USING (product_id) WHERE s.on_hand <> l.quantity OR l.quantity <> (SELECT sum(m.quantity) FROM stock_movement m
        WHERE m.product_id = s.product_id)";
    assert_eq!(app.count(amiss).await, 0);
}
