use std::time::Duration;

use tests::app::TestApp;
use tests::raw::{listen, statuses};

const HIDDEN: &str = "GET /healthz HTTP/1.1\r\nHost: torg\r\n\r\n";

// S19
#[tokio::test]
async fn two_ways_to_read_a_request_give_one_answer_at_most_and_the_end_of_the_connection() {
    let app = TestApp::start().await;
    let length = HIDDEN.len();
    let chunk = format!("0\r\n\r\n{HIDDEN}");
    let post = |headers: &str, body: &str| {
        format!("POST /v1/sessions HTTP/1.1\r\nHost: torg\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}")
    };
    let requests = [
        ("length and chunks", post("Content-Length: 4\r\nTransfer-Encoding: chunked", &chunk)),
        ("chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 4", &chunk)),
        ("two lengths", post(&format!("Content-Length: 0\r\nContent-Length: {length}"), HIDDEN)),
        ("a list of lengths", post(&format!("Content-Length: 0, {length}"), HIDDEN)),
        ("a signed length", post("Content-Length: +0", HIDDEN)),
        ("a negative length", post("Content-Length: -1", HIDDEN)),
        ("a length in hex", post("Content-Length: 0x0", HIDDEN)),
        ("a length beyond all", post("Content-Length: 99999999999999999999999", HIDDEN)),
        ("disguised chunks", post("Transfer-Encoding: xchunked", &chunk)),
        ("chunks in quotes", post("Transfer-Encoding: \"chunked\"", &chunk)),
        ("chunks, then identity", post("Transfer-Encoding: chunked, identity", &chunk)),
        ("gzip and no chunks", post("Transfer-Encoding: gzip", &chunk)),
        ("two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", &chunk)),
        ("a space before the colon", post("Transfer-Encoding : chunked", &chunk)),
        ("a folded line", post("Transfer-Encoding:\r\n chunked", &chunk)),
        ("a NUL in a header", post("X-Odd: a\0b", HIDDEN)),
        ("a bare CR in a header", post("X-Odd: a\rTransfer-Encoding: chunked", &chunk)),
        ("an odd chunk size", post("Transfer-Encoding: chunked", &format!("0x0\r\n\r\n{HIDDEN}"))),
        ("a huge chunk size", post("Transfer-Encoding: chunked", &format!("fffffffffffffffff\r\n\r\n{HIDDEN}"))),
        ("a negative chunk size", post("Transfer-Encoding: chunked", &format!("-1\r\n\r\n{HIDDEN}"))),
        ("bare LF in chunks", post("Transfer-Encoding: chunked", &format!("0\n\n{HIDDEN}"))),
        ("no version", format!("GET /healthz\r\n\r\n{HIDDEN}")),
        ("an odd version", format!("GET /healthz HTTP/9.9\r\nHost: torg\r\n\r\n{HIDDEN}")),
    ];
    for (what, request) in requests {
        let (answer, closed) = listen(app.address, request.as_bytes(), Duration::from_secs(3)).await;
        let statuses = statuses(&answer);
        assert!(statuses.len() <= 1, "{what}: {statuses:?}");
        assert!(!answer.contains("\"ok\""), "{what}: the hidden request was answered");
        assert!(statuses.iter().all(|status| (400..500).contains(status)), "{what}: {answer}");
        assert!(closed, "{what}: the connection stays open after {statuses:?}");
    }
}

// R41
#[tokio::test]
async fn nothing_of_the_request_gets_into_the_head_of_the_answer() {
    let app = TestApp::start().await;
    for path in [
        "/v1/portals?limit=1%0d%0aSet-Cookie:%20a=b",
        "/problems/%0d%0aSet-Cookie:%20a=b",
        "/v1/x%0d%0aSet-Cookie:%20a=b",
    ] {
        let answer = app.anonymous().get(path).await;
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
}
