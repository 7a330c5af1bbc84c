//! The service's clock decides what comes in: whoever is late by whatever way gets nothing in, whoever is not is there.

use chrono::TimeDelta;
use domain::kernel::Timestamp;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::sourcing::{Tender, items, moved, state};

const SUPPLIERS: usize = 20;

fn is_late(answer: &Answer) -> bool {
    answer.status == 409 && answer.text.contains("/problems/quote-too-late")
}

/// Asks again as long as there is too much to do at once: nobody is turned down for that.
async fn insist(ask: impl AsyncFn() -> Answer) -> Answer {
    loop {
        let answer = ask().await;
        if answer.status != 503 {
            return answer;
        }
    }
}

/// Five ways to hand something in, for a company that has a quote or none.
async fn try_all(tender: &Tender, by: &Client, rfq: &str, quote: Option<&String>) -> Vec<Answer> {
    let body = tender.quote(&["400", "600"], json!({}));
    let anew = async || insist(async || by.post(&format!("{rfq}/quotes?submit=true"), body.clone()).await).await;
    let Some(quote) = quote else { return join_all((0..5).map(|_| anew())).await };
    let step = async |step: &str| insist(async || by.post(&format!("{quote}/{step}"), json!({})).await).await;
    let etag = insist(async || by.get(quote).await).await.expect(200).etag();
    let revise = async || insist(async || by.patch_if(quote, &etag, json!({"remarks": "Lower."})).await).await;
    let (one, two, three, four, five) =
        futures::join!(step("confirm"), step("withdraw"), revise(), revise(), step("withdraw"));
    vec![one, two, three, four, five]
}

#[tokio::test]
async fn of_a_hundred_quotes_after_the_deadline_none_gets_in() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let suppliers = tender.suppliers(&app, SUPPLIERS).await;
    let rfq = tender.published(json!({})).await;
    let (quoted, others) = suppliers.split_at(SUPPLIERS / 2);
    let hand_in = |one: &Company| {
        let (tender, rfq, one) = (&tender, &rfq, one.clone());
        async move { tender.quoted(&one, rfq, &["500", "700"], json!({})).await }
    };
    let quotes = join_all(quoted.iter().map(hand_in)).await;
    let before = app.count("SELECT sum(version)::bigint AS count FROM quote").await;
    // The service has not closed it yet: the clock alone refuses.
    app.sql(&moved(&rfq, app.shared.clock.now())).await;
    assert_eq!(state(&tender.buyer.owner, &rfq).await, "published");
    let late = suppliers.iter().enumerate().map(|(index, one)| try_all(&tender, &one.owner, &rfq, quotes.get(index)));
    let answers: Vec<Answer> = join_all(late).await.into_iter().flatten().collect();
    assert_eq!(answers.len(), 100);
    for answer in &answers {
        assert!(is_late(answer), "{} {}", answer.status, answer.text);
    }
    assert_eq!(app.count("SELECT count(*) FROM quote").await, 10);
    assert_eq!(app.count("SELECT sum(version)::bigint AS count FROM quote").await, before);
    assert_eq!(app.count("SELECT count(*) FROM quote_revision").await, 10);
    let late = others[0].owner.post(&format!("{rfq}/quotes"), tender.quote(&["500"], json!({}))).await;
    late.problem(409, "quote-too-late");
    tender.evaluated(&app, &rfq).await;
    assert_eq!(items(&tender.buyer.owner, &format!("{rfq}/quotes")).await.len(), 10);
}

#[tokio::test]
async fn all_quotes_that_are_handed_in_at_once_before_the_deadline_get_in() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let suppliers = tender.suppliers(&app, SUPPLIERS).await;
    let rfq = tender.published(json!({})).await;
    let prices: Vec<String> = (0..SUPPLIERS).map(|one| format!("{}", 500 + one)).collect();
    let handed_in = suppliers.iter().zip(&prices).map(|(one, price)| {
        let body = tender.quote(&[price, "700"], json!({}));
        let path = format!("{rfq}/quotes?submit=true");
        async move { one.owner.post(&path, body).await.expect(201).json() }
    });
    let receipts: Vec<Value> = join_all(handed_in).await;
    tender.evaluated(&app, &rfq).await;
    let opened = items(&tender.buyer.owner, &format!("{rfq}/quotes")).await;
    let price = |quote: &Value| quote["content"]["offers"][0]["unit_price"].as_str().unwrap().to_owned();
    let mut found: Vec<String> = opened.iter().map(price).collect();
    found.sort_unstable();
    assert_eq!(found, prices);
    let published = items(&app.operator().await, &format!("{rfq}/commitments")).await;
    for receipt in &receipts {
        assert!(published.iter().any(|one| one["commitments"] == receipt["commitments"]), "{receipt}");
    }
}

/// Revises again and again until it is too late; gives how often it was in time.
async fn revise_on(by: &Client, quote: &str) -> usize {
    let mut answered = 0;
    loop {
        let etag = insist(async || by.get(quote).await).await.expect(200).etag();
        let patch = json!({"remarks": format!("Offer {answered}.")});
        let answer = insist(async || by.patch_if(quote, &etag, patch.clone()).await).await;
        if is_late(&answer) {
            return answered;
        }
        answer.expect(200);
        answered += 1;
    }
}

#[tokio::test]
async fn what_was_answered_before_the_deadline_is_there_and_nothing_else() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let suppliers = tender.suppliers(&app, 8).await;
    let rfq = tender.published(json!({})).await;
    let mut quotes = Vec::new();
    for supplier in &suppliers {
        quotes.push(tender.quoted(supplier, &rfq, &["500", "700"], json!({})).await);
    }
    let deadline = app.shared.clock.now() + TimeDelta::seconds(1);
    app.sql(&moved(&rfq, deadline)).await;
    let racing = suppliers.iter().zip(&quotes).map(|(one, quote)| revise_on(&one.owner, quote));
    let answered: usize = join_all(racing).await.into_iter().sum();
    let revisions = app.count("SELECT count(*) FROM quote_revision WHERE number > 1").await;
    assert_eq!(revisions, i64::try_from(answered).unwrap());
    tender.evaluated(&app, &rfq).await;
    for (supplier, quote) in suppliers.iter().zip(&quotes) {
        for revision in items(&supplier.owner, &format!("{quote}/revisions?limit=200")).await {
            let at: Timestamp = revision["at"].as_str().unwrap().parse().unwrap();
            assert!(at < deadline, "{at} is not before {deadline}");
        }
    }
}

#[tokio::test]
async fn a_deadline_that_is_moved_counts_as_it_stands() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({})).await;
    let id = tests::sourcing::id_of(&rfq);
    // The timer comes too soon: nothing ends before the deadline, and it is there again for it.
    let due = format!("UPDATE timer SET due_at = now() WHERE subject_id = '{id}'");
    app.sql(&due).await;
    let again = format!("SELECT count(*) FROM timer WHERE subject_id = '{id}' AND due_at > now()");
    app.until(async || app.count(&again).await == 2).await;
    assert_eq!(state(&tender.buyer.owner, &rfq).await, "published");
    tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
}
