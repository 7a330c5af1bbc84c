use serde_json::{Value, json};
use tests::sourcing::{id_of, items, state};

use super::secrecy::{Sealed, found};
use super::told;

fn in_two(more: Value) -> Value {
    let mut procedure = json!({"preset": "two_envelope", "two_person_opening": false});
    for (key, value) in more.as_object().into_iter().flatten() {
        procedure[key] = value.clone();
    }
    json!({"procedure": procedure})
}

#[tokio::test]
async fn the_technical_envelopes_come_first_and_excluded_prices_never() {
    let sealed = Sealed::quoted(in_two(json!({}))).await;
    let (app, tender, rfq) = (&sealed.app, &sealed.tender, &sealed.rfq);
    let (buyer, operator) = (&tender.buyer.owner, app.operator().await);
    let rival = tender.supplier(app, "Rival").await;
    let other = tender.quoted(&rival, rfq, &["543.21", "700"], json!({"remarks": "Net of all-marker"})).await;
    let open = async |envelope: &str| buyer.post(&format!("{rfq}/open"), json!({"envelope": envelope})).await;
    open("technical").await.problem(409, "still-sealed");
    app.pass_deadline(rfq).await;
    open("commercial").await.problem(409, "still-sealed");
    assert_eq!(open("whole").await.faults(), ["/envelope envelope"]);
    let opened = open("technical").await.expect(200).json();
    assert_eq!(
        (&opened["is_open"], &opened["quotes"], &opened["rfq"]["state"]),
        (&json!(true), &json!(2), &json!("closed"))
    );
    open("technical").await.problem(409, "wrong-state");

    let technical = buyer.get(&sealed.quote).await.expect(200).json();
    assert_eq!(
        (&technical["content"], &technical["technical"]["offers"][0]["lead_time_days"]),
        (&json!(null), &json!(14))
    );
    for (name, reader) in [("buyer", buyer), ("operator", &operator)] {
        let read = sealed.read_by(reader).await;
        assert_eq!(found(&read, &sealed.technical), sealed.technical, "{name}");
        assert_eq!(found(&read, &sealed.commercial), [] as [String; 0], "{name}");
        assert!(!read.contains("543.21") && !read.contains("all-marker"), "{name}");
    }
    assert_eq!(found(&sealed.read_by(&rival.owner).await, &sealed.secrets()), [] as [String; 0]);
    buyer.get(&format!("{rfq}/comparison")).await.problem(409, "still-sealed");

    let why = json!({"reason": "Hydrogen is not allowed."});
    let excluded = buyer.post(&format!("{}/exclude", sealed.quote), why.clone()).await.expect(200).json();
    assert_eq!((&excluded["state"], &excluded["reason"]), (&json!("not_awarded"), &why["reason"]));
    buyer.post(&format!("{}/exclude", sealed.quote), why.clone()).await.problem(409, "wrong-state");
    assert_eq!(told(app, &sealed.quoter.owner, "quote.excluded").await[0]["reason"], why["reason"]);
    let opened = open("commercial").await.expect(200).json();
    assert_eq!((&opened["quotes"], &opened["rfq"]["state"]), (&json!(1), &json!("evaluating")));
    assert_eq!(buyer.get(&other).await.expect(200).json()["content"]["offers"][0]["unit_price"], "543.21");
    for reader in [buyer, &operator] {
        assert_eq!(found(&sealed.read_by(reader).await, &sealed.commercial), [] as [String; 0]);
    }
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!(
        (compared["quotes"].as_array().unwrap().len(), &compared["quotes"][0]["quote_id"]),
        (1, &json!(id_of(&other)))
    );
    let award = json!({"quote_id": id_of(&sealed.quote), "reason": "Yet."});
    let refused = buyer.post(&format!("{rfq}/award"), award).await;
    assert!([409, 422].contains(&refused.status.as_u16()), "{}", refused.text);
    assert_eq!(state(buyer, rfq).await, "evaluating");
}

#[tokio::test]
async fn where_all_are_excluded_no_price_is_opened_and_the_request_can_be_cancelled() {
    let sealed = Sealed::quoted(in_two(json!({}))).await;
    let (buyer, rfq) = (&sealed.tender.buyer.owner, &sealed.rfq);
    sealed.app.pass_deadline(rfq).await;
    buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200);
    let why = json!({"reason": "Hydrogen is not allowed."});
    buyer.post(&format!("{}/exclude", sealed.quote), why).await.expect(200);
    let opened = buyer.post(&format!("{rfq}/open"), json!({})).await.expect(200).json();
    assert_eq!(
        (&opened["envelope"], &opened["quotes"], &opened["rfq"]["state"]),
        (&json!("commercial"), &json!(0), &json!("evaluating"))
    );
    assert_eq!(found(&sealed.read_by(buyer).await, &sealed.commercial), [] as [String; 0]);
    let compared = buyer.get(&format!("{rfq}/comparison")).await.expect(200).json();
    assert_eq!((&compared["quotes"], &compared["best_total"]), (&json!([]), &json!(null)));
    buyer.post(&format!("{rfq}/cancel"), json!({"reason": "Nothing suits."})).await.expect(200);
    assert_eq!(state(buyer, rfq).await, "cancelled");
}

#[tokio::test]
async fn each_envelope_has_a_commitment_of_its_own() {
    let sealed = Sealed::quoted(in_two(json!({}))).await;
    let published = items(&sealed.tender.buyer.owner, &format!("{}/commitments", sealed.rfq)).await;
    let hashes = published[0]["commitments"].as_object().unwrap();
    assert_eq!(hashes.keys().collect::<Vec<_>>(), ["commercial", "technical"]);
    sealed.app.pass_deadline(&sealed.rfq).await;
    let buyer = &sealed.tender.buyer.owner;
    buyer.post(&format!("{}/open", sealed.rfq), json!({})).await.expect(200);
    let revision = items(buyer, &format!("{}/revisions", sealed.quote)).await.remove(0);
    let envelopes = revision["envelopes"].as_array().unwrap();
    assert_eq!((envelopes.len(), &envelopes[0]["envelope"]), (1, &json!("technical")));
    assert_eq!(envelopes[0]["commitment"], hashes["technical"]);
    buyer.post(&format!("{}/open", sealed.rfq), json!({})).await.expect(200);
    let revision = items(buyer, &format!("{}/revisions", sealed.quote)).await.remove(0);
    let nonces: Vec<&Value> = revision["envelopes"].as_array().unwrap().iter().map(|one| &one["nonce"]).collect();
    assert_eq!(nonces.len(), 2);
    assert_ne!(nonces[0], nonces[1], "the one helps nobody to guess what is in the other");
}

#[tokio::test]
async fn two_envelopes_and_two_people_take_four_openings() {
    let sealed = Sealed::quoted(in_two(json!({"two_person_opening": true}))).await;
    let (app, tender, rfq) = (&sealed.app, &sealed.tender, &sealed.rfq);
    let second = app.person(&tender.buyer, &["buyer"]).await.owner;
    app.pass_deadline(rfq).await;
    let path = format!("{rfq}/open");
    let open = async |by: &tests::client::Client| by.post(&path, json!({})).await.expect(200).json();
    let first = open(&tender.buyer.owner).await;
    assert_eq!((&first["envelope"], &first["is_open"]), (&json!("technical"), &json!(false)));
    assert_eq!(found(&sealed.read_by(&second).await, &sealed.secrets()), [] as [String; 0]);
    assert_eq!(open(&second).await["is_open"], true);
    assert_eq!(found(&sealed.read_by(&second).await, &sealed.commercial), [] as [String; 0]);
    assert_eq!(open(&second).await["envelope"], "commercial");
    assert_eq!(found(&sealed.read_by(&second).await, &sealed.commercial), [] as [String; 0]);
    assert_eq!(open(&tender.buyer.owner).await["rfq"]["state"], "evaluating");
    let record = tender.buyer.owner.get(rfq).await.expect(200).json()["openings"].clone();
    assert_eq!(record.as_array().unwrap().len(), 4, "{record}");
}
