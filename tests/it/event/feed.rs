use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database;
use tests::given::Company;

/// The types of the events behind a position, and the position to go on from.
pub async fn read(of: &Client, after: &str) -> (Vec<String>, String) {
    let feed = of.get(&format!("/v1/events?limit=200&after={after}")).await.expect(200).json();
    let kinds = feed["items"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap().to_owned());
    (kinds.collect(), feed["next_after"].as_str().unwrap().to_owned())
}

/// Makes an event in the company's feed.
pub async fn add_account(company: &Company) {
    tests::trade::add_bank_account(company).await;
}

/// Where the feed is when it has nothing more, and all it had.
async fn settled(of: &Client) -> String {
    read(of, "now").await.1
}

// R35
#[tokio::test]
async fn events_tell_what_happened_to_which_version_of_what() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    add_account(&company).await;
    app.until(async || read_all(&company.owner).await.len() == 3).await;
    let items = read_all(&company.owner).await;
    let kinds: Vec<_> = items.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["organisation.registered", "organisation.verified", "bank_account.added"]);
    let verified = &items[1];
    assert_eq!(verified["subject"], json!({"kind": "organisation", "id": company.id, "version": 2}));
    assert_eq!((&verified["schema_version"], &verified["portal_id"]), (&json!(1), &json!(null)));
    assert!(verified["at"].as_str().unwrap().ends_with('Z') && verified["id"].is_string());
    let some = company.owner.get("/v1/events?type=bank_account.added,other.thing").await.expect(200).json();
    assert_eq!(some["items"], json!([items[2]]));
    let (first, next) = {
        let page = company.owner.get("/v1/events?limit=2").await.expect(200).json();
        (page["items"].clone(), page["next_after"].as_str().unwrap().to_owned())
    };
    assert_eq!(first, json!(items[..2]));
    let (rest, end) = read(&company.owner, &next).await;
    assert_eq!(rest, ["bank_account.added"]);
    assert_eq!(read(&company.owner, &end).await, (vec![], end));
}

async fn read_all(of: &Client) -> Vec<Value> {
    of.get("/v1/events").await.expect(200).json()["items"].as_array().unwrap().clone()
}

// S1, R10
#[tokio::test]
async fn two_organisations_never_see_each_others_events() {
    let app = TestApp::start().await;
    let (one, other) = (app.company("One").await, app.company("Other").await);
    add_account(&one).await;
    app.until(async || read_all(&one.owner).await.len() == 3).await;
    for (own, foreign) in [(&one, &other), (&other, &one)] {
        let items = read_all(&own.owner).await;
        assert!(!items.is_empty() && items.iter().all(|item| !item.to_string().contains(&foreign.id)));
    }
    assert!(!read_all(&other.owner).await.iter().any(|item| item["type"] == "bank_account.added"));
    let foreign = settled(&one.owner).await;
    for odd in [foreign.as_str(), "x", "AAAA", &foreign[1..]] {
        other.owner.get(&format!("/v1/events?after={odd}")).await.problem(400, "invalid-cursor");
        other.owner.get(&format!("/v1/events/stream?after={odd}")).await.problem(400, "invalid-cursor");
    }
    app.anonymous().get("/v1/events").await.problem(401, "unauthenticated");
    other.owner.get("/v1/events?limit=201").await.problem(400, "invalid-query");
    other.owner.get("/v1/events?type=DROP TABLE").await.problem(400, "invalid-query");
}

#[tokio::test]
async fn nothing_is_shown_that_an_older_transaction_could_still_precede_and_nothing_is_skipped() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    app.until(async || read_all(&company.owner).await.len() == 2).await;
    let after = settled(&company.owner).await;
    let mut older = database::connect(&app.database_url).await;
    let begin = format!(
        "BEGIN; WITH e AS (INSERT INTO event (id, type, subject_kind, subject_id, subject_version, data, at)
             VALUES (gen_random_uuid(), 'test.older', 'test', gen_random_uuid(), 1, '{{}}', now()) RETURNING tx, seq)
         INSERT INTO event_audience (organisation_id, tx, seq) SELECT '{}', tx, seq FROM e",
        company.id
    );
    older.batch_execute(&begin).await.unwrap();
    add_account(&company).await;
    assert_eq!(app.count("SELECT count(*) FROM event WHERE type = 'bank_account.added'").await, 1);
    let (seen, mut position) = read(&company.owner, &after).await;
    assert_eq!(seen, Vec::<String>::new(), "the older transaction still runs");
    older.batch_execute("COMMIT").await.unwrap();
    let mut all = Vec::new();
    while all.len() < 2 {
        let (seen, next) = read(&company.owner, &position).await;
        all.extend(seen);
        position = next;
    }
    assert_eq!(all, ["test.older", "bank_account.added"]);
}

#[tokio::test]
async fn a_reader_beside_many_writers_gets_every_event_once_in_order() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    app.until(async || read_all(&company.owner).await.len() == 2).await;
    let mut position = settled(&company.owner).await;
    let writers = async {
        let add = async |n: i32| {
            for _ in 0..10 {
                add_account(&company).await;
            }
            n
        };
        futures::future::join_all((0..8).map(add)).await
    };
    let mut seen: Vec<String> = Vec::new();
    let reader = async {
        while seen.len() < 80 {
            let feed = company.owner.get(&format!("/v1/events?after={position}")).await.expect(200).json();
            let items = feed["items"].as_array().unwrap();
            seen.extend(items.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
            position = feed["next_after"].as_str().unwrap().to_owned();
        }
    };
    let both = futures::future::join(writers, reader);
    tokio::time::timeout(std::time::Duration::from_secs(30), both).await.expect("all events come");
    let again = company.owner.get("/v1/events?type=bank_account.added&limit=200").await.expect(200).json();
    let all = again["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    assert_eq!(seen, all.collect::<Vec<_>>());
}
