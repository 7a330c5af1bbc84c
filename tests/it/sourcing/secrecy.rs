//! Sealed quotes: nothing of them is seen before the opening by anybody but who quoted, through whatever can be read.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::operations::operations;
use tests::sourcing::{Tender, id_of, items, offer};
use tests::upload::pdf;

use super::told;

/// A sealed request, a quote to it that says what stands nowhere else, and what that is.
pub struct Sealed {
    pub app: TestApp,
    pub tender: Tender,
    pub rfq: String,
    pub quoter: Company,
    pub quote: String,
    documents: Vec<String>,
    /// What lies in the technical envelope, and what in the commercial one.
    pub technical: Vec<String>,
    pub commercial: Vec<String>,
}

impl Sealed {
    pub async fn quoted(more: Value) -> Self {
        let app = TestApp::start().await;
        let tender = app.tender().await;
        let quoter = tender.supplier(&app, "Quoter Unheard Of").await;
        let rfq = tender.published(more).await;
        let mut documents = Vec::new();
        for word in ["technical-marker", "commercial-marker"] {
            let said = json!({"title": word, "visibility": "owner"});
            let form = quoter.owner.form("/v1/documents", Some(&said), "file.pdf", &pdf(word));
            documents.push(quoter.owner.send(form).await.expect(201).id());
        }
        let remark = json!({"remarks": "Annealed in hydrogen-marker"});
        let offers = [
            offer(1, "98765.4321", remark),
            offer(2, "87654.3219", json!({"tiers": [{"from": "5", "unit_price": "76543.2198"}]})),
        ];
        let more = json!({
            "offers": offers, "remarks": "Paid in advance-marker", "freight": "65432.10",
            "technical_documents": [documents[0]], "commercial_documents": [documents[1]]
        });
        let quote = tender.quoted(&quoter, &rfq, &[], more).await;
        let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let mut technical = texts(&["hydrogen-marker", "technical-marker"]);
        technical.push(documents[0].clone());
        let mut commercial =
            texts(&["98765.4321", "87654.3219", "76543.2198", "65432.1", "advance-marker", "commercial-marker"]);
        commercial.push(documents[1].clone());
        told(&app, &tender.buyer.owner, "rfq.quote_received").await;
        Self { app, tender, rfq, quoter, quote, documents, technical, commercial }
    }

    /// Who quoted.
    pub fn names(&self) -> Vec<String> {
        vec![self.quoter.id.clone(), self.quoter.name.clone(), id_of(&self.quote).to_owned()]
    }

    /// All that must not be seen.
    pub fn secrets(&self) -> Vec<String> {
        [self.names(), self.technical.clone(), self.commercial.clone()].concat()
    }

    /// The paths of all reads that the API document has of this request and this quote, and of what is about them.
    fn paths(&self) -> Vec<String> {
        let of_feature = operations(&api::server::document()).into_iter().filter(|one| {
            let is_of = |tags: &Vec<_>| tags.contains(&json!("sourcing"));
            let is_document = one.path.starts_with("/v1/rfqs/") || one.path.starts_with("/v1/quotes/");
            one.method == "GET" && (is_document || one.body["tags"].as_array().is_some_and(is_of))
        });
        let filled = of_feature.flat_map(|one| {
            let ids = [id_of(&self.rfq), id_of(&self.quote)];
            let path = one.path.replace("{portal}", &self.tender.slug).replace("{rfq}", id_of(&self.rfq));
            let ids = if path.contains("/quotes/") { &ids[1..] } else { &ids[..] };
            ids.iter().map(|id| path.replace("{id}", id)).collect::<Vec<_>>()
        });
        let mut paths: Vec<String> = filled.collect();
        paths.extend(["/v1/events?limit=200".to_owned(), "/v1/documents?limit=200".to_owned()]);
        for document in &self.documents {
            paths.extend(["", "/content", "/versions"].map(|part| format!("/v1/documents/{document}{part}")));
        }
        paths.dedup();
        assert!(paths.len() > 25 && paths.iter().all(|path| !path.contains('{')), "{paths:?}");
        paths
    }

    /// Everything that somebody reads of it. What they asked for by its name does not count as told.
    pub async fn read_by(&self, reader: &Client) -> String {
        let mut seen = String::new();
        for path in self.paths() {
            let answer = reader.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
            seen.push_str(&shown(&answer).replace(path.split('?').next().unwrap_or(&path), ""));
            seen.push('\n');
        }
        seen
    }

    /// What the operator finds about requests and quotes on the record of all that happened.
    pub async fn audit(&self) -> String {
        let operator = self.app.operator().await;
        let mut found = Vec::new();
        let mut next = Some("/v1/audit?limit=200".to_owned());
        while let Some(path) = next {
            let page = operator.get(&path).await.expect(200).json();
            found.extend(page["items"].as_array().unwrap().clone());
            next = page["next_cursor"].as_str().map(|cursor| format!("/v1/audit?limit=200&cursor={cursor}"));
        }
        let is_own = |one: &&Value| {
            let kind = one["type"].as_str().unwrap_or_default();
            kind.starts_with("rfq") || kind.starts_with("quote")
        };
        let own: Vec<&Value> = found.iter().filter(is_own).collect();
        assert!(own.len() > 2, "{own:?}");
        json!(own).to_string()
    }
}

/// An answer with its headers, as far as they say something of what is read.
fn shown(answer: &Answer) -> String {
    let header =
        |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    format!("{} {} {} {}", header("location"), header("link"), header("content-disposition"), answer.text)
}

/// Which of these stand in a text.
pub fn found(text: &str, all: &[String]) -> Vec<String> {
    all.iter().filter(|one| text.contains(one.as_str())).cloned().collect()
}

#[tokio::test]
async fn before_the_opening_nobody_but_the_quoter_reads_anything_of_a_sealed_quote() {
    let sealed = Sealed::quoted(json!({})).await;
    let (app, tender) = (&sealed.app, &sealed.tender);
    let (rival, idle) = (tender.supplier(app, "Rival").await, tender.supplier(app, "Idle").await);
    tender.quoted(&rival, &sealed.rfq, &["500", "700"], json!({})).await;
    let outsider = app.company("Outsider").await;
    let operator = app.operator().await;
    let own = sealed.read_by(&sealed.quoter.owner).await;
    let all = sealed.secrets();
    let unfound: Vec<&String> =
        all.iter().filter(|one| **one != sealed.quoter.name && !own.contains(one.as_str())).collect();
    assert!(unfound.is_empty(), "the quoter itself reads all of it, but for {unfound:?}");
    for is_over in [false, true] {
        if is_over {
            app.pass_deadline(&sealed.rfq).await;
        }
        for (name, reader) in [
            ("buyer", &tender.buyer.owner),
            ("rival", &rival.owner),
            ("idle supplier", &idle.owner),
            ("operator", &operator),
            ("outsider", &outsider.owner),
            ("anonymous", &app.anonymous()),
        ] {
            let told = found(&sealed.read_by(reader).await, &all);
            assert_eq!(told, [] as [String; 0], "read by {name}, deadline passed: {is_over}");
        }
    }
    // But that there is something is known to all who know of the request.
    for reader in [&tender.buyer.owner, &rival.owner, &idle.owner, &operator] {
        assert_eq!(items(reader, &format!("{}/commitments", sealed.rfq)).await.len(), 2);
    }
    tender.buyer.owner.get(&format!("{}/comparison", sealed.rfq)).await.problem(409, "still-sealed");
    tender.buyer.owner.get(&format!("{}/comparison.xlsx", sealed.rfq)).await.problem(409, "still-sealed");
}

#[tokio::test]
async fn the_record_of_all_that_happened_says_nothing_of_a_sealed_quote_nor_which_one_it_is() {
    let sealed = Sealed::quoted(json!({})).await;
    let by = &sealed.quoter.owner;
    by.edit(&sealed.quote, json!({"tax_rate": "7"})).await.expect(200);
    by.post(&format!("{}/confirm", sealed.quote), json!({})).await.expect(200);
    by.post(&format!("{}/withdraw", sealed.quote), json!({})).await.expect(200);
    by.post(&format!("{}/submit", sealed.quote), json!({})).await.expect(200);
    let person = by.get("/v1/me").await.expect(200).id();
    let id = id_of(&sealed.quote).to_owned();
    let said: Vec<String> = sealed.secrets().into_iter().chain([person]).filter(|one| *one != id).collect();
    for is_over in [false, true] {
        if is_over {
            sealed.app.pass_deadline(&sealed.rfq).await;
        }
        let record = sealed.audit().await;
        assert_eq!(found(&record, &said), [] as [String; 0], "deadline passed: {is_over}");
        assert!(!record.contains(&id), "the record names the quote, deadline passed: {is_over}: {record}");
    }
}

#[tokio::test]
async fn after_the_opening_the_buyer_reads_all_and_others_nothing() {
    let sealed = Sealed::quoted(json!({})).await;
    let (app, tender) = (&sealed.app, &sealed.tender);
    let rival = tender.supplier(app, "Rival").await;
    tender.quoted(&rival, &sealed.rfq, &["500", "700"], json!({})).await;
    let outsider = app.company("Outsider").await;
    tender.evaluated(app, &sealed.rfq).await;
    let all = sealed.secrets();
    for reader in [&tender.buyer.owner, &app.operator().await] {
        let read = sealed.read_by(reader).await;
        let unseen: Vec<&String> =
            all.iter().filter(|one| **one != sealed.quoter.name && !read.contains(one.as_str())).collect();
        assert!(unseen.is_empty(), "{unseen:?}");
    }
    let compared = tender.buyer.owner.get(&format!("{}/comparison", sealed.rfq)).await.expect(200).text;
    assert!(compared.contains(&sealed.quoter.name));
    for reader in [&rival.owner, &outsider.owner, &app.anonymous()] {
        assert_eq!(found(&sealed.read_by(reader).await, &all), [] as [String; 0]);
    }
}

/// All that can be read in the database without the service's key.
#[tokio::test]
async fn the_database_does_not_tell_what_is_sealed_without_the_key() {
    let sealed = Sealed::quoted(json!({})).await;
    let by = &sealed.quoter.owner;
    by.edit(&sealed.quote, json!({"remarks": "Lower-marker"})).await.expect(200);
    by.post(&format!("{}/withdraw", sealed.quote), json!({})).await.expect(200);
    by.post_once(&format!("{}/submit", sealed.quote), "again", json!({})).await.expect(200);
    let mut text = String::new();
    for table in ["quote", "quote_revision", "rfq", "rfq_version", "rfq_recipient", "event", "idempotency", "timer"] {
        let rows = format!("SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM {table} t");
        text.push_str(&tests::database::text(&sealed.app.database_url, &rows).await);
    }
    // A bytea is shown in hexadecimal: what were plain there would be found that way.
    // Whose documents there are is no secret; what they are for is.
    let names_document = |one: &String| sealed.documents.contains(one) || one.ends_with("al-marker");
    let said = [sealed.technical.clone(), sealed.commercial.clone(), vec!["Lower-marker".to_owned()]].concat();
    let plain: Vec<String> = said.into_iter().filter(|one| !names_document(one)).collect();
    assert_eq!(plain.len(), 7);
    let encoded: Vec<String> = plain.iter().map(hex::encode).collect();
    assert_eq!(found(&text, &[plain, encoded].concat()), [] as [String; 0]);
    assert!(text.contains(id_of(&sealed.quote)));
}

#[tokio::test]
async fn what_was_withdrawn_before_the_opening_stays_sealed_for_ever() {
    let sealed = Sealed::quoted(json!({})).await;
    let (app, tender) = (&sealed.app, &sealed.tender);
    let rival = tender.supplier(app, "Rival").await;
    let other = tender.quoted(&rival, &sealed.rfq, &["500", "700"], json!({})).await;
    sealed.quoter.owner.post(&format!("{}/withdraw", sealed.quote), json!({})).await.expect(200);
    tender.evaluated(app, &sealed.rfq).await;
    let buyer = &tender.buyer.owner;
    assert_eq!(items(buyer, &format!("{}/quotes", sealed.rfq)).await[0]["id"], id_of(&other));
    for reader in [buyer, &app.operator().await, &rival.owner] {
        assert_eq!(found(&sealed.read_by(reader).await, &sealed.secrets()), [] as [String; 0]);
    }
    assert_eq!(items(buyer, &format!("{}/commitments", sealed.rfq)).await.len(), 2, "the hashes stay");
    let body = json!({"quote_id": id_of(&sealed.quote), "reason": "Cheap."});
    assert_eq!(buyer.post(&format!("{}/award", sealed.rfq), body).await.faults(), ["/quote_id unknown"]);
}

#[tokio::test]
async fn of_a_revised_quote_only_what_stood_at_the_deadline_is_opened() {
    let sealed = Sealed::quoted(json!({})).await;
    let (app, tender) = (&sealed.app, &sealed.tender);
    let plain = tender.quote(&["500", "700"], json!({"remarks": null, "freight": null}));
    let patch = json!({"offers": plain["offers"], "remarks": null, "freight": null, "commercial_documents": []});
    sealed.quoter.owner.edit(&sealed.quote, patch).await.expect(200);
    tender.evaluated(app, &sealed.rfq).await;
    let revisions = items(&tender.buyer.owner, &format!("{}/revisions", sealed.quote)).await;
    assert_eq!((revisions.len(), &revisions[0]["number"]), (1, &json!(2)));
    for reader in [&tender.buyer.owner, &app.operator().await] {
        assert_eq!(found(&sealed.read_by(reader).await, &sealed.commercial), [] as [String; 0]);
    }
    assert_eq!(items(&sealed.quoter.owner, &format!("{}/revisions", sealed.quote)).await.len(), 2);
}
