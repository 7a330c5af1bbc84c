//! Orders what standing orders are due for.

use infra::Failure;

use super::leased;
use crate::app::App;
use crate::ordering::standing::{run, usecase::DUE};

/// Works off one standing order that is due.
pub async fn order_next(app: App) -> Result<(), Failure> {
    leased::work_off_one(&app, DUE, async |standing| run::order(&app, standing.into()).await).await
}
