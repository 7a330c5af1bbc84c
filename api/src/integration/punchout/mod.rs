//! cXML over HTTP: one address that takes requests of procurement systems, and the visits (PunchOut) of their people.
//!
//! A document is answered with a document, always with the status 200 of HTTP: how it went stands in the document, after
//! [`crate::integration::cxml::status`]. Its `payloadID` is its idempotency key. Who sends it shows an API client's secret as `SharedSecret`;
//! what it may do is what that client may do. A visit has a token of its own, which is all that the visitor's browser needs, for this visit
//! alone; it acts with the rights that the client has by then.

pub mod basket;
pub mod credentials;
pub mod dto;
pub mod page;
pub mod post;
pub mod routes;
pub mod setup;
pub mod visit;
