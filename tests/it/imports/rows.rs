use serde_json::json;
use tests::app::TestApp;
use tests::import::counts;
use tests::market::stock;

#[tokio::test]
async fn one_bad_row_neither_stops_nor_spoils_the_others() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let head = "sku,name.en,base_unit,tax.category,tax.rate,category,minimum_order,on_hand,price,currency,gtin\n";
    let mut file = head.as_bytes().to_vec();
    let good = |sku: &str| format!("{sku},Bolt,C62,S,20,,1,5,1.20,EUR,\n").into_bytes();
    file.extend(good("A-1"));
    for bad in [
        "B-1,Bolt,PCS,S,20,,1,5,1.20,EUR,\n",
        "B-2,Bolt,C62,S,0,,0,-5,x,EUR,4006381333932\n",
        "B-3,Bolt,C62,S,20,no-such,1,5,1.20,EUR,\n",
        "B-4,=1+1,C62,S,20,,1,5,1.20,EUR,\n",
        "B-5,\"Bolt,C62,S,20,,1,5,1.20,EUR,\n",
        "B-6,Bolt\n",
        "B-7,Bo\0lt,C62,S,20,,1,5,1.20,EUR,\n",
        "A-1,Other,C62,S,20,,1,5,1.20,EUR,\n",
        ",Bolt,C62,S,20,,1,5,1.20,EUR,\n",
        "B-8,Bolt,C62,S,20,,1,5,1.20,EURO,\n",
        "B-9,Bolt,C62,S,20,,1,1e9,1.2345678,EUR,\n",
    ] {
        file.extend(bad.as_bytes());
    }
    file.extend(b"B-10,\xff,C62,S,20,,1,5,1.20,EUR,\n");
    file.extend(format!("B-11,{},C62,S,20,,1,5,1.20,EUR,\n", "x".repeat(70_000)).as_bytes());
    file.extend("A-2,Гайка,C62,S,20,,1,5,1.20,EUR,\n".as_bytes());
    let import = app.imported(&seller, &format!("?portal={}", market.slug), file).await;
    assert_eq!((&import["state"], counts(&import)), (&json!("finished"), [2, 0, 0, 13]));
    assert_eq!(
        seller.import_errors(&import).await,
        [
            "3 base_unit unit",
            "4 gtin check_digit",
            "4 minimum_order not_positive",
            "4 tax.rate tax_rate",
            "5 category unknown",
            "6 name.en formula",
            "7  broken_quotes",
            "8  cell_count",
            "9  nul",
            "10 sku duplicate",
            "11 sku required",
            "12 currency currency",
            "13 on_hand decimal",
            "14 name.en encoding",
            "15  too_long",
        ]
    );
    assert_eq!(app.count("SELECT count(*) FROM product").await, 2);
    assert_eq!(app.count("SELECT count(*) FROM offer").await, 2);
    // S16
    let path = format!("/v1/imports/{}/errors.csv", import["id"].as_str().unwrap());
    let table = seller.get(&path).await.expect(200);
    assert!(table.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = table.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!((lines.len(), lines[0]), (16, "row,sku,column,code,detail"));
    assert!(lines[1].starts_with("3,B-1,base_unit,unit,"), "{}", lines[1]);
    // R8
    let first = seller.get(&format!("/v1/imports/{}/errors?limit=4", import["id"].as_str().unwrap())).await.expect(200);
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let path = format!("/v1/imports/{}/errors?limit=200&cursor={cursor}", import["id"].as_str().unwrap());
    let next = seller.get(&path).await.expect(200).json();
    assert_eq!(next["items"].as_array().unwrap().len(), 11);
}

#[tokio::test]
async fn prices_and_stock_come_alone() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (market, seller) = (&trade.market, &trade.seller.owner);
    let bolt = market.offer(seller, "100", &[("1", "2.00")]).await;
    market.place(&trade.buyer.owner, &bolt, "30").await;
    let query = format!("?kind=prices&portal={}", market.slug);
    let file = format!("sku,prices\n{},1:1.90 100:1.50\nunknown,1:1\n", bolt.sku);
    let import = app.imported(seller, &query, file).await;
    assert_eq!(counts(&import), [0, 1, 0, 1], "{import}");
    assert_eq!(seller.import_errors(&import).await, ["3 sku unknown"]);
    let path = format!("/v1/portals/{}/catalogue/{}", market.slug, bolt.offer_id);
    let found = app.anonymous().get(&path).await.expect(200).json();
    assert_eq!((&found["price"]["unit_price"]["amount"], &found["tiers"][1]["from"]), (&json!("1.90"), &json!("100")));

    let counted = |on_hand: &str| format!("sku,on_hand\n{},{on_hand}\n", bolt.sku);
    assert_eq!(counts(&app.imported(seller, "?kind=stock", counted("80")).await), [0, 1, 0, 0]);
    assert_eq!(stock(seller, &bolt).await, ("80".into(), "30".into()));
    // What orders have reserved stays.
    let import = app.imported(seller, "?kind=stock", counted("29")).await;
    assert_eq!(counts(&import), [0, 0, 0, 1]);
    assert_eq!(seller.import_errors(&import).await, ["2  stock-reserved"]);
    assert_eq!(stock(seller, &bolt).await, ("80".into(), "30".into()));
}

#[tokio::test]
async fn a_change_by_file_keeps_to_the_rules_of_single_changes() {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let bolt = market.offer_with(&seller, "100", &[("5", "2.00")], json!({"minimum_order": "5"})).await;
    let nut = market.offer(&seller, "100", &[("1", "1.00")]).await;
    let path = format!("/v1/products/{}", nut.product_id);
    let etag = seller.etag(&path).await;
    seller.delete_if(&path, &etag).await.expect(204);
    let file = format!("sku,base_unit,minimum_order\n{},KGM,\n", bolt.sku);
    let import = app.imported(&seller, "", file).await;
    assert_eq!(seller.import_errors(&import).await, ["2 base_unit fixed"]);
    let file = format!("sku,minimum_order,name.de\n{},1,Bolzen\n{},1,Mutter\n", bolt.sku, nut.sku);
    let import = app.imported(&seller, "", file).await;
    assert_eq!(seller.import_errors(&import).await, ["2 minimum_order above_minimum", "3 sku archived"]);
    // With prices for it the smaller minimum is taken.
    let file = format!("sku,minimum_order,price\n{},1,2.20\n", bolt.sku);
    let import = app.imported(&seller, &format!("?portal={}", market.slug), file).await;
    assert_eq!(counts(&import), [0, 1, 0, 0], "{:?}", seller.import_errors(&import).await);
}
