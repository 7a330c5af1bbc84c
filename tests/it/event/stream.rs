use tests::app::TestApp;
use tests::sse::Listener;

use super::feed::add_account;

const PATH: &str = "/v1/events/stream";

// R42
#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off_without_gap_or_repeat() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, PATH, None).await;
    let first = listener.take(2).await;
    assert_eq!(first[1].kind, "organisation.verified");
    assert_eq!(first[1].data["subject"]["id"], company.id);
    add_account(&company).await;
    let live = listener.take(1).await;
    assert_eq!(live[0].kind, "bank_account.added");
    drop(listener);
    add_account(&company).await;
    add_account(&company).await;
    let mut resumed = Listener::connect(&company.owner, &format!("{PATH}?after=now"), Some(&first[1].id)).await;
    let rest = resumed.take(3).await;
    assert_eq!(rest[0], live[0]);
    let mut again = Listener::connect(&company.owner, &format!("{PATH}?after={}", rest[1].id), None).await;
    assert_eq!(again.take(1).await[0], rest[2]);
    let mut some = Listener::connect(&company.owner, &format!("{PATH}?type=organisation.verified"), None).await;
    assert_eq!(some.take(1).await[0].data, first[1].data);
    let listed = company.owner.get(&format!("/v1/events?after={}", rest[0].id)).await.expect(200).json();
    assert_eq!(listed["items"][1], rest[2].data);
}

// S10
#[tokio::test]
async fn a_stream_ends_when_its_reader_may_not_read_any_more() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, PATH, None).await;
    listener.take(2).await;
    company.owner.delete("/v1/sessions/current").await.expect(204);
    assert_eq!(listener.next().await, None);
    company.owner.get("/v1/events/stream").await.problem(401, "invalid-token");
}

// R45
#[tokio::test]
async fn a_stream_ends_when_the_service_stops() {
    let app = TestApp::start().await;
    let company = app.company("Company").await;
    let mut listener = Listener::connect(&company.owner, PATH, None).await;
    listener.take(2).await;
    app.shared.stopping.cancel();
    assert_eq!(listener.next().await, None);
}
