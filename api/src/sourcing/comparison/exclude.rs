//! Excluding a quote: it does not compete any more, and what of it is still sealed stays so.

use domain::kernel::QuoteId;
use domain::sourcing::QuoteStep;
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote;
use infra::timer;
use serde_json::json;

use super::dto::ExclusionData;
use super::judged;
use crate::app::App;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::sourcing::quote::read;
use crate::sourcing::quote::show::QuoteDto;
use crate::sourcing::rfq::close::EXPIRY;
use crate::sourcing::tell::tell_both;

/// The buyer excludes a quote that competes, once its technical envelope or the whole of it is open.
pub async fn exclude(
    tx: &mut Connection,
    command: &Command,
    app: &App,
    id: QuoteId,
    data: &ExclusionData,
) -> Result<Answer<QuoteDto>, Failure> {
    let (request, mut row, _) = judged::lock(tx, command, id, "judged").await?;
    row.state = row.state()?.after(QuoteStep::PassOver)?.code().to_owned();
    row.reason = Some(data.reason.clone());
    row.version += 1;
    quote::update(tx, &row).await?;
    timer::clear(tx, EXPIRY, row.id).await?;
    let told = json!({"quote_id": row.id, "quoter_id": row.quoter_id, "reason": row.reason});
    tell_both(command, "quote.excluded", &request.row, row.quoter_id, told);
    let (shown, version) = read::as_seen(tx, app, &command.by, &request, row).await?;
    Ok(Answer::ok(shown).version(version))
}
