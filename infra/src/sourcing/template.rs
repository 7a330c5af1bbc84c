//! Requests that are kept to be sent again.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, Refusal, RfqTemplateId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::rfq_template;

/// A template of an organisation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_template)]
pub struct TemplateRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    /// What a request says, without its times.
    pub data: Value,
    pub version: i64,
    pub created_at: Timestamp,
}

fn taken() -> Refusal {
    Refusal::new(Kind::AlreadyExists, "Your organisation has a template of this name already.")
}

pub async fn insert(tx: &mut Connection, new: &TemplateRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(rfq_template::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "rfq_template_name", taken)?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &TemplateRow) -> Result<(), Failure> {
    let updated = diesel::update(rfq_template::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "rfq_template_name", taken)?;
    Ok(())
}

/// Nothing refers to a template, so that it is gone for good.
pub async fn delete(tx: &mut Connection, id: RfqTemplateId) -> Result<(), Failure> {
    diesel::delete(rfq_template::table.find(id.0)).execute(tx).await?;
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: RfqTemplateId,
) -> Result<Option<TemplateRow>, Failure> {
    let query = rfq_template::table
        .filter(rfq_template::id.eq(id.0).and(rfq_template::organisation_id.eq(of.0)))
        .select(TemplateRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: RfqTemplateId) -> Result<Option<TemplateRow>, Failure> {
    let query = rfq_template::table
        .filter(rfq_template::id.eq(id.0).and(rfq_template::organisation_id.eq(of.0)))
        .select(TemplateRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// The templates of an organisation, oldest first.
pub async fn list(connection: &mut Connection, of: OrganisationId, page: &Page) -> Result<List<TemplateRow>, Failure> {
    let mut query = rfq_template::table
        .filter(rfq_template::organisation_id.eq(of.0))
        .order(rfq_template::id)
        .limit(page.rows())
        .select(TemplateRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_template::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &TemplateRow| row.id))
}
