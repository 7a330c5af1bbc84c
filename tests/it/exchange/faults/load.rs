//! Traders who go on whatever happens: each asks again, at any node, until it is answered.

use std::collections::HashMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::client::{Answer, Client};
use tests::given::{PASSWORD, number};
use tests::nodes::{Ground, until};
use tests::process::Service;

/// The nodes that may be asked, and how much they have answered.
#[derive(Default)]
pub struct Nodes {
    clients: RwLock<Vec<Client>>,
    answered: AtomicUsize,
    is_over: AtomicBool,
}

impl Nodes {
    pub fn are(&self, services: &[Service]) {
        *self.clients.write().unwrap() = services.iter().map(Service::client).collect();
    }

    /// Waits until so much more was answered.
    pub async fn answer(&self, more: usize) {
        let goal = self.answered.load(Ordering::Relaxed) + more;
        until(async || self.answered.load(Ordering::Relaxed) >= goal).await;
    }

    /// Each trader stops when what it is at is answered.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    fn one(&self, by: usize) -> Client {
        let clients = self.clients.read().unwrap();
        clients[by % clients.len()].clone()
    }
}

/// An order as its trader was told of it.
pub struct Placed {
    pub id: String,
    /// The name that the trader or the server gave it.
    pub name: String,
    pub side: &'static str,
    pub price: String,
    /// What it is amended to; none where that was refused or is not known for sure.
    pub tonnes: Option<u64>,
    pub is_cancelled: bool,
    /// What the answer said that it traded: price and quantity by trade.
    pub fills: HashMap<String, (String, String)>,
}

pub struct Trader<'a> {
    ground: &'a Ground,
    nodes: &'a Nodes,
    index: usize,
    token: String,
    /// Of a linear congruential generator: the same trials every time, but for what the scheduler does.
    random: u64,
    pub orders: Vec<Placed>,
}

/// What a name or key is worth is tried out in all three ways.
enum Retry {
    Name,
    Key,
    Both,
}

impl<'a> Trader<'a> {
    pub fn new(ground: &'a Ground, nodes: &'a Nodes, index: usize) -> Self {
        let token = ground.traders[index].owner.token().to_owned();
        Self { ground, nodes, index, token, random: index as u64 + 1, orders: Vec::new() }
    }

    /// Places, amends and cancels until it is over.
    pub async fn trade(mut self) -> Self {
        while !self.nodes.is_over.load(Ordering::Relaxed) {
            match self.below(10) {
                0..6 => self.place().await,
                6 | 7 => self.amend().await,
                _ => self.cancel().await,
            }
            self.nodes.answered.fetch_add(1, Ordering::Relaxed);
        }
        self
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    /// Asks until there is an answer that says what became of it.
    async fn ask(&mut self, request: impl Fn(&Client) -> RequestBuilder) -> Answer {
        loop {
            let by = usize::try_from(self.below(1_000)).unwrap();
            let client = self.nodes.one(by).with_token(&self.token);
            let answer = client.try_send(request(&client)).await;
            match answer.as_ref().map(|answer| answer.status.as_u16()) {
                Some(401) => self.log_in().await,
                None | Some(503) => tokio::time::sleep(Duration::from_millis(5)).await,
                Some(409) if answer.as_ref().is_some_and(|answer| answer.text.contains("request-in-progress")) => {}
                Some(_) => return answer.unwrap(),
            }
        }
    }

    async fn log_in(&mut self) {
        let body = json!({"email": self.ground.traders[self.index].email, "password": PASSWORD});
        let client = self.nodes.one(0);
        let answer = client.try_send(client.request(Method::POST, "/v1/sessions").json(&body)).await;
        if let Some(answer) = answer.filter(|answer| answer.status == 201) {
            answer.json()["access_token"].as_str().unwrap().clone_into(&mut self.token);
        }
    }

    async fn place(&mut self) {
        let side = if self.below(2) == 0 { "buy" } else { "sell" };
        let price = format!("{}.{}0", 597 + self.below(6), 5 * self.below(2));
        let tonnes = 5 * (1 + self.below(10));
        let retry = match self.below(3) {
            0 => Retry::Name,
            1 => Retry::Key,
            _ => Retry::Both,
        };
        let key = format!("{}-{}", self.index, number());
        let mut order = json!({"side": side, "type": "limit", "quantity": quantity(tonnes), "price": {"amount": price, "currency": "EUR"}});
        if !matches!(retry, Retry::Key) {
            order["client_order_id"] = json!(key);
        }
        let path = self.ground.path("orders");
        let answer = self
            .ask(|client| {
                let request = client.request(Method::POST, &path).json(&order);
                if matches!(retry, Retry::Name) { request } else { request.header("Idempotency-Key", &key) }
            })
            .await;
        assert!([200, 201].contains(&answer.status.as_u16()), "{order}: {}", answer.text);
        let told = answer.json();
        if !matches!(retry, Retry::Key) {
            assert_eq!(told["client_order_id"], json!(key));
        }
        self.orders.push(Placed {
            id: text(&told["id"]),
            name: text(&told["client_order_id"]),
            side,
            price,
            tonnes: Some(tonnes),
            is_cancelled: false,
            fills: told["fills"].as_array().unwrap().iter().map(fill).collect(),
        });
    }

    /// One of the last orders.
    fn some(&mut self) -> Option<usize> {
        let last = u64::try_from(self.orders.len().min(8)).unwrap();
        (last > 0).then(|| self.orders.len() - 1 - usize::try_from(self.below(last)).unwrap())
    }

    async fn amend(&mut self) {
        let Some(place) = self.some() else { return };
        let path = format!("/v1/exchange/orders/{}", self.orders[place].id);
        let tonnes = 5 * (1 + self.below(12));
        let change = json!({"quantity": quantity(tonnes)});
        let answer = self.ask(|client| client.request(Method::PATCH, &path).json(&change)).await;
        assert!([200, 409].contains(&answer.status.as_u16()), "{change}: {}", answer.text);
        self.orders[place].tonnes = (answer.status == 200).then_some(tonnes);
    }

    async fn cancel(&mut self) {
        let Some(place) = self.some() else { return };
        let path = format!("/v1/exchange/orders/{}", self.orders[place].id);
        let answer = self.ask(|client| client.request(Method::DELETE, &path)).await;
        assert!([200, 409].contains(&answer.status.as_u16()), "{path}: {}", answer.text);
        self.orders[place].is_cancelled = true;
    }
}

pub fn quantity(tonnes: u64) -> Value {
    json!({"value": tonnes.to_string(), "unit": "TNE"})
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn fill(fill: &Value) -> (String, (String, String)) {
    (text(&fill["trade_id"]), (text(&fill["price"]["amount"]), text(&fill["quantity"]["value"])))
}
