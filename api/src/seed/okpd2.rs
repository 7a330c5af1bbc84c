//! OKPD2 as a code list and as categories.

use infra::Failure;

use crate::app::App;
use crate::catalogue::category::{CategoriesLoaded, CategoryLoad, load};
use crate::catalogue::code_list::{bundled, usecase};
use crate::command::by_service;

/// Loads the list and makes the categories that are missing.
pub async fn load(app: &App) -> Result<CategoriesLoaded, Failure> {
    let list = bundled::find("okpd2")?;
    let codes = list.codes()?;
    let wanted = CategoryLoad { from: None, parent_id: None };
    by_service(app, async |tx, command| {
        usecase::keep(tx, command, list.key, &list.names(), list.edition, &codes).await?;
        load::make(tx, command, list.key, &wanted).await
    })
    .await
}
