use serde_json::json;
use tests::app::TestApp;
use tests::market::{Offered, stock};
use tests::procurement::{BOMB, EXTERNAL_ENTITY, Purchasing, item_out, order_request, setup, status, texts};
use tests::trade::Trade;

struct Desk {
    app: TestApp,
    trade: Trade,
    buys: Purchasing,
    bolt: Offered,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut api::config::Config)) -> Self {
        let app = TestApp::start_with(change).await;
        let trade = app.trade().await;
        let buys = Purchasing::of(&trade).await;
        let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00")]).await;
        Self { app, trade, buys, bolt }
    }

    /// The code and the words of the answer.
    async fn send(&self, document: &str) -> (String, String) {
        let answer = self.buys.send(&self.app, document).await;
        assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
        let words = answer.text.split_once("<Status").unwrap().1.to_owned();
        (status(&answer.text), words)
    }

    fn order(&self, number: &str, quantity: &str, price: &str) -> String {
        let item = item_out("1", (&self.bolt.sku, ""), quantity, "EA", price);
        self.buys.document(&order_request(number, "new", &item))
    }

    async fn orders(&self) -> i64 {
        self.app.count("SELECT count(*) FROM purchase_order").await
    }
}

#[tokio::test]
async fn an_order_request_is_an_order_as_any_other() {
    let desk = Desk::open().await;
    let (code, words) = desk.send(&desk.order("C-1", "3", "2.00")).await;
    assert_eq!(code, "200", "{words}");
    let orders = desk.trade.seller.owner.get("/v1/orders?role=seller").await.expect(200).json();
    let order = &orders["items"][0];
    assert_eq!((&order["state"], &order["buyer_reference"]), (&json!("placed"), &json!("C-1")));
    assert!(words.contains(order["number"].as_str().unwrap()), "{words}");
    assert_eq!(order["delivery_address"]["city"], "Kiel");
    assert_eq!(stock(&desk.trade.seller.owner, &desk.bolt).await.1, "3");
}

// R2, R3
#[tokio::test]
async fn the_same_document_or_number_is_the_same_order() {
    let desk = Desk::open().await;
    let item = item_out("1", (&desk.bolt.sku, ""), "3", "EA", "2.00");
    let request = order_request("C-2", "new", &item);
    let document = desk.buys.document_as("one@buyer.example", &request);
    let first = desk.buys.send(&desk.app, &document).await;
    let again = desk.buys.send(&desk.app, &document).await;
    assert_eq!((status(&first.text), first.text), ("200".into(), again.text));
    let (code, words) = desk.send(&desk.buys.document(&request)).await;
    assert_eq!((code.as_str(), words.contains("PO-")), ("200", true));
    let (code, _) = desk.send(&desk.buys.document_as("one@buyer.example", &request.replace("\"3\"", "\"4\""))).await;
    assert_eq!(code, "409");
    let (code, words) = desk.send(&desk.order("C-2", "4", "2.00")).await;
    assert_eq!((code.as_str(), words.contains("C-2")), ("409", true), "{words}");
    assert_eq!((desk.orders().await, stock(&desk.trade.seller.owner, &desk.bolt).await.1), (1, "3".into()));
}

// R2, R3
#[tokio::test]
async fn the_same_document_to_another_portal_is_refused() {
    let mut desk = Desk::open().await;
    let document = desk.order("C-7", "3", "2.00");
    let there = desk.app.market().await;
    there.join(&desk.app, &desk.trade.buyer, &["buy"]).await;
    assert_eq!(desk.send(&document).await.0, "200");
    let here = std::mem::replace(&mut desk.buys.portal, there.slug);
    assert_eq!(desk.send(&document).await.0, "409");
    assert_eq!(desk.orders().await, 1);
    desk.buys.portal = here;
    assert_eq!(desk.send(&document).await.0, "200");
    assert_eq!(desk.orders().await, 1);
}

#[tokio::test]
async fn an_order_that_cannot_be_is_refused_item_by_item() {
    let desk = Desk::open().await;
    let items = item_out("1", ("NO-SUCH-THING", ""), "1", "EA", "2.00")
        + &item_out("2", (&desk.bolt.sku, ""), "1", "EA", "9.99");
    let (code, words) = desk.send(&desk.buys.document(&order_request("C-3", "new", &items))).await;
    assert_eq!(code, "400", "{words}");
    assert!(words.contains("/cXML/Request/OrderRequest/ItemOut[1] (not_offered)"), "{words}");
    assert!(words.contains("/cXML/Request/OrderRequest/ItemOut[2] (price_changed)"), "{words}");
    for action in ["update", "delete"] {
        let item = item_out("1", (&desk.bolt.sku, ""), "1", "EA", "2.00");
        let (code, words) = desk.send(&desk.buys.document(&order_request("C-3", action, &item))).await;
        assert_eq!((code.as_str(), words.contains("/cancel")), ("450", true), "{words}");
    }
    assert_eq!(desk.orders().await, 0);
}

#[tokio::test]
async fn a_test_orders_nothing_and_tells_what_an_order_would_be_refused_for() {
    let desk = Desk::open().await;
    let test = |document: String| document.replace("\"production\"", "\"test\"");
    let (code, words) = desk.send(&test(desk.order("C-4", "1", "2.00"))).await;
    assert_eq!((code.as_str(), words.contains("nothing was ordered")), ("200", true), "{words}");
    assert_eq!(desk.send(&test(desk.order("C-4", "1", "9.00"))).await.0, "400");
    assert_eq!(desk.orders().await, 0);
}

#[tokio::test]
async fn a_profile_tells_what_can_be_asked_for_and_the_rest_is_not_understood() {
    let desk = Desk::open().await;
    let profile = desk.buys.send(&desk.app, &desk.buys.document("<ProfileRequest/>")).await;
    assert_eq!(status(&profile.text), "200");
    assert_eq!(profile.text.matches("<Transaction requestName=").count(), 3, "{}", profile.text);
    assert!(texts(&profile.text, "URL")[0].ends_with(&format!("/v1/cxml?portal={}", desk.buys.portal)));
    let (code, words) = desk.send(&desk.buys.document("<InvoiceDetailRequest/>")).await;
    assert_eq!((code.as_str(), words.contains("InvoiceDetailRequest")), ("450", true));
}

#[tokio::test]
async fn the_sender_is_a_client_or_its_organisation_with_a_good_secret() {
    let desk = Desk::open().await;
    let profile = desk.buys.document("<ProfileRequest/>");
    let by_gln = profile.replace("\"NetworkId\"", "\"GLN\"").replace(&desk.buys.client, &desk.buys.buyer_gln);
    assert_eq!(desk.send(&by_gln).await.0, "200");
    let wrong = [
        profile.replace(&desk.buys.secret, "guessed"),
        by_gln.replace(&desk.buys.secret, "guessed"),
        profile.replace(&desk.buys.client, "0190b5a0-0000-7000-8000-00000000dead"),
        profile.replace(&desk.buys.client, "nobody"),
        profile.replace(&format!("<SharedSecret>{}</SharedSecret>", desk.buys.secret), ""),
        // Another company's good secret is none of this one's.
        by_gln.replace(
            &desk.buys.secret,
            desk.trade.seller.api_client(&["orders:write"]).await["secret"]["secret"].as_str().unwrap(),
        ),
    ];
    for document in wrong {
        assert_eq!(desk.send(&document).await.0, "401", "{document}");
    }
    let from = format!("<From><Credential domain=\"GLN\"><Identity>{}<", desk.buys.buyer_gln);
    let of_others = profile.replace(&from, &from.replace(&desk.buys.buyer_gln, &desk.buys.seller_gln));
    assert_eq!(desk.send(&of_others).await.0, "403");

    let client = format!("/v1/organisations/{}/api-clients/{}", desk.trade.buyer.id, desk.buys.client);
    let etag = desk.trade.buyer.owner.etag(&client).await;
    desk.trade.buyer.owner.delete_if(&client, &etag).await.expect(204);
    assert_eq!(desk.send(&profile).await.0, "401");
}

// R38
#[tokio::test]
async fn what_the_client_may_not_do_is_forbidden() {
    let mut desk = Desk::open().await;
    let made = desk.trade.buyer.api_client(&["orders:read"]).await;
    desk.buys.client = made["id"].as_str().unwrap().to_owned();
    desk.buys.secret = made["secret"]["secret"].as_str().unwrap().to_owned();
    assert_eq!(desk.send(&desk.order("C-5", "1", "2.00")).await.0, "403");
    assert_eq!(desk.send(&desk.buys.document(&setup("create", ""))).await.0, "403");
    assert_eq!(desk.orders().await, 0);
}

// S12
#[tokio::test]
async fn guesses_are_throttled() {
    let desk = Desk::open_with(|config| config.rate_log_in = 10).await;
    let guess = desk.buys.document("<ProfileRequest/>").replace(&desk.buys.secret, "guessed");
    let mut codes = Vec::new();
    while codes.last().is_none_or(|last| last == "401") && codes.len() < 100 {
        codes.push(desk.send(&guess).await.0);
    }
    assert_eq!(codes.pop().as_deref(), Some("560"));
    assert!(codes.len() >= 10, "{codes:?}");
}

// S12
#[tokio::test]
async fn guesses_are_throttled_by_every_name_that_they_show() {
    let desk = Desk::open_with(|config| config.rate_log_in = 10).await;
    let guess = desk.buys.document("<ProfileRequest/>").replace(&desk.buys.secret, "guessed");
    let mut codes = Vec::new();
    // Fewer than are taken of one address: it is the second name that counts.
    while codes.last().is_none_or(|last| last == "401") && codes.len() < 60 {
        let other =
            format!("<Sender><Credential domain=\"NetworkId\"><Identity>other-{}</Identity></Credential>", codes.len());
        codes.push(desk.send(&guess.replace("<Sender>", &other)).await.0);
    }
    assert_eq!(codes.pop().as_deref(), Some("560"));
    assert!(codes.len() >= 10, "{codes:?}");
}

// S12
#[tokio::test]
async fn good_credentials_are_never_throttled_as_guesses() {
    let desk = Desk::open_with(|config| config.rate_log_in = 10).await;
    for _ in 0..30 {
        assert_eq!(desk.send(&desk.buys.document("<ProfileRequest/>")).await.0, "200");
    }
    // Nor are those that were good for something else.
    let from = format!("<From><Credential domain=\"GLN\"><Identity>{}<", desk.buys.buyer_gln);
    let others = from.replace(&desk.buys.buyer_gln, &desk.buys.seller_gln);
    for _ in 0..30 {
        let document = desk.buys.document("<ProfileRequest/>").replace(&from, &others);
        assert_eq!(desk.send(&document).await.0, "403");
    }
}

// S14
#[tokio::test]
async fn a_document_type_is_tolerated_and_everything_hostile_refused() {
    let desk = Desk::open().await;
    // The document type of every document here is at an address that nobody answers at: it is never fetched.
    let profile = desk.buys.document("<ProfileRequest/>");
    assert!(profile.contains("<!DOCTYPE cXML SYSTEM \"http://127.0.0.1:9/cXML.dtd\">"));
    assert_eq!(desk.send(&profile).await.0, "200");
    for hostile in [BOMB, EXTERNAL_ENTITY, "", "<cXML", "no XML at all"] {
        assert_eq!(desk.send(hostile).await.0, "406", "{hostile}");
    }
    let declared = profile.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    assert_eq!(desk.send(&declared).await.0, "406");
    let (code, words) = desk.send("<Order/>").await;
    assert_eq!((code.as_str(), words.contains("document_type")), ("400", true), "{words}");
    let namespace = profile.replace("<cXML ", "<cXML xmlns=\"urn:other\" ");
    assert_eq!(desk.send(&namespace).await.0, "400");
    let long = format!("<cXML>{}</cXML>", "x".repeat(100_000));
    assert_eq!(desk.send(&long).await.0, "400");

    let anonymous = desk.app.anonymous();
    let as_json = anonymous.post("/v1/cxml", json!({"a": 1})).await.expect(200);
    assert_eq!(status(&as_json.text), "406");
    let nowhere = anonymous.post_xml("/v1/cxml", &desk.order("C-6", "1", "2.00")).await.expect(200);
    assert_eq!((status(&nowhere.text).as_str(), nowhere.text.contains("portal")), ("400", true));
    let odd = anonymous.post_xml("/v1/cxml?colour=red", &profile).await.expect(200);
    assert_eq!(status(&odd.text), "400");
}
