//! Who gets what of a request: decisions of the buyer, and what each gives to one quoter.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, RfqAwardId, RfqId, Timestamp};
use domain::sourcing::{AwardPart, AwardState};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{product, rfq, rfq_award, rfq_decision};

/// A decision of the buyer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_decision, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DecisionRow {
    pub id: Uuid,
    pub rfq_id: Uuid,
    pub reason: String,
    /// None where a machine decided.
    pub decided_by: Option<Uuid>,
    pub decided_at: Timestamp,
    /// Of the approval policy that asks for consent; none where no consent is needed.
    pub policy_version: Option<i64>,
    /// Who may not consent, since they asked for quotes or decided.
    pub requesters: Vec<Uuid>,
    /// The steps, with what was decided on them.
    pub approval: Option<Value>,
}

/// What it gives to one quoter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_award, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct AwardRow {
    pub id: Uuid,
    pub decision_id: Uuid,
    pub rfq_id: Uuid,
    pub quote_id: Uuid,
    pub quoter_id: Uuid,
    /// A state of [`domain::sourcing::AwardState`].
    pub state: String,
    /// [`AwardPart`].
    pub part: Value,
    /// When its contract can be made; none is at once.
    pub standstill_until: Option<Timestamp>,
    /// Once it was made; none of a framework agreement, which names its award.
    pub contract_id: Option<Uuid>,
    /// The letter that tells the quoter.
    pub letter_id: Option<Uuid>,
    /// Why it ended otherwise.
    pub end_reason: Option<String>,
    pub announced_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
}

/// A product that a line asks for, whoever sells it.
#[derive(Debug, Clone, Queryable)]
pub struct AskedProduct {
    pub id: Uuid,
    pub sku: String,
    /// Per language.
    pub name: Value,
    pub category_id: Option<Uuid>,
}

impl AwardRow {
    pub fn state(&self) -> Result<AwardState, Failure> {
        Ok(AwardState::parse(&self.state)?)
    }

    pub fn part(&self) -> Result<AwardPart, Failure> {
        serde_json::from_value(self.part.clone()).map_err(Failure::broken)
    }
}

pub async fn insert(tx: &mut Connection, decision: &DecisionRow, awards: &[AwardRow]) -> Result<(), Failure> {
    diesel::insert_into(rfq_decision::table).values(decision).execute(tx).await?;
    diesel::insert_into(rfq_award::table).values(awards).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &AwardRow) -> Result<(), Failure> {
    diesel::update(rfq_award::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

pub async fn update_decision(tx: &mut Connection, changed: &DecisionRow) -> Result<(), Failure> {
    diesel::update(rfq_decision::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// An award, whoever asks.
pub async fn of_id(connection: &mut Connection, id: RfqAwardId) -> Result<Option<AwardRow>, Failure> {
    Ok(rfq_award::table.find(id.0).select(AwardRow::as_select()).first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends; its request is held before.
pub async fn lock(tx: &mut Connection, id: RfqAwardId) -> Result<Option<AwardRow>, Failure> {
    Ok(rfq_award::table.find(id.0).select(AwardRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The decision that an award belongs to.
pub async fn decision(connection: &mut Connection, id: Uuid) -> Result<Option<DecisionRow>, Failure> {
    Ok(rfq_decision::table.find(id).select(DecisionRow::as_select()).first(connection).await.optional()?)
}

/// Several decisions.
pub async fn decisions(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<DecisionRow>, Failure> {
    let query = rfq_decision::table.filter(rfq_decision::id.eq_any(ids.to_vec())).select(DecisionRow::as_select());
    Ok(query.load(connection).await?)
}

/// The awards of a decision; there is one for each winner. Whoever changes them holds the request.
pub async fn of_decision(connection: &mut Connection, id: Uuid) -> Result<Vec<AwardRow>, Failure> {
    let query =
        rfq_award::table.filter(rfq_award::decision_id.eq(id)).order(rfq_award::id).select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

/// All awards of a request, in their order.
pub async fn of_request(connection: &mut Connection, id: RfqId) -> Result<Vec<AwardRow>, Failure> {
    let query = rfq_award::table.filter(rfq_award::rfq_id.eq(id.0)).order(rfq_award::id).select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

/// A page of the awards of a request: all of them, or those of one quoter that it was told of.
pub async fn list(
    connection: &mut Connection,
    of: RfqId,
    quoter: Option<OrganisationId>,
    page: &Page,
) -> Result<List<AwardRow>, Failure> {
    let mut query = rfq_award::table
        .filter(rfq_award::rfq_id.eq(of.0))
        .order(rfq_award::id)
        .limit(page.rows())
        .select(AwardRow::as_select())
        .into_boxed();
    if let Some(quoter) = quoter {
        query = query.filter(rfq_award::quoter_id.eq(quoter.0).and(rfq_award::announced_at.is_not_null()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_award::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &AwardRow| row.id))
}

/// Whose awards are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Those of the requests of a company.
    Buyer(OrganisationId),
    /// Those to a company that it was told of.
    Supplier(OrganisationId),
}

/// The awards of one side to any request, newest first.
pub async fn of_company(
    connection: &mut Connection,
    side: Side,
    state: Option<AwardState>,
    page: &Page,
) -> Result<List<AwardRow>, Failure> {
    let mut query =
        rfq_award::table.order(rfq_award::id.desc()).limit(page.rows()).select(AwardRow::as_select()).into_boxed();
    query = match side {
        Side::Buyer(own) => {
            let requests = rfq::table.filter(rfq::buyer_id.eq(own.0)).select(rfq::id);
            query.filter(rfq_award::rfq_id.eq_any(requests))
        }
        Side::Supplier(own) => query.filter(rfq_award::quoter_id.eq(own.0).and(rfq_award::announced_at.is_not_null())),
    };
    if let Some(state) = state {
        query = query.filter(rfq_award::state.eq(state.code()));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_award::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &AwardRow| row.id))
}

/// Those of these products that there are.
pub async fn products(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<AskedProduct>, Failure> {
    let query = product::table.filter(product::id.eq_any(ids.to_vec())).select((
        product::id,
        product::sku,
        product::name,
        product::category_id,
    ));
    Ok(query.load(connection).await?)
}

/// Whether an award of a request waits for consent.
pub async fn is_any_waiting(connection: &mut Connection, of: RfqId) -> Result<bool, Failure> {
    let waiting = rfq_award::table
        .filter(rfq_award::rfq_id.eq(of.0).and(rfq_award::state.eq(AwardState::AwaitingApproval.code())));
    Ok(diesel::select(exists(waiting)).get_result(connection).await?)
}
