use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::market::{Offered, stock};
use tests::procurement::{BOMB, Line, gln_of, texts, ubl_order, ubl_response};
use tests::sourcing::id_of;
use tests::trade::{Trade, sign};

/// An order of 10 bolts at 1.50 and 2 nuts at 2.00 that came as a document, and both sides' GLNs.
struct Deal {
    app: TestApp,
    trade: Trade,
    buyer: String,
    seller: String,
    bolt: Offered,
    nut: Offered,
    order: String,
}

const ANSWERS: &str = "/v1/integration/order-responses";

impl Deal {
    async fn made() -> Self {
        let app = TestApp::start().await;
        let trade = app.trade().await;
        let (buyer, seller) = (gln_of(&trade.buyer).await, gln_of(&trade.seller).await);
        let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "1.50")]).await;
        let nut = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00")]).await;
        let lines = [Line("L1", &bolt.sku, "10", "C62", "1.50"), Line("L2", &nut.sku, "2", "C62", "2.00")];
        let path = format!("/v1/integration/orders?portal={}", trade.market.slug);
        let made = trade.buyer.owner.post_xml(&path, &ubl_order("B-77", &buyer, &seller, &lines)).await.expect(201);
        let order = made.header("location");
        Self { app, trade, buyer, seller, bolt, nut, order }
    }

    fn response(&self, code: &str, lines: &[(&str, &str, &str)]) -> String {
        ubl_response("B-77", &self.seller, &self.buyer, code, lines)
    }

    async fn answer(&self, document: &str) -> tests::client::Answer {
        self.trade.seller.owner.post_xml(ANSWERS, document).await
    }

    /// The answer that the buyer's system fetches.
    async fn told(&self) -> String {
        self.trade.buyer.owner.get(&format!("{}/response.xml", self.order)).await.expect(200).text
    }
}

async fn state(by: &Client, path: &str) -> Value {
    by.get(path).await.expect(200).json()["state"].clone()
}

#[tokio::test]
async fn a_seller_fetches_an_order_and_answers_it_as_documents() {
    let deal = Deal::made().await;
    let seller = &deal.trade.seller.owner;
    let fetched = seller.get(&format!("{}.xml", deal.order)).await.expect(200);
    assert_eq!(fetched.header("content-type"), "application/xml");
    assert!(fetched.header("content-disposition").starts_with("attachment; filename=\"PO-"));
    let text = &fetched.text;
    assert!(text.contains("<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\""), "{text}");
    let ids = texts(text, "cbc:ID");
    for expected in ["B-77", "L1", "L2", &deal.bolt.sku, &deal.nut.sku, &deal.buyer, &deal.seller] {
        assert!(ids.iter().any(|id| id == expected), "{expected} is not in {ids:?}");
    }
    assert_eq!(texts(text, "cbc:PriceAmount"), ["1.50", "2.00"]);
    assert_eq!(texts(text, "cbc:PayableAmount"), ["22.61"]);
    assert_eq!(texts(&deal.told().await, "cbc:OrderResponseCode"), ["AB"]);

    assert_eq!(deal.answer(&deal.response("AB", &[])).await.expect(200).json()["state"], "placed");
    let confirmed = deal.answer(&deal.response("AP", &[])).await.expect(200).json();
    assert_eq!((&confirmed["state"], confirmed["contract_id"].is_string()), (&json!("confirmed"), true));
    let told = deal.told().await;
    assert_eq!(texts(&told, "cbc:OrderResponseCode"), ["AP"]);
    assert_eq!(
        (texts(&told, "cbc:LineID"), texts(&told, "cbc:LineStatusCode")),
        (vec!["L1".into(), "L2".into()], vec!["5".to_owned(), "5".into()])
    );
    deal.answer(&deal.response("AP", &[])).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_changed_answer_confirms_what_its_lines_say() {
    let deal = Deal::made().await;
    let changed = deal.response("CA", &[("L1", "3", "6"), ("L2", "7", "2")]);
    let confirmed = deal.answer(&changed).await.expect(200).json();
    assert_eq!(confirmed["state"], "partly_confirmed");
    assert_eq!(confirmed["lines"][0]["confirmed_quantity"], json!({"value": "6", "unit": "C62"}));
    assert_eq!(confirmed["lines"][1]["confirmed_quantity"]["value"], "0");
    assert_eq!(stock(&deal.trade.seller.owner, &deal.nut).await.1, "0");
    let told = deal.told().await;
    assert_eq!(texts(&told, "cbc:OrderResponseCode"), ["CA"]);
    assert_eq!(texts(&told, "cbc:LineStatusCode"), ["3", "7"]);
    assert_eq!(texts(&told, "cbc:Quantity")[0], "6");
}

#[tokio::test]
async fn changes_for_the_worse_wait_for_the_buyer() {
    let deal = Deal::made().await;
    let dearer = deal.response("CA", &[("L1", "3", "10"), ("L2", "5", "2")]).replacen(
        "<cac:Item/>",
        "<cac:Price><cbc:PriceAmount currencyID=\"EUR\">1.80</cbc:PriceAmount></cac:Price><cac:Item/>",
        1,
    );
    assert_eq!(deal.answer(&dearer).await.expect(200).json()["state"], "confirmation_proposed");
    let told = deal.told().await;
    assert_eq!(texts(&told, "cbc:OrderResponseCode"), ["CA"]);
    assert_eq!(texts(&told, "cbc:PriceAmount"), ["1.80", "2.00"]);
    assert_eq!(texts(&told, "cbc:Note")[0], "As far as the stock goes.");
    let (buyer, accept) = (&deal.trade.buyer.owner, format!("{}/accept", deal.order));
    buyer.post_if(&accept, &buyer.etag(&deal.order).await, json!({})).await.expect(200);
    assert_eq!(texts(&deal.told().await, "cbc:OrderResponseCode"), ["CA"]);
}

#[tokio::test]
async fn a_refusing_answer_declines_the_order() {
    let deal = Deal::made().await;
    let declined = deal.answer(&deal.response("RE", &[])).await.expect(200).json();
    assert_eq!((&declined["state"], &declined["reason"]), (&json!("declined"), &json!("As far as the stock goes.")));
    assert_eq!(stock(&deal.trade.seller.owner, &deal.bolt).await, ("100".into(), "0".into()));
    let told = deal.told().await;
    assert_eq!(
        (texts(&told, "cbc:OrderResponseCode"), texts(&told, "cbc:Note")[0].as_str()),
        (vec!["RE".to_owned()], "As far as the stock goes.")
    );
}

#[tokio::test]
async fn an_answer_is_refused_where_it_fits_no_order_or_itself() {
    let deal = Deal::made().await;
    let faults = async |document: String| deal.answer(&document).await.faults();
    let unknown = ubl_response("B-78", &deal.seller, &deal.buyer, "AP", &[]);
    assert_eq!(faults(unknown).await, ["/OrderResponse/OrderReference/ID unknown_order"]);
    let of_others = ubl_response("B-77", &deal.seller, &deal.seller, "AP", &[]);
    assert_eq!(faults(of_others).await, ["/OrderResponse/OrderReference/ID unknown_order"]);
    let odd = deal.response("AP", &[("L1", "7", "0"), ("L9", "5", "1")]);
    assert_eq!(
        faults(odd).await,
        [
            "/OrderResponse/OrderLine[1]/LineItem/LineStatusCode contradiction",
            "/OrderResponse/OrderLine[2]/LineItem unknown_line"
        ]
    );
    let added = deal.response("CA", &[("L1", "1", "5")]);
    assert_eq!(faults(added).await, ["/OrderResponse/OrderLine/LineItem/LineStatusCode not_supported"]);
    assert_eq!(faults(deal.response("XX", &[])).await, ["/OrderResponse/OrderResponseCode code"]);
    deal.answer(BOMB).await.problem(400, "malformed-request");

    let outsider = deal.app.company("Outsider").await.owner;
    outsider.post_xml(ANSWERS, &deal.response("AP", &[])).await.problem(422, "invalid-input");
    deal.trade.buyer.owner.post_xml(ANSWERS, &deal.response("AP", &[])).await.problem(422, "invalid-input");
    assert_eq!(state(&deal.trade.buyer.owner, &deal.order).await, "placed");
}

// S1
#[tokio::test]
async fn outsiders_find_no_documents_and_drafts_are_none() {
    let deal = Deal::made().await;
    let outsider = deal.app.company("Outsider").await.owner;
    for path in [format!("{}.xml", deal.order), format!("{}/response.xml", deal.order)] {
        outsider.get(&path).await.problem(404, "not-found");
        deal.app.anonymous().get(&path).await.problem(401, "unauthenticated");
    }
    outsider.get("/v1/orders/0190b5a0-0000-7000-8000-00000000dead.xml").await.problem(404, "not-found");
    let buyer = &deal.trade.buyer.owner;
    let draft = buyer.post("/v1/orders", deal.trade.market.order(&[(&deal.bolt, "1")], false)).await.expect(201).json();
    let path = format!("/v1/orders/{}", draft["orders"][0]["id"].as_str().unwrap());
    deal.trade.seller.owner.get(&format!("{path}.xml")).await.problem(404, "not-found");
    buyer.get(&format!("{path}.xml")).await.problem(409, "wrong-state");
    buyer.get(&format!("{path}/response.xml")).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn a_delivery_is_a_despatch_advice_in_the_words_of_the_buyers_order() {
    let deal = Deal::made().await;
    let confirmed = deal.answer(&deal.response("CA", &[("L1", "7", "0"), ("L2", "5", "2")])).await.expect(200).json();
    let contract = confirmed["contract_id"].as_str().unwrap();
    let (seller, buyer) = (&deal.trade.seller.owner, &deal.trade.buyer.owner);
    sign(seller, contract).await.expect(200);
    sign(buyer, contract).await.expect(200);
    let line = buyer.get(&format!("/v1/contracts/{contract}")).await.expect(200).json()["lines"][0]["id"].clone();
    let part = json!({"lines": [{"contract_line_id": line, "quantity": {"value": "1", "unit": "C62"}}], "carrier": "Hanse Spedition", "tracking": "HS 1"});
    let delivery = seller.post(&format!("/v1/contracts/{contract}/deliveries"), part).await.expect(201).id();
    let advice = buyer.get(&format!("/v1/deliveries/{delivery}.xml")).await.expect(200).text;
    assert!(advice.contains("xsd:DespatchAdvice-2"), "{advice}");
    assert_eq!(
        (texts(&advice, "cbc:LineID"), texts(&advice, "cbc:DeliveredQuantity")),
        (vec!["L2".into()], vec!["1".to_owned()])
    );
    assert_eq!(
        (texts(&advice, "cbc:OutstandingQuantity"), texts(&advice, "cbc:TrackingID")),
        (vec!["1".into()], vec!["HS 1".to_owned()])
    );
    assert!(texts(&advice, "cbc:ID").iter().any(|id| id == "B-77"), "{advice}");
    assert!(advice.contains("Hanse Spedition") && advice.contains("Kiel"), "{advice}");
    let outsider = deal.app.company("Outsider").await.owner;
    outsider.get(&format!("/v1/deliveries/{delivery}.xml")).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_request_and_the_quotes_to_it_are_documents_for_those_who_may_read_them() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    let path = format!("/v1/rfqs/{}.xml", id_of(&rfq));
    let asked = one.owner.get(&path).await.expect(200).text;
    assert!(asked.contains("xsd:RequestForQuotation-2"), "{asked}");
    assert!(asked.contains(&gln_of(&one).await) && asked.contains(&gln_of(&tender.buyer).await), "{asked}");
    let lines = one.owner.get(&rfq).await.expect(200).json()["lines"].as_array().unwrap().len();
    assert_eq!(texts(&asked, "cbc:Quantity").len(), lines);
    app.company("Outsider").await.owner.get(&path).await.problem(404, "not-found");
    let draft = tender.draft(json!({})).await;
    tender.buyer.owner.get(&format!("/v1/rfqs/{}.xml", id_of(&draft))).await.problem(409, "wrong-state");

    let prices: Vec<&str> = ["10.00", "20.00", "30.00"].into_iter().take(lines).collect();
    let quote = tender.quoted(&one, &rfq, &prices, json!({})).await;
    let paper = format!("/v1/quotes/{}.xml", id_of(&quote));
    let own = one.owner.get(&paper).await.expect(200).text;
    assert!(own.contains("xsd:Quotation-2"), "{own}");
    assert_eq!(texts(&own, "cbc:PriceAmount").len(), lines);
    // What is sealed is nobody else's, in this form neither.
    tender.buyer.owner.get(&paper).await.problem(404, "not-found");
    two.owner.get(&paper).await.problem(404, "not-found");
    tender.evaluated(&app, &rfq).await;
    assert_eq!(tender.buyer.owner.get(&paper).await.expect(200).text, own);
    two.owner.get(&paper).await.problem(404, "not-found");
}
