//! Removes the files of imports that are over.

use infra::Failure;
use infra::catalogue::import::job;
use infra::db::tx;

use crate::app::App;

pub async fn remove_files(app: App) -> Result<(), Failure> {
    loop {
        let left = job::with_file_left(&mut *app.pool.get().await?).await?;
        let Some((id, file)) = left else { return Ok(()) };
        app.files.remove_waiting(file).await?;
        tx::transaction(&app.pool, async |tx| job::file_removed(tx, id).await).await?;
    }
}
