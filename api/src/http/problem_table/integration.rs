//! What other systems connect to.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::WebhookLimit => at(
            "webhook-limit",
            409,
            "There are as many webhooks as there can be",
            "Delete one that is not needed any more, or have one receive more types of events.",
        ),
        _ => return None,
    })
}
