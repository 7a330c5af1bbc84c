use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::raw::{listen, statuses};

async fn send(client: &Client, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = client.request(Method::POST, path).header("Content-Type", "application/json");
    client.send(request.body(body.into())).await
}

/// Every byte of a text, escaped for an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

// S6, R26
#[tokio::test]
async fn what_is_too_much_is_refused_before_it_costs_anything() {
    let app = TestApp::start().await;
    let company = app.company("Large").await.owner;
    let started = Instant::now();
    let announced = format!(
        "POST /v1/products HTTP/1.1\r\nHost: torg\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n",
        company.token()
    );
    let patience = Duration::from_secs(2);
    assert_eq!(statuses(&listen(app.address, announced.as_bytes(), patience).await.0), [413]);
    let mut streamed = announced.replace("Content-Length: 52428800", "Transfer-Encoding: chunked").into_bytes();
    let chunk = [b"100000\r\n".to_vec(), vec![b' '; 0x100000], b"\r\n".to_vec()].concat();
    streamed.extend(chunk.repeat(50));
    assert_eq!(statuses(&listen(app.address, &streamed, patience).await.0), [413]);
    // 50 MB of zeros, about 50 kB packed.
    let bomb = {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b'0'; 50 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let request = company.request(Method::POST, "/v1/products").header("Content-Type", "application/json");
    company.send(request.header("Content-Encoding", "gzip").body(bomb)).await.problem(415, "unsupported-media-type");
    assert!(started.elapsed() < Duration::from_secs(10));
    company.get("/v1/products").await.expect(200);
}

// S6
#[tokio::test]
async fn deep_and_wide_json_is_refused_with_a_short_answer() {
    let app = TestApp::start().await;
    let company = app.company("Deep").await.owner;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for whole in [true, false] {
            let close = if whole { close.repeat(100_000) } else { String::new() };
            let text = format!("{}1{close}", open.repeat(100_000));
            send(&company, "/v1/products", text).await.problem(400, "malformed-request");
        }
    }
    let patch = company.request(Method::PATCH, "/v1/organisations/0190b5a0-0000-7000-8000-00000000dead");
    let deep = "{\"a\":".repeat(100_000);
    let patch = patch.header("Content-Type", "application/merge-patch+json").header("If-Match", "\"1.0\"").body(deep);
    company.send(patch).await.problem(400, "malformed-request");
    let million = format!("[{}1]", "1,".repeat(999_999));
    send(&company, "/v1/orders", million).await.problem(413, "payload-too-large");
    for body in [
        format!("{{\"lines\": [{}1]}}", "1,".repeat(500_000)),
        format!("{{\"lines\": [{}{{}}]}}", "{},".repeat(300_000)),
        format!("{{{}\"x\": 1}}", (0..60_000).map(|n| format!("\"k{n}\": 1,")).collect::<String>()),
    ] {
        let started = Instant::now();
        let answer = send(&company, "/v1/orders", body).await;
        assert!(answer.text.len() < 100_000, "{} bytes", answer.text.len());
        answer.problem(422, "invalid-input");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}

// S18
#[tokio::test]
async fn numbers_and_texts_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let company = app.company("Odd").await.owner;
    let product = |lead: &str, name: &str| {
        format!(
            r#"{{"product": {{"sku": "S", "name": {{"en": {name}}}, "base_unit": "C62", "tax": {{"category": "S", "rate": "19"}}, "lead_time_days": {lead}}}}}"#
        )
    };
    for lead in ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "0x10", "01", "1.", "+1"] {
        send(&company, "/v1/products", product(lead, "\"x\"")).await.problem(400, "malformed-request");
    }
    for lead in [
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "2147483648",
        "1.5",
        "1e3000000",
        "\"1\"",
        "-1",
    ] {
        let answer = send(&company, "/v1/products", product(lead, "\"x\"")).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{lead}: {}", answer.text);
    }
    for name in [r#""\u0000""#, r#""a\u0000b""#, r#""\ud800""#, r#""\udc00\ud800""#, "\"\u{1}\"", "\"\u{0}\""] {
        send(&company, "/v1/products", product("1", name)).await.problem(400, "malformed-request");
    }
    for bytes in [&b"\xc0\x80"[..], b"\xe0\x80\xaf", b"\xf5\x80\x80\x80", b"\xed\xa0\x80", b"\xff"] {
        let body = product("1", "\"??\"").into_bytes();
        let at = body.windows(2).position(|two| two == b"??").unwrap();
        let odd = [&body[..at], bytes, &body[at + 2..]].concat();
        send(&company, "/v1/products", odd).await.problem(400, "malformed-request");
    }
    assert_eq!(app.count("SELECT count(*) FROM product").await, 0);
    send(&company, "/v1/products", product("1", r#""\ud83d\udd29 болт""#)).await.expect(201);
}

// S18, S21
#[tokio::test]
async fn amounts_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let amount = async |text: &str, currency: &str| {
        let body = json!({"payee_id": trade.seller.id, "amount": {"amount": text, "currency": currency}, "paid_on": "2026-01-15"});
        trade.buyer.owner.post("/v1/payments", body).await
    };
    for text in [
        "NaN",
        "Infinity",
        "1e5",
        "0x1",
        "",
        " 1",
        "1 ",
        "1,5",
        ".5",
        "5.",
        "--1",
        "-1",
        "0",
        "0.005",
        "0.001",
        "99999999999999999999999999999999999999",
        "1.00000000000000000000000000000000001",
        "１２",
        "٣",
    ] {
        amount(text, "EUR").await.problem(422, "invalid-input");
    }
    for currency in ["eur", "EURO", "XXX", "", "€"] {
        amount("1.00", currency).await.problem(422, "invalid-input");
    }
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 0);
    amount("1.00", "EUR").await.expect(201);
}

// S17
#[tokio::test]
async fn sql_in_search_filters_and_names_changes_nothing() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let offer = trade.market.offer(&trade.seller.owner, "10", &[("1", "2.00")]).await;
    let catalogue = format!("/v1/portals/{}/catalogue", trade.market.slug);
    let buyer = &trade.buyer.owner;
    for odd in [
        "' OR 1=1 --",
        "'; DROP TABLE product; --",
        "\\",
        "%",
        "_",
        "\"",
        "$1",
        "& | ! ( ) : * <->",
        "a:*",
        "!!",
        "((",
        "''",
        "bolt' | 'x",
        "\u{202e}",
        "🔩",
        "{}",
        "%27",
        "\u{7f}",
    ] {
        for (path, name) in [(&catalogue, "q"), (&"/v1/organisations".to_owned(), "q")] {
            let answer = buyer.get(&format!("{path}?{name}={}", escaped(odd))).await;
            assert!([200, 400].contains(&answer.status.as_u16()), "{path} {odd}: {}", answer.text);
            if odd.contains("OR 1=1") && answer.status == 200 {
                assert_eq!(answer.json()["items"], json!([]), "{odd}");
            }
        }
        for (path, name) in [
            ("/v1/orders", "state"),
            ("/v1/contracts", "role"),
            ("/v1/products", "cursor"),
            (&*catalogue, "sort"),
            (&*catalogue, "category_id"),
        ] {
            let answer = buyer.get(&format!("{path}?{name}={}", escaped(odd))).await;
            assert_eq!(answer.status, 400, "{path}?{name}={odd}: {}", answer.text);
        }
        let path = format!("/v1/portals/{}", escaped(odd));
        let answer = buyer.get(&path).await;
        assert!([200, 404, 405].contains(&answer.status.as_u16()), "{path}: {}", answer.text);
    }
    let found = buyer.get(&catalogue).await.expect(200).json();
    assert_eq!(found["items"][0]["id"], Value::from(offer.offer_id));
}

// S18
#[tokio::test]
async fn nul_and_broken_utf_8_in_an_address_name_nothing() {
    let app = TestApp::start().await;
    let company = app.company("Odd").await.owner;
    for path in [
        "/v1/portals/a%00",
        "/v1/portals/%ff",
        "/v1/portals/%c0%af",
        "/v1/portals/%",
        "/v1/portals/%zz",
        "/v1/orders/%00",
    ] {
        let answer = company.get(path).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.text);
    }
    for query in ["q=%00", "q=a%00b", "cursor=%00", "%00=1"] {
        company.get(&format!("/v1/organisations?{query}")).await.problem(400, "invalid-query");
    }
    for query in ["q=%ff", "q=%c0%80", "q=%", "q=%ed%a0%80"] {
        let answer = company.get(&format!("/v1/organisations?{query}")).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{query}: {}", answer.text);
    }
}
