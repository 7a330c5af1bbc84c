use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::sourcing::{id_of, items, state};
use uuid::Uuid;

use super::{column, heard, told};

#[tokio::test]
async fn two_different_people_open_a_sealed_tender_and_no_machine_does() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let rfq = tender.published(json!({"procedure": {"preset": "sealed_tender"}})).await;
    let quote = tender.quoted(&supplier, &rfq, &["500", "700"], json!({})).await;
    let path = format!("{rfq}/open");
    buyer.post(&path, json!({})).await.problem(409, "still-sealed");
    app.pass_deadline(&rfq).await;
    assert_eq!(state(buyer, &rfq).await, "closed");
    let machine = app.machine(&tender.buyer, &["sourcing:write", "sourcing:read", "sourcing:quote"]).await;
    machine.post(&path, json!({})).await.problem(403, "forbidden");
    app.operator().await.post(&path, json!({})).await.problem(403, "forbidden");
    supplier.owner.post(&path, json!({})).await.problem(403, "forbidden");
    let clerk = app.person(&tender.buyer, &["finance", "approver", "viewer"]).await.owner;
    clerk.post(&path, json!({})).await.problem(403, "forbidden");

    let first = buyer.post(&path, json!({})).await.expect(200).json();
    assert_eq!((&first["is_open"], &first["quotes"]), (&json!(false), &json!(0)));
    buyer.post(&path, json!({})).await.problem(409, "second-person-needed");
    buyer.get(&quote).await.problem(404, "not-found");
    assert!(items(buyer, &format!("{rfq}/quotes")).await.is_empty());
    let colleague = app.person(&tender.buyer, &["buyer"]).await.owner;
    let second = colleague.post(&path, json!({})).await.expect(200).json();
    assert_eq!((&second["is_open"], &second["quotes"]), (&json!(true), &json!(1)));
    buyer.get(&quote).await.expect(200);
    colleague.post(&path, json!({})).await.problem(409, "wrong-state");

    // Who opened, and when, is known to all who know of the request, and stays so.
    let record = supplier.owner.get(&rfq).await.expect(200).json()["openings"].clone();
    let people: Vec<&Value> = record.as_array().unwrap().iter().map(|one| &one["person_id"]).collect();
    let own = |client: &tests::client::Client| {
        let client = client.clone();
        async move { json!(client.get("/v1/me").await.expect(200).id()) }
    };
    assert_eq!(people, [&own(buyer).await, &own(&colleague).await]);
    assert!(told(&app, &supplier.owner, "rfq.opened").await[0]["quotes"] == 1);
    assert!(!heard(&supplier.owner, &rfq).await.contains(&"rfq.opening_begun".to_owned()));
    assert!(app.sql_error("DELETE FROM rfq_opening").await.contains("rfq_opening"));
}

#[tokio::test]
async fn one_person_opens_where_the_request_says_so() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    tender.quoted(&two, &rfq, &["510", "690"], json!({})).await;
    app.pass_deadline(&rfq).await;
    let colleague = app.person(&tender.buyer, &["buyer"]).await.owner;
    let opened = colleague.post(&format!("{rfq}/open"), json!({"envelope": "whole"})).await.expect(200).json();
    assert_eq!((&opened["quotes"], &opened["rfq"]["state"]), (&json!(2), &json!("evaluating")));
    let expected =
        ["rfq.created", "rfq.published", "rfq.quote_received", "rfq.quote_received", "rfq.closed", "rfq.opened"];
    app.until(async || heard(&tender.buyer.owner, &rfq).await == expected).await;
    assert_eq!(column(&tender.buyer.owner, &format!("{rfq}/quotes"), "state").await, ["submitted", "submitted"]);
}

/// As the API document describes it, from nothing but what its reader is given.
fn commitment(rfq: &str, quoter: &str, revision: &Value, envelope: &Value) -> String {
    let uuid = |text: &str| *Uuid::parse_str(text).unwrap().as_bytes();
    let number = u32::try_from(revision["number"].as_u64().unwrap()).unwrap();
    let code = match envelope["envelope"].as_str().unwrap() {
        "whole" => 0,
        "technical" => 1,
        _ => 2,
    };
    let mut hashed = b"torg/sourcing/quote/1".to_vec();
    hashed.extend(uuid(rfq));
    hashed.extend(uuid(quoter));
    hashed.extend(number.to_be_bytes());
    hashed.push(code);
    hashed.extend(hex::decode(envelope["nonce"].as_str().unwrap()).unwrap());
    hashed.extend(envelope["text"].as_str().unwrap().as_bytes());
    hex::encode(Sha256::digest(hashed))
}

#[tokio::test]
async fn what_is_opened_is_what_was_committed_to() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    for procedure in [json!({}), json!({"envelopes": 2})] {
        let rfq = tender.published(json!({"procedure": procedure})).await;
        let quote =
            tender.quoted(&supplier, &rfq, &["612.50", "700"], json!({"remarks": "Ab Werk:\nÄnderungen"})).await;
        supplier.owner.edit(&quote, json!({"tax_rate": "7"})).await.expect(200);
        let path = format!("{rfq}/commitments");
        let published = items(buyer, &path).await;
        assert_eq!(column(buyer, &path, "is_own").await, [false, false]);
        assert_eq!(column(&supplier.owner, &path, "is_own").await, [true, true]);
        let check = |revision: &Value| {
            let place = usize::try_from(revision["number"].as_u64().unwrap()).unwrap() - 1;
            for envelope in revision["envelopes"].as_array().unwrap() {
                let hash = commitment(id_of(&rfq), &supplier.id, revision, envelope);
                assert_eq!(envelope["commitment"], hash);
                assert_eq!(published[place]["commitments"][envelope["envelope"].as_str().unwrap()], hash);
            }
        };
        // The quoter can prove it from the beginning, the buyer once it is open.
        let own = items(&supplier.owner, &format!("{quote}/revisions")).await;
        own.iter().for_each(check);
        let texts: Vec<&str> =
            own[1]["envelopes"].as_array().unwrap().iter().filter_map(|one| one["text"].as_str()).collect();
        assert!(texts.concat().contains("  unit price: 612.5\n"), "{texts:?}");
        assert!(texts.concat().contains("remarks: Ab Werk:\\nÄnderungen\n"), "{texts:?}");
        app.pass_deadline(&rfq).await;
        while state(buyer, &rfq).await == "closed" {
            buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200);
        }
        let opened = items(buyer, &format!("{quote}/revisions")).await;
        assert_eq!((opened.len(), &opened[0]["number"]), (1, &json!(2)));
        assert_eq!(opened[0]["envelopes"], own[1]["envelopes"]);
        opened.iter().for_each(check);
        assert_eq!(items(buyer, &path).await, published, "they stay as they were published");
    }
}

#[tokio::test]
async fn what_was_handed_in_is_not_changed_by_anybody_and_a_forgery_is_not_opened() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    let quote = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let other = tender.quoted(&two, &rfq, &["400", "600"], json!({})).await;
    for statement in [
        "UPDATE quote_revision SET content = '\\x00'",
        "UPDATE quote_revision SET at = now()",
        "UPDATE quote_revision SET commitments = '{}'",
        "DELETE FROM quote_revision",
    ] {
        let refused = app.sql_error(statement).await;
        assert!(refused.contains("quote_revision"), "{statement}: {refused}");
    }
    // Who could do it nevertheless is found out: the content of one quote under the name of the other.
    app.sql(&format!(
        "ALTER TABLE quote_revision DISABLE TRIGGER quote_revision_stays;
         UPDATE quote_revision SET content = (SELECT content FROM quote_revision WHERE quote_id = '{}')
             WHERE quote_id = '{}';
         ALTER TABLE quote_revision ENABLE TRIGGER quote_revision_stays",
        id_of(&other),
        id_of(&quote)
    ))
    .await;
    app.pass_deadline(&rfq).await;
    buyer.post(&format!("{rfq}/open"), json!({})).await.problem(409, "not-as-committed");
    assert_eq!(state(buyer, &rfq).await, "closed");
    buyer.get(&other).await.problem(404, "not-found");
}
