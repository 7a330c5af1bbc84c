use serde_json::json;
use tests::app::TestApp;
use tests::import::counts;

const CATALOGUE: &str = include_str!("../../data/integration/catalogue.xml");

#[tokio::test]
async fn a_catalogue_makes_the_same_job_as_a_table() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let query = format!("?portal={}&publish=true", trade.market.slug);
    let taken = seller.import(&query, "application/xml", CATALOGUE).await.expect(202).json();
    assert_eq!((&taken["format"], &taken["progress"]["total"]), (&json!("ubl"), &json!(3)));
    let import = app.import_over(seller, taken["id"].as_str().unwrap()).await;
    assert_eq!((&import["state"], counts(&import)), (&json!("finished"), [1, 0, 0, 2]));
    assert_eq!(seller.import_errors(&import).await, ["2 OrderableUnit unit", "3 codes.cpv unknown"]);
    let products = seller.get("/v1/products").await.expect(200).json();
    let bolt = &products["items"][0];
    let told = ["sku", "base_unit", "minimum_order", "order_multiple"].map(|name| bolt[name].clone());
    assert_eq!(told, [json!("BOLT-M8"), json!("C62"), json!("20"), json!("10")], "{bolt}");
    let offers = app.anonymous().get(&format!("/v1/portals/{}/catalogue", trade.market.slug)).await.expect(200).json();
    assert_eq!(offers["items"].as_array().unwrap().len(), 1, "{offers}");
    // Again it changes nothing.
    let again = seller.import(&query, "text/xml", CATALOGUE).await.expect(202).id();
    assert_eq!(counts(&app.import_over(seller, &again).await), [0, 0, 1, 2]);
    // What is deleted is withdrawn.
    let gone = CATALOGUE.replacen("<cbc:ActionCode>Add<", "<cbc:ActionCode>Delete<", 1);
    let import = seller.import(&query, "application/xml", gone).await.expect(202).id();
    assert_eq!(counts(&app.import_over(seller, &import).await), [0, 1, 0, 2]);
    let offers = app.anonymous().get(&format!("/v1/portals/{}/catalogue", trade.market.slug)).await.expect(200).json();
    assert_eq!(offers["items"], json!([]));
}

#[tokio::test]
async fn a_catalogue_comes_in_a_form_and_by_the_same_key_once() {
    let app = TestApp::start().await;
    let seller = app.company("Seller").await.owner;
    let body = |name: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"import\"\r\nContent-Type: application/json\r\n\r\n{{\"kind\": \"products\"}}\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{}\r\n--b--\r\n",
            CATALOGUE
                .replace("<cac:RequiredItemLocationQuantity>", "<!--")
                .replace("</cac:RequiredItemLocationQuantity>", "-->")
        )
    };
    let send = async || {
        let request = seller.request(reqwest::Method::POST, "/v1/imports").header("Idempotency-Key", "once");
        seller.send(request.header("Content-Type", "multipart/form-data; boundary=b").body(body("spring.xml"))).await
    };
    let first = send().await.expect(202);
    assert_eq!(send().await.expect(202).id(), first.id());
    let import = app.import_over(&seller, &first.id()).await;
    assert_eq!((&import["format"], &import["file_name"]), (&json!("ubl"), &json!("spring.xml")));
    assert_eq!(counts(&import), [1, 0, 0, 2]);
}

#[tokio::test]
async fn what_is_wrong_with_the_document_is_told_at_once_by_element() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let send = async |query: &str, file: String| seller.import(query, "application/xml", file).await;
    // Prices are of a portal.
    assert_eq!(send("", CATALOGUE.to_owned()).await.faults(), ["/portal required"]);
    assert_eq!(send("?kind=stock", CATALOGUE.to_owned()).await.faults(), ["/kind not_in_file"]);
    let query = format!("?portal={}", trade.market.slug);
    let odd = CATALOGUE.replace("2026-01-12", "spring").replace("<cbc:ID>2</cbc:ID>", "<cbc:ID>1</cbc:ID>");
    let expected = ["/Catalogue/CatalogueLine[2] repeated", "/Catalogue/IssueDate date"];
    assert_eq!(send(&query, odd).await.faults(), expected);
    let order = CATALOGUE.replace("cat:Catalogue", "cat:Order").replace("Catalogue-2", "Order-2");
    assert_eq!(send(&query, order).await.faults(), ["/Order document_type"]);
    let bomb = CATALOGUE.replacen("?>", "?><!DOCTYPE x [<!ENTITY a \"b\">]>", 1);
    let told = send(&query, bomb).await.problem(400, "malformed-request");
    assert_eq!(told["errors"][0]["code"], "doctype");
    let entity = CATALOGUE.replace("Grease", "&file;");
    let told = send(&query, entity).await.problem(400, "malformed-request");
    assert_eq!(told["errors"][0]["code"], "entity");
    let padded = format!("{CATALOGUE}<!--{}-->", "x".repeat(4 * 1024 * 1024));
    send(&query, padded).await.problem(413, "import-too-large");
    assert_eq!(app.count("SELECT count(*) FROM import_job").await, 0);
}
