//! Tries a row with each kind of caller.

use futures::future::join_all;
use reqwest::Method;
use serde_json::Value;
use tests::app::TestApp;
use tests::auction_house::House;
use tests::client::{Answer, Client};
use tests::given::Company;
use tests::operations::{Operation, operations};
use tests::raw;
use tests::trade::Trade;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{Of, Row};

/// Everybody who calls.
pub struct World {
    pub app: TestApp,
    pub trade: Trade,
    pub outsider: Company,
    pub operator: Client,
    viewers: [Company; 2],
    house: OnceCell<House>,
}

/// A row with its parameters filled in.
struct Case<'a> {
    world: &'a World,
    row: &'a Row,
    operation: &'a Operation,
    path: String,
    body: String,
    etag: Option<String>,
}

/// Tries all rows and fails naming everything that is amiss.
pub async fn hold(rows: &[Row]) {
    let world = World::new().await;
    let document = api::server::document();
    let operations = operations(&document);
    let mut amiss = Vec::new();
    for row in rows {
        let Some(operation) = operations.iter().find(|one| one.name() == row.operation) else { continue };
        let found = trial(&world, row, operation).await;
        amiss.extend(found.into_iter().map(|text| format!("{}: {text}", row.operation)));
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let trade = app.trade().await;
        let outsider = app.company("Outsider").await;
        let operator = app.operator().await;
        let viewers = [app.person(&trade.seller, &["viewer"]).await, app.person(&trade.buyer, &["viewer"]).await];
        Self { app, trade, outsider, operator, viewers, house: OnceCell::new() }
    }

    pub fn company(&self, of: Of) -> &Company {
        match of {
            Of::Seller => &self.trade.seller,
            Of::Buyer => &self.trade.buyer,
        }
    }

    /// A portal with auctions that the seller manages, where the buyer bids, and that only its members see.
    pub async fn house(&self) -> &House {
        let open = async || {
            let house = self.app.house_of(self.trade.seller.clone(), "closed").await;
            house.join(&self.app, &self.trade.buyer, &["bid"]).await;
            house
        };
        self.house.get_or_init(open).await
    }

    fn viewer(&self, of: Of) -> &Company {
        &self.viewers[usize::from(of == Of::Buyer)]
    }
}

async fn trial(world: &World, row: &Row, operation: &Operation) -> Vec<String> {
    let case = Case::make(world, row, operation).await;
    let mut amiss = case.other_spellings().await;
    amiss.extend(case.as_if_absent().await);
    amiss.extend(case.without_scope().await);
    let (owner, viewer) = (world.company(row.of), world.viewer(row.of));
    let nobody = world.app.anonymous();
    let callers = [
        ("nobody", &nobody, "", 0),
        ("an outsider", &world.outsider.owner, world.outsider.email.as_str(), 1),
        ("a member without the role", &viewer.owner, &viewer.email, 2),
        ("the owner", &owner.owner, &owner.email, 3),
        ("the operator", &world.operator, "operator@torg.example", 4),
    ];
    for (who, client, email, column) in callers {
        // Who is let in may change the thing, or log out: the next one gets a new one.
        let passes = row.statuses[column] < 400 && operation.method != "GET";
        let (fresh, anew);
        let mut case = &case;
        let mut client = client;
        if passes {
            fresh = Case::make(world, row, operation).await;
            case = &fresh;
        }
        if passes && !email.is_empty() && operation.path.starts_with("/v1/sessions/") {
            anew = world.app.log_in(email).await;
            client = &anew;
        }
        amiss.extend(case.differs(who, client, row.statuses[column]).await);
    }
    amiss.extend(Case::make(world, row, operation).await.with_scope().await);
    amiss
}

impl<'a> Case<'a> {
    async fn make(world: &'a World, row: &'a Row, operation: &'a Operation) -> Self {
        let mut path = row.operation.split_once(' ').expect("method and path").1.to_owned();
        let mut made = Vec::new();
        for (parameter, subject) in operation.path_parameters().iter().zip(row.subjects) {
            let value = world.subject(subject, &made).await;
            path = path.replace(&format!("{{{parameter}}}"), &value);
            made.push(value);
        }
        assert!(!path.contains('{'), "{path}: name a subject for every parameter");
        for query in row.subjects.iter().filter(|subject| subject.starts_with('?')) {
            path.push_str(&Self::filled(world, query, &made).await);
        }
        let body = Self::filled(world, row.body, &made).await;
        let conditional = operation.parameters("header").iter().any(|name| name == "If-Match");
        let mut case = Self { world, row, operation, path, body, etag: None };
        if conditional {
            case.etag = Some(case.current_etag().await);
        }
        case
    }

    /// A text with the subjects that it names.
    async fn filled(world: &World, text: &str, made: &[String]) -> String {
        let mut filled = String::new();
        for (index, part) in text.split('$').enumerate() {
            if index == 0 {
                filled.push_str(part);
                continue;
            }
            let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
            filled.push_str(&world.subject(&part[..end], made).await);
            filled.push_str(&part[end..]);
        }
        filled
    }

    async fn current_etag(&self) -> String {
        let company = &self.world.company(self.row.of).owner;
        for client in [company, &self.world.operator] {
            // A parent has the version of the organisation that names it, and what is decided on that of the order.
            let steps = ["/parent", "/accept", "/approve", "/reject", "/submit", "/catch-weight"];
            let of = steps.iter().find_map(|step| self.path.strip_suffix(step)).unwrap_or(&self.path);
            let answer = client.get(of).await;
            if let Some(etag) = answer.headers.get("etag") {
                return etag.to_str().expect("a text").to_owned();
            }
        }
        "\"1.000000000000\"".to_owned()
    }

    /// What is amiss with the answer to a caller.
    async fn differs(&self, who: &str, client: &Client, expected: u16) -> Option<String> {
        let answer = self.call(client, &self.path).await;
        let got = answer.status.as_u16();
        (expected != got).then(|| format!("{who} gets {got}, not {expected}: {:.300}", answer.text))
    }

    async fn call(&self, client: &Client, path: &str) -> Answer {
        let method: Method = self.operation.method.parse().expect("a method");
        let mut request = client.request(method, path);
        if path == "/v1/me" && self.etag.is_some() {
            // Everybody has a version of their own.
            let own = client.get(path).await.headers.get("etag").cloned();
            request = request.header("If-Match", own.unwrap_or_else(|| "\"1.0\"".parse().expect("a value")));
        } else if let Some(etag) = &self.etag {
            request = request.header("If-Match", etag);
        }
        if !self.body.is_empty() {
            let content = self.operation.body["requestBody"]["content"].as_object();
            let kind = content.and_then(|all| all.keys().next()).expect("a body is described");
            let kind = if kind == "multipart/form-data" { "multipart/form-data; boundary=b" } else { kind };
            request = request.header("Content-Type", kind).body(self.body.clone());
        }
        if path.ends_with("/stream") {
            // A stream that is let in has no end.
            let response = request.send().await.expect("an answer");
            let (status, headers) = (response.status(), response.headers().clone());
            let text = if status.is_success() { String::new() } else { response.text().await.expect("a text") };
            return Answer { status, headers, text };
        }
        client.send(request).await
    }

    /// S3: what is closed in its own spelling is closed in every other one.
    async fn other_spellings(&self) -> Vec<String> {
        let (path, method) = (&self.path, &self.operation.method);
        let spellings = [
            format!("{path}/"),
            format!("/{path}"),
            path.replacen("/v1/", "/v1//", 1),
            path.replacen("/v1/", "/%2e/v1/", 1),
            path.replacen("/v1/", "/v1/%2e%2e/v1/", 1),
            path.replacen("/v1/", "/v1/./", 1),
            path.replacen("/v1/", "/V1/", 1),
            path.replacen("/v1/", "/%761/", 1),
            format!("{path}%00"),
            format!("{path};a=b"),
            format!("{path}%2f"),
        ];
        let callers = [(0, String::new()), (1, self.world.outsider.owner.token().to_owned())];
        let tried = spellings.iter().flat_map(|one| callers.iter().map(move |caller| (one, caller)));
        let tried = tried.map(async |(spelling, (column, token))| {
            let token = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
            let etag = self.etag.as_ref().map(|etag| format!("If-Match: {etag}\r\n")).unwrap_or_default();
            let headers = format!("{token}{etag}Content-Length: 0\r\n");
            let status = raw::status(self.world.app.address, method, spelling, &headers).await;
            let opens = status < 400 && self.row.statuses[*column] >= 400;
            (opens || status >= 500).then(|| format!("written as {spelling} it gives {status}"))
        });
        join_all(tried).await.into_iter().flatten().collect()
    }

    /// S1, S5: what belongs to somebody else looks as if it did not exist.
    async fn as_if_absent(&self) -> Vec<String> {
        let last = self.path.split('/').rev().find(|part| Uuid::parse_str(stem(part)).is_ok());
        let (Some(last), 400..) = (last, self.row.statuses[1]) else { return Vec::new() };
        let absent = self.path.replace(stem(last), "0190b5a0-0000-7000-8000-00000000dead");
        let outsider = &self.world.outsider.owner;
        let (theirs, none) = (self.call(outsider, &self.path).await, self.call(outsider, &absent).await);
        let shape = |answer: &Answer| {
            let mut body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            for part in ["instance", "request_id"] {
                body[part] = Value::Null;
            }
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            (answer.status, body, names)
        };
        let (theirs, none) = (shape(&theirs), shape(&none));
        (theirs != none)
            .then(|| format!("another's thing gives {theirs:?}, an absent one {none:?}"))
            .into_iter()
            .collect()
    }

    /// R38: a machine with all scopes but one that it takes is told so.
    async fn without_scope(&self) -> Vec<String> {
        if self.operation.is_public() || self.operation.takes_any_machine() {
            return Vec::new();
        }
        let needed = self.operation.scopes();
        let lacking = if needed.is_empty() { vec![""] } else { needed.iter().map(String::as_str).collect() };
        let mut amiss = Vec::new();
        for lacks in lacking {
            let all = domain::party::Scope::ALL.iter().map(|scope| scope.code());
            let others: Vec<&str> = all.filter(|code| *code != lacks).collect();
            let machine = self.world.app.machine(self.world.company(self.row.of), &others).await;
            let answer = self.call(&machine, &self.path).await;
            let told = if needed.is_empty() { "" } else { "insufficient-scope" };
            if answer.status != 403 || !answer.text.contains(told) {
                amiss.push(format!("a machine without {lacks} gets {}: {:.200}", answer.status, answer.text));
            }
        }
        amiss
    }

    /// R38: a machine with the scopes of the document gets what the owner gets.
    async fn with_scope(&self) -> Vec<String> {
        let scopes = self.operation.scopes();
        if scopes.is_empty() {
            return Vec::new();
        }
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let machine = self.world.app.machine(self.world.company(self.row.of), &scopes).await;
        let answer = self.call(&machine, &self.path).await;
        let fine = answer.status == self.row.statuses[3];
        (!fine)
            .then(|| format!("a machine with {} gets {}: {:.200}", scopes.join(" "), answer.status, answer.text))
            .into_iter()
            .collect()
    }
}

/// `{id}.pdf` without its ending.
fn stem(part: &str) -> &str {
    part.split_once('.').map_or(part, |(stem, _)| stem)
}
