use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

async fn questions(by: &Client, auction: &str) -> Vec<Value> {
    by.get(&format!("{auction}/questions")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn nobody_learns_who_asks_and_all_read_the_answer() {
    let app = TestApp::start().await;
    let house = app.house().await;
    let seller = house.member(&app, "Seller", &["sell"]).await;
    let asker = house.member(&app, "Asker", &["bid"]).await;
    let other = house.member(&app, "Other", &["bid"]).await;
    let path = house.announced(&seller, json!({})).await;
    let body = json!({"question": "Were the bars stored\nunder a roof?"});
    let made = asker.owner.post(&format!("{path}/questions"), body).await.expect(201);
    assert_eq!(
        asker.owner.post(&format!("{path}/questions"), json!({"question": " "})).await.faults(),
        ["/question blank"]
    );
    let id = made.id();
    let to_seller = questions(&seller.owner, &path).await;
    assert_eq!((to_seller.len(), &to_seller[0]["is_own"]), (1, &json!(false)));
    assert!(!to_seller[0].to_string().contains(&asker.id));
    assert_eq!(questions(&asker.owner, &path).await[0]["is_own"], true);
    for stranger in [&other.owner, &app.anonymous()] {
        assert!(questions(stranger, &path).await.is_empty());
    }
    let asked = async |by: &Client, kind: &str| {
        let feed = by.get(&format!("/v1/events?type={kind}")).await.expect(200).json();
        feed["items"].as_array().unwrap().clone()
    };
    app.until(async || !asked(&seller.owner, "auction.question_asked").await.is_empty()).await;
    assert!(!asked(&seller.owner, "auction.question_asked").await[0].to_string().contains(&asker.id));

    let answer = format!("{path}/questions/{id}/answer");
    other.owner.post(&answer, json!({"answer": "No."})).await.problem(403, "forbidden");
    seller.owner.post(&answer, json!({"answer": "Yes."})).await.expect(200);
    seller.owner.post(&answer, json!({"answer": "No."})).await.problem(409, "wrong-state");
    for reader in [&other.owner, &app.anonymous(), &asker.owner] {
        assert_eq!(questions(reader, &path).await[0]["answer"], "Yes.");
    }
    app.until(async || asked(&other.owner, "auction.question_answered").await.len() == 1).await;
    let elsewhere = house.announced(&seller, json!({})).await;
    let lost = format!("{elsewhere}/questions/{id}/answer");
    seller.owner.post(&lost, json!({"answer": "Yes."})).await.problem(404, "not-found");
}
