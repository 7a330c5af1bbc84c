//! A client that speaks HTTP as the users do.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// Somebody who calls the service, perhaps with a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(base: String) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self { http: http.build().expect("a client"), base, token: None }
    }

    /// The same service with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().expect("logged in")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request to be completed by the test.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.url(path));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a text") }
    }

    /// The answer, if there is one: the server may be gone, or go while it answers.
    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> Option<Answer> {
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        Some(Answer { status, headers, text: response.text().await.ok()? })
    }

    pub async fn try_get(&self, path: &str) -> Option<Answer> {
        self.try_send(self.request(Method::GET, path)).await
    }

    /// Posts with an idempotency key to a server that may be gone.
    pub async fn try_post_once(&self, path: &str, key: &str, body: &Value) -> Option<Answer> {
        self.try_send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body)).await
    }

    /// Sends, and reads an answer that is no text.
    pub async fn send_bytes(&self, request: reqwest::RequestBuilder) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        (status, headers, response.bytes().await.expect("bytes").to_vec())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// Posts with an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }

    /// Posts an edit-like action under the ETag that was read.
    pub async fn post_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("If-Match", etag).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn put_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).header("If-Match", etag).json(&body)).await
    }

    pub async fn patch_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::PATCH, path).header("If-Match", etag);
        self.send(request.header("Content-Type", "application/merge-patch+json").body(body.to_string())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn delete_if(&self, path: &str, etag: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("If-Match", etag)).await
    }

    /// The current ETag of a resource.
    pub async fn etag(&self, path: &str) -> String {
        self.get(path).await.expect(200).etag()
    }

    /// Reads a resource and changes it under its ETag.
    pub async fn edit(&self, path: &str, patch: Value) -> Answer {
        let etag = self.etag(path).await;
        self.patch_if(path, &etag, patch).await
    }
}

impl Answer {
    /// Fails the test, showing the answer, unless it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Fails the test unless the answer is this problem, in the form that all problems have.
    #[track_caller]
    pub fn problem(self, status: u16, slug: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
        let body = answer.json();
        assert_eq!(body["type"], format!("/problems/{slug}"), "{body}");
        assert_eq!(body["status"], status, "{body}");
        assert_eq!(body["request_id"], answer.header("x-request-id"), "{body}");
        body
    }

    /// The faults of an `invalid-input` problem as `pointer code`, sorted.
    #[track_caller]
    pub fn faults(self) -> Vec<String> {
        let body = self.problem(422, "invalid-input");
        let text = |fault: &Value, key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        let errors = body["errors"].as_array().expect("errors");
        let mut faults: Vec<String> =
            errors.iter().map(|f| format!("{} {}", text(f, "pointer"), text(f, "code"))).collect();
        faults.sort();
        faults
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no header {name}: {:?}", self.headers));
        value.to_str().expect("a text").to_owned()
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// The `id` of the resource in the body.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {}", self.text)).to_owned()
    }
}
