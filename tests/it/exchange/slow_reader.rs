//! A reader that takes nothing while much happens.

use std::time::Duration;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::exchange::{Exchange, buy};
use tests::given::Company;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// So many batches of a thousand orders are more than lies between a server and a reader whose own buffer is small: each order is told.
const BATCHES: usize = 24;

/// So many entries are more than a host keeps for a reader that is late.
const ENTRIES: usize = 1_100;

/// It is told that it has fallen behind, and gets the book as it is then; changes go on from there.
#[tokio::test]
async fn a_reader_that_falls_behind_is_told_so_and_begins_anew() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let instrument = exchange.traded(json!({})).await;
    let mut reader = Reader::connect(&app, &format!("/v1/instruments/{instrument}/stream")).await;
    assert_eq!(reader.event("snapshot").await["reason"], "begin");

    let trader = exchange.trader(&app, "Trader").await;
    trade(&exchange, &trader, &instrument).await;
    let book = app.anonymous().get(&format!("/v1/instruments/{instrument}/book")).await.expect(200).json();
    let anew = reader.event("snapshot").await;
    assert_eq!(anew["reason"], "behind");
    assert_eq!((&anew["book"]["change"], &anew["book"]["checksum"]), (&book["change"], &book["checksum"]));

    let orders = format!("/v1/instruments/{instrument}/orders");
    trader.owner.post(&orders, buy("5", "590")).await.expect(201);
    let change = reader.event("book").await;
    assert_eq!(change["previous"], book["change"]);
}

async fn trade(exchange: &Exchange, trader: &Company, instrument: &str) {
    for _ in 0..BATCHES {
        let orders: Vec<Value> =
            (0..1_000).map(|_| json!({"instrument_id": instrument, "order": buy("5", "590")})).collect();
        trader.owner.post("/v1/exchange/orders/batch", json!({"orders": orders})).await.expect(200);
    }
    for _ in 0..ENTRIES {
        let orders = format!("/v1/instruments/{instrument}/orders");
        exchange.manager.owner.post(&orders, buy("5", "591")).await.expect(201);
    }
}

/// Server-Sent Events over a connection with a small buffer.
struct Reader {
    connection: TcpStream,
    text: String,
}

impl Reader {
    async fn connect(app: &TestApp, path: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4_096).expect("a small buffer");
        let mut connection = socket.connect(app.address).await.expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nHost: torg\r\n\r\n");
        connection.write_all(request.as_bytes()).await.expect("sent");
        Self { connection, text: String::new() }
    }

    /// The data of the next event of a kind. What comes before it is passed over.
    async fn event(&mut self, kind: &str) -> Value {
        let head = format!("event: {kind}\ndata: ");
        loop {
            let data = self.text.split_once(&head).and_then(|(_, rest)| rest.split_once("\n\n"));
            if let Some((data, rest)) = data {
                let data = serde_json::from_str(data).expect("JSON");
                self.text = rest.to_owned();
                return data;
            }
            // Only the last event can be here in part.
            if let Some((_, last)) = self.text.rsplit_once("\n\n") {
                self.text = last.to_owned();
            }
            let mut bytes = vec![0; 65_536];
            let read = tokio::time::timeout(Duration::from_secs(10), self.connection.read(&mut bytes)).await;
            let count = read.expect("something comes in time").expect("read");
            assert!(count > 0, "the stream has ended before `{kind}`");
            self.text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }
}
