//! The request as such, who asks, what is asked for, and the service itself.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::MalformedRequest => at(
            "malformed-request",
            400,
            "The request cannot be read",
            "The body is not valid JSON (or not of the form that the endpoint takes), not UTF-8, names a key twice, or is nested too deeply. Nothing was done.",
        ),
        Kind::InvalidQuery => at(
            "invalid-query",
            400,
            "A query parameter is wrong",
            "A parameter is unknown, misspelt, given twice or out of its range. The detail names it.",
        ),
        Kind::InvalidCursor => at(
            "invalid-cursor",
            400,
            "The cursor cannot be used",
            "Cursors are opaque and good for the list, the filters and the caller that they were given for. Start the list anew without one.",
        ),
        Kind::InvalidIdempotencyKey => at(
            "invalid-idempotency-key",
            400,
            "The idempotency key is malformed",
            "Idempotency-Key takes 1 to 255 visible ASCII characters.",
        ),
        Kind::InvalidInput => at(
            "invalid-input",
            422,
            "The input has faults",
            "The member errors lists all of them, each with a JSON pointer, a code for machines and a sentence. Nothing was done.",
        ),
        Kind::IdempotencyKeyReused => at(
            "idempotency-key-reused",
            422,
            "The idempotency key was used for another request",
            "A key belongs to one method, path and body. Use a new key for a new request.",
        ),
        Kind::RequestInProgress => at(
            "request-in-progress",
            409,
            "The first request with this key is still running",
            "Wait a moment and send the same request again: you will get the answer of the first.",
        ),
        Kind::PreconditionRequired => at(
            "precondition-required",
            428,
            "If-Match is needed",
            "Read the resource and send the ETag you got in If-Match, so that nobody's change is overwritten unseen.",
        ),
        Kind::PreconditionFailed => at(
            "precondition-failed",
            412,
            "The resource has changed meanwhile",
            "The ETag in If-Match is not the current one. Read the resource again and decide anew.",
        ),
        Kind::PayloadTooLarge => at(
            "payload-too-large",
            413,
            "The body is too large",
            "Bodies of JSON are at most 1 MiB, where the endpoint does not say otherwise; those of bulk calls 8 MiB.",
        ),
        Kind::UnsupportedMediaType => at(
            "unsupported-media-type",
            415,
            "The media type is not supported",
            "Send application/json, or what the endpoint names.",
        ),
        Kind::UpgradeRequired => at(
            "upgrade-required",
            426,
            "This is for WebSockets",
            "The endpoint speaks WebSocket (RFC 6455): send Upgrade: websocket with the handshake.",
        ),
        Kind::NotAcceptable => at(
            "not-acceptable",
            406,
            "No such representation",
            "The endpoint cannot answer in any of the media types that Accept names.",
        ),
        Kind::MethodNotAllowed => at(
            "method-not-allowed",
            405,
            "The method is not allowed here",
            "The header Allow names the methods that this path has.",
        ),
        Kind::TooManyRequests => {
            at("too-many-requests", 429, "Too many requests", "Wait as many seconds as Retry-After says.")
        }
        Kind::Unauthenticated => {
            at("unauthenticated", 401, "Log in first", "The endpoint needs an access token: Authorization: Bearer …")
        }
        Kind::InvalidToken => at(
            "invalid-token",
            401,
            "The access token is not valid",
            "It is malformed, expired, revoked, or not signed by this service. Get a new one.",
        ),
        Kind::InvalidCredentials => at(
            "invalid-credentials",
            401,
            "The credentials are wrong",
            "The e-mail address, the password or the secret is wrong. Which of them is not told.",
        ),
        Kind::InsufficientScope => at(
            "insufficient-scope",
            403,
            "The token lacks a scope",
            "The API client was not given the scope that this endpoint needs. The detail names it.",
        ),
        Kind::Forbidden => {
            at("forbidden", 403, "Not allowed", "You may know of this, but your roles do not allow this step.")
        }
        Kind::NotFound => at("not-found", 404, "Not found", "There is no such thing, or you may not know of it."),
        Kind::WrongState => at(
            "wrong-state",
            409,
            "The state does not allow this step",
            "Read the resource: its state has moved on, or is not there yet.",
        ),
        Kind::AlreadyExists => {
            at("already-exists", 409, "It exists already", "Something with the same key exists. The detail says which.")
        }
        Kind::InUse => {
            at("in-use", 409, "Something else still needs it", "The detail says what names it. Change that first.")
        }
        Kind::Unavailable => at(
            "unavailable",
            503,
            "The service cannot answer at the moment",
            "Nothing was done, as far as we know. Try again after the seconds in Retry-After, with the same Idempotency-Key.",
        ),
        Kind::Internal => at(
            "internal",
            500,
            "Something went wrong on our side",
            "The error was logged under the request id. With an Idempotency-Key it is safe to try again.",
        ),
        _ => return None,
    })
}
