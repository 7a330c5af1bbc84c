use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::items;

use super::{heard, told};

#[tokio::test]
async fn nobody_learns_who_asks_not_even_the_operator() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (buyer, operator) = (&tender.buyer.owner, app.operator().await);
    let (asker, other) = (tender.supplier(&app, "Asker").await, tender.supplier(&app, "Other").await);
    let person = asker.owner.get("/v1/me").await.expect(200).id();
    let rfq = tender.published(json!({})).await;
    let path = format!("{rfq}/questions");
    let request = asker.owner.request(reqwest::Method::POST, &path).header("X-Request-Id", "whoever-asks-4711");
    let asked = asker.owner.send(request.json(&json!({"text": " Which coating?\n"}))).await.expect(201).json();
    assert_eq!((&asked["question"], &asked["is_own"]), (&json!("Which coating?"), &json!(true)));
    assert_eq!(items(&asker.owner, &path).await, std::slice::from_ref(&asked));
    assert!(items(&other.owner, &path).await.is_empty(), "it is not answered yet");
    assert_eq!(told(&app, buyer, "rfq.question_asked").await[0]["question"], "Which coating?");

    let mut seen = String::new();
    for reader in [buyer, &operator] {
        let questions = items(reader, &path).await;
        assert_eq!((questions.len(), &questions[0]["is_own"]), (1, &json!(false)));
        for part in ["", "/questions", "/versions", "/quotes", "/commitments", "/invitations", "/applications"] {
            seen.push_str(&reader.get(&format!("{rfq}{part}")).await.expect(200).text);
        }
    }
    seen.push_str(&buyer.get("/v1/events?limit=200").await.expect(200).text);
    let audit = items(&operator, "/v1/audit?limit=200").await;
    let audit: Vec<Value> =
        audit.into_iter().filter(|one| one["type"].as_str().is_some_and(|kind| kind.starts_with("rfq."))).collect();
    let record = audit.iter().find(|one| one["type"] == "rfq.question_asked").expect("it is on the record");
    assert_eq!((&record["actor_id"], &record["request_id"]), (&json!(null), &json!(null)));
    seen.push_str(&json!(audit).to_string());
    assert!(seen.contains("Which coating?"));
    for secret in [asker.id.as_str(), &person, "whoever-asks-4711"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    // Who asked is told what becomes of the request, like all others.
    buyer.edit(&rfq, json!({"title": {"en": "Steel"}})).await.expect(200);
    app.until(async || heard(&asker.owner, &rfq).await == ["rfq.amended"]).await;
}

#[tokio::test]
async fn an_answer_is_given_once_and_read_by_all() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (asker, other) = (tender.supplier(&app, "Asker").await, tender.supplier(&app, "Other").await);
    let rfq = tender.published(json!({})).await;
    let path = format!("{rfq}/questions");
    let id = asker.owner.post(&path, json!({"text": "Which coating?"})).await.expect(201).id();
    asker.owner.post(&path, json!({"text": "Which width?"})).await.expect(201);
    let answer = format!("{path}/{id}/answer");
    other.owner.post(&answer, json!({"text": "None."})).await.problem(403, "forbidden");
    app.operator().await.post(&answer, json!({"text": "None."})).await.problem(403, "forbidden");
    assert_eq!(buyer.post(&answer, json!({"text": " "})).await.faults(), ["/text required"]);
    let given = buyer.post(&answer, json!({"text": "Z275."})).await.expect(200).json();
    assert!(given["answer"] == "Z275." && given["answered_at"].is_string(), "{given}");
    buyer.post(&answer, json!({"text": "Z100."})).await.problem(409, "wrong-state");
    let read = items(&other.owner, &path).await;
    assert_eq!((read.len(), &read[0]["answer"], &read[0]["is_own"]), (1, &json!("Z275."), &json!(false)));
    assert_eq!(items(&asker.owner, &path).await.len(), 2);
    let said = told(&app, &asker.owner, "rfq.question_answered").await;
    assert_eq!((&said[0]["answer"], &said[0]["question"]), (&json!("Z275."), &json!("Which coating?")));
    let elsewhere = tender.published(json!({})).await;
    let lost = format!("{elsewhere}/questions/{id}/answer");
    buyer.post(&lost, json!({"text": "Z275."})).await.problem(404, "not-found");
    app.anonymous().get(&path).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn questions_end_at_their_deadline_and_answers_with_the_quotes() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await.owner;
    let rfq = tender.published(json!({})).await;
    let path = format!("{rfq}/questions");
    let ask = async |text: &str| supplier.post(&path, json!({"text": text})).await;
    assert_eq!(ask(" ").await.faults(), ["/text required"]);
    assert_eq!(ask(&"x".repeat(4_001)).await.faults(), ["/text too_long"]);
    buyer.post(&path, json!({"text": "Do I know?"})).await.problem(409, "own-request");
    let first = ask("Which coating?").await.expect(201).id();
    let second = ask("Which width?").await.expect(201).id();
    app.pass_questions(&rfq).await;
    ask("Which length?").await.problem(409, "question-too-late");
    app.until(async || heard(buyer, &rfq).await.contains(&"rfq.questions_closed".to_owned())).await;
    buyer.post(&format!("{path}/{first}/answer"), json!({"text": "Z275."})).await.expect(200);
    app.pass_deadline(&rfq).await;
    buyer.post(&format!("{path}/{second}/answer"), json!({"text": "1.5 m."})).await.problem(409, "wrong-state");
    ask("Still there?").await.problem(409, "question-too-late");
    let draft = tender.draft(json!({})).await;
    let hidden = supplier.post(&format!("{draft}/questions"), json!({"text": "Which?"})).await;
    hidden.problem(404, "not-found");
    let cancelled = tender.published(json!({})).await;
    buyer.post(&format!("{cancelled}/cancel"), json!({"reason": "Put off."})).await.expect(200);
    let over = supplier.post(&format!("{cancelled}/questions"), json!({"text": "Why?"})).await;
    over.problem(409, "wrong-state");
}
