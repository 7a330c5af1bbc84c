use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;

async fn upload(of: &Client, visibility: &str, portal: Option<&str>, subject: Option<Value>) -> String {
    let mut body = json!({"title": visibility, "visibility": visibility});
    if let Some(portal) = portal {
        body["portal_id"] = json!(portal);
    }
    if let Some(subject) = subject {
        body["subject"] = subject;
    }
    of.upload(body).await.expect(201).id()
}

/// Everything that shows a document agrees on whether the reader sees it.
async fn sees(reader: &Client, id: &str) -> bool {
    let listed = reader.get("/v1/documents?limit=200").await.expect(200).json();
    let listed = listed["items"].as_array().unwrap().iter().any(|one| one["id"] == id);
    for path in ["", "/content", "/versions"] {
        let answer = reader.get(&format!("/v1/documents/{id}{path}")).await;
        if listed {
            answer.expect(200);
        } else {
            answer.problem(404, "not-found");
        }
    }
    listed
}

// S1, S4, S5
#[tokio::test]
async fn a_document_is_seen_as_its_visibility_says_and_by_nobody_else() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "3.33")]).await;
    let contract = trade.contract(&[(&bolt, "1")]).await;
    let guest = app.company("Guest").await;
    let outsider = app.company("Outsider").await.owner;
    let (anonymous, operator) = (app.anonymous(), app.operator().await);
    let closed = json!({"slug": "club", "name": {"en": "Club"}, "visibility": "closed", "functions": ["catalogue"]});
    let club = seller.post("/v1/portals", closed).await.expect(201).id();
    let invite = json!({"organisation_id": guest.id, "capabilities": ["buy"]});
    seller.post("/v1/portals/club/invitations", invite).await.expect(201);

    let subject = json!({"kind": "contract", "id": contract});
    let owner = upload(seller, "owner", Some(&club), Some(subject.clone())).await;
    let parties = upload(seller, "parties", None, Some(subject.clone())).await;
    let open = upload(seller, "portal", Some(&trade.market.portal_id), None).await;
    let inside = upload(seller, "portal", Some(&club), None).await;
    let public = upload(seller, "public", None, None).await;
    let evidence = json!({"kind": "organisation", "id": trade.seller.id});
    let evidence = upload(seller, "owner", None, Some(evidence)).await;
    //              owner, parties, open, inside, public, evidence
    for (name, reader, expected) in [
        ("seller", seller, [true, true, true, true, true, true]),
        ("buyer", buyer, [false, true, true, false, true, false]),
        ("guest", &guest.owner, [false, false, true, true, true, false]),
        ("outsider", &outsider, [false, false, true, false, true, false]),
        ("anonymous", &anonymous, [false, false, true, false, true, false]),
        ("operator", &operator, [false, false, true, true, true, true]),
    ] {
        for (id, expected) in [&owner, &parties, &open, &inside, &public, &evidence].into_iter().zip(expected) {
            assert_eq!(sees(reader, id).await, expected, "{name}");
        }
    }
    // The closed portal leaves no trace.
    for reader in [&outsider, &anonymous] {
        let listed = reader.get(&format!("/v1/documents?portal_id={club}")).await.expect(200).json();
        assert_eq!(listed["items"], json!([]));
    }
    let of_club = guest.owner.get(&format!("/v1/documents?portal_id={club}")).await.expect(200).json();
    assert_eq!(of_club["items"][0]["id"], inside);
    let of_contract = format!("/v1/documents?subject_kind=contract&subject_id={contract}");
    assert_eq!(buyer.get(&of_contract).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    // Only who belongs there attaches and shows.
    let odd = json!({"title": "x", "visibility": "portal", "portal_id": club});
    assert_eq!(outsider.upload(odd.clone()).await.faults(), ["/portal_id unknown_portal"]);
    assert_eq!(guest.owner.upload(odd).await.faults(), ["/portal_id not_a_member"]);
    let odd = json!({"title": "x", "visibility": "parties", "subject": subject});
    assert_eq!(outsider.upload(odd).await.faults(), ["/subject unknown_subject"]);
    // Those who see it change nothing.
    let etag = buyer.etag(&format!("/v1/documents/{parties}")).await;
    let path = format!("/v1/documents/{parties}");
    buyer.patch_if(&path, &etag, json!({"visibility": "public"})).await.problem(403, "forbidden");
    buyer.delete_if(&path, &etag).await.problem(403, "forbidden");
    buyer.post(&format!("{path}/publish"), json!({})).await.problem(403, "forbidden");
    outsider.patch_if(&path, &etag, json!({"visibility": "public"})).await.problem(404, "not-found");
    outsider.post(&format!("{path}/publish"), json!({})).await.problem(404, "not-found");
    // Narrowed, it is gone for the others.
    seller.edit(&path, json!({"visibility": "owner"})).await.expect(200);
    assert!(!sees(buyer, &parties).await);
}

#[tokio::test]
async fn documents_belong_to_orders_deliveries_invoices_and_products() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "3.33")]).await;
    let contract = trade.fulfilled(&[(&bolt, "1")]).await;
    let order = buyer.get("/v1/orders").await.expect(200).json()["items"][0]["id"].clone();
    let deliveries = buyer.get(&format!("/v1/contracts/{contract}/deliveries")).await.expect(200).json();
    let delivery = deliveries["items"][0]["id"].clone();
    let draft = seller.post("/v1/invoices", json!({"contract_id": contract})).await.expect(201).json();
    let outsider = app.company("Outsider").await.owner;
    for (kind, id) in [("order", &order), ("delivery", &delivery), ("contract", &json!(contract))] {
        let document = upload(buyer, "parties", None, Some(json!({"kind": kind, "id": id}))).await;
        assert!(sees(seller, &document).await && !sees(&outsider, &document).await, "{kind}");
    }
    let invoice = json!({"kind": "invoice", "id": draft["id"]});
    let body = json!({"title": "x", "visibility": "parties", "subject": invoice});
    assert_eq!(buyer.upload(body).await.faults(), ["/subject unknown_subject"]);
    let document = upload(seller, "parties", None, Some(invoice)).await;
    assert!(!sees(buyer, &document).await, "the buyer knows nothing of a draft");
    let product = json!({"kind": "product", "id": bolt.product_id});
    let sheet = upload(seller, "public", None, Some(product)).await;
    assert!(sees(&app.anonymous(), &sheet).await);
}
