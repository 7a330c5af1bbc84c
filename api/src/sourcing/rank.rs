//! The place of a quote among the others, where quotes are ranked openly.

use domain::kernel::QuoteId;
use domain::sourcing::Secrecy;
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote::QuoteRow;

use super::access::Seen;
use super::comparison::entrants;
use crate::app::App;

/// Its place; none where quotes are sealed, or it does not compete or is not complete.
pub async fn of_quote(
    connection: &mut Connection,
    app: &App,
    request: &Seen,
    row: &QuoteRow,
) -> Result<Option<usize>, Failure> {
    if request.terms.procedure.secrecy != Secrecy::OpenRanking || !row.state()?.competes() {
        return Ok(None);
    }
    let (compared, _) = entrants::compare_all(connection, app, &request.row, &request.terms).await?;
    Ok(compared.comparison.rank(QuoteId(row.id)))
}
