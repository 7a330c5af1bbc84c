use domain::kernel::country::Country;
use domain::kernel::{Currency, Money, Quantity, Timestamp, Unit, UnitPrice};
use serde_json::Value as Json;

use super::process::{
    Access, AwardedPart, Category, ContractState, Happened, Line, Party, Process, RequestState, SignedContract,
};
use super::schema::{Classification, Publisher};
use super::*;

fn at(day: u32) -> Timestamp {
    format!("2026-03-{day:02}T10:00:00Z").parse().unwrap()
}

fn eur(cents: i64) -> Money {
    Money::new(rust_decimal::Decimal::new(cents, 2), Currency::parse("EUR").unwrap()).unwrap()
}

fn party(id: &str, identifiers: &[(&str, &str)]) -> Party {
    Party {
        id: id.to_owned(),
        legal_name: format!("{id} GmbH"),
        identifiers: identifiers.iter().map(|(scheme, value)| ((*scheme).to_owned(), (*value).to_owned())).collect(),
        street: None,
        city: Some("Riga".to_owned()),
        region: None,
        postal_code: None,
        country: Some(Country::parse("LV").unwrap()),
    }
}

fn line(price: Option<&str>) -> Line {
    Line {
        id: "1".to_owned(),
        description: "Steel sheet".to_owned(),
        classification: Some(Classification { scheme: "CPV".to_owned(), id: "14622000".to_owned(), description: None }),
        quantity: Quantity::new("12.500000".parse().unwrap(), Unit::parse("TNE").unwrap()).unwrap(),
        price: price.map(|price| UnitPrice::new(price.parse().unwrap(), Currency::parse("EUR").unwrap()).unwrap()),
    }
}

fn request() -> Process {
    Process {
        id: "rfq-7".to_owned(),
        version: 1,
        changed_at: at(1),
        happened: Happened::Published,
        language: Some("en".to_owned()),
        title: "Steel for the second quarter".to_owned(),
        description: None,
        state: RequestState::Open,
        access: Access::Everybody,
        category: Category::Goods,
        procedure: None,
        is_price_only: true,
        criteria: None,
        eligibility: None,
        opened_at: Some(at(1)),
        deadline: Some(at(20)),
        questions_until: Some(at(10)),
        has_questions: false,
        estimate: None,
        buyer: party("buyer", &[("vat", "LV40003032949"), ("lei", "529900T8BM49AURSDO55")]),
        lines: vec![line(None)],
        quoters: None,
        documents: Vec::new(),
        amendments: Vec::new(),
        awards: Vec::new(),
    }
}

fn awarded() -> Process {
    let supplier = party("winner", &[("ru_inn", "7707083893"), ("ru_ogrn", "1027700132195")]);
    Process {
        version: 4,
        changed_at: at(25),
        happened: Happened::Awarded,
        state: RequestState::Awarded,
        quoters: Some(vec![supplier.clone(), party("other", &[])]),
        awards: vec![AwardedPart {
            id: "a-1".to_owned(),
            at: at(25),
            is_cancelled: false,
            supplier,
            value: Some(eur(800_050)),
            lines: vec![line(Some("640.04"))],
            delivery: Some((at(28).date_naive(), at(30).date_naive())),
            contract: Some(SignedContract {
                id: "c-1".to_owned(),
                state: ContractState::InForce,
                signed_at: Some(at(26)),
                value: Some(eur(800_050)),
            }),
        }],
        ..request()
    }
}

fn published(processes: &[Process]) -> String {
    let publication = Publication {
        ocid_prefix: "ocds-a1b2c3".to_owned(),
        publisher: Publisher { name: "Torg".to_owned(), scheme: None, uid: None, uri: None },
        license: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
        policy: None,
    };
    let package = package(&publication, "https://example.org/ocds".to_owned(), at(26), processes);
    serde_json::to_string(&package).unwrap()
}

fn json(processes: &[Process]) -> Json {
    serde_json::from_str(&published(processes)).unwrap()
}

#[test]
fn a_package_says_who_published_what_and_when() {
    let package = json(&[request(), awarded()]);
    assert_eq!(package["version"], "1.1");
    assert_eq!(package["publisher"]["name"], "Torg");
    assert_eq!(package["publishedDate"], "2026-03-26T10:00:00Z");
    let releases = package["releases"].as_array().unwrap();
    assert!(releases.iter().all(|one| one["ocid"] == "ocds-a1b2c3-rfq-7" && one["initiationType"] == "tender"));
    let ids: Vec<_> =
        releases.iter().map(|one| (one["id"].as_str().unwrap(), one["tag"][0].as_str().unwrap())).collect();
    assert_eq!(ids, [("rfq-7-1", "tender"), ("rfq-7-4", "award")]);
}

#[test]
fn an_open_request_tells_nothing_of_who_quotes() {
    let package = json(&[request()]);
    let release = &package["releases"][0];
    assert_eq!(release["tender"]["status"], "active");
    assert_eq!(release["tender"]["procurementMethod"], "open");
    assert_eq!(release["tender"]["mainProcurementCategory"], "goods");
    assert_eq!(release["tender"]["tenderPeriod"]["endDate"], "2026-03-20T10:00:00Z");
    for absent in ["numberOfTenderers", "tenderers", "value", "documents", "amendments"] {
        assert!(release["tender"].get(absent).is_none(), "{absent}");
    }
    assert!(release.get("awards").is_none() && release.get("contracts").is_none());
    assert_eq!(release["parties"].as_array().unwrap().len(), 1);
}

#[test]
fn parties_stand_there_once_with_all_their_roles() {
    let package = json(&[awarded()]);
    let release = &package["releases"][0];
    let parties: Vec<_> = release["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["roles"].to_string()))
        .collect();
    assert_eq!(
        parties,
        [
            ("XI-LEI-529900T8BM49AURSDO55", r#"["buyer"]"#.to_owned()),
            ("RU-INN-7707083893", r#"["tenderer","supplier"]"#.to_owned()),
            ("other", r#"["tenderer"]"#.to_owned()),
        ]
    );
    assert_eq!(release["buyer"]["id"], "XI-LEI-529900T8BM49AURSDO55");
    assert_eq!(release["awards"][0]["suppliers"][0]["id"], "RU-INN-7707083893");
    assert_eq!(release["parties"][1]["additionalIdentifiers"][0]["scheme"], "RU-OGRN");
    assert_eq!(release["parties"][0]["address"]["countryName"], "LV");
}

#[test]
fn awards_and_contracts_refer_to_each_other() {
    let package = json(&[awarded()]);
    let release = &package["releases"][0];
    assert_eq!(release["contracts"][0]["awardID"], release["awards"][0]["id"]);
    assert_eq!(release["contracts"][0]["dateSigned"], "2026-03-26T10:00:00Z");
    assert_eq!(release["awards"][0]["contractPeriod"]["endDate"], "2026-03-30T23:59:59Z");
    assert_eq!(release["tender"]["numberOfTenderers"], 2);
}

#[test]
fn numbers_keep_their_digits() {
    let text = published(&[awarded()]);
    assert!(text.contains(r#""value":{"amount":8000.50,"currency":"EUR"}"#), "{text}");
    assert!(text.contains(r#""quantity":12.500000"#) && text.contains(r#""amount":640.04"#), "{text}");
}
