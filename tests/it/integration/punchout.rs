use reqwest::Method;
use serde_json::json;
use tests::app::TestApp;
use tests::client::Client;
use tests::market::Offered;
use tests::procurement::{Purchasing, item_out, order_request, setup, status, texts};
use tests::trade::Trade;

struct Desk {
    app: TestApp,
    trade: Trade,
    buys: Purchasing,
    bolt: Offered,
    /// Somebody without a token: the browser of the buyer's person.
    browser: Client,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let trade = app.trade().await;
        let buys = Purchasing::of(&trade).await;
        let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "2.00"), ("10", "1.50")]).await;
        let browser = app.anonymous();
        Self { app, trade, buys, bolt, browser }
    }

    async fn visit(&self) -> String {
        self.buys.visit(&self.app, "create", "").await
    }

    async fn put(&self, visit: &str, quantity: &str) -> tests::client::Answer {
        let body = json!({"items": [{"sku": self.bolt.sku, "quantity": quantity}]});
        self.browser.post(&format!("{visit}/items"), body).await
    }

    async fn put_form(&self, visit: &str, key: &str, form: &str) -> tests::client::Answer {
        let request = self.browser.request(Method::POST, &format!("{visit}/items")).header("Idempotency-Key", key);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        self.browser.send(request.body(form.to_owned())).await
    }

    async fn page(&self, method: Method, path: &str) -> tests::client::Answer {
        let accepts = "text/html,application/xhtml+xml;q=0.9";
        self.browser.send(self.browser.request(method, path).header("Accept", accepts)).await
    }
}

#[tokio::test]
async fn a_visit_fills_a_basket_at_the_buyers_prices_and_takes_it_back() {
    let desk = Desk::open().await;
    let body = json!({"name": "Framework", "buyers": [desk.trade.buyer.id], "valid_from": "2026-01-01T00:00:00Z",
        "entries": [{"offer_id": desk.bolt.offer_id, "tiers": [{"from": "1", "unit_price": {"amount": "1.25", "currency": "EUR"}}]}]});
    let lists = format!("/v1/portals/{}/price-lists", desk.trade.market.slug);
    desk.trade.seller.owner.post(&lists, body).await.expect(201);

    let visit = desk.visit().await;
    let empty = desk.browser.get(&visit).await.expect(200);
    assert_eq!(empty.header("cache-control"), "no-store");
    assert_eq!((&empty.json()["items"], &empty.json()["total"]), (&json!([]), &json!(null)));
    let full = desk.put(&visit, "12").await.expect(200).json();
    assert_eq!(full["items"][0]["unit_price"], json!({"amount": "1.25", "currency": "EUR"}));
    assert_eq!(full["total"], json!({"amount": "15.00", "currency": "EUR"}));
    assert_eq!(desk.put(&visit, "4").await.expect(200).json()["total"]["amount"], "5.00");

    let back = desk.browser.post(&format!("{visit}/checkout"), json!({})).await.expect(200).json();
    assert_eq!(back["form_post"], "https://buyer.example/punchout?visit=7&back=1");
    let message = back["cxml"].as_str().unwrap();
    let cookie = texts(message, "BuyerCookie").remove(0).replace("&quot;", "\"");
    assert_eq!(cookie, "basket \"7\" &lt;of&gt; Jo", "{message}");
    assert!(
        message.contains("<Money currency=\"EUR\">1.25</Money>")
            && message.contains("<Money currency=\"EUR\">5.00</Money>")
    );
    assert_eq!(texts(message, "SupplierPartID"), std::slice::from_ref(&desk.bolt.sku));

    // What was brought back is ordered by what came with it.
    let auxiliary = texts(message, "SupplierPartAuxiliaryID").remove(0);
    let item = item_out("1", (&desk.bolt.sku, &auxiliary), "4", "C62", "1.25");
    let ordered = desk.buys.send(&desk.app, &desk.buys.document(&order_request("V-1", "new", &item))).await;
    assert_eq!(status(&ordered.text), "200", "{}", ordered.text);
}

#[tokio::test]
async fn a_browser_gets_pages_with_nothing_from_elsewhere() {
    let desk = Desk::open().await;
    let visit = desk.visit().await;
    let form = [("sku", desk.bolt.sku.as_str()), ("quantity", "3")];
    let put = desk.browser.request(Method::POST, &format!("{visit}/items")).form(&form);
    let put = desk.browser.send(put).await.expect(303);
    assert_eq!(put.header("location"), visit);
    let page = desk.page(Method::GET, &visit).await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.contains(&desk.bolt.sku) && page.text.contains("6.00 EUR"), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(page.header("referrer-policy"), "no-referrer");

    let back = desk.page(Method::POST, &format!("{visit}/checkout")).await.expect(200);
    let policy = back.header("content-security-policy");
    assert!(policy.contains("form-action https://buyer.example") && policy.contains("script-src 'sha256-"), "{policy}");
    assert!(back.text.contains("action=\"https://buyer.example/punchout?visit=7&amp;back=1\""), "{}", back.text);
    assert!(
        back.text.contains("name=\"cxml-urlencoded\" value=\"&lt;?xml") && !back.text.contains("<cXML"),
        "{}",
        back.text
    );
    assert!(back.text.contains("<script>document.forms[0].submit()</script>"), "{}", back.text);
}

// R3, S14
#[tokio::test]
async fn a_form_is_judged_as_json_is() {
    let desk = Desk::open().await;
    let visit = desk.visit().await;
    let long = format!("sku={}&quantity=1", "x".repeat(101));
    let faulty = [
        (long.as_str(), "/items/0/sku too_long"),
        ("sku=&quantity=1", "/items/0/sku too_short"),
        ("sku=A&quantity=1.", "/items/0/quantity format"),
        ("offer_id=7&quantity=1", "/items/0/offer_id format"),
        ("sku=A", "/items/0/quantity required"),
        ("sku=A&quantity=1&colour=red", "/items/0/colour unknown_field"),
    ];
    for (index, (form, fault)) in faulty.into_iter().enumerate() {
        assert_eq!(desk.put_form(&visit, &format!("faulty-{index}"), form).await.faults(), [fault], "{form}");
    }
    for (index, form) in ["sku=a%00b&quantity=1", "sku=A&sku=A&quantity=1"].into_iter().enumerate() {
        desk.put_form(&visit, &format!("malformed-{index}"), form).await.problem(400, "malformed-request");
    }
    let large = format!("sku=A&quantity=1&unit={}", "x".repeat(16 * 1024));
    desk.put_form(&visit, "large", &large).await.problem(413, "payload-too-large");

    let form = |quantity: &str| format!("sku={}&quantity={quantity}", desk.bolt.sku);
    desk.put_form(&visit, "same", &form("3")).await.expect(303);
    desk.put_form(&visit, "same", &form("3")).await.expect(303);
    desk.put_form(&visit, "same", &form("4")).await.problem(422, "idempotency-key-reused");
    assert_eq!(desk.browser.get(&visit).await.expect(200).json()["items"][0]["quantity"]["value"], "3");
}

// S13
#[tokio::test]
async fn a_visit_is_over_with_its_checkout_or_its_time() {
    let desk = Desk::open().await;
    let visit = desk.visit().await;
    desk.browser.post(&format!("{visit}/checkout"), json!({})).await.problem(409, "empty-order");
    desk.put(&visit, "1").await.expect(200);
    let first = desk.browser.post_once(&format!("{visit}/checkout"), "back", json!({})).await.expect(200);
    let again = desk.browser.post_once(&format!("{visit}/checkout"), "back", json!({})).await.expect(200);
    assert_eq!(first.text, again.text);
    desk.browser.post(&format!("{visit}/checkout"), json!({})).await.problem(409, "link-expired");
    desk.put(&visit, "2").await.problem(409, "link-expired");
    desk.browser.get(&visit).await.problem(409, "link-expired");

    let late = desk.visit().await;
    desk.app.sql("UPDATE punchout_session SET expires_at = created_at WHERE checked_out_at IS NULL").await;
    desk.browser.get(&late).await.problem(409, "link-expired");
    desk.put(&late, "1").await.problem(409, "link-expired");
    desk.browser.get("/v1/punchout/guessed").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_token_is_good_for_its_own_visit_alone_and_no_longer_than_its_client_and_secret() {
    let mut desk = Desk::open().await;
    let (one, two) = (desk.visit().await, desk.visit().await);
    assert_ne!(one, two);
    desk.put(&one, "1").await.expect(200);
    assert_eq!(desk.browser.get(&two).await.expect(200).json()["items"], json!([]));
    let token = one.rsplit('/').next().unwrap();
    desk.browser.with_token(token).get("/v1/orders").await.problem(401, "invalid-token");
    let of_it = format!("SELECT count(*) FROM punchout_session p WHERE token_hash = sha256('{token}'::bytea)");
    assert_eq!(desk.app.count(&of_it).await, 1);
    let hidden = format!(
        "strpos(p::text, '{token}') = 0 AND strpos(p::text, encode('{token}'::bytea, 'hex')) = 0
         AND strpos(p::text, encode('{token}'::bytea, 'base64')) = 0"
    );
    assert_eq!(desk.app.count(&format!("{of_it} AND {hidden}")).await, 1);

    let client = format!("/v1/organisations/{}/api-clients/{}", desk.trade.buyer.id, desk.buys.client);
    let secrets = format!("{client}/secrets");
    let first = desk.trade.buyer.owner.get(&secrets).await.expect(200).json()["items"][0]["id"].clone();
    let second = desk.trade.buyer.owner.post(&secrets, json!({})).await.expect(201).json();
    desk.buys.secret = second["secret"].as_str().unwrap().to_owned();
    let of_second = desk.visit().await;
    desk.trade.buyer.owner.delete(&format!("{secrets}/{}", first.as_str().unwrap())).await.expect(204);
    desk.browser.get(&one).await.problem(404, "not-found");
    desk.put(&one, "2").await.problem(404, "not-found");
    desk.browser.post(&format!("{one}/checkout"), json!({})).await.problem(404, "not-found");

    desk.browser.get(&of_second).await.expect(200);
    let etag = desk.trade.buyer.owner.etag(&client).await;
    desk.trade.buyer.owner.delete_if(&client, &etag).await.expect(204);
    desk.browser.get(&of_second).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_basket_comes_back_to_be_changed_or_looked_at() {
    let desk = Desk::open().await;
    let items = item_out("1", (&desk.bolt.sku, &desk.bolt.offer_id), "2", "C62", "2.00")
        + &item_out("2", ("GONE", ""), "1", "C62", "1.00");
    let edited = desk.buys.visit(&desk.app, "edit", &items).await;
    let shown = desk.browser.get(&edited).await.expect(200).json();
    assert_eq!((shown["items"].as_array().unwrap().len(), &shown["items"][0]["quantity"]["value"]), (1, &json!("2")));
    assert_eq!(desk.put(&edited, "0").await.expect(200).json()["items"], json!([]));

    let looked_at = desk.buys.visit(&desk.app, "inspect", &items).await;
    desk.put(&looked_at, "5").await.problem(409, "wrong-state");
    let back = desk.browser.post(&format!("{looked_at}/checkout"), json!({})).await.expect(200).json();
    assert!(back["cxml"].as_str().unwrap().contains("operationAllowed=\"inspect\""));
}

#[tokio::test]
async fn what_is_not_offered_goes_into_no_basket() {
    let desk = Desk::open().await;
    let visit = desk.visit().await;
    let other = desk.trade.market.member(&desk.app, "Other", &["sell"]).await;
    let theirs = desk.trade.market.offer(&other.owner, "9", &[("1", "1.00")]).await;
    let body = json!({"items": [{"sku": "NO-SUCH-THING", "quantity": "1"}, {"offer_id": theirs.offer_id, "quantity": "1"},
        {"quantity": "1"}, {"sku": desk.bolt.sku, "quantity": "-1"}]});
    assert_eq!(
        desk.browser.post(&format!("{visit}/items"), body).await.faults(),
        ["/items/0 not_offered", "/items/1 not_offered", "/items/2 required", "/items/3/quantity negative"]
    );
    desk.put(&visit, "1").await.expect(200);
    let offer = format!("/v1/portals/{}/offers/{}/withdraw", desk.trade.market.slug, desk.bolt.offer_id);
    desk.trade.seller.owner.post(&offer, json!({})).await.expect(200);
    let shown = desk.browser.get(&visit).await.expect(200).json();
    assert!(shown["items"][0]["problem"].is_string() && shown["items"][0]["unit_price"].is_null(), "{shown}");
    assert_eq!(desk.browser.post(&format!("{visit}/checkout"), json!({})).await.faults(), ["/items/0 not_orderable"]);
}

#[tokio::test]
async fn a_visit_begins_only_where_the_buyer_may_buy_and_with_an_address_of_the_web() {
    let desk = Desk::open().await;
    let document = desk.buys.document(&setup("create", ""));
    let wrong = desk.buys.send(&desk.app, &document.replace(&desk.buys.secret, "guessed")).await;
    assert_eq!((status(&wrong.text).as_str(), wrong.text.contains("StartPage")), ("401", false));
    let script = document.replace("https://buyer.example/", "javascript:alert(1)//");
    assert_eq!(status(&desk.buys.send(&desk.app, &script).await.text), "400");
    let nowhere = desk.app.anonymous().post_xml("/v1/cxml?portal=nowhere", &document).await.expect(200);
    assert_eq!(status(&nowhere.text), "400");
    assert_eq!(desk.app.count("SELECT count(*) FROM punchout_session").await, 0);
}
