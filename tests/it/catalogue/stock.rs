//! Stock by warehouse and lot, expected receipts, backorders, and what can be had when.

use chrono::{Days, NaiveDate};
use diesel_async::SimpleAsyncConnection;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::market::{Offered, stock};
use tests::trade::Trade;

struct Scene {
    app: TestApp,
    trade: Trade,
    hamburg: String,
    kiel: String,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let warehouse = async |name: &str| {
        let body = json!({"name": name, "country": "DE", "city": name});
        trade.seller.owner.post("/v1/warehouses", body).await.expect(201).id()
    };
    let (hamburg, kiel) = (warehouse("Hamburg").await, warehouse("Kiel").await);
    Scene { app, trade, hamburg, kiel }
}

impl Scene {
    fn seller(&self) -> &Client {
        &self.trade.seller.owner
    }

    async fn offer(&self, on_hand: &str) -> Offered {
        self.trade.market.offer(self.seller(), on_hand, &[("1", "2.00")]).await
    }

    async fn record(&self, of: &Offered, warehouse: &str, reason: &str, quantity: &str, more: Value) -> Answer {
        let mut body = json!({"warehouse_id": warehouse, "reason": reason, "quantity": quantity});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.seller().post(&format!("/v1/products/{}/stock-movements", of.product_id), body).await
    }

    /// Lot numbers with their quantities, sorted.
    async fn lots(&self, of: &Offered) -> Vec<(String, String)> {
        let page = self.seller().get(&format!("/v1/products/{}/lots", of.product_id)).await.expect(200).json();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let items = page["items"].as_array().unwrap().iter();
        let mut lots: Vec<_> = items.map(|one| (text(one, "number"), text(one, "quantity"))).collect();
        lots.sort();
        lots
    }

    fn day(&self, later: u64) -> NaiveDate {
        self.app.shared.clock.now().date_naive() + Days::new(later)
    }

    async fn available(&self, of: &Offered, query: &str) -> Value {
        let path = format!("/v1/portals/{}/catalogue/{}/availability{query}", self.trade.market.slug, of.offer_id);
        self.app.anonymous().get(&path).await.expect(200).json()
    }

    /// Lots of a warehouse in which something is.
    async fn lots_in(&self, of: &Offered, warehouse: &str) -> Vec<(String, String)> {
        let page = self.seller().get(&format!("/v1/products/{}/lots", of.product_id)).await.expect(200).json();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let items = page["items"].as_array().unwrap().iter().filter(|one| one["warehouse_id"] == warehouse);
        items.map(|one| (text(one, "number"), text(one, "quantity"))).filter(|(_, quantity)| quantity != "0").collect()
    }

    /// Counts the total, without a word of lots.
    async fn count(&self, of: &Offered, on_hand: &str) {
        let path = format!("/v1/products/{}/stock", of.product_id);
        let etag = self.seller().etag(&path).await;
        self.seller().put_if(&path, &etag, json!({"on_hand": on_hand})).await.expect(200);
    }

    /// What all items of a list have under a name, read in pages.
    async fn pages(&self, path: &str, limit: usize, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut next = format!("{path}?limit={limit}");
        loop {
            let page = self.seller().get(&next).await.expect(200).json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            found.extend(items.iter().map(|one| one[name].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { return found };
            next = format!("{path}?limit={limit}&cursor={cursor}");
        }
    }

    async fn write_off(&self) -> Result<(), infra::Failure> {
        api::catalogue::lot::movement::write_off_expired(api::server::on_thread(&self.app.shared).unwrap()).await
    }

    /// Lots and movements add up to the stock of every product.
    async fn adds_up(&self) {
        let amiss = "SELECT count(*) FROM stock s JOIN (SELECT product_id, sum(quantity) AS quantity FROM stock_lot GROUP BY 1) l
            USING (product_id) WHERE s.on_hand <> l.quantity OR l.quantity <> (SELECT sum(m.quantity) FROM stock_movement m
            WHERE m.product_id = s.product_id)";
        assert_eq!(self.app.count(amiss).await, 0);
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        expected.iter().map(|(number, quantity)| ((*number).to_owned(), (*quantity).to_owned())).collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn what_expires_first_is_despatched_first_and_every_movement_is_on_record() {
    let s = scene().await;
    let milk = s.offer("10").await;
    let lot = |number: &str, later| json!({"lot": {"number": number, "expires_on": s.day(later)}});
    s.record(&milk, &s.hamburg, "receipt", "5", lot("B", 30)).await.expect(201);
    s.record(&milk, &s.kiel, "receipt", "5", lot("A", 20)).await.expect(201);
    assert_eq!(s.lots(&milk).await, pairs(&[("", "10"), ("B", "5"), ("A", "5")]));
    assert_eq!(stock(s.seller(), &milk).await, ("20".into(), "0".into()));
    s.record(&milk, &s.hamburg, "damage", "2", json!({"note": "dropped"})).await.expect(201);
    s.record(&milk, &s.hamburg, "transfer", "3", json!({"to_warehouse_id": s.kiel})).await.expect(201);
    let contract = s.trade.active(&[(&milk, "8")]).await;
    s.seller().post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201);
    assert_eq!(s.lots(&milk).await, pairs(&[("", "5"), ("B", "2"), ("A", "0"), ("", "3")]));
    assert_eq!(stock(s.seller(), &milk).await, ("10".into(), "0".into()));
    // A plain count of the total is followed by the lots: what is gone is of those that expire first.
    s.count(&milk, "7").await;
    assert_eq!(s.lots(&milk).await, pairs(&[("", "4"), ("B", "0"), ("A", "0"), ("", "3")]));
    s.adds_up().await;

    let path = format!("/v1/products/{}/stock-movements", milk.product_id);
    let page = s.seller().get(&path).await.expect(200).json();
    let items = page["items"].as_array().unwrap().iter();
    let mut told: Vec<(&str, &str)> =
        items.map(|one| (one["reason"].as_str().unwrap(), one["quantity"].as_str().unwrap())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("count", "-1"),
            ("count", "-2"),
            ("damage", "-2"),
            ("despatch", "-3"),
            ("despatch", "-5"),
            ("opening", "10"),
            ("receipt", "5"),
            ("receipt", "5"),
            ("transfer", "-3"),
            ("transfer", "3"),
        ]
    );
    assert!(s.app.sql_error("UPDATE stock_movement SET quantity = 1").await.contains("append-only"));
    let odd = json!({"lot": {"number": " "}, "to_warehouse_id": s.kiel});
    assert_eq!(
        s.record(&milk, &milk.offer_id, "loss", "0", odd).await.faults(),
        ["/lot/number blank", "/quantity not_positive", "/to_warehouse_id unexpected", "/warehouse_id unknown"]
    );
    s.record(&milk, &s.hamburg, "loss", "1", json!({"lot": {"number": "Z"}})).await.faults();
    s.record(&milk, &s.hamburg, "loss", "5", json!({})).await.problem(409, "out-of-stock");
}

#[tokio::test]
async fn what_is_promised_is_not_taken_away_and_what_has_expired_is_not_sent() {
    let s = scene().await;
    let milk = s.offer("0").await;
    let fresh = json!({"lot": {"number": "F", "expires_on": s.day(10)}});
    s.record(&milk, &s.hamburg, "receipt", "4", fresh.clone()).await.expect(201);
    let contract = s.trade.active(&[(&milk, "3")]).await;
    s.record(&milk, &s.hamburg, "loss", "2", fresh.clone()).await.problem(409, "stock-reserved");
    s.record(&milk, &s.hamburg, "loss", "1", fresh).await.expect(201);
    // It expires while it is promised: it cannot go out, and stays until the promise is taken back or new goods come.
    s.app.sql("UPDATE stock_lot SET expires_on = current_date - 1").await;
    let path = format!("/v1/contracts/{contract}/deliveries");
    s.seller().post(&path, json!({})).await.problem(409, "out-of-stock");
    assert_eq!(s.available(&milk, "").await["available"], "0");
    let new = json!({"lot": {"number": "N", "expires_on": s.day(10)}});
    s.record(&milk, &s.kiel, "receipt", "5", new).await.expect(201);
    s.write_off().await.unwrap();
    assert_eq!(s.lots(&milk).await, pairs(&[("F", "0"), ("N", "5")]));
    s.seller().post(&path, json!({})).await.expect(201);
    assert_eq!(s.lots(&milk).await, pairs(&[("F", "0"), ("N", "2")]));
    s.adds_up().await;
}

#[tokio::test]
async fn what_has_expired_is_promised_to_nobody_before_it_is_written_off() {
    let s = scene().await;
    let (milk, gone) = (s.offer("0").await, s.offer("0").await);
    let lot = |number: &str| json!({"lot": {"number": number, "expires_on": s.day(10)}});
    s.record(&milk, &s.hamburg, "receipt", "4", lot("OLD")).await.expect(201);
    s.record(&milk, &s.hamburg, "receipt", "5", lot("NEW")).await.expect(201);
    s.record(&gone, &s.hamburg, "receipt", "4", lot("OLD")).await.expect(201);
    s.app.sql("UPDATE stock_lot SET expires_on = current_date - 1 WHERE number = 'OLD'").await;
    let catalogue = async |query: &str| {
        let path = format!("/v1/portals/{}/catalogue{query}", s.trade.market.slug);
        s.app.anonymous().get(&path).await.expect(200).json()
    };
    assert_eq!(catalogue(&format!("/{}", milk.offer_id)).await["available"], "5");
    let found = catalogue("?available=true&facets=true").await;
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["available"]), (&json!(milk.offer_id), &json!("5")));
    assert_eq!((&found["facets"]["count"], &found["facets"]["available"]), (&json!(1), &json!(1)));
    assert_eq!(catalogue("?facets=true").await["facets"]["available"], 1);

    let buyer = &s.trade.buyer.owner;
    buyer.post("/v1/orders", s.trade.market.order(&[(&gone, "1")], true)).await.problem(409, "out-of-stock");
    buyer.post("/v1/orders", s.trade.market.order(&[(&milk, "6")], true)).await.problem(409, "out-of-stock");
    let order = s.trade.market.place(buyer, &milk, "3").await;
    // Nor does the seller promise it, who sends more than was ordered.
    let read = s.seller().get(&format!("/v1/orders/{order}")).await.expect(200).json();
    let confirm = async |quantity: &str| {
        let body = json!({"lines": [{"line_id": read["lines"][0]["id"], "quantity": quantity}]});
        s.seller().post(&format!("/v1/orders/{order}/confirm"), body).await
    };
    confirm("6").await.problem(409, "out-of-stock");
    confirm("3").await.expect(200);
    s.write_off().await.unwrap();
    assert_eq!(stock(s.seller(), &milk).await, ("5".into(), "3".into()));
    assert_eq!(stock(s.seller(), &gone).await, ("0".into(), "0".into()));
    s.adds_up().await;
}

#[tokio::test]
async fn availability_is_told_for_the_day_of_delivery() {
    let s = scene().await;
    let tea = s.offer("10").await;
    s.trade.market.place(&s.trade.buyer.owner, &tea, "4").await;
    let expected = format!("/v1/products/{}/expected-receipts", tea.product_id);
    let body = json!({"warehouse_id": s.hamburg, "quantity": "20", "expected_on": s.day(7)});
    let receipt = s.seller().post(&expected, body).await.expect(201).id();
    let day = |later| format!("&date={}", s.day(later));
    let now = s.available(&tea, "?quantity=8").await;
    assert_eq!(
        (&now["available"], &now["sufficient"], &now["first_date"]),
        (&json!("6"), &json!(false), &json!(s.day(7)))
    );
    assert_eq!(s.available(&tea, &format!("?quantity=8{}", day(6))).await["available"], "6");
    let later = s.available(&tea, &format!("?quantity=8{}", day(7))).await;
    assert_eq!((&later["available"], &later["sufficient"]), (&json!("26"), &json!(true)));
    s.seller()
        .post(&expected, json!({"warehouse_id": tea.offer_id, "quantity": "0", "expected_on": "2020-01-01"}))
        .await
        .faults();
    // Come, it is on hand and expected no more.
    s.record(&tea, &s.hamburg, "receipt", "20", json!({"expected_receipt_id": receipt})).await.expect(201);
    assert_eq!(s.available(&tea, "").await["available"], "26");
    assert_eq!(s.available(&tea, &format!("?quantity=1{}", day(9))).await["available"], "26");
    s.seller().delete(&format!("{expected}/{receipt}")).await.problem(404, "not-found");
    let past = format!("/v1/portals/{}/catalogue/{}/availability?date=2020-01-01", s.trade.market.slug, tea.offer_id);
    s.app.anonymous().get(&past).await.problem(400, "invalid-query");
}

#[tokio::test]
async fn backorders_go_up_to_their_limit_and_leave_the_house_when_there_is_something() {
    let s = scene().await;
    let tea = s.offer("2").await;
    let buyer = &s.trade.buyer.owner;
    let order = |quantity: &str| s.trade.market.order(&[(&tea, quantity)], true);
    buyer.post("/v1/orders", order("3")).await.problem(409, "out-of-stock");
    let path = format!("/v1/products/{}/backorders", tea.product_id);
    assert_eq!(s.seller().get(&path).await.expect(200).json()["rule"], "none");
    let set = async |body: Value| {
        let etag = s.seller().etag(&path).await;
        s.seller().put_if(&path, &etag, body).await
    };
    assert_eq!(set(json!({"rule": "allowed"})).await.faults(), ["/limit required"]);
    set(json!({"rule": "allowed", "limit": "5", "lead_time_days": 14})).await.expect(200);
    let told = s.available(&tea, "?quantity=3").await;
    assert_eq!(
        (&told["available"], &told["backorder"], &told["backorder_days"]),
        (&json!("2"), &json!("5"), &json!(14))
    );
    let contract = s.trade.active(&[(&tea, "6")]).await;
    buyer.post("/v1/orders", order("2")).await.problem(409, "out-of-stock");
    set(json!({"rule": "none"})).await.problem(409, "stock-reserved");
    let deliveries = format!("/v1/contracts/{contract}/deliveries");
    s.seller().post(&deliveries, json!({})).await.problem(409, "out-of-stock");
    s.record(&tea, &s.hamburg, "receipt", "10", json!({})).await.expect(201);
    s.seller().post(&deliveries, json!({})).await.expect(201);
    assert_eq!(stock(s.seller(), &tea).await, ("6".into(), "0".into()));
    s.adds_up().await;
}

// S7, T6
#[tokio::test]
async fn of_fifty_buyers_of_the_last_lot_exactly_one_gets_it() {
    let s = scene().await;
    let last = s.offer("0").await;
    let lot = json!({"lot": {"number": "LAST", "expires_on": s.day(5)}});
    s.record(&last, &s.hamburg, "receipt", "1", lot.clone()).await.expect(201);
    let calls = (0..50).map(|_| s.trade.buyer.owner.post("/v1/orders", s.trade.market.order(&[(&last, "1")], true)));
    // While they do, the seller counts, moves and loses.
    let seller = (0..5).map(|_| s.record(&last, &s.hamburg, "loss", "1", lot.clone()));
    let (bought, lost) = futures::join!(join_all(calls), join_all(seller));
    let won = bought.iter().filter(|answer| answer.status == 201).count();
    let gone = lost.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won + gone, 1);
    for answer in bought.into_iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "out-of-stock");
    }
    s.adds_up().await;
    let (on_hand, reserved) = stock(s.seller(), &last).await;
    assert_eq!((on_hand, reserved), (won.to_string(), won.to_string()));
}

// S1, R18
#[tokio::test]
async fn warehouses_are_their_sellers_own_and_stay_while_something_lies_there() {
    let s = scene().await;
    let tea = s.offer("2").await;
    s.seller().post("/v1/warehouses", json!({"name": "Kiel"})).await.problem(409, "already-exists");
    assert_eq!(
        s.seller().post("/v1/warehouses", json!({"name": " ", "country": "XX"})).await.faults(),
        ["/country country", "/name blank"]
    );
    s.record(&tea, &s.kiel, "count", "3", json!({})).await.expect(201);
    let path = format!("/v1/warehouses/{}", s.kiel);
    let other = s.app.company("Other").await.owner;
    other.get(&path).await.problem(404, "not-found");
    let etag = s.seller().etag(&path).await;
    s.seller().delete_if(&path, &etag).await.problem(409, "in-use");
    s.record(&tea, &s.kiel, "transfer", "3", json!({"to_warehouse_id": s.hamburg})).await.expect(201);
    s.seller().delete_if(&path, &etag).await.expect(204);
    s.record(&tea, &s.kiel, "receipt", "1", json!({})).await.faults();
    assert_eq!(stock(s.seller(), &tea).await.0, "3");
    s.adds_up().await;
}

#[tokio::test]
async fn what_a_count_of_the_total_adds_lies_where_it_is_good_and_can_be_moved() {
    let s = scene().await;
    let expired = async |of: &Offered| {
        let lot = json!({"lot": {"number": "OLD", "expires_on": s.day(3)}});
        s.record(of, &s.hamburg, "receipt", "4", lot).await.expect(201);
        let gone = format!("UPDATE stock_lot SET expires_on = current_date - 1 WHERE product_id = '{}'", of.product_id);
        s.app.sql(&gone).await;
    };
    // Of lots with a number the one that is good the longest, never one that has expired.
    let milk = s.offer("0").await;
    expired(&milk).await;
    for (number, later) in [("SOON", 5), ("LATE", 9)] {
        let lot = json!({"lot": {"number": number, "expires_on": s.day(later)}});
        s.record(&milk, &s.hamburg, "receipt", "1", lot).await.expect(201);
    }
    s.count(&milk, "9").await;
    assert_eq!(s.lots(&milk).await, pairs(&[("OLD", "4"), ("SOON", "1"), ("LATE", "4")]));
    // If none is good, a place without a number.
    let cream = s.offer("0").await;
    expired(&cream).await;
    s.count(&cream, "7").await;
    assert_eq!(s.lots(&cream).await, pairs(&[("", "3"), ("OLD", "4")]));
    s.write_off().await.unwrap();
    assert_eq!(s.lots(&cream).await, pairs(&[("", "3"), ("OLD", "0")]));
    assert_eq!(stock(s.seller(), &cream).await.0, "3");
    // Nor where nothing is kept any more.
    let tea = s.offer("0").await;
    s.record(&tea, &s.hamburg, "receipt", "2", json!({})).await.expect(201);
    s.record(&tea, &s.kiel, "receipt", "3", json!({})).await.expect(201);
    for of in [&milk, &cream, &tea] {
        for (number, quantity) in s.lots_in(of, &s.hamburg).await {
            let mut more = json!({"to_warehouse_id": s.kiel});
            if !number.is_empty() {
                more["lot"] = json!({"number": number});
            }
            s.record(of, &s.hamburg, "transfer", &quantity, more).await.expect(201);
        }
    }
    let path = format!("/v1/warehouses/{}", s.hamburg);
    let etag = s.seller().etag(&path).await;
    s.seller().delete_if(&path, &etag).await.expect(204);
    s.count(&tea, "8").await;
    s.record(&tea, &s.kiel, "damage", "8", json!({})).await.expect(201);
    s.adds_up().await;
    // The last warehouse stays: what is counted has to lie somewhere.
    s.count(&milk, "0").await;
    s.count(&cream, "0").await;
    let path = format!("/v1/warehouses/{}", s.kiel);
    let etag = s.seller().etag(&path).await;
    s.seller().delete_if(&path, &etag).await.problem(409, "in-use");
}

#[tokio::test]
async fn what_has_expired_is_written_off_to_the_last_lot_and_the_seller_is_told() {
    let s = scene().await;
    let (milk, stuck) = (s.offer("240").await, s.offer("1").await);
    let lots = |of: &Offered, lots: u32, quantity: u32, days: u32| {
        format!(
            "INSERT INTO stock_lot SELECT gen_random_uuid(), '{}', '{}', 'L' || n, current_date - {days}, NULL, {quantity}, now()
             FROM generate_series(1, {lots}) n;",
            of.product_id, s.hamburg
        )
    };
    s.app.sql(&lots(&stuck, 1, 1, 9)).await;
    s.app.sql(&lots(&milk, 120, 2, 1)).await;
    s.app
        .sql(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
             CREATE TRIGGER refused BEFORE UPDATE ON stock_lot FOR EACH ROW WHEN (OLD.product_id = '{}') EXECUTE FUNCTION refuse()",
            stuck.product_id
        ))
        .await;
    s.write_off().await.unwrap_err();
    assert_eq!(stock(s.seller(), &milk).await.0, "0");
    assert_eq!(stock(s.seller(), &stuck).await.0, "1");
    let told = format!(
        "SELECT count(*) FROM event JOIN event_audience a USING (tx, seq)
         WHERE type = 'stock.moved' AND data ->> 'reason' = 'expiry' AND subject_id = '{}' AND a.organisation_id = '{}'",
        milk.product_id, s.trade.seller.id
    );
    assert_eq!(s.app.count(&told).await, 120);
}

#[tokio::test]
async fn a_warehouse_is_not_closed_over_goods_that_come_in() {
    let s = scene().await;
    let tea = s.offer("0").await;
    s.record(&tea, &s.kiel, "receipt", "1", json!({})).await.expect(201);
    s.record(&tea, &s.kiel, "loss", "1", json!({})).await.expect(201);
    let path = format!("/v1/warehouses/{}", s.kiel);
    let etag = s.seller().etag(&path).await;
    // Somebody reads all movements: the receipt waits after it has looked at the warehouse.
    let mut reader = tests::database::connect(&s.app.database_url).await;
    reader.batch_execute("BEGIN; LOCK TABLE stock_movement IN SHARE MODE").await.unwrap();
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let closed = "SELECT count(*) FROM warehouse WHERE archived_at IS NOT NULL";
    let receipt = s.record(&tea, &s.kiel, "receipt", "5", json!({}));
    let close = async {
        s.app.until(async || s.app.count(waiting).await == 1).await;
        s.seller().delete_if(&path, &etag).await
    };
    let go_on = async {
        s.app.until(async || s.app.count(waiting).await + s.app.count(closed).await == 2).await;
        reader.batch_execute("COMMIT").await.unwrap();
    };
    let (received, refused, ()) = futures::join!(receipt, close, go_on);
    received.expect(201);
    refused.problem(409, "in-use");
    // Nor over goods that are expected; and its name is free again once it is closed.
    s.record(&tea, &s.kiel, "loss", "5", json!({})).await.expect(201);
    let expected = format!("/v1/products/{}/expected-receipts", tea.product_id);
    let body = json!({"warehouse_id": s.kiel, "quantity": "20", "expected_on": s.day(7)});
    let receipt = s.seller().post(&expected, body).await.expect(201).id();
    s.seller().delete_if(&path, &etag).await.problem(409, "in-use");
    s.seller().delete(&format!("{expected}/{receipt}")).await.expect(204);
    s.seller().delete_if(&path, &etag).await.expect(204);
    s.seller().post("/v1/warehouses", json!({"name": "Kiel"})).await.expect(201);
}

#[tokio::test]
async fn what_is_overdue_is_not_there_and_lists_of_lots_and_receipts_go_on_page_by_page() {
    let s = scene().await;
    let tea = s.offer("10").await;
    let expected = format!("/v1/products/{}/expected-receipts", tea.product_id);
    for later in [9, 3, 6] {
        let body = json!({"warehouse_id": s.hamburg, "quantity": "20", "expected_on": s.day(later)});
        s.seller().post(&expected, body).await.expect(201);
        s.record(&tea, &s.hamburg, "receipt", "1", json!({"lot": {"number": format!("L{later}")}})).await.expect(201);
    }
    s.app.sql("UPDATE expected_receipt SET expected_on = current_date - 1 WHERE expected_on < current_date + 4").await;
    assert_eq!(s.available(&tea, "").await["available"], "13");
    let told = s.available(&tea, &format!("?quantity=50&date={}", s.day(9))).await;
    assert_eq!((&told["available"], &told["first_date"]), (&json!("53"), &json!(s.day(9))));
    // The seller still sees what it waits for.
    let days = s.pages(&expected, 2, "expected_on").await;
    assert_eq!(days, [s.day(0) - Days::new(1), s.day(6), s.day(9)].map(|day| day.to_string()));
    let mut lots = s.pages(&format!("/v1/products/{}/lots", tea.product_id), 3, "number").await;
    lots.sort();
    assert_eq!(lots, ["", "L3", "L6", "L9"]);
}

#[tokio::test]
async fn of_two_last_warehouses_that_are_closed_at_once_one_stays() {
    let s = scene().await;
    let tea = s.offer("0").await;
    s.record(&tea, &s.kiel, "receipt", "1", json!({})).await.expect(201);
    s.record(&tea, &s.kiel, "loss", "1", json!({})).await.expect(201);
    let paths = [&s.hamburg, &s.kiel].map(|id| format!("/v1/warehouses/{id}"));
    let etags = [s.seller().etag(&paths[0]).await, s.seller().etag(&paths[1]).await];
    // Both have looked whether there is another one before either is closed.
    let mut holder = tests::database::connect(&s.app.database_url).await;
    holder.batch_execute("BEGIN; SELECT FROM warehouse FOR KEY SHARE").await.unwrap();
    let close = (0..2).map(|n| s.seller().delete_if(&paths[n], &etags[n]));
    let go_on = async {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        s.app.until(async || s.app.count(waiting).await == 2).await;
        holder.batch_execute("COMMIT").await.unwrap();
    };
    let (closed, ()) = futures::join!(join_all(close), go_on);
    let mut statuses: Vec<u16> = closed.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}
