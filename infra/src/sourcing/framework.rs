//! Framework agreements and what is called off from them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Date, FrameworkId, OrganisationId, Timestamp};
use domain::sourcing::{CallOffLine, Framework, Used};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{contract, framework_agreement, framework_call_off};

/// Contracts in these states give back what was called off by them: they came to nothing.
const GIVEN_UP: [&str; 1] = ["cancelled"];

/// An agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = framework_agreement)]
pub struct FrameworkRow {
    pub id: Uuid,
    pub award_id: Uuid,
    pub rfq_id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub currency: String,
    /// [`Framework`].
    pub content: Value,
    /// The version of the request that was quoted.
    pub terms_version: i32,
    pub quote_id: Uuid,
    pub revision: i32,
    pub first_day: Date,
    /// The first day on which nothing can be called off any more.
    pub ends_on: Date,
    pub created_at: Timestamp,
}

impl FrameworkRow {
    pub fn content(&self) -> Result<Framework, Failure> {
        serde_json::from_value(self.content.clone()).map_err(Failure::broken)
    }
}

/// An order from an agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = framework_call_off, treat_none_as_default_value = false)]
pub struct CallOffRow {
    pub id: Uuid,
    pub framework_id: Uuid,
    /// [`CallOffLine`]s.
    pub lines: Value,
    pub contract_id: Uuid,
    pub person_id: Option<Uuid>,
    pub at: Timestamp,
}

impl CallOffRow {
    pub fn lines(&self) -> Result<Vec<CallOffLine>, Failure> {
        serde_json::from_value(self.lines.clone()).map_err(Failure::broken)
    }
}

pub async fn insert(tx: &mut Connection, new: &FrameworkRow) -> Result<(), Failure> {
    diesel::insert_into(framework_agreement::table).values(new).execute(tx).await?;
    Ok(())
}

/// An agreement of this company, whichever side it is.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: FrameworkId,
) -> Result<Option<FrameworkRow>, Failure> {
    let query = framework_agreement::table
        .filter(framework_agreement::id.eq(id.0))
        .filter(framework_agreement::buyer_id.eq(of.0).or(framework_agreement::seller_id.eq(of.0)))
        .select(FrameworkRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends: so that two orders never both take what is left.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: FrameworkId) -> Result<Option<FrameworkRow>, Failure> {
    let query = framework_agreement::table
        .filter(framework_agreement::id.eq(id.0))
        .filter(framework_agreement::buyer_id.eq(of.0).or(framework_agreement::seller_id.eq(of.0)))
        .select(FrameworkRow::as_select())
        .for_no_key_update();
    Ok(query.first(tx).await.optional()?)
}

/// The agreement that an award led to.
pub async fn of_award(connection: &mut Connection, award: Uuid) -> Result<Option<Uuid>, Failure> {
    let query = framework_agreement::table.filter(framework_agreement::award_id.eq(award));
    Ok(query.select(framework_agreement::id).first(connection).await.optional()?)
}

/// The agreements that these awards led to: award and agreement.
pub async fn of_awards(connection: &mut Connection, awards: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    let query = framework_agreement::table
        .filter(framework_agreement::award_id.eq_any(awards.to_vec()))
        .select((framework_agreement::award_id, framework_agreement::id));
    Ok(query.load(connection).await?)
}

/// The agreements of a company, newest first.
pub async fn list(connection: &mut Connection, of: OrganisationId, page: &Page) -> Result<List<FrameworkRow>, Failure> {
    let mut query = framework_agreement::table
        .filter(framework_agreement::buyer_id.eq(of.0).or(framework_agreement::seller_id.eq(of.0)))
        .order(framework_agreement::id.desc())
        .limit(page.rows())
        .select(FrameworkRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(framework_agreement::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &FrameworkRow| row.id))
}

pub async fn insert_call_off(tx: &mut Connection, new: &CallOffRow) -> Result<(), Failure> {
    diesel::insert_into(framework_call_off::table).values(new).execute(tx).await?;
    Ok(())
}

/// The orders from an agreement, newest first, each with the state of its contract.
pub async fn call_offs(
    connection: &mut Connection,
    of: FrameworkId,
    page: &Page,
) -> Result<List<(CallOffRow, String)>, Failure> {
    let mut query = framework_call_off::table
        .inner_join(contract::table.on(contract::id.eq(framework_call_off::contract_id)))
        .filter(framework_call_off::framework_id.eq(of.0))
        .order(framework_call_off::id.desc())
        .limit(page.rows())
        .select((CallOffRow::as_select(), contract::state))
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(framework_call_off::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &(CallOffRow, String)| row.0.id))
}

/// What was called off of these agreements by orders that stand.
pub async fn used(connection: &mut Connection, of: &[Uuid]) -> Result<Vec<(Uuid, Used)>, Failure> {
    let rows: Vec<CallOffRow> = framework_call_off::table
        .inner_join(contract::table.on(contract::id.eq(framework_call_off::contract_id)))
        .filter(framework_call_off::framework_id.eq_any(of.to_vec()).and(contract::state.ne_all(GIVEN_UP)))
        .select(CallOffRow::as_select())
        .load(connection)
        .await?;
    let mut all: Vec<(Uuid, Used)> = of.iter().map(|id| (*id, Used::new())).collect();
    for row in &rows {
        let Some((_, used)) = all.iter_mut().find(|(id, _)| *id == row.framework_id) else { continue };
        for line in row.lines()? {
            *used.entry((line.line, line.variant)).or_default() += line.quantity.value();
        }
    }
    Ok(all)
}
