use std::io::Read;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::sourcing::{id_of, line, offer};

/// The text of a file in a zip archive, by the archive's directory.
fn unpacked(archive: &[u8], name: &str) -> String {
    let short = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
    let long = |at: usize| short(at) + (short(at + 2) << 16);
    let end = archive.windows(4).rposition(|four| four == b"PK\x05\x06").expect("a directory");
    let mut entry = long(end + 16);
    while &archive[entry..entry + 4] == b"PK\x01\x02" {
        let (size, length) = (long(entry + 20), short(entry + 28));
        if &archive[entry + 46..entry + 46 + length] == name.as_bytes() {
            let file = long(entry + 42);
            let data = file + 30 + short(file + 26) + short(file + 28);
            let mut text = String::new();
            let packed = &archive[data..data + size];
            flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text).expect("it is deflated");
            return text;
        }
        entry += 46 + length + short(entry + 30) + short(entry + 32);
    }
    panic!("there is no {name}");
}

#[tokio::test]
async fn quotes_are_compared_in_one_currency_at_what_they_cost_at_the_buyers_place() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let three = tender.supplier(&app, "Three").await;
    let rates = json!({"currencies": ["EUR", "USD"], "rates": [{"currency": "USD", "rate": "0.92"}]});
    let rfq = tender.published(rates).await;
    let first = tender.quoted(&one, &rfq, &["500", "700"], json!({})).await;
    let dollars = json!({"currency": "USD", "incoterm": "FCA", "place": "Houston", "freight": "1000"});
    let second = tender.quoted(&two, &rfq, &["480", "650"], dollars).await;
    // For a part: it is best for a line, and for nothing as a whole.
    let third = tender.quoted(&three, &rfq, &["430"], json!({})).await;
    buyer.get(&format!("{rfq}/comparison")).await.problem(409, "still-sealed");
    tender.evaluated(&app, &rfq).await;

    let answer = buyer.get(&format!("{rfq}/comparison")).await.expect(200);
    let compared = answer.json();
    assert_eq!(
        (&compared["currency"], &compared["lines"][1]["quantity"]),
        (&json!("EUR"), &json!({"value": "10", "unit": "TNE"}))
    );
    let quotes = compared["quotes"].as_array().unwrap();
    let ids: Vec<&str> = quotes.iter().filter_map(|one| one["quote_id"].as_str()).collect();
    assert_eq!(ids, [id_of(&first), id_of(&second), id_of(&third)], "in the order of submission");
    // (40 × 500 + 10 × 700) × 1.19; (40 × 480 + 10 × 650 + 1000) × 0.92 × 1.19
    assert_eq!(
        (&quotes[0]["total"]["amount"], &quotes[1]["total"]["amount"]),
        (&json!("32130.00"), &json!("29231.16"))
    );
    assert_eq!((&quotes[1]["fixed"]["amount"], &quotes[1]["quoter"]), (&json!("1094.80"), &json!("Two")));
    assert_eq!(
        (&quotes[2]["total"], &quotes[2]["missing"], &quotes[2]["rank"]),
        (&json!(null), &json!([2]), &json!(null))
    );
    let cell = &compared["cells"][0][1][0];
    assert_eq!(
        (&cell["unit_price"], &cell["stated"]),
        (&json!("441.60"), &json!({"unit_price": "480.00", "unit": "TNE"}))
    );
    assert_eq!((&cell["landed"], &compared["cells"][1][2]), (&json!("21020.16"), &json!([])));
    assert_eq!(compared["ranking"], json!([id_of(&second), id_of(&first)]));
    assert_eq!(compared["line_rankings"], json!([[2, 1, 0], [1, 0]]));
    let best = &compared["best_total"];
    assert_eq!(
        (&best["total"]["amount"], &best["shares"][0]["quote_id"]),
        (&json!("29231.16"), &json!(id_of(&second)))
    );
    // Line 1 for 40 × 430 × 1.19 = 20468.00, line 2 for 7116.20 with the freight of 1094.80 for it.
    assert_eq!(compared["best_split"]["total"]["amount"], "28679.00");
    let combined = &compared["best_combination"];
    assert_eq!((&combined["total"]["amount"], &combined["proven"]), (&json!("28679.00"), &json!(true)));
    // With price alone the score follows the total: 100 × 29231.16 ÷ 32130.00.
    assert_eq!((&quotes[1]["score"]["total"], &quotes[0]["score"]["total"]), (&json!("100"), &json!("90.9778")));

    // Read again it is the same, and known to be.
    let request =
        buyer.request(reqwest::Method::GET, &format!("{rfq}/comparison")).header("If-None-Match", answer.etag());
    assert_eq!(buyer.send(request).await.expect(304).text, "");
    let colleague = app.person(&tender.buyer, &["viewer"]).await.owner;
    assert_eq!(colleague.get(&format!("{rfq}/comparison")).await.expect(200).json(), compared);
    for other in [&one.owner, &app.operator().await] {
        other.get(&format!("{rfq}/comparison")).await.problem(403, "forbidden");
        other.get(&format!("{rfq}/comparison.xlsx")).await.problem(403, "forbidden");
    }
    app.company("Outsider").await.owner.get(&format!("{rfq}/comparison")).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_quoters_ask_for_counts() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let (one, two) = (tender.supplier(&app, "One").await, tender.supplier(&app, "Two").await);
    let rfq = tender.published(json!({})).await;
    // Both lines or none, and then two percent less.
    let whole = json!({"least_lines_percent": "100", "whole_discount_percent": "2"});
    let first = tender.quoted(&one, &rfq, &["500", "700"], whole).await;
    let tiers = json!({"tiers": [{"from": "5", "unit_price": "690"}, {"from": "10", "unit_price": "680"}]});
    let offers = json!([offer(1, "505", json!({})), offer(2, "695", tiers)]);
    let second = tender.quoted(&two, &rfq, &[], json!({"offers": offers})).await;
    tender.evaluated(&app, &rfq).await;
    let compared = tender.buyer.owner.get(&format!("{rfq}/comparison")).await.expect(200).json();
    // 27000 × 0.98 × 1.19; (40 × 505 + 10 × 680) × 1.19
    let totals: Vec<&Value> =
        compared["quotes"].as_array().unwrap().iter().map(|one| &one["total"]["amount"]).collect();
    assert_eq!(totals, ["31487.40", "32130.00"]);
    assert_eq!(compared["cells"][1][1][0]["unit_price"], "680.00");
    let split = &compared["best_split"];
    assert_eq!((&split["total"]["amount"], &split["keeps_conditions"]), (&json!("31892.00"), &json!(false)));
    assert_eq!(compared["best_total"]["shares"][0]["quote_id"], id_of(&first));
    assert_eq!(compared["best_combination"]["total"]["amount"], "31487.40");
    assert_eq!(compared["ranking"][1], id_of(&second));
}

#[tokio::test]
async fn a_comparison_can_be_taken_home_as_a_workbook() {
    let app = TestApp::start().await;
    let tender = app.tender().await;
    let buyer = &tender.buyer.owner;
    let supplier = tender.supplier(&app, "Supplier").await;
    let lines = json!([line("=cmd|calc", "40", json!({})), line("Sheet", "10", json!({}))]);
    let rfq = tender.published(json!({"lines": lines})).await;
    tender.quoted(&supplier, &rfq, &["512.34", "700"], json!({})).await;
    tender.evaluated(&app, &rfq).await;
    let path = format!("{rfq}/comparison.xlsx");
    let (status, headers, bytes) = buyer.send_bytes(buyer.request(reqwest::Method::GET, &path)).await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!(headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert!(headers["content-disposition"].to_str().unwrap().contains("comparison.xlsx"));
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let again = buyer.request(reqwest::Method::GET, &path).header("If-None-Match", tag);
    buyer.send(again).await.expect(304);
    // Texts of others are texts, whatever they begin with; numbers are numbers.
    let sheets = ["1", "2", "3"].map(|number| unpacked(&bytes, &format!("xl/worksheets/sheet{number}.xml")));
    assert!(sheets.iter().all(|sheet| !sheet.contains("<f>") && !sheet.contains("<f ")));
    // 40 × 512.34 × 1.19, rounded to the cent.
    assert!(sheets[0].contains("<v>512.34</v>") && sheets[0].contains("<v>24387.38</v>"), "{}", sheets[0]);
    let texts = unpacked(&bytes, "xl/sharedStrings.xml");
    assert!(texts.contains("=cmd|calc") && texts.contains("Supplier"), "{texts}");
}
