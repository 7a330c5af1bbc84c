//! Approval: policies, who stands in for whom, and what waits for whose consent.

pub mod decide;
pub mod delegation;
pub mod dto;
pub mod policy;
pub mod policy_dto;
pub mod query;
pub mod routes;
pub mod submit;

/// The timer that ends an approval that nobody brought to its end.
pub const EXPIRY: &str = "order.approval_expiry";

/// The timer after which others are asked as well.
pub const ESCALATION: &str = "approval.escalation";
