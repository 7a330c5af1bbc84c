//! What has to hold before market data are shown.

use std::sync::Arc;

use domain::exchange::Market;
use domain::kernel::InstrumentId;
use infra::journal::Handle;

use crate::app::App;
use crate::exchange::floor::{self, Listed};
use crate::exchange::{access, clerk};
use crate::http::principal::Principal;
use crate::http::problem::Problem;

/// The instrument, if the viewer may know of it.
pub async fn seen(app: &App, viewer: Option<&Principal>, id: InstrumentId) -> Result<Arc<Listed>, Problem> {
    let listed = floor::listed(app, id).await?;
    let mut connection = app.pool.get().await?;
    access::seen_of(&mut connection, viewer, listed.portal.0, floor::unknown).await?;
    Ok(listed)
}

/// Tells a market that does not list the instrument yet what the tables say.
pub async fn listing(app: &App, market: &Handle<Market>, id: InstrumentId) -> Result<(), Problem> {
    if market.ask(move |market| market.status(id).is_err()).await? {
        clerk::look_after(app, market).await?;
    }
    Ok(())
}
