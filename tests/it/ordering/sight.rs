use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::trade::{Trade, sign};

use super::cost_centre::{cost_centre, me, order};
use super::credit::credit;

/// A delivered and invoiced order that is charged to a cost centre: the paths of contract, delivery and invoice.
async fn invoiced(trade: &Trade, body: Value) -> [String; 3] {
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let order = buyer.post("/v1/orders", body).await.expect(201).json()["orders"][0]["id"].clone();
    let confirm = format!("/v1/orders/{}/confirm", order.as_str().expect("an id"));
    let contract = seller.post(&confirm, json!({})).await.expect(200).json()["contract_id"].clone();
    let contract = contract.as_str().expect("a contract");
    for owner in [seller, buyer] {
        sign(owner, contract).await.expect(200);
    }
    let delivery = seller.post(&format!("/v1/contracts/{contract}/deliveries"), json!({})).await.expect(201).id();
    buyer.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
    let invoice = seller.post("/v1/invoices", json!({"contract_id": contract, "issue": true})).await.expect(201).id();
    [format!("/v1/contracts/{contract}"), format!("/v1/deliveries/{delivery}"), format!("/v1/invoices/{invoice}")]
}

async fn listed(by: &Client, path: &str) -> Vec<String> {
    let found = by.get(path).await.expect(200).json();
    let id = |one: &Value| one["id"].as_str().expect("an id").to_owned();
    found["items"].as_array().expect("items").iter().map(id).collect()
}

// S1
#[tokio::test]
async fn who_is_bound_to_cost_centres_does_not_see_the_changes_of_others_orders() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    cost_centre(&trade.buyer, "mine", &[&me(&anna).await]).await;
    let (_, other) = cost_centre(&trade.buyer, "other", &[]).await;
    let made = buyer.post("/v1/orders", order(&trade, &bolt, "4", &other)).await.expect(201).json();
    let made = &made["orders"][0];
    let path = format!("/v1/orders/{}", made["id"].as_str().expect("an id"));
    let more = json!({"lines": [{"line_id": made["lines"][0]["id"], "quantity": "5"}]});
    seller.post(&format!("{path}/confirm"), more).await.expect(200);
    let etag = buyer.etag(&path).await;
    anna.get(&format!("{path}/confirmations")).await.problem(404, "not-found");
    anna.post_if(&format!("{path}/accept"), &etag, json!(null)).await.problem(404, "not-found");
    anna.post(&format!("{path}/refuse"), json!({})).await.problem(404, "not-found");
    buyer.post_if(&format!("{path}/accept"), &etag, json!(null)).await.expect(200);
}

// S1
#[tokio::test]
async fn what_follows_from_an_order_is_seen_by_those_who_see_the_order() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    let (_, mine) = cost_centre(&trade.buyer, "mine", &[&me(&anna).await]).await;
    let (_, other) = cost_centre(&trade.buyer, "other", &[]).await;
    let seen = invoiced(&trade, order(&trade, &bolt, "4", &mine)).await;
    let hidden = invoiced(&trade, order(&trade, &bolt, "4", &other)).await;
    let under = |[contract, _, invoice]: &[String; 3]| {
        ["text", "deliveries", "amendments"]
            .map(|what| format!("{contract}/{what}"))
            .into_iter()
            .chain([format!("{invoice}.pdf")])
            .collect::<Vec<_>>()
    };
    for path in seen.iter().chain(&under(&seen)) {
        anna.get(path).await.expect(200);
    }
    for path in hidden.iter().chain(&under(&hidden)) {
        anna.get(path).await.problem(404, "not-found");
        trade.buyer.owner.get(path).await.expect(200);
    }
    anna.get(&format!("{}.xml", hidden[2])).await.problem(404, "not-found");
    for (list, index) in [("/v1/contracts", 0), ("/v1/contracts?role=buyer", 0), ("/v1/invoices", 2)] {
        assert_eq!(listed(&anna, list).await, [seen[index].rsplit_once('/').unwrap().1], "{list}");
        assert_eq!(listed(&trade.buyer.owner, list).await.len(), 2, "{list}");
    }
    let contract = &hidden[0];
    let reason = json!({"reason": "It rusts."});
    anna.post(&format!("{contract}/dispute"), reason.clone()).await.problem(404, "not-found");
    anna.post(&format!("{contract}/cancel"), reason.clone()).await.problem(404, "not-found");
    anna.post(&format!("{}/dispute", seen[0]), reason).await.expect(200);
}

// S1
#[tokio::test]
async fn who_sees_some_orders_only_sees_no_more_of_credit_prices_and_cost_centres() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "1000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["buyer"]).await.owner;
    let carl = app.person(&trade.buyer, &["approver"]).await.owner;
    let (mine, _) = cost_centre(&trade.buyer, "mine", &[&me(&anna).await]).await;
    let (other, _) = cost_centre(&trade.buyer, "other", &[]).await;
    // The limit everybody who buys may know; what makes it up tells of all orders.
    let line = credit(&trade, None).await.replace(&trade.seller.id, &trade.buyer.id);
    anna.get(&line).await.expect(200);
    anna.get(&format!("{line}/entries")).await.problem(403, "forbidden");
    buyer.get(&format!("{line}/entries")).await.expect(200);
    let named = async |by: &Client| {
        let body = json!({"portal_id": trade.market.portal_id, "offer_id": bolt.offer_id,
            "quantity": {"value": "10", "unit": "C62"}, "unit_price": {"amount": "1.50", "currency": "EUR"}});
        by.post("/v1/price-proposals", body).await.expect(201).id()
    };
    let (hers, theirs) = (named(&anna).await, named(buyer).await);
    assert_eq!(listed(&anna, "/v1/price-proposals").await, [hers.as_str()]);
    assert_eq!(listed(&anna, "/v1/price-proposals?role=buyer").await, [hers.as_str()]);
    assert_eq!(listed(buyer, "/v1/price-proposals").await.len(), 2);
    assert_eq!(listed(seller, "/v1/price-proposals").await.len(), 2);
    let (hers, theirs) = (format!("/v1/price-proposals/{hers}"), format!("/v1/price-proposals/{theirs}"));
    anna.get(&theirs).await.problem(404, "not-found");
    anna.post(&format!("{theirs}/withdraw"), json!({})).await.problem(404, "not-found");
    anna.post(&format!("{hers}/withdraw"), json!({})).await.expect(200);
    // Who only approves is bound as well.
    let centres = format!("/v1/organisations/{}/cost-centres", trade.buyer.id);
    assert!(listed(&carl, &centres).await.is_empty());
    carl.get(&other).await.problem(404, "not-found");
    buyer.edit(&mine, json!({"owner_id": me(&carl).await})).await.expect(200);
    carl.get(&mine).await.expect(200);
    assert_eq!(listed(&carl, &centres).await.len(), 1);
}

// S1
#[tokio::test]
async fn documents_and_payments_of_others_orders_and_the_books_are_not_seen() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let buyer = &trade.buyer.owner;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let anna = app.person(&trade.buyer, &["finance", "buyer"]).await.owner;
    let (_, mine) = cost_centre(&trade.buyer, "mine", &[&me(&anna).await]).await;
    let (_, other) = cost_centre(&trade.buyer, "other", &[]).await;
    let seen = invoiced(&trade, order(&trade, &bolt, "4", &mine)).await;
    let hidden = invoiced(&trade, order(&trade, &bolt, "4", &other)).await;
    let mut printed = Vec::new();
    for [_, _, invoice] in [&seen, &hidden] {
        app.until(async || buyer.get(invoice).await.json()["document_id"].is_string()).await;
        printed.push(buyer.get(invoice).await.json()["document_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(listed(&anna, "/v1/documents?subject_kind=invoice").await, printed[..1]);
    assert_eq!(listed(buyer, "/v1/documents?subject_kind=invoice").await.len(), 2);
    for what in ["", "/content", "/versions"] {
        anna.get(&format!("/v1/documents/{}{what}", printed[0])).await.expect(200);
        anna.get(&format!("/v1/documents/{}{what}", printed[1])).await.problem(404, "not-found");
    }
    let id = |path: &str| path.rsplit_once('/').unwrap().1.to_owned();
    let orders = listed(buyer, "/v1/orders").await;
    let order_of = async |contract: &str| buyer.get(contract).await.json()["origin"]["id"].as_str().unwrap().to_owned();
    for (paths, is_seen) in [(&seen, true), (&hidden, false)] {
        let order = order_of(&paths[0]).await;
        assert!(orders.contains(&order));
        let subjects =
            [("order", order), ("contract", id(&paths[0])), ("delivery", id(&paths[1])), ("invoice", id(&paths[2]))];
        for (kind, subject) in subjects {
            let body = json!({"title": kind, "visibility": "parties", "subject": {"kind": kind, "id": subject}});
            let answer = anna.upload(body.clone()).await;
            if is_seen {
                anna.get(&format!("/v1/documents/{}", answer.expect(201).id())).await.expect(200);
            } else {
                assert_eq!(answer.faults(), ["/subject unknown_subject"], "{kind}");
            }
            let by_others = buyer.upload(body).await.expect(201).id();
            let status = anna.get(&format!("/v1/documents/{by_others}")).await.status;
            assert_eq!(status == 200, is_seen, "{kind}");
        }
    }
    let mut payments = Vec::new();
    for [_, _, invoice] in [&seen, &hidden] {
        let invoice = buyer.get(invoice).await.json();
        payments.push(trade.pay("1.00", Some(&invoice)).await.expect(201).id());
    }
    trade.pay("1.00", None).await.expect(201);
    let amount = json!({"amount": "1.00", "currency": "EUR"});
    let pay = |invoice: &str| {
        json!({"payee_id": trade.seller.id, "amount": amount, "paid_on": "2026-01-15",
        "allocations": [{"invoice_id": id(invoice), "amount": amount}]})
    };
    let own = anna.post("/v1/payments", pay(&seen[2])).await.expect(201).id();
    let refused = anna.post("/v1/payments", pay(&hidden[2])).await;
    assert_eq!(refused.faults(), ["/allocations/0/invoice_id unknown_invoice"]);
    assert_eq!(listed(&anna, "/v1/payments").await, [own, payments[0].clone()]);
    anna.get(&format!("/v1/payments/{}", payments[0])).await.expect(200);
    anna.get(&format!("/v1/payments/{}", payments[1])).await.problem(404, "not-found");
    assert_eq!(listed(buyer, "/v1/payments").await.len(), 4);
    let account = listed(buyer, "/v1/accounts").await[0].clone();
    anna.get("/v1/accounts").await.problem(403, "forbidden");
    anna.get(&format!("/v1/accounts/{account}/postings")).await.problem(403, "forbidden");
}
