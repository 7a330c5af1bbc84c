//! Prints and publishes issued invoices and letters to quoters: one at a time with a rest after each.

use infra::Failure;

use super::leased;
use crate::app::App;
use crate::billing::publication;
use crate::billing::usecase::PUBLICATION;
use crate::sourcing::award::letter::{self, LETTER};

/// Publishes the invoice that was issued last.
pub async fn publish_next(app: App) -> Result<(), Failure> {
    leased::work_off_one(&app, PUBLICATION, async |invoice| publication::publish(&app, invoice.into()).await).await
}

/// Prints what is due to a quoter in writing.
pub async fn print_next_letter(app: App) -> Result<(), Failure> {
    leased::work_off_one(&app, LETTER, async |quote| letter::publish(&app, quote.into()).await).await
}
