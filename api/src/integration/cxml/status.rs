//! How a request went, in the codes of cXML, which are modelled on those of HTTP.

use domain::kernel::{Kind, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Ok,
    /// It was taken, and what becomes of it will be told later.
    Accepted,
    /// It could be read, but something in it is wrong.
    BadRequest,
    Unauthorized,
    Forbidden,
    /// It could not be read at all.
    NotAcceptable,
    /// It contradicts what is so by now.
    Conflict,
    PreconditionFailed,
    NotImplemented,
    InternalError,
    /// To be tried again later.
    Temporary,
}

impl Status {
    pub fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::Accepted => 201,
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotAcceptable => 406,
            Self::Conflict => 409,
            Self::PreconditionFailed => 412,
            Self::NotImplemented => 450,
            Self::InternalError => 500,
            Self::Temporary => 560,
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Accepted => "Accepted",
            Self::BadRequest => "Bad Request",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::NotAcceptable => "Not Acceptable",
            Self::Conflict => "Conflict",
            Self::PreconditionFailed => "Precondition Failed",
            Self::NotImplemented => "Not Implemented",
            Self::InternalError => "Internal Server Error",
            Self::Temporary => "Temporary Server Error",
        }
    }
}

/// How a refusal is told. Kinds of which cXML knows nothing of its own are bad requests. What a caller may not know of looks like what does
/// not exist, as everywhere.
pub fn of_refusal(refusal: &Refusal) -> Status {
    match refusal.kind {
        Kind::MalformedRequest | Kind::UnsupportedMediaType | Kind::NotAcceptable | Kind::PayloadTooLarge => {
            Status::NotAcceptable
        }
        Kind::Unauthenticated | Kind::InvalidToken | Kind::InvalidCredentials => Status::Unauthorized,
        Kind::Forbidden | Kind::InsufficientScope | Kind::NotVerified | Kind::Suspended => Status::Forbidden,
        Kind::WrongState | Kind::AlreadyExists | Kind::InUse | Kind::IdempotencyKeyReused => Status::Conflict,
        Kind::PreconditionFailed | Kind::PreconditionRequired => Status::PreconditionFailed,
        Kind::TooManyRequests | Kind::RequestInProgress | Kind::Unavailable => Status::Temporary,
        Kind::Internal => Status::InternalError,
        _ => Status::BadRequest,
    }
}

/// What the response says to people: the refusal and its first faults with their places, at most 2000 characters.
pub fn detail(refusal: &Refusal) -> String {
    let faults = refusal.faults.iter().map(|fault| format!("{} ({}): {}", fault.pointer, fault.code, fault.detail));
    let all: Vec<String> = std::iter::once(refusal.detail.clone()).chain(faults).collect();
    all.join("\n").chars().take(2000).collect()
}
