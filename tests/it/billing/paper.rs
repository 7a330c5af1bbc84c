use serde_json::json;
use tests::app::TestApp;
use tests::pdf::text_of;

#[tokio::test]
async fn an_invoice_is_printed_in_both_languages_and_sent_as_ubl() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let bolt = trade.market.offer(&trade.seller.owner, "100", &[("1", "3.33")]).await;
    let invoice = trade.invoice(&[(&bolt, "10")]).await;
    let url = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let buyer = &trade.buyer.owner;
    for (language, words) in [("en", ["Invoice", "Steel bolt"]), ("ru", ["Счёт", "Стальной болт"])] {
        let request = buyer.request(reqwest::Method::GET, &format!("{url}.pdf?language={language}"));
        let (status, headers, pdf) = buyer.send_bytes(request).await;
        assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
        let text = text_of(&pdf);
        for word in words.into_iter().chain([invoice["number"].as_str().unwrap(), "Brückenbau"]) {
            assert!(text.contains(word), "{word} is missing in\n{text}");
        }
    }
    // A seller that charges VAT says its number on an invoice after EN 16931.
    buyer.get(&format!("{url}.xml")).await.problem(409, "invoice-incomplete");
    let company = format!("/v1/organisations/{}", trade.seller.id);
    let mut identifiers = trade.seller.owner.get(&company).await.json()["identifiers"].clone();
    identifiers.as_array_mut().unwrap().push(json!({"scheme": "vat", "value": "DE143454214"}));
    trade.seller.owner.edit(&company, json!({"identifiers": identifiers})).await.expect(200);
    let xml = buyer.get(&format!("{url}.xml")).await.expect(200);
    assert_eq!(xml.header("content-type"), "application/xml");
    assert!(xml.text.contains("39.63") && xml.text.contains(invoice["number"].as_str().unwrap()));
}
