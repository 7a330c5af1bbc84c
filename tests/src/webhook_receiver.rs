//! A receiver of webhooks: a small server that keeps what it gets and answers as it is told to.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a test waits for what must arrive.
const PATIENCE: Duration = Duration::from_secs(15);

/// How a request is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    /// A status with a header and a body.
    Full(u16, (&'static str, String), String),
    /// Never.
    Hang,
    /// A status as soon as it is told to.
    Late(Arc<Notify>, u16),
    /// With a body that has no end.
    Endless,
}

/// A request that was received.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    pub at: SystemTime,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}: {:?}", self.headers))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    /// The type of the event.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }
}

struct State {
    received: Mutex<Vec<Received>>,
    next: Mutex<VecDeque<Reply>>,
    always: Mutex<Reply>,
    /// Bytes that were sent of bodies without an end.
    endless: AtomicU64,
}

/// A running receiver. It ends when it is dropped.
pub struct Receiver {
    pub address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    /// Starts one that takes everything.
    pub async fn start() -> Self {
        Self::start_with(Reply::Status(204)).await
    }

    /// Starts one that always answers so.
    pub async fn start_with(always: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            received: Mutex::default(),
            next: Mutex::default(),
            always: Mutex::new(always),
            endless: AtomicU64::new(0),
        });
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, shared.clone()));
            }
        });
        Self { address, state, serving }
    }

    /// The address of a webhook that goes here.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next requests are answered so, one after the other.
    pub fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.next.lock().expect("no panic").extend(replies);
    }

    /// All others are answered so from now on.
    pub fn always(&self, reply: Reply) {
        *self.state.always.lock().expect("no panic") = reply;
    }

    /// What has arrived so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().expect("no panic").clone()
    }

    /// How much has arrived so far.
    pub fn count(&self) -> usize {
        self.state.received.lock().expect("no panic").len()
    }

    /// What has arrived, which is forgotten.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.state.received.lock().expect("no panic"))
    }

    /// The types of the events that have arrived so far.
    pub fn kinds(&self) -> Vec<String> {
        self.received().iter().map(Received::kind).collect()
    }

    /// What has arrived, as soon as there are so many.
    pub async fn until(&self, count: usize) -> Vec<Received> {
        let arrived = timeout(PATIENCE, async {
            while self.count() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        let there = arrived.await.is_ok();
        assert!(there, "{} of {count} have arrived: {:?}", self.received().len(), self.kinds());
        self.received()
    }

    /// How many bytes it could send of bodies without an end.
    pub fn endless_bytes(&self) -> u64 {
        self.state.endless.load(Ordering::Relaxed)
    }
}

/// Answers the requests of a connection one after the other.
async fn connection(mut stream: TcpStream, state: Arc<State>) {
    let mut buffer = Vec::new();
    while let Some(received) = read(&mut stream, &mut buffer).await {
        state.received.lock().expect("no panic").push(received);
        let next = state.next.lock().expect("no panic").pop_front();
        let reply = next.unwrap_or_else(|| state.always.lock().expect("no panic").clone());
        if answer(&mut stream, reply, &state).await.is_none() {
            return;
        }
    }
}

/// The next request; none at the end of the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let mut part = [0; 16 * 1024];
    loop {
        if let Some(received) = parse(buffer) {
            return Some(received);
        }
        let count = stream.read(&mut part).await.ok().filter(|count| *count > 0)?;
        buffer.extend_from_slice(&part[..count]);
    }
}

/// Takes a request out of what was read, if it is whole.
fn parse(buffer: &mut Vec<u8>) -> Option<Received> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(buffer[..end].to_vec()).expect("a head of text");
    let mut lines = head.split("\r\n");
    let path = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a request line").to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    if buffer.len() < end + 4 + length {
        return None;
    }
    let body = buffer[end + 4..end + 4 + length].to_vec();
    buffer.drain(..end + 4 + length);
    Some(Received { path, headers, body, at: SystemTime::now() })
}

/// None where the connection ends with the answer.
async fn answer(stream: &mut TcpStream, reply: Reply, state: &State) -> Option<()> {
    match reply {
        Reply::Status(status) => plain(stream, status).await,
        Reply::Late(told, status) => {
            told.notified().await;
            plain(stream, status).await
        }
        Reply::Full(status, (name, value), body) => {
            let head =
                format!("HTTP/1.1 {status} -\r\n{name}: {value}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(head.as_bytes()).await.ok()
        }
        Reply::Hang => {
            // Until the other end has had enough.
            let _ = stream.read(&mut [0; 1]).await;
            None
        }
        Reply::Endless => {
            stream.write_all(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n").await.ok()?;
            let block = vec![b'x'; 64 * 1024];
            while let Ok(count) = stream.write(&block).await {
                state.endless.fetch_add(count as u64, Ordering::Relaxed);
            }
            None
        }
    }
}

async fn plain(stream: &mut TcpStream, status: u16) -> Option<()> {
    let length = if status == 204 { "" } else { "content-length: 0\r\n" };
    stream.write_all(format!("HTTP/1.1 {status} -\r\n{length}\r\n").as_bytes()).await.ok()
}
