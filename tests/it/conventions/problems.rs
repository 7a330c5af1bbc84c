use api::http::problem_table::row;
use domain::kernel::Kind;
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::operations::operations;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/problems.tsv");

/// `UPDATE=1 cargo test problems` writes the file. Rows may be added; a slug, once given, keeps its meaning and its status.
#[test]
fn the_problems_are_those_that_clients_know() {
    let mut lines: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| {
            let row = row(*kind);
            format!("{}\t{}\t{}\n", row.slug, row.status, row.title)
        })
        .collect();
    lines.sort();
    let table = lines.concat();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(TABLE).unwrap());
    lines.dedup_by_key(|line| line.split('\t').next().unwrap().to_owned());
    assert_eq!(lines.len(), Kind::ALL.len(), "a slug is used twice");
}

#[test]
fn every_kind_of_refusal_is_explained() {
    let source = include_str!("../../../domain/src/kernel/refusal.rs");
    let variants = source.split_once("pub enum Kind {").unwrap().1.split_once("\n}").unwrap().0;
    let names: Vec<&str> = variants
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    assert!(names.len() > 40);
    for name in names {
        assert!(Kind::ALL.iter().any(|kind| format!("{kind:?}") == name), "{name} is not in Kind::ALL");
    }
}

// R12, R14, R15
#[tokio::test]
async fn every_operation_refuses_in_the_same_form() {
    let app = TestApp::start().await;
    let company = app.company("Asking").await;
    let document = api::server::document();
    // The token endpoint answers as RFC 6749 says, that for cXML in documents of its own.
    let others = ["/oauth/token", "/v1/cxml"];
    for one in operations(&document).into_iter().filter(|one| !others.contains(&one.path.as_str())) {
        let mut path = one.path.clone();
        for name in one.path_parameters() {
            let value =
                if name == "version" || name == "number" { "1" } else { "0190b5a0-0000-7000-8000-00000000dead" };
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let method: Method = one.method.parse().unwrap();
        let with = |client: &tests::client::Client, query: &str| {
            let request =
                client.request(method.clone(), &format!("{path}{query}")).header("If-Match", "\"1.000000000000\"");
            request.header("Content-Type", "application/json")
        };
        let anonymous = app.anonymous();
        let bad_body = with(&company.owner, "").body("{\"a\": 1, \"a\": 2");
        let mut answers = vec![anonymous.send(with(&anonymous, "")).await];
        // A stream that is asked for rightly has no end.
        if !path.ends_with("/stream") {
            answers.push(company.owner.send(bad_body).await);
        }
        answers.push(company.owner.send(with(&company.owner, "?colour=red")).await);
        if let Some(body) = one.body.get("requestBody") {
            // An upload, or a document, is refused for its media type before anything is read.
            let expected = if !body["content"]["multipart/form-data"].is_null()
                || !body["content"]["application/x-ndjson"].is_null()
                || !body["content"]["application/xml"].is_null()
            {
                // Before that, for what its address has to say.
                let asks = |one: &Value| one["in"] == "query" && one["required"] == true;
                let asked = one.body["parameters"].as_array().is_some_and(|all| all.iter().any(asks));
                if asked { vec![400] } else { vec![403, 404, 415] }
            } else {
                vec![400, 403, 404]
            };
            assert!(expected.contains(&answers[1].status.as_u16()), "{}: {:?}", one.name(), answers[1]);
        }
        for answer in answers {
            let status = answer.status.as_u16();
            assert_ne!(status / 100, 5, "{}: {}", one.name(), answer.text);
            assert!(answer.headers.contains_key("x-request-id"), "{}", one.name());
            if status < 400 {
                continue;
            }
            assert_eq!(answer.header("content-type"), "application/problem+json", "{}: {}", one.name(), answer.text);
            let problem = answer.json();
            assert_eq!((&problem["status"], &problem["instance"]), (&json!(status), &json!(path)), "{}", one.name());
            assert_eq!(problem["request_id"], answer.header("x-request-id"));
            assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{}", one.name());
            tells_nothing_internal(&answer.text);
        }
    }
}

/// R15: neither SQL, nor paths, nor versions, nor traces.
fn tells_nothing_internal(text: &str) {
    for word in ["SELECT", "INSERT", "diesel", "postgres", "tokio", "actix", "serde", ".rs", "src/", "panick"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

// R14, S3, S23
#[tokio::test]
async fn a_path_takes_the_methods_that_are_described_and_says_which() {
    let app = TestApp::start().await;
    let document = api::server::document();
    for path in document["paths"].as_object().unwrap().keys() {
        let concrete = path.replace(['{', '}'], "");
        // `/v1/invoices/id.pdf` is one path to `{id}.pdf` and to `{id}`.
        // `/v1/orders/quick` is one path to `/v1/orders/{id}`, too.
        let fits = |(template, given): (&str, &str)| template == given || template.starts_with('{');
        let of_path = |one: &tests::operations::Operation| {
            one.path.split('/').count() == concrete.split('/').count()
                && one.path.split('/').zip(concrete.split('/')).all(fits)
        };
        let described: Vec<String> = operations(&document).into_iter().filter(of_path).map(|one| one.method).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"] {
            if described.iter().any(|one| one == method) || path.contains("}.") || method == "CONNECT" {
                continue;
            }
            let method: Method = method.parse().unwrap();
            let answer = app.anonymous().send(app.anonymous().request(method.clone(), &concrete)).await;
            let allow = answer.header("allow");
            assert!(described.iter().all(|one| allow.split(", ").any(|a| a == one)), "{path}: {allow}");
            assert!(!allow.contains(method.as_str()), "{method} {path}: {allow}");
            answer.problem(405, "method-not-allowed");
        }
    }
}

// S23
#[tokio::test]
async fn nothing_is_served_that_is_not_described() {
    let app = TestApp::start().await;
    for path in [
        "/metrics",
        "/debug",
        "/debug/pprof/",
        "/actuator/health",
        "/.env",
        "/.git/config",
        "/admin",
        "/v1",
        "/v1/",
        "/v2/orders",
        "/server-status",
        "/api-docs/openapi.json",
        "/docs/../v1/orders",
        "/docs/..%2f..%2fetc/passwd",
        "/docs/nothing.js",
    ] {
        let answer = app.anonymous().get(path).await;
        assert!([401, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.text);
        tells_nothing_internal(&answer.text);
    }
    let answer = app.anonymous().get("/healthz").await.expect(200);
    assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"));
}

// R12, R15
#[actix_web::test]
async fn a_panic_answers_as_a_problem() {
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};
    async fn panics() -> HttpResponse {
        panic!("the secret of src/main.rs")
    }
    let app = TestApp::start().await;
    let data = web::Data::new(api::server::on_thread(&app.shared).unwrap());
    let inner = App::new().app_data(data).wrap(from_fn(api::http::middleware::conventions));
    let service = test::init_service(inner.route("/boom", web::get().to(panics))).await;
    let request = test::TestRequest::get().uri("/boom").insert_header(("X-Request-Id", "r-1")).to_request();
    let response = match test::try_call_service(&service, request).await {
        Ok(response) => response.into_parts().1,
        Err(error) => error.error_response(),
    };
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers().get("x-request-id").unwrap(), "r-1");
    assert_eq!(response.headers().get("content-type").unwrap(), "application/problem+json");
    let body = actix_web::body::to_bytes(response.into_body()).await.ok().unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&problem["type"], &problem["request_id"]), (&json!("/problems/internal"), &json!("r-1")));
    assert!(!String::from_utf8_lossy(&body).contains("secret"));
}
