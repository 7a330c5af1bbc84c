//! Prints and publishes issued invoices: one at a time with a rest after each.

use infra::Failure;

use super::leased;
use crate::app::App;
use crate::billing::publication;
use crate::billing::usecase::PUBLICATION;

/// Publishes the invoice that was issued last.
pub async fn publish_next(app: App) -> Result<(), Failure> {
    leased::work_off_one(&app, PUBLICATION, async |invoice| publication::publish(&app, invoice.into()).await).await
}
