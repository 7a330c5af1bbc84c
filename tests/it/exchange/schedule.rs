//! When instruments are traded.

use serde_json::json;
use tests::app::TestApp;
use tests::exchange::workdays;

#[tokio::test]
async fn a_schedule_tells_the_phase_of_now_and_the_next_change() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let all = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let id = exchange.schedule(json!({"weekdays": all, "holidays": ["2099-01-02", "2099-01-01", "2099-01-02"]})).await;
    let read = app.anonymous().get(&format!("/v1/trading-schedules/{id}")).await.expect(200).json();
    assert_eq!(
        (&read["holidays"], &read["time_zone"]),
        (&json!(["2099-01-01", "2099-01-02"]), &json!("Europe/Berlin"))
    );
    let phases = ["closed", "pre_open", "opening_auction", "continuous", "closing_auction"];
    let now = phases.iter().position(|&phase| read["phase"] == phase).expect("a phase");
    // The next change leads to the phase behind that of now.
    assert_eq!(read["next"]["phase"], phases[(now + 1) % phases.len()]);
    assert!(read["next"]["at"].as_str().unwrap().ends_with('Z'));
    let list = app.anonymous().get(&exchange.path("trading-schedules")).await.expect(200).json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["id"]), (1, &json!(id)));
}

#[tokio::test]
async fn all_faults_of_a_schedule_are_told_at_once() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let steps = json!([{"at": "09:00", "phase": "continuous"}, {"at": "08:00", "phase": "closing_auction"}]);
    let odd = workdays(json!({"time_zone": "Berlin", "steps": steps, "weekdays": ["mon", "monday", "mon"]}));
    let expected = [
        "/steps/0/phase unreachable",
        "/steps/1/at not_later",
        "/steps/1/phase not_closed",
        "/time_zone time_zone",
        "/weekdays/1 weekday",
        "/weekdays/2 twice",
    ];
    let path = exchange.path("trading-schedules");
    assert_eq!(exchange.manager.owner.post(&path, odd).await.faults(), expected);
    let name = exchange.schedule(json!({"name": "Days"})).await;
    assert!(!name.is_empty());
    let again = exchange.manager.owner.post(&path, workdays(json!({"name": "Days"}))).await;
    again.problem(409, "already-exists");
}

#[tokio::test]
async fn a_schedule_goes_when_no_listed_instrument_goes_by_it() {
    let app = TestApp::start().await;
    let exchange = app.exchange().await;
    let manager = &exchange.manager.owner;
    let schedule = exchange.schedule(json!({})).await;
    let path = format!("/v1/trading-schedules/{schedule}");
    let instrument = format!("/v1/instruments/{}", exchange.instrument(json!({"schedule_id": schedule})).await);
    let stale = manager.etag(&path).await;
    manager.edit(&path, json!({"time_zone": "Europe/Moscow"})).await.expect(200);
    manager.delete_if(&path, &stale).await.problem(412, "precondition-failed");
    manager.delete_if(&path, &manager.etag(&path).await).await.problem(409, "in-use");
    manager.delete_if(&instrument, &manager.etag(&instrument).await).await.expect(204);
    manager.delete_if(&path, &manager.etag(&path).await).await.expect(204);
    manager.get(&path).await.problem(404, "not-found");
    // What is kept of the instrument does not name it any more.
    assert!(manager.get(&instrument).await.expect(200).json()["schedule_id"].is_null());
}
