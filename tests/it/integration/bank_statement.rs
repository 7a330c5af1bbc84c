use futures::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::trade::{Trade, balance};

const STATEMENT: &str = include_str!("../../data/integration/statement.xml");

/// A statement with these entries.
fn statement(entries: &[String]) -> String {
    STATEMENT.replace("ENTRIES", &entries.concat())
}

/// Money that came: the bank's number, the amount in euros, and what is said of it.
fn credit(reference: &str, amount: &str, text: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-01-16</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>\
         <RltdPties><Dbtr><Pty><Nm>Payer</Nm></Pty></Dbtr></RltdPties>\
         <RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
}

async fn send(by: &Client, document: impl Into<Vec<u8>>) -> Answer {
    let request = by.request(Method::POST, "/v1/bank-statements").header("Content-Type", "application/xml");
    by.send(request.body(document.into())).await
}

/// The entries of the first statement of an answer, each as `state reason`.
async fn entries(by: &Client, taken: &Value) -> (Vec<String>, Vec<Value>) {
    let path = format!("/v1/bank-statements/{}/entries", taken["statements"][0]["id"].as_str().unwrap());
    let all = by.get(&path).await.expect(200).json()["items"].as_array().unwrap().clone();
    let told = all.iter().map(|one| format!("{} {}", one["state"].as_str().unwrap(), one["reason"].as_str().unwrap()));
    (told.collect(), all)
}

async fn state_of(trade: &Trade, invoice: &Value) -> (Value, Value) {
    let found = trade.buyer.owner.get(&format!("/v1/invoices/{}", invoice["id"].as_str().unwrap())).await.json();
    (found["state"].clone(), found["open"]["amount"].clone())
}

fn number(invoice: &Value) -> &str {
    invoice["number"].as_str().unwrap()
}

#[tokio::test]
async fn money_is_matched_with_invoices_by_number_and_amount_and_booked() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let (first, second, third) = (
        trade.invoice(&[(&bolt, "1")]).await,
        trade.invoice(&[(&bolt, "2")]).await,
        trade.invoice(&[(&bolt, "3")]).await,
    );
    let debit = credit("B-5", "7.00", "Charges").replace("CRDT", "DBIT");
    let pending = credit("B-6", "35.70", number(&third)).replace("BOOK", "PDNG");
    let document = statement(&[
        credit("B-1", "11.90", &format!("Invoice {}", number(&first).to_lowercase())),
        credit("B-2", "30.00", number(&second)),
        credit("B-3", "5.70", &number(&third).replace('-', " ")),
        credit("B-4", "1.23", "thank you"),
        debit,
        pending,
    ]);
    let taken = send(seller, document.clone()).await.expect(201);
    let taken = (taken.header("location"), taken.json());
    let counts = &taken.1["statements"][0]["entries"];
    assert_eq!(*counts, json!({"booked": 2, "partly_booked": 1, "open": 1, "known": 0, "ignored": 2}));
    let (told, all) = entries(seller, &taken.1).await;
    let expected =
        ["booked exact", "partly_booked over", "booked part", "open nothing_named", "ignored debit", "ignored pending"];
    assert_eq!(told, expected);
    assert_eq!(state_of(&trade, &first).await, (json!("paid"), json!("0.00")));
    assert_eq!(state_of(&trade, &second).await, (json!("paid"), json!("0.00")));
    assert_eq!(state_of(&trade, &third).await, (json!("partly_paid"), json!("30.00")));
    let payment =
        seller.get(&format!("/v1/payments/{}", all[1]["payment_id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&payment["state"], &payment["unallocated"]["amount"]), (&json!("confirmed"), &json!("6.20")));
    assert_eq!((&payment["payer_id"], &payment["paid_on"]), (&json!(trade.buyer.id), &json!("2026-01-16")));
    assert_eq!(
        (balance(seller, "cash").await, balance(&trade.buyer.owner, "payable").await),
        ("47.60".into(), "23.80".into())
    );
    let found = seller.get(&taken.0).await.expect(200).json();
    assert_eq!((&found["number"], &found["sequence"]), (&json!("STMT-17"), &json!("17")));
    // What is on account is said by hand, as with any payment, and the entry knows of it.
    let allocate = format!("/v1/payments/{}/allocate", all[1]["payment_id"].as_str().unwrap());
    seller.post(&allocate, json!({})).await.expect(200);
    assert_eq!(entries(seller, &taken.1).await.0[1], "booked over");
}

#[tokio::test]
async fn a_statement_and_a_movement_are_taken_in_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "2")]).await;
    let part = credit("B-1", "10.00", number(&invoice));
    let document = statement(std::slice::from_ref(&part));
    // At once: one takes it in, the other finds it there.
    let (one, other) = join(send(seller, document.clone()), send(seller, document.clone())).await;
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201], "{} {}", one.text, other.text);
    assert_eq!(one.json(), other.json());
    // In another statement it is the same movement, and beside it a new one.
    let next = statement(&[part, credit("B-2", "10.00", number(&invoice))]).replace("STMT-17", "STMT-18");
    let taken = send(seller, next).await.expect(201).json();
    assert_eq!(entries(seller, &taken).await.0, ["known known", "booked part"]);
    assert_eq!(state_of(&trade, &invoice).await, (json!("partly_paid"), json!("3.80")));
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 2);
    let list = seller.get("/v1/bank-statements?limit=1").await.expect(200).json();
    assert_eq!(list["items"][0]["number"], "STMT-18");
    let rest = format!("/v1/bank-statements?limit=1&cursor={}", list["next_cursor"].as_str().unwrap());
    assert_eq!(seller.get(&rest).await.expect(200).json()["items"][0]["number"], "STMT-17");
    // By the same key the same answer, whatever came in between.
    let keyed = async |body: String| {
        let request = seller.request(Method::POST, "/v1/bank-statements").header("Idempotency-Key", "k");
        seller.send(request.header("Content-Type", "application/xml").body(body)).await
    };
    keyed(document.clone()).await.expect(200);
    assert_eq!(keyed(document).await.expect(200).header("idempotent-replayed"), "true");
    keyed(statement(&[])).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn another_statement_under_a_known_number_is_refused() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let document = statement(&[credit("B-1", "10.00", "x")]);
    send(seller, document.clone()).await.expect(201);
    // The bank may send it in another message.
    send(seller, document.replace("MSG-2026-0117", "MSG-2026-0118").replace("10.00<", "10.0<")).await.expect(200);
    for (old, new) in
        [("10.00<", "10.01<"), (">x<", ">y<"), ("B-1", "B-2"), ("BOOK", "PDNG"), ("2026-01-16", "2026-01-15")]
    {
        send(seller, document.replace(old, new)).await.problem(409, "already-exists");
    }
    assert_eq!(app.count("SELECT count(*) FROM bank_statement_entry").await, 1);
    send(seller, document.replace(">17<", ">18<").replace("B-1", "B-2")).await.expect(201);
}

#[tokio::test]
async fn words_for_no_reference_make_no_movement_known() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "2")]).await;
    for (nth, word) in ["NONREF", "NONREF", "NOTPROVIDED", "NOTPROVIDED"].into_iter().enumerate() {
        let document = statement(&[credit(word, "5.00", number(&invoice))]).replace("STMT-17", &format!("STMT-{nth}"));
        let taken = send(seller, document).await.expect(201).json();
        assert_eq!(entries(seller, &taken).await.0, ["booked part"], "{nth}");
    }
    assert_eq!(state_of(&trade, &invoice).await, (json!("partly_paid"), json!("3.80")));
}

#[tokio::test]
async fn what_was_pending_is_booked_when_it_comes_and_parts_of_a_batch_come_on_several_days() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "2")]).await;
    let part = credit("B-1", "10.00", number(&invoice));
    let take = async |entry: &str, name: &str| {
        let document = statement(&[entry.to_owned()]).replace("STMT-17", name);
        let taken = send(seller, document).await.expect(201).json();
        entries(seller, &taken).await.0
    };
    assert_eq!(take(&part.replace("BOOK", "PDNG"), "STMT-1").await, ["ignored pending"]);
    assert_eq!(take(&part.replace("BOOK", "INFO"), "STMT-2").await, ["ignored information"]);
    assert_eq!(take(&part, "STMT-3").await, ["booked part"]);
    assert_eq!(take(&part.replace("2026-01-16", "2026-01-17"), "STMT-4").await, ["booked part"]);
    assert_eq!(take(&part, "STMT-5").await, ["known known"]);
    assert_eq!(state_of(&trade, &invoice).await, (json!("partly_paid"), json!("3.80")));
}

#[tokio::test]
async fn a_payment_that_its_payer_recorded_is_confirmed_and_not_booked_twice() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    let recorded = trade.pay("11.90", Some(&invoice)).await.expect(201).id();
    let taken = send(seller, statement(&[credit("B-1", "11.90", number(&invoice))])).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!((told[0].as_str(), &all[0]["payment_id"]), ("booked exact", &json!(recorded)));
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 1);
    let payment = seller.get(&format!("/v1/payments/{recorded}")).await.expect(200).json();
    assert_eq!(payment["state"], "confirmed");
    assert_eq!((state_of(&trade, &invoice).await.0, balance(seller, "cash").await), (json!("paid"), "11.90".into()));
}

#[tokio::test]
async fn a_payment_that_was_confirmed_before_its_statement_is_booked_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let (first, second) = (trade.invoice(&[(&bolt, "1")]).await, trade.invoice(&[(&bolt, "2")]).await);
    trade.paid("11.90", Some(&first)).await;
    trade.paid("10.00", Some(&second)).await;
    let document = statement(&[
        credit("B-1", "11.90", number(&first)),
        credit("B-2", "10.00", number(&second)),
        credit("B-3", "10.00", number(&second)),
    ]);
    let taken = send(seller, document).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!(told, ["booked confirmed_before", "booked confirmed_before", "booked part"]);
    let paid = seller.get(&format!("/v1/payments/{}", all[0]["payment_id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(paid["allocations"][0]["invoice_id"], first["id"]);
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 3);
    assert_eq!(state_of(&trade, &first).await, (json!("paid"), json!("0.00")));
    assert_eq!(state_of(&trade, &second).await, (json!("partly_paid"), json!("3.80")));
    assert_eq!((balance(seller, "cash").await, balance(seller, "receivable").await), ("31.90".into(), "3.80".into()));
}

#[tokio::test]
async fn what_a_person_says_is_for_a_payment_confirmed_before_is_booked_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "2")]).await;
    trade.paid("10.00", Some(&invoice)).await;
    let taken = send(seller, statement(&[credit("B-1", "10.00", "thank you")])).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!(told, ["open nothing_named"]);
    let allocate = format!("/v1/bank-statement-entries/{}/allocate", all[0]["id"].as_str().unwrap());
    let body =
        json!({"allocations": [{"invoice_id": invoice["id"], "amount": {"amount": "10.00", "currency": "EUR"}}]});
    let linked = seller.post(&allocate, body).await.expect(200).json();
    assert_eq!((&linked["state"], &linked["reason"]), (&json!("booked"), &json!("confirmed_before")));
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 1);
    assert_eq!(state_of(&trade, &invoice).await, (json!("partly_paid"), json!("13.80")));
    assert_eq!(balance(seller, "cash").await, "10.00");
}

#[tokio::test]
async fn a_payment_that_is_confirmed_while_its_statement_comes_is_booked_once() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    for nth in 0..8 {
        let invoice = trade.invoice(&[(&bolt, "2")]).await;
        let payment = trade.pay("10.00", Some(&invoice)).await.expect(201).id();
        let entry = credit(&format!("B-{nth}"), "10.00", number(&invoice));
        let document = statement(&[entry]).replace("STMT-17", &format!("STMT-{nth}"));
        let path = format!("/v1/payments/{payment}/confirm");
        let (taken, confirmed) = join(send(seller, document), seller.post(&path, json!({}))).await;
        let (told, all) = entries(seller, &taken.expect(201).json()).await;
        // Whichever came first.
        match confirmed.status.as_u16() {
            200 => assert_eq!(told, ["booked confirmed_before"]),
            _ => {
                confirmed.problem(409, "wrong-state");
                assert_eq!(told, ["booked part"]);
            }
        }
        assert_eq!(all[0]["payment_id"], json!(payment));
        assert_eq!(state_of(&trade, &invoice).await, (json!("partly_paid"), json!("13.80")));
    }
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 8);
    assert_eq!(balance(seller, "cash").await, "80.00");
}

#[tokio::test]
async fn an_invoice_that_is_held_is_not_paid_by_a_statement() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer.owner);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    app.sql("UPDATE invoice SET match_state = 'disputed'").await;
    let taken = send(seller, statement(&[credit("B-1", "11.90", number(&invoice))])).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!((told[0].as_str(), &all[0]["candidates"]), ("open invoice_held", &json!([invoice["id"]])));
    let allocate = format!("/v1/bank-statement-entries/{}/allocate", all[0]["id"].as_str().unwrap());
    let body =
        json!({"allocations": [{"invoice_id": invoice["id"], "amount": {"amount": "11.90", "currency": "EUR"}}]});
    seller.post(&allocate, body.clone()).await.problem(409, "invoice-held");
    app.sql("UPDATE invoice SET match_state = 'approved'").await;
    assert_eq!(seller.post(&allocate, body).await.expect(200).json()["state"], "booked");
    assert_eq!(buyer.get("/v1/payments").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_account_that_a_buyer_gives_says_nothing_for_sure() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let (seller, buyer) = (&trade.seller.owner, &trade.buyer);
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let invoice = trade.invoice(&[(&bolt, "1")]).await;
    let accounts = format!("/v1/organisations/{}/bank-accounts", buyer.id);
    let body = json!({"holder": "x", "account_number": "NL91ABNA0417164300", "bank_name": "Bank", "currency": "EUR"});
    let account = buyer.owner.post(&accounts, body).await.expect(201).id();
    let from = |name: &str| {
        let one = credit(name, "11.90", "thank you")
            .replace("</Dbtr>", "</Dbtr><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></DbtrAcct>");
        statement(&[one]).replace("STMT-17", name)
    };
    let taken = send(seller, from("S-1")).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!((told[0].as_str(), &all[0]["candidates"]), ("open amount_only", &json!([invoice["id"]])));
    assert_eq!(app.count("SELECT count(*) FROM payment").await, 0);
    // An archived account is nobody's.
    app.sql(&format!("UPDATE bank_account SET archived_at = created_at WHERE id = '{account}'")).await;
    let taken = send(seller, from("S-2")).await.expect(201).json();
    let (told, all) = entries(seller, &taken).await;
    assert_eq!((told[0].as_str(), &all[0]["candidates"]), ("open payer_unknown", &json!([invoice["id"]])));
}

#[tokio::test]
async fn what_is_open_is_allocated_by_hand() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let bolt = trade.market.offer(seller, "100", &[("1", "10.00")]).await;
    let (first, second) = (trade.invoice(&[(&bolt, "1")]).await, trade.invoice(&[(&bolt, "2")]).await);
    let other = trade.market.member(&app, "Other buyer", &["buy"]).await;
    let text = format!("{} {}", number(&first), number(&second));
    let taken = send(seller, statement(&[credit("B-1", "20.00", &text)])).await.expect(201).json();
    let path = format!("/v1/bank-statements/{}/entries", taken["statements"][0]["id"].as_str().unwrap());
    let open = seller.get(&format!("{path}?state=open")).await.expect(200).json()["items"][0].clone();
    assert_eq!((&open["reason"], open["candidates"].as_array().unwrap().len()), (&json!("part_of_several"), 2));
    assert_eq!(seller.get(&format!("{path}?state=booked")).await.expect(200).json()["items"], json!([]));
    seller.get(&format!("{path}?state=gone")).await.problem(400, "invalid-query");
    let entry = format!("/v1/bank-statement-entries/{}/allocate", open["id"].as_str().unwrap());
    let allocate = async |by: &Client, parts: &[(&Value, &str)]| {
        let part = |(invoice, amount): &(&Value, &str)| json!({"invoice_id": invoice["id"], "amount": {"amount": amount, "currency": "EUR"}});
        by.post(&entry, json!({"allocations": parts.iter().map(part).collect::<Vec<_>>()})).await
    };
    allocate(&other.owner, &[(&first, "1.00")]).await.problem(404, "not-found");
    let unknown = json!({"id": open["id"]});
    assert_eq!(allocate(seller, &[(&unknown, "1.00")]).await.faults(), ["/allocations/0/invoice_id unknown_invoice"]);
    allocate(seller, &[(&first, "12.00")]).await.problem(409, "over-payment");
    allocate(seller, &[(&first, "11.90"), (&second, "8.11")]).await.problem(409, "over-payment");
    let part = allocate(seller, &[(&first, "11.90")]).await.expect(200).json();
    assert_eq!((&part["state"], &part["reason"]), (&json!("partly_booked"), &json!("by_hand")));
    let all = allocate(seller, &[(&second, "8.10")]).await.expect(200).json();
    assert_eq!((&all["state"], &all["payment_id"]), (&json!("booked"), &part["payment_id"]));
    allocate(seller, &[(&second, "1.00")]).await.problem(409, "wrong-state");
    assert_eq!(state_of(&trade, &first).await.0, "paid");
    assert_eq!(state_of(&trade, &second).await, (json!("partly_paid"), json!("15.70")));
}

#[tokio::test]
async fn a_statement_is_of_an_own_account_and_its_faults_name_elements() {
    let app = TestApp::start().await;
    let trade = app.trade().await;
    let seller = &trade.seller.owner;
    let document = statement(&[credit("B-1", "11.90", "x")]);
    let stranger = app.company("Stranger").await.owner;
    let unknown = ["/Document/BkToCstmrStmt/Stmt/Acct unknown_account"];
    assert_eq!(send(&stranger, document.clone()).await.faults(), unknown);
    let dollars = document.replace("\"EUR\"", "\"USD\"").replace(">EUR<", ">USD<");
    assert_eq!(send(seller, dollars).await.faults(), unknown);
    let odd = document.replace("DE89370400440532013000", "DE89370400440532013001").replace("CRDT", "PLUS");
    let at = |place: &str| format!("/Document/BkToCstmrStmt/Stmt/{place}");
    let expected = [at("Acct/Id/IBAN check_digit"), at("Ntry/CdtDbtInd code")];
    assert_eq!(send(seller, odd).await.faults(), expected);
    // Nothing shortens what is random: an index of the database would not take it.
    let long: String = (0..79_u8).flat_map(|n| Sha256::digest([n])).map(|byte| format!("{byte:02x}")).collect();
    let long = &long[..5000];
    assert_eq!(send(seller, document.replace("STMT-17", long)).await.faults(), [at("Id too_long")]);
    assert_eq!(send(seller, document.replace("B-1", long)).await.faults(), [at("Ntry/AcctSvcrRef too_long")]);
    let foreign = document.replace("camt.053.001.08", "camt.054.001.08");
    assert_eq!(send(seller, foreign).await.faults(), ["/Document document_type"]);
    let bomb = document.replacen("?>", "?><!DOCTYPE d [<!ENTITY a \"b\">]>", 1);
    assert_eq!(send(seller, bomb).await.problem(400, "malformed-request")["errors"][0]["code"], "doctype");
    send(seller, "x".repeat(4 * 1024 * 1024 + 1)).await.problem(413, "payload-too-large");
    let latin = document.replace("UTF-8", "ISO-8859-1");
    assert_eq!(send(seller, latin).await.problem(415, "unsupported-media-type")["errors"][0]["code"], "encoding");
    let json = seller.request(Method::POST, "/v1/bank-statements").header("Content-Type", "application/json");
    seller.send(json.body("{}")).await.problem(415, "unsupported-media-type");
    let many: Vec<String> = (0..2001).map(|n| credit(&format!("B-{n}"), "1.00", "x")).collect();
    assert_eq!(send(seller, statement(&many)).await.faults(), ["/Document/BkToCstmrStmt too_many"]);
    assert_eq!(app.count("SELECT count(*) FROM bank_statement").await, 0);
    let viewer = app.person(&trade.seller, &["viewer"]).await.owner;
    send(&viewer, document).await.problem(403, "forbidden");
    viewer.get("/v1/bank-statements").await.problem(403, "forbidden");
}
