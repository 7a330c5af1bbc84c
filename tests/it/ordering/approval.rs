use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::market::{Offered, stock};
use tests::trade::Trade;

use super::cost_centre::{budget, cost_centre, me};

/// Sets a company's policy.
pub async fn set_policy(company: &Company, rules: Value) -> Answer {
    let path = format!("/v1/organisations/{}/approval-policy", company.id);
    let etag = company.owner.etag(&path).await;
    company.owner.put_if(&path, &etag, json!({"rules": rules})).await
}

/// A rule without a condition whose steps ask these, one after the other.
fn rule(approvers: &[Value]) -> Value {
    let step = |who: &Value| json!({"name": "Step", "approvers": who});
    json!([{"name": "All", "steps": approvers.iter().map(step).collect::<Vec<_>>()}])
}

/// A trade with a thousand bolts at 2.00, and people of the buyer: Anna buys, Boris and Clara approve.
struct Office {
    app: TestApp,
    trade: Trade,
    bolt: Offered,
    anna: Client,
    boris: Client,
    clara: Client,
}

async fn office() -> Office {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "1000", &[("1", "2.00")]).await;
    let person = async |role: &str| app.person(&trade.buyer, &[role]).await.owner;
    let (anna, boris, clara) = (person("buyer").await, person("approver").await, person("approver").await);
    Office { app, trade, bolt, anna, boris, clara }
}

impl Office {
    fn body(&self, quantity: &str) -> Value {
        self.trade.market.order(&[(&self.bolt, quantity)], true)
    }

    /// The path of a new order.
    async fn order(&self, by: &Client, body: Value) -> String {
        let made = by.post("/v1/orders", body).await.expect(201).json();
        format!("/v1/orders/{}", made["orders"][0]["id"].as_str().expect("an id"))
    }

    async fn state(&self, path: &str) -> String {
        let order = self.trade.buyer.owner.get(path).await.expect(200).json();
        order["state"].as_str().expect("a state").to_owned()
    }
}

/// Decides on an order as it is at this moment.
pub async fn decide(by: &Client, order: &str, step: &str, body: Value) -> Answer {
    let read = by.get(order).await;
    let etag = if read.status == 200 { read.etag() } else { "\"1.0\"".to_owned() };
    by.post_if(&format!("{order}/{step}"), &etag, body).await
}

async fn approve(by: &Client, order: &str) -> Answer {
    decide(by, order, "approve", json!({"reason": "needed"})).await
}

async fn reject(by: &Client, order: &str) -> Answer {
    decide(by, order, "reject", json!({"reason": "not needed"})).await
}

/// The orders that wait for somebody.
async fn waiting(of: &Client) -> Vec<String> {
    let found = of.get("/v1/approvals?mine=true").await.expect(200).json();
    let path = |one: &Value| format!("/v1/orders/{}", one["order"]["id"].as_str().expect("an id"));
    found["items"].as_array().expect("items").iter().map(path).collect()
}

#[tokio::test]
async fn an_order_is_placed_when_everybody_who_is_asked_has_consented() {
    let office = office().await;
    let (boris, clara) = (me(&office.boris).await, me(&office.clara).await);
    let rules = json!([{"name": "Above 100", "when": {"above": [{"amount": "100.00", "currency": "EUR"}]}, "steps": [
        {"name": "First", "approvers": {"persons": [boris]}}, {"name": "Second", "approvers": {"persons": [clara]}}]}]);
    set_policy(&office.trade.buyer, rules).await.expect(200);
    // At the threshold nobody is asked.
    let small = office.order(&office.anna, office.body("50")).await;
    assert_eq!(office.state(&small).await, "placed");
    let large = office.order(&office.anna, office.body("51")).await;
    assert_eq!(office.state(&large).await, "awaiting_approval");
    // Nothing is reserved, and the seller knows nothing of it.
    assert_eq!(stock(&office.trade.seller.owner, &office.bolt).await.1, "50");
    office.trade.seller.owner.get(&large).await.problem(404, "not-found");
    assert_eq!(waiting(&office.boris).await, [large.as_str()]);
    assert!(waiting(&office.clara).await.is_empty());
    // Who is not asked yet does not see it; who buys does, but does not decide.
    approve(&office.clara, &large).await.problem(404, "not-found");
    approve(&office.trade.buyer.owner, &large).await.problem(403, "forbidden");
    let first = approve(&office.boris, &large).await.expect(200).json();
    assert_eq!(first["orders"][0]["state"], "awaiting_approval");
    approve(&office.boris, &large).await.problem(403, "forbidden");
    let last = approve(&office.clara, &large).await.expect(200).json();
    assert_eq!(last["orders"][0]["state"], "placed");
    assert_eq!(stock(&office.trade.seller.owner, &office.bolt).await.1, "101");
    let found = office.boris.get(&format!("{large}/approvals")).await.expect(200).json();
    let round = &found["rounds"][0];
    assert_eq!((&round["state"], &round["policy_version"]), (&json!("approved"), &json!(1)));
    let decision = &round["steps"][0]["decisions"][0];
    assert_eq!(decision["by"], json!(boris));
    assert_eq!((&decision["decision"], &decision["reason"]), (&json!("approved"), &json!("needed")));
    office.trade.seller.owner.get(&format!("{large}/approvals")).await.problem(404, "not-found");
    assert_eq!(office.app.count("SELECT count(*) FROM timer WHERE kind LIKE '%approval%'").await, 0);
}

#[tokio::test]
async fn nobody_approves_their_own_order_in_any_way() {
    let office = office().await;
    let company = &office.trade.buyer;
    let dora = office.app.person(company, &["buyer", "approver"]).await.owner;
    set_policy(company, rule(&[json!({"roles": ["approver"]})])).await.expect(200);
    // Plainly.
    let own = office.order(&dora, office.body("1")).await;
    approve(&dora, &own).await.problem(403, "own-order");
    reject(&dora, &own).await.problem(403, "own-order");
    assert!(waiting(&dora).await.is_empty());
    // Standing in for somebody who may, or by somebody who stands in.
    let delegations = format!("/v1/organisations/{}/delegations", company.id);
    let until = "2027-01-01T00:00:00Z";
    let to_dora = json!({"to": me(&dora).await, "ends_at": until});
    office.boris.post(&delegations, to_dora).await.expect(201);
    approve(&dora, &own).await.problem(403, "own-order");
    dora.post(&delegations, json!({"to": me(&office.anna).await, "ends_at": until})).await.expect(201);
    approve(&office.anna, &own).await.problem(403, "forbidden");
    // By changing somebody else's: whoever changes an order has ordered it, and it starts anew.
    let annas = office.order(&office.anna, office.body("1")).await;
    dora.edit(&annas, json!({"note": "quickly"})).await.expect(200);
    approve(&dora, &annas).await.problem(403, "own-order");
    let draft = office.order(&dora, office.trade.market.order(&[(&office.bolt, "1")], false)).await;
    office.anna.post(&format!("{draft}/submit"), json!({})).await.expect(200);
    approve(&dora, &draft).await.problem(403, "own-order");
    // By a machine: its maker has ordered.
    let machine = office.app.machine(company, &["orders:write", "orders:read"]).await;
    set_policy(company, rule(&[json!({"roles": ["approver", "owner"]})])).await.expect(200);
    let by_machine = office.order(&machine, office.body("1")).await;
    approve(&company.owner, &by_machine).await.problem(403, "own-order");
    approve(&machine, &by_machine).await.problem(403, "forbidden");
    for order in [own, annas, draft, by_machine] {
        assert_eq!(office.state(&order).await, "awaiting_approval");
        approve(&office.clara, &order).await.expect(200);
    }
    let refused = office
        .app
        .sql_error(
            "INSERT INTO approval_decision SELECT gen_random_uuid(), s.id, 'approved', a.requesters[1], a.requesters[1], NULL, now()
             FROM approval a JOIN approval_step s ON s.approval_id = a.id LIMIT 1",
        )
        .await;
    assert!(refused.contains("own order"), "{refused}");
}

#[tokio::test]
async fn a_policy_without_a_possible_approver_is_refused() {
    let office = office().await;
    let company = &office.trade.buyer;
    let problem = set_policy(company, rule(&[json!({"roles": ["trader"]})])).await.problem(409, "no-approver");
    assert_eq!(problem["errors"][0]["pointer"], "/rules/0/steps/0");
    let mut three = rule(&[json!({"roles": ["approver"]})]);
    three[0]["steps"][0]["quorum"] = json!(3);
    set_policy(company, three.clone()).await.problem(409, "no-approver");
    let nowhere = "0190b5a0-0000-7000-8000-000000000001";
    let mut odd = rule(&[json!({"persons": [nowhere], "roles": ["approver"]})]);
    odd[0]["when"] = json!({"categories": [nowhere], "cost_centres": [nowhere]});
    let faults = set_policy(company, odd).await.faults();
    assert_eq!(faults, ["/rules/0/when/categories/0 unknown", "/rules/0/when/cost_centres/0 unknown"]);
    let path = format!("/v1/organisations/{}/approval-policy", company.id);
    let none = company.owner.get(&path).await.expect(200).json();
    assert_eq!((&none["version"], &none["rules"]), (&json!(0), &json!([])));
    // Nobody but who orders could approve.
    set_policy(company, rule(&[json!({"roles": ["owner"]})])).await.expect(200);
    company.owner.post("/v1/orders", office.body("1")).await.problem(409, "no-approver");
    assert_eq!(office.app.count("SELECT count(*) FROM purchase_order").await, 0);
    company.owner.put_if(&path, "\"0.0\"", json!({"rules": []})).await.problem(412, "precondition-failed");
}

#[tokio::test]
async fn when_the_last_approver_leaves_the_owners_decide() {
    let office = office().await;
    let company = &office.trade.buyer;
    let boris = me(&office.boris).await;
    set_policy(company, rule(&[json!({"persons": [boris]})])).await.expect(200);
    let order = office.order(&office.anna, office.body("1")).await;
    approve(&company.owner, &order).await.problem(403, "forbidden");
    assert!(waiting(&company.owner).await.is_empty());
    let member = company.member(&boris);
    company.owner.delete_if(&member, &company.owner.etag(&member).await).await.expect(204);
    assert_eq!(waiting(&company.owner).await, [order.as_str()]);
    approve(&company.owner, &order).await.expect(200);
    assert_eq!(office.state(&order).await, "placed");
}

// S1
#[tokio::test]
async fn who_may_approve_sees_what_they_may_approve_and_no_other_units_orders() {
    let office = office().await;
    let company = &office.trade.buyer;
    let (north_path, north) = cost_centre(company, "north", &[&me(&office.anna).await]).await;
    let eva = office.app.person(company, &["buyer"]).await.owner;
    let (south_path, south) = cost_centre(company, "south", &[&me(&eva).await]).await;
    for (path, owner) in [(&north_path, &office.boris), (&south_path, &office.clara)] {
        company.owner.edit(path, json!({"owner_id": me(owner).await})).await.expect(200);
    }
    set_policy(company, rule(&[json!({"cost_centre_owner": true})])).await.expect(200);
    let charged = |centre: &str| {
        let mut body = office.body("1");
        body["cost_centre_id"] = json!(centre);
        body
    };
    let northern = office.order(&office.anna, charged(&north)).await;
    let southern = office.order(&eva, charged(&south)).await;
    for (person, own, other) in [
        (&office.boris, &northern, &southern),
        (&office.clara, &southern, &northern),
        (&office.anna, &northern, &southern),
        (&eva, &southern, &northern),
    ] {
        person.get(own).await.expect(200);
        person.get(other).await.problem(404, "not-found");
        person.get(&format!("{other}/approvals")).await.problem(404, "not-found");
        approve(person, other).await.problem(404, "not-found");
        let listed = person.get("/v1/orders").await.expect(200).json();
        let ids: Vec<String> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("/v1/orders/{}", one["id"].as_str().unwrap()))
            .collect();
        assert_eq!(ids, [own.as_str()]);
        person.get("/v1/events").await.problem(403, "forbidden");
    }
    eva.post(&format!("{northern}/cancel"), json!({})).await.problem(404, "not-found");
    eva.patch_if(&northern, "\"1.0\"", json!({"note": "x"})).await.problem(404, "not-found");
    assert_eq!(waiting(&office.boris).await, [northern.as_str()]);
    let all = company.owner.get("/v1/approvals?mine=false").await.expect(200).json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    office.anna.get("/v1/approvals?mine=false").await.problem(403, "forbidden");
    approve(&office.boris, &northern).await.expect(200);
    // What they have decided on they still see.
    office.boris.get(&northern).await.expect(200);
}

#[tokio::test]
async fn what_an_order_waits_with_is_what_is_placed_and_a_change_starts_anew() {
    let office = office().await;
    let company = &office.trade.buyer;
    let (path, centre) = cost_centre(company, "4711", &[]).await;
    let budget = budget(company, &path, Some("100.00")).await;
    let committed = async || company.owner.get(&budget).await.json()["committed"]["amount"].clone();
    set_policy(company, rule(&[json!({"roles": ["approver"]})])).await.expect(200);
    let mut body = office.body("30");
    body["cost_centre_id"] = json!(centre);
    let order = office.order(&office.anna, body.clone()).await;
    // It takes from the budget while it waits.
    assert_eq!(committed().await, "60.00");
    office.anna.post("/v1/orders", body).await.problem(409, "budget-exceeded");
    let offer = format!("/v1/portals/{}/offers/{}", office.trade.market.slug, office.bolt.offer_id);
    let dearer = json!({"tiers": [{"from": "1", "unit_price": {"amount": "3.00", "currency": "EUR"}}]});
    office.trade.seller.owner.edit(&offer, dearer).await.expect(200);
    approve(&office.boris, &order).await.problem(409, "price-changed");
    // Nothing was decided by that.
    let found = office.anna.get(&format!("{order}/approvals")).await.expect(200).json();
    assert_eq!(found["rounds"][0]["steps"][0]["decisions"], json!([]));
    office.anna.edit(&order, json!({"buyer_reference": "again"})).await.expect(200);
    assert_eq!(committed().await, "90.00");
    let found = office.anna.get(&format!("{order}/approvals")).await.expect(200).json();
    assert_eq!((&found["rounds"][0]["state"], &found["rounds"][1]["state"]), (&json!("restarted"), &json!("open")));
    // Under another policy, in force since: the order goes on under its own.
    set_policy(company, json!([])).await.expect(200);
    reject(&office.clara, &order).await.expect(200);
    assert_eq!(office.state(&order).await, "draft");
    assert_eq!(committed().await, "0.00");
    assert_eq!(office.anna.get(&order).await.json()["reason"], "not needed");
    let bare = decide(&office.clara, &order, "reject", json!({})).await;
    assert_eq!(bare.faults(), ["/reason required"]);
    office.anna.post(&format!("{order}/submit"), json!({})).await.expect(200);
    assert_eq!((office.state(&order).await.as_str(), committed().await), ("placed", json!("90.00")));
    // Why it was rejected is a matter of the buyer's company.
    assert_eq!(office.trade.seller.owner.get(&order).await.expect(200).json().get("reason"), None);
}

#[tokio::test]
async fn an_approved_draft_of_several_sellers_is_split_and_keeps_its_budget() {
    let office = office().await;
    let company = &office.trade.buyer;
    let second = office.trade.market.member(&office.app, "Second", &["sell"]).await;
    let nut = office.trade.market.offer(&second.owner, "100", &[("1", "1.00")]).await;
    let (path, centre) = cost_centre(company, "4711", &[]).await;
    let budget = budget(company, &path, Some("100.00")).await;
    set_policy(company, rule(&[json!({"roles": ["approver"]})])).await.expect(200);
    let mut body = office.trade.market.order(&[(&office.bolt, "10"), (&nut, "5")], true);
    body["cost_centre_id"] = json!(centre);
    let order = office.order(&office.anna, body).await;
    let placed = approve(&office.boris, &order).await.expect(200).json()["orders"].clone();
    assert_eq!(placed.as_array().unwrap().len(), 2);
    assert_eq!(company.owner.get(&budget).await.json()["committed"]["amount"], "25.00");
    let nuts = format!("/v1/orders/{}", placed[1]["id"].as_str().unwrap());
    second.owner.post(&format!("{nuts}/decline"), json!({})).await.expect(200);
    assert_eq!(company.owner.get(&budget).await.json()["committed"]["amount"], "20.00");
    // Who approved the draft sees what became of it, and its way.
    office.boris.get(&nuts).await.expect(200);
    assert_eq!(office.boris.get(&format!("{nuts}/approvals")).await.json()["rounds"][0]["state"], "approved");
}

#[tokio::test]
async fn what_nobody_decides_on_escalates_and_then_expires() {
    let office = office().await;
    let company = &office.trade.buyer;
    let mut rules = rule(&[json!({"persons": [me(&office.boris).await]})]);
    rules[0]["steps"][0]["escalation"] = json!({"after_hours": 1, "persons": [me(&office.clara).await]});
    set_policy(company, rules).await.expect(200);
    let order = office.order(&office.anna, office.body("1")).await;
    let due = "UPDATE timer SET due_at = now() - interval '1 second' WHERE kind";
    approve(&office.clara, &order).await.problem(404, "not-found");
    office.app.sql(&format!("{due} = 'approval.escalation'")).await;
    office.app.until(async || waiting(&office.clara).await == [order.as_str()]).await;
    assert_eq!(waiting(&office.boris).await, [order.as_str()]);
    office.app.sql("UPDATE approval SET expires_at = now() - interval '1 second'").await;
    approve(&office.clara, &order).await.problem(409, "wrong-state");
    office.app.sql(&format!("{due} = 'order.approval_expiry'")).await;
    office.app.until(async || office.state(&order).await == "expired").await;
    assert!(waiting(&office.boris).await.is_empty());
    assert_eq!(office.app.count("SELECT count(*) FROM event WHERE type = 'order.approval_escalated'").await, 1);
}

#[tokio::test]
async fn a_stand_in_decides_for_whom_they_stand_in_for_until_it_is_taken_back() {
    let office = office().await;
    let company = &office.trade.buyer;
    set_policy(company, rule(&[json!({"persons": [me(&office.boris).await]})])).await.expect(200);
    let delegations = format!("/v1/organisations/{}/delegations", company.id);
    let body = json!({"to": me(&office.clara).await, "ends_at": "2027-01-01T00:00:00Z"});
    let foreign =
        json!({"from": me(&office.boris).await, "to": me(&office.clara).await, "ends_at": "2027-01-01T00:00:00Z"});
    office.anna.post(&delegations, foreign).await.problem(403, "forbidden");
    let made = format!("{delegations}/{}", office.boris.post(&delegations, body).await.expect(201).id());
    let (first, second) =
        (office.order(&office.anna, office.body("1")).await, office.order(&office.anna, office.body("2")).await);
    office.anna.get(&made).await.problem(404, "not-found");
    let listed = office.clara.get("/v1/approvals").await.expect(200).json();
    assert_eq!(listed["items"][0]["on_behalf_of"], json!(me(&office.boris).await));
    approve(&office.clara, &first).await.expect(200);
    let found = office.anna.get(&format!("{first}/approvals")).await.expect(200).json();
    let decision = &found["rounds"][0]["steps"][0]["decisions"][0];
    assert_eq!(
        (&decision["by"], &decision["on_behalf_of"]),
        (&json!(me(&office.clara).await), &json!(me(&office.boris).await))
    );
    let etag = office.boris.etag(&made).await;
    office.boris.delete_if(&made, &etag).await.expect(204);
    approve(&office.clara, &second).await.problem(404, "not-found");
    approve(&office.boris, &second).await.expect(200);
}

// S1
#[tokio::test]
async fn nobody_decides_on_an_order_that_was_changed_after_they_read_it() {
    let office = office().await;
    set_policy(&office.trade.buyer, rule(&[json!({"roles": ["approver"]})])).await.expect(200);
    let order = office.order(&office.anna, office.body("1")).await;
    let read = office.boris.etag(&order).await;
    let more = office.trade.market.order(&[(&office.bolt, "900")], true)["lines"].clone();
    office.anna.edit(&order, json!({"lines": more})).await.expect(200);
    for step in ["approve", "reject"] {
        let path = format!("{order}/{step}");
        let said = json!({"reason": "as I read it"});
        office.boris.post(&path, said.clone()).await.problem(428, "precondition-required");
        office.boris.post_if(&path, &read, said).await.problem(412, "precondition-failed");
    }
    assert_eq!(office.state(&order).await, "awaiting_approval");
    approve(&office.boris, &order).await.expect(200);
    assert_eq!(office.state(&order).await, "placed");
}

#[tokio::test]
async fn a_draft_is_submitted_as_it_was_read_if_that_is_said() {
    let office = office().await;
    let draft = office.order(&office.anna, office.trade.market.order(&[(&office.bolt, "1")], false)).await;
    let (submit, read) = (format!("{draft}/submit"), office.anna.etag(&draft).await);
    office.trade.buyer.owner.edit(&draft, json!({"note": "two please"})).await.expect(200);
    office.anna.post_if(&submit, &read, json!({})).await.problem(412, "precondition-failed");
    office.anna.post_if(&submit, &office.anna.etag(&draft).await, json!({})).await.expect(200);
}

// S1
#[tokio::test]
async fn who_submitted_an_order_does_not_approve_it_in_a_later_round() {
    let office = office().await;
    let company = &office.trade.buyer;
    let dora = office.app.person(company, &["buyer", "approver"]).await.owner;
    set_policy(company, rule(&[json!({"roles": ["approver"]})])).await.expect(200);
    let draft = office.order(&office.anna, office.trade.market.order(&[(&office.bolt, "1")], false)).await;
    dora.post(&format!("{draft}/submit"), json!({})).await.expect(200);
    reject(&office.boris, &draft).await.expect(200);
    office.anna.post(&format!("{draft}/submit"), json!({})).await.expect(200);
    approve(&dora, &draft).await.problem(403, "own-order");
    approve(&office.boris, &draft).await.expect(200);
}

#[tokio::test]
async fn who_stands_in_for_an_owner_decides_where_too_few_others_are_left() {
    let office = office().await;
    let company = &office.trade.buyer;
    let boris = me(&office.boris).await;
    set_policy(company, rule(&[json!({"persons": [boris]})])).await.expect(200);
    let order = office.order(&office.anna, office.body("1")).await;
    let until = json!({"to": me(&office.clara).await, "ends_at": "2027-01-01T00:00:00Z"});
    company.owner.post(&format!("/v1/organisations/{}/delegations", company.id), until).await.expect(201);
    office.clara.get(&order).await.problem(404, "not-found");
    let member = company.member(&boris);
    company.owner.delete_if(&member, &company.owner.etag(&member).await).await.expect(204);
    assert_eq!(waiting(&office.clara).await, [order.as_str()]);
    office.clara.get(&order).await.expect(200);
    approve(&office.clara, &order).await.expect(200);
    assert_eq!(office.state(&order).await, "placed");
}
