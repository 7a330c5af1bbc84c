//! HTTP by hand, for what a well-behaved client would not send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the server may take with a request that it does not understand.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends bytes and reads until the server closes the connection.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    // The server may refuse before it has read everything: then writing fails, and the answer is there.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the server keeps the connection open: {}", String::from_utf8_lossy(&answer));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends bytes and reads until the server closes the connection, or says nothing more for a while. Gives what it said and
/// whether it closed.
pub async fn listen(address: SocketAddr, bytes: &[u8], patience: Duration) -> (String, bool) {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let closed = timeout(patience, stream.read_to_end(&mut answer)).await.is_ok();
    (String::from_utf8_lossy(&answer).into_owned(), closed)
}

/// Asks for a path exactly as it is written; gives the status.
pub async fn status(address: SocketAddr, method: &str, path: &str, headers: &str) -> u16 {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: torg\r\nConnection: close\r\n{headers}\r\n");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let _ = stream.write_all(request.as_bytes()).await;
    // The head will do: a stream of events has no end.
    let mut answer = Vec::new();
    let head = async {
        while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
            if matches!(stream.read_buf(&mut answer).await, Ok(0) | Err(_)) {
                break;
            }
        }
    };
    assert!(timeout(PATIENCE, head).await.is_ok(), "the server does not answer {method} {path}");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    statuses(&answer).first().copied().unwrap_or_else(|| panic!("no answer to {method} {path}: {answer}"))
}

/// A request that was sent and is not answered yet.
pub struct Sent(TcpStream);

impl Sent {
    /// Hands a request over to the network, whether or not anybody reads it there.
    pub async fn to(address: SocketAddr, method: &str, path: &str, token: &str, body: &str) -> Self {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: torg\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(address).await.expect("connected");
        stream.write_all(request.as_bytes()).await.expect("sent");
        Self(stream)
    }

    /// The status and the whole text of the answer.
    pub async fn answer(mut self) -> (u16, String) {
        let mut answer = Vec::new();
        let ended = timeout(PATIENCE, self.0.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the server does not answer: {}", String::from_utf8_lossy(&answer));
        let text = String::from_utf8_lossy(&answer).into_owned();
        (statuses(&text).first().copied().unwrap_or_else(|| panic!("no answer: {text}")), text)
    }
}

/// The statuses of all responses in a text, as far as they stand on lines of their own.
pub fn statuses(text: &str) -> Vec<u16> {
    let heads = text.split("HTTP/1.1 ").skip(1);
    heads.filter_map(|head| head.get(..3)?.parse().ok()).collect()
}
