//! Refusals as problem documents (RFC 9457). The one table of status, title and explanation.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER, UPGRADE, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use domain::kernel::{Kind, Refusal};
use infra::Failure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem_table::row;

/// A problem on its way to the caller. The outermost middleware writes its body, since only that knows the request.
#[derive(Debug)]
pub struct Problem {
    pub refusal: Refusal,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// The methods that the path has, for 405.
    pub allow: Option<String>,
}

pub type Reply = Result<HttpResponse, Problem>;

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Refusal::new(kind, detail).into()
    }

    /// Something broke inside: logged here once, told to nobody.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(Kind::Internal, "Something went wrong on our side. The request id helps us to find it.")
    }

    pub fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::warn!(%cause, "unavailable");
        Self { retry_after: Some(2), ..Self::new(Kind::Unavailable, "The service cannot answer at the moment.") }
    }

    /// Whether a rule has refused, rather than something failed.
    pub fn is_refusal(&self) -> bool {
        !matches!(self.refusal.kind, Kind::Unavailable | Kind::Internal)
    }

    /// The document, for one request.
    pub fn document(&self, instance: &str, request_id: &str) -> ProblemDocument {
        let row = row(self.refusal.kind);
        ProblemDocument {
            kind: format!("/problems/{}", row.slug),
            title: row.title.to_owned(),
            status: row.status,
            detail: self.refusal.detail.clone(),
            instance: instance.to_owned(),
            request_id: request_id.to_owned(),
            errors: self.refusal.faults.iter().map(FaultDocument::from).collect(),
        }
    }

    /// The whole response.
    pub fn response(&self, instance: &str, request_id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::UNAUTHORIZED {
            let error = if self.refusal.kind == Kind::InvalidToken { ", error=\"invalid_token\"" } else { "" };
            response.insert_header((WWW_AUTHENTICATE, format!("Bearer realm=\"torg\"{error}")));
        }
        if self.refusal.kind == Kind::InsufficientScope {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"torg\", error=\"insufficient_scope\""));
        }
        if self.refusal.kind == Kind::UpgradeRequired {
            response.insert_header((UPGRADE, "websocket"));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = self.allow.as_deref().and_then(|methods| HeaderValue::from_str(methods).ok()) {
            response.insert_header((ALLOW, allow));
        }
        response.insert_header(("Cache-Control", "no-store"));
        let document = self.document(instance, request_id);
        response.content_type("application/problem+json").body(serde_json::to_vec(&document).unwrap_or_default())
    }
}

/// Sets a refusal apart from what is broken, for a caller who tells it later.
pub fn refused<T>(result: Result<T, Failure>) -> Result<Result<T, Refusal>, Failure> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
        Err(failure) => Err(failure),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, retry_after: None, allow: None }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Unavailable(cause) => Self::unavailable(&cause),
            Failure::Database(error) if infra::db::tx::is_passing(&error) => Self::unavailable(&error),
            Failure::Database(error) => Self::internal(&error),
            Failure::Broken(what) => Self::internal(&what),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.refusal.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(row(self.refusal.kind).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/wrong-state", "title": "The state does not allow this step", "status": 409,
    "detail": "An order that is declined cannot be confirmed.", "instance": "/v1/orders/0190b5a0-0000-7000-8000-000000000001/confirm",
    "request_id": "0190b5a0-0000-7000-8000-000000000002"
}))]
pub struct ProblemDocument {
    /// A URL that explains this type of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    pub title: String,
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong in this very case.
    pub detail: String,
    /// The path that was asked.
    #[schema(format = "uri-reference")]
    pub instance: String,
    pub request_id: String,
    /// All the faults found in the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FaultDocument>,
}

/// One fault in the input.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultDocument {
    /// JSON pointer (RFC 6901) to the place in the body; empty for the whole.
    pub pointer: String,
    /// A stable word for machines.
    pub code: String,
    pub detail: String,
}

impl From<&domain::kernel::Fault> for FaultDocument {
    fn from(fault: &domain::kernel::Fault) -> Self {
        Self { pointer: fault.pointer.clone(), code: fault.code.to_owned(), detail: fault.detail.clone() }
    }
}

/// A row of the problem table.
pub struct Row {
    pub slug: &'static str,
    pub status: u16,
    pub title: &'static str,
    pub explanation: &'static str,
}
