use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::client::Client;
use tests::pdf::text_of;
use tests::sourcing::{id_of, items};

use super::award::Choice;
use super::told;

/// The text of a document, which says what its hash is.
async fn read(by: &Client, id: &Value) -> String {
    let path = format!("/v1/documents/{}", id.as_str().expect("a document"));
    let document = by.get(&path).await.expect(200).json();
    let (status, headers, bytes) = by.send_bytes(by.request(Method::GET, &format!("{path}/content"))).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
    assert_eq!(document["file"]["sha256"], hex::encode(Sha256::digest(&bytes)));
    text_of(&bytes)
}

#[tokio::test]
async fn winners_and_losers_are_told_in_writing_what_concerns_them_and_no_more() {
    let criteria = json!([
        {"kind": "price", "weight": "60"},
        {"kind": "score", "key": "quality", "name": {"en": "Quality"}, "weight": "40"},
    ]);
    let choice = Choice::given(json!({"criteria": criteria, "procedure": {"standstill_days": 10}})).await;
    let (app, buyer, winner, loser) = (&choice.app, choice.buyer(), &choice.suppliers[1], &choice.suppliers[0]);
    let award = choice.awarded(1).await;
    let won = told(app, &winner.owner, "quote.letter").await;
    let lost = told(app, &loser.owner, "quote.letter").await;
    assert_eq!((won.len(), &won[0]["award_id"], lost.len(), lost[0].get("award_id")), (1, &award["id"], 1, None));

    let text = read(&winner.owner, &won[0]["document_id"]).await;
    for said in [
        "Notice of award",
        "Rolled steel",
        "Hot rolled coil",
        "19,600.00",
        "26,800.00",
        "31,892.00",
        "The lowest total.",
        &winner.name,
    ] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    assert!(text.contains(&award["standstill_until"].as_str().unwrap()[..4]), "{text}");
    let text = read(&loser.owner, &lost[0]["document_id"]).await;
    for said in ["Notice about your quote", "The lowest total.", "Place of your quote", "of 100", &loser.name] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    for secret in ["19,600", "26,800", "490", winner.name.as_str(), winner.id.as_str(), id_of(&choice.quotes[1])] {
        assert!(!text.contains(secret), "{secret} is told to the loser:\n{text}");
    }

    // Each reads its own, the buyer both; nobody changes them.
    for (reader, foreign) in [(winner, &lost), (loser, &won)] {
        let path = format!("/v1/documents/{}", foreign[0]["document_id"].as_str().unwrap());
        reader.owner.get(&path).await.problem(404, "not-found");
    }
    let path = format!("/v1/documents/{}", won[0]["document_id"].as_str().unwrap());
    let document = buyer.get(&path).await.expect(200);
    assert_eq!(document.json()["subject"], json!({"kind": "rfq", "id": id_of(&choice.rfq)}));
    assert_eq!(
        items(buyer, &format!("/v1/documents?subject_kind=rfq&subject_id={}", id_of(&choice.rfq))).await.len(),
        2
    );
    buyer.delete_if(&path, &document.etag()).await.problem(403, "forbidden");
    buyer.patch_if(&path, &document.etag(), json!({"visibility": "public"})).await.problem(403, "forbidden");
    winner.owner.patch_if(&path, &document.etag(), json!({"title": "Mine"})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_letter_is_written_once_however_often_it_is_asked_for() {
    let choice = Choice::given(json!({})).await;
    let award = choice.awarded(1).await;
    let written = "SELECT count(*) FROM document";
    choice.app.until(async || choice.app.count(written).await == 2).await;
    let waiting = "SELECT count(*) FROM timer WHERE kind = 'quote.letter'";
    choice.app.until(async || choice.app.count(waiting).await == 0).await;
    choice
        .app
        .sql("INSERT INTO timer (kind, subject_id, due_at) SELECT 'quote.letter', quote_id, now() FROM rfq_award")
        .await;
    choice.app.until(async || choice.app.count(waiting).await == 0).await;
    assert_eq!(choice.app.count(written).await, 2);
    let path = format!("/v1/rfq-awards/{}", award["id"].as_str().unwrap());
    let letter = choice.buyer().get(&path).await.expect(200).json()["letter_id"].clone();
    assert_eq!(told(&choice.app, &choice.suppliers[1].owner, "quote.letter").await[0]["document_id"], letter);
}

#[tokio::test]
async fn a_loser_is_written_in_the_language_of_its_country() {
    let choice = Choice::given(json!({})).await;
    choice.app.sql(&format!("UPDATE organisation SET country = 'RU' WHERE id = '{}'", choice.suppliers[0].id)).await;
    choice.awarded(1).await;
    let lost = told(&choice.app, &choice.suppliers[0].owner, "quote.letter").await;
    let text = read(&choice.suppliers[0].owner, &lost[0]["document_id"]).await;
    assert!(text.contains("Уведомление о результате запроса") && text.contains("Прокат"), "{text}");
    // By price alone, its score would tell the price that won.
    assert!(!text.contains("из 100"), "{text}");
}
