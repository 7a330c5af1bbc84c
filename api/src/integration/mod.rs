//! What other systems connect to: webhooks, exports of everything, and the formats in which they speak: XML of procurement and banks, and
//! open contracting data.
//!
//! The formats themselves (`camt`, `cxml`, `ocds`, `ubl`, `xml`) are pure: bytes in, plain records or one [`domain::kernel::Refusal`] with all
//! faults out, and records in, text out. They know neither of the database nor of HTTP. Beside them stand the endpoints that speak them.
//! Nothing is ever fetched because a document says so.

pub mod camt;
pub mod cxml;
pub mod export;
pub mod ocds;
pub mod procurement;
pub mod punchout;
pub mod ubl;
pub mod webhook;
pub mod xml;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    procurement::routes::configure(config);
    punchout::routes::configure(config);
    export::routes::configure(config);
    webhook::configure(config);
}
