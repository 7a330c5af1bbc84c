use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::given::gln;
use tests::market::{Offered, stock};
use tests::procurement::{BOMB, EXTERNAL_ENTITY, Line, gln_of, texts, ubl_order};
use tests::trade::Trade;

/// A trade, the GLNs of buyer and seller, and where orders go.
struct Desk {
    app: TestApp,
    trade: Trade,
    buyer: String,
    seller: String,
    path: String,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let trade = app.trade().await;
        let (buyer, seller) = (gln_of(&trade.buyer).await, gln_of(&trade.seller).await);
        let path = format!("/v1/integration/orders?portal={}", trade.market.slug);
        Self { app, trade, buyer, seller, path }
    }

    async fn bolt(&self, on_hand: &str) -> Offered {
        self.trade.market.offer(&self.trade.seller.owner, on_hand, &[("1", "2.00"), ("10", "1.50")]).await
    }

    fn order(&self, number: &str, lines: &[Line<'_>]) -> String {
        ubl_order(number, &self.buyer, &self.seller, lines)
    }

    async fn send(&self, document: &str) -> tests::client::Answer {
        self.trade.buyer.owner.post_xml(&self.path, document).await
    }

    async fn orders(&self) -> i64 {
        self.app.count("SELECT count(*) FROM purchase_order").await
    }
}

#[tokio::test]
async fn an_order_as_a_document_is_an_order_as_any_other() {
    let desk = Desk::open().await;
    let (bolt, nut) = (desk.bolt("100").await, desk.bolt("100").await);
    let lines = [Line("10", &bolt.sku, "12", "C62", "1.50"), Line("20", &nut.sku, "2", "EA", "2.00")];
    let answer = desk.send(&desk.order("PO-2026/0815", &lines)).await.expect(201);
    assert_eq!(answer.header("content-type"), "application/xml");
    assert_eq!(texts(&answer.text, "cbc:OrderResponseCode"), ["AB"]);
    let ids = texts(&answer.text, "cbc:ID");
    assert!(ids.contains(&"PO-2026/0815".to_owned()), "{ids:?}");

    let order = desk.trade.seller.owner.get(&answer.header("location")).await.expect(200).json();
    assert_eq!((&order["state"], &order["buyer_reference"]), (&json!("placed"), &json!("PO-2026/0815")));
    assert_eq!(order["total"], json!({"amount": "22.00", "currency": "EUR"}));
    assert_eq!(order["lines"][1]["buyer_reference"], "20");
    assert_eq!(order["note"], "Please ring at the gate.");
    assert_eq!(order["requested_date"], "2027-01-15");
    assert_eq!(order["delivery_address"]["lines"], json!(["Werftstraße 12", "Halle 4"]));
    assert_eq!(stock(&desk.trade.seller.owner, &bolt).await, ("100".into(), "12".into()));
}

// R2
#[tokio::test]
async fn the_same_number_is_the_same_order_however_it_is_written() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("100").await;
    let document = desk.order("4711", &[Line("1", &bolt.sku, "3", "C62", "2.00")]);
    let first = desk.send(&document).await.expect(201);
    let again =
        desk.send(&document.replace("<b:Quantity unitCode=\"C62\">3<", "<b:Quantity unitCode=\"C62\">3.0<")).await;
    let again = again.expect(200);
    assert_eq!((first.header("location"), desk.orders().await), (again.header("location"), 1));
    assert_eq!(texts(&again.text, "cbc:OrderResponseCode"), ["AB"]);

    let other = desk.send(&document.replace(">3<", ">4<")).await.problem(409, "already-exists");
    assert!(other["detail"].as_str().unwrap().contains("4711"), "{other}");
    assert_eq!(desk.orders().await, 1);
    assert_eq!(stock(&desk.trade.seller.owner, &bolt).await.1, "3");

    // It is answered as it stands by then.
    let path = first.header("location");
    desk.trade.seller.owner.post(&format!("{path}/decline"), json!({"reason": "No more."})).await.expect(200);
    let told = desk.send(&document).await.expect(200);
    assert_eq!(texts(&told.text, "cbc:OrderResponseCode"), ["RE"]);
    assert_eq!(texts(&told.text, "cbc:Note"), ["No more."]);
}

// R2, R3, R4
#[tokio::test]
async fn many_at_once_with_one_number_are_one_order() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("100").await;
    let document = desk.order("race", &[Line("1", &bolt.sku, "1", "C62", "2.00")]);
    let answers = futures::future::join_all((0..10).map(|_| desk.send(&document))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((made, desk.orders().await), (1, 1));
    assert!(answers.iter().all(|answer| answer.status.is_success() || answer.status == 503), "{answers:?}");
    assert_eq!(stock(&desk.trade.seller.owner, &bolt).await.1, "1");
}

#[tokio::test]
async fn a_key_and_its_document_get_the_same_answer() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("100").await;
    let document = desk.order("k", &[Line("1", &bolt.sku, "1", "C62", "2.00")]);
    let send = async |document: &str| {
        let buyer = &desk.trade.buyer.owner;
        let request = buyer.request(Method::POST, &desk.path).header("Content-Type", "text/xml; charset=utf-8");
        buyer.send(request.header("Idempotency-Key", "once").body(document.to_owned())).await
    };
    let (first, again) = (send(&document).await.expect(201), send(&document).await.expect(201));
    assert_eq!(
        (first.text, first.headers["location"].clone()),
        (again.text.clone(), again.headers["location"].clone())
    );
    assert_eq!(
        (again.header("idempotent-replayed"), again.header("content-type")),
        ("true".into(), "application/xml".into())
    );
    send(&document.replace(">1<", ">2<")).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn what_cannot_be_ordered_is_told_line_by_line_in_a_response_that_says_no() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("5").await;
    let lines = [
        Line("10", "NO-SUCH-THING", "1", "C62", "2.00"),
        Line("20", &bolt.sku, "1", "C62", "1.99"),
        Line("30", &bolt.sku, "1", "KGM", "2.00"),
        Line("40", &bolt.sku, "1", "C62", "2.00"),
    ];
    let answer = desk.send(&desk.order("mixed", &lines)).await.expect(200);
    assert_eq!(texts(&answer.text, "cbc:OrderResponseCode"), ["RE"]);
    assert_eq!(texts(&answer.text, "cbc:LineID"), ["10", "20", "30"]);
    assert_eq!(texts(&answer.text, "cbc:LineStatusCode"), ["7", "7", "7"]);
    let notes = texts(&answer.text, "cbc:Note");
    let reasons: Vec<&str> = notes.iter().skip(1).filter_map(|note| note.split(':').next()).collect();
    assert_eq!(reasons, ["not_offered", "price_changed", "unit_mismatch"]);
    assert!(notes[1].contains("NO-SUCH-THING") && notes[2].contains('2'), "{notes:?}");

    // The number is free still, and what is not in stock is told in the same way.
    let much = desk.send(&desk.order("mixed", &[Line("10", &bolt.sku, "9", "C62", "2.00")])).await.expect(200);
    assert_eq!(texts(&much.text, "cbc:OrderResponseCode"), ["RE"]);
    assert!(texts(&much.text, "cbc:Note")[1].starts_with("out_of_stock"), "{}", much.text);
    assert_eq!((desk.orders().await, stock(&desk.trade.seller.owner, &bolt).await.1), (0, "0".into()));
    desk.send(&desk.order("mixed", &[Line("10", &bolt.sku, "5", "C62", "2.00")])).await.expect(201);
}

#[tokio::test]
async fn goods_are_found_by_their_gtin_and_only_where_they_are_offered_to_the_buyer() {
    let desk = Desk::open().await;
    let seller = &desk.trade.seller.owner;
    let highlighter = json!({"gtin": "4006381333931"});
    let pen = desk.trade.market.offer_with(seller, "9", &[("1", "2.00")], highlighter).await;
    let document = desk.order("gtin", &[Line("1", "OTHER", "1", "C62", "2.00")]).replace(
        "<a:SellersItemIdentification><b:ID>OTHER</b:ID></a:SellersItemIdentification>",
        "<a:StandardItemIdentification><b:ID schemeID=\"0160\">04006381333931</b:ID></a:StandardItemIdentification>",
    );
    desk.send(&document).await.expect(201);
    assert_eq!(stock(seller, &pen).await.1, "1");

    let path = format!("/v1/portals/{}/offers/{}/withdraw", desk.trade.market.slug, pen.offer_id);
    seller.post(&path, json!({})).await.expect(200);
    let gone = desk.send(&document.replace(">gtin<", ">gone<")).await.expect(200);
    assert_eq!(texts(&gone.text, "cbc:OrderResponseCode"), ["RE"]);
}

#[tokio::test]
async fn parties_are_those_of_the_document_and_the_buyer_is_the_caller() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("9").await;
    let lines = [Line("1", &bolt.sku, "1", "C62", "2.00")];
    let stranger = ubl_order("s", &desk.seller, &gln(999_999_999), &lines);
    assert_eq!(
        desk.send(&stranger).await.faults(),
        ["/Order/BuyerCustomerParty/Party another_party", "/Order/SellerSupplierParty/Party unknown_party"]
    );
    let outsider = desk.app.company("Outsider").await;
    outsider.owner.post_xml(&desk.path, &desk.order("o", &lines)).await.problem(422, "invalid-input");
    let own = ubl_order("o", &gln_of(&outsider).await, &desk.seller, &lines);
    outsider.owner.post_xml(&desk.path, &own).await.problem(403, "capability-missing");
    let nowhere = "/v1/integration/orders?portal=nowhere";
    desk.trade.buyer.owner.post_xml(nowhere, &desk.order("p", &lines)).await.problem(404, "not-found");
    desk.trade
        .buyer
        .owner
        .post_xml("/v1/integration/orders", &desk.order("p", &lines))
        .await
        .problem(400, "invalid-query");
    assert_eq!(desk.orders().await, 0);
}

// S14
#[tokio::test]
async fn hostile_and_odd_documents_are_refused_with_the_place_in_them() {
    let desk = Desk::open().await;
    let fault = |problem: &Value| {
        let fault = &problem["errors"][0];
        (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
    };
    for hostile in [BOMB, EXTERNAL_ENTITY] {
        let problem = desk.send(hostile).await.problem(400, "malformed-request");
        assert_eq!(fault(&problem).1, "doctype", "{problem}");
        assert!(!problem.to_string().contains("root:"), "{problem}");
    }
    let good = desk.order("1", &[Line("1", "x", "1", "C62", "1")]);
    let wrong = desk.send(&good.replace("xsd:Order-2", "xsd:Order-3")).await.problem(422, "invalid-input");
    assert_eq!(fault(&wrong), ("/Order".into(), "document_type".into()));
    let invoice = desk.send(&good.replace("Order-2", "Invoice-2").replace("o:Order", "o:Invoice")).await;
    assert_eq!(fault(&invoice.problem(422, "invalid-input")), ("/Invoice".into(), "document_type".into()));
    let unclosed = desk.send(good.trim_end().trim_end_matches("</o:Order>")).await.problem(400, "malformed-request");
    assert_eq!(fault(&unclosed).1, "malformed");
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    assert_eq!(fault(&desk.send(&deep).await.problem(422, "invalid-input")).1, "too_deep");
    desk.send("").await.problem(400, "malformed-request");
    let large = format!("<a>{}</a>", "x".repeat(4 * 1024 * 1024));
    desk.send(&large).await.problem(413, "payload-too-large");
}

// S14
#[tokio::test]
async fn documents_are_taken_in_utf_8_alone() {
    let desk = Desk::open().await;
    let good = desk.order("1", &[Line("1", "x", "1", "C62", "1")]);
    let declared = good.replace("encoding=\"UTF-8\"", "encoding=\"windows-1251\"");
    let problem = desk.send(&declared).await.problem(415, "unsupported-media-type");
    assert_eq!(problem["errors"][0]["code"], "encoding");
    let buyer = &desk.trade.buyer.owner;
    let bytes = async |kind: &str, bytes: Vec<u8>| {
        let request = buyer.request(Method::POST, &desk.path).header("Content-Type", kind).body(bytes);
        buyer.send(request).await.problem(415, "unsupported-media-type")
    };
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(good.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    bytes("application/xml", wide).await;
    bytes("application/xml", b"<?xml version=\"1.0\"?><Order>\xe4</Order>".to_vec()).await;
    bytes("application/xml; charset=iso-8859-1", good.clone().into_bytes()).await;
    bytes("application/json", good.into_bytes()).await;
}

#[tokio::test]
async fn all_faults_of_a_document_are_told_at_once() {
    let desk = Desk::open().await;
    let odd = desk
        .order("1", &[Line("1", "x", "-1", "nope", "1"), Line("1", "y", "1", "C62", "2,5")])
        .replace("<b:IssueDate>2026-11-30", "<b:IssueDate>30.11.2026");
    let faults = desk.send(&odd).await.faults();
    for expected in ["/Order/IssueDate date", "/Order/OrderLine[1]/LineItem/Quantity/@unitCode unit"] {
        assert!(faults.iter().any(|fault| fault == expected), "{expected} is not among {faults:?}");
    }
    assert!(
        faults.iter().any(|fault| fault.starts_with("/Order/OrderLine[2]/LineItem/Price/PriceAmount")),
        "{faults:?}"
    );
}

#[tokio::test]
async fn an_order_as_a_document_waits_for_approval_as_any_other() {
    let desk = Desk::open().await;
    let bolt = desk.bolt("100").await;
    let buyer = &desk.trade.buyer.owner;
    desk.app.person(&desk.trade.buyer, &["approver"]).await;
    let machine = desk.app.machine(&desk.trade.buyer, &["orders:write"]).await;
    let policy = format!("/v1/organisations/{}/approval-policy", desk.trade.buyer.id);
    let step = json!({"name": "Step", "approvers": {"roles": ["approver"]}});
    let etag = buyer.etag(&policy).await;
    buyer.put_if(&policy, &etag, json!({"rules": [{"name": "All", "steps": [step]}]})).await.expect(200);
    let document = desk.order("a", &[Line("1", &bolt.sku, "10", "C62", "1.50")]);
    let answer = machine.post_xml(&desk.path, &document).await.expect(201);
    assert_eq!(texts(&answer.text, "cbc:OrderResponseCode"), ["AB"]);
    assert!(texts(&answer.text, "cbc:Note")[0].contains("approval"), "{}", answer.text);
    let order = buyer.get(&answer.header("location")).await.expect(200).json();
    assert_eq!(order["state"], "awaiting_approval");
    assert_eq!(stock(&desk.trade.seller.owner, &bolt).await.1, "0");
}
