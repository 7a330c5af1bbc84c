//! Budgets of cost centres, and what the lines of orders have taken of them.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Numeric, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{BudgetId, CostCentreId, Date, Kind, Refusal, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{budget, budget_commitment};

/// A budget of a cost centre.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = budget, treat_none_as_default_value = false)]
pub struct BudgetRow {
    pub id: Uuid,
    pub cost_centre_id: Uuid,
    pub currency: String,
    pub starts_on: Date,
    pub ends_on: Date,
    /// None is no limit.
    pub amount: Option<Decimal>,
    pub committed: Decimal,
    pub version: i64,
    pub created_at: Timestamp,
}

/// What a line of an order takes of a budget.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = budget_commitment)]
pub struct CommitmentRow {
    pub order_line_id: Uuid,
    pub order_id: Uuid,
    pub budget_id: Uuid,
    pub amount: Decimal,
}

pub async fn insert(tx: &mut Connection, new: &BudgetRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(budget::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "budget_period_key", || {
        Refusal::fault("/starts_on", "overlaps", "There is a budget from this day on already.")
    })?;
    Ok(())
}

/// Keeps what a budget that is held has become.
pub async fn update(tx: &mut Connection, changed: &BudgetRow) -> Result<(), Failure> {
    let updated = diesel::update(budget::table.find(changed.id))
        .set((
            budget::ends_on.eq(changed.ends_on),
            budget::amount.eq(changed.amount),
            budget::version.eq(changed.version),
        ))
        .execute(tx)
        .await;
    constraint::refuse(updated, "budget_never_exceeded", exceeded)?;
    Ok(())
}

fn exceeded() -> Refusal {
    Refusal::new(Kind::BudgetExceeded, "The budget does not cover this.")
}

/// The budgets of a cost centre, held until the transaction ends.
pub async fn lock_of(tx: &mut Connection, centre: CostCentreId) -> Result<Vec<BudgetRow>, Failure> {
    let query = budget::table.filter(budget::cost_centre_id.eq(centre.0)).order(budget::id);
    Ok(query.select(BudgetRow::as_select()).for_update().load(tx).await?)
}

/// The budgets of cost centres in a currency that cover a day, held in the order of their ids.
pub async fn lock_covering(
    tx: &mut Connection,
    centres: &[Uuid],
    currency: &str,
    day: Date,
) -> Result<Vec<BudgetRow>, Failure> {
    let query = budget::table
        .filter(budget::cost_centre_id.eq_any(centres).and(budget::currency.eq(currency)))
        .filter(budget::starts_on.le(day).and(budget::ends_on.ge(day)))
        .order(budget::id);
    Ok(query.select(BudgetRow::as_select()).for_update().load(tx).await?)
}

pub async fn find(
    connection: &mut Connection,
    centre: CostCentreId,
    id: BudgetId,
) -> Result<Option<BudgetRow>, Failure> {
    let query = budget::table.filter(budget::id.eq(id.0).and(budget::cost_centre_id.eq(centre.0)));
    Ok(query.select(BudgetRow::as_select()).first(connection).await.optional()?)
}

/// The budgets of a cost centre, oldest first.
pub async fn list(connection: &mut Connection, centre: CostCentreId, page: &Page) -> Result<List<BudgetRow>, Failure> {
    let mut query = budget::table
        .filter(budget::cost_centre_id.eq(centre.0))
        .order(budget::id)
        .limit(page.rows())
        .select(BudgetRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(budget::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &BudgetRow| row.id))
}

/// Takes from budgets that are held what lines take. The database refuses what is beyond a limit.
pub async fn commit(tx: &Connection, taken: &[CommitmentRow]) -> Result<(), Failure> {
    diesel::insert_into(budget_commitment::table).values(taken).execute(&mut &*tx).await?;
    let mut sums = std::collections::BTreeMap::new();
    for one in taken {
        *sums.entry(one.budget_id).or_insert(Decimal::ZERO) += one.amount;
    }
    for (id, sum) in sums {
        let update = diesel::update(budget::table.find(id)).set(budget::committed.eq(budget::committed + sum));
        constraint::refuse(update.execute(&mut &*tx).await, "budget_never_exceeded", exceeded)?;
    }
    Ok(())
}

/// What the lines of an order have taken.
pub async fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<CommitmentRow>, Failure> {
    let query = budget_commitment::table.filter(budget_commitment::order_id.eq(order));
    Ok(query.select(CommitmentRow::as_select()).load(connection).await?)
}

/// The lines of a draft have become those of other orders, which take the same in their place.
pub async fn pass_on(tx: &mut Connection, draft: Uuid, to: &[CommitmentRow]) -> Result<(), Failure> {
    diesel::delete(budget_commitment::table.filter(budget_commitment::order_id.eq(draft))).execute(tx).await?;
    diesel::insert_into(budget_commitment::table).values(to).execute(tx).await?;
    Ok(())
}

/// Gives back all that an order has taken; nothing where it took nothing.
pub async fn give_back(tx: &Connection, order: Uuid) -> Result<(), Failure> {
    GiveBack(order).execute(&mut &*tx).await?;
    Ok(())
}

struct GiveBack(Uuid);

impl QueryFragment<Pg> for GiveBack {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH freed AS (DELETE FROM budget_commitment WHERE order_id = ");
        out.push_bind_param::<SqlUuid, _>(&self.0)?;
        out.push_sql(
            " RETURNING budget_id, amount)
             UPDATE budget SET committed = committed - sum.amount
             FROM (SELECT budget_id, sum(amount) AS amount FROM freed GROUP BY budget_id) AS sum WHERE budget.id = sum.budget_id",
        );
        Ok(())
    }
}

impl QueryId for GiveBack {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for GiveBack {}

/// Lines cost something else than they took. The database refuses what is beyond a limit.
pub async fn settle(tx: &Connection, lines: &[Uuid], amounts: &[Decimal]) -> Result<(), Failure> {
    let settled = Settle { lines, amounts }.execute(&mut &*tx).await;
    constraint::refuse(settled, "budget_never_exceeded", exceeded)?;
    Ok(())
}

struct Settle<'a> {
    lines: &'a [Uuid],
    amounts: &'a [Decimal],
}

impl QueryFragment<Pg> for Settle<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH other AS (
                SELECT c.order_line_id, c.budget_id, c.amount - n.amount AS freed, n.amount
                FROM budget_commitment c JOIN unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.lines)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.amounts)?;
        out.push_sql(
            ") AS n (line, amount) ON n.line = c.order_line_id WHERE n.amount <> c.amount
             ), kept AS (
                UPDATE budget_commitment c SET amount = other.amount FROM other WHERE c.order_line_id = other.order_line_id
             )
             UPDATE budget SET committed = committed - sum.freed
             FROM (SELECT budget_id, sum(freed) AS freed FROM other GROUP BY budget_id) AS sum WHERE budget.id = sum.budget_id",
        );
        Ok(())
    }
}

impl QueryId for Settle<'_> {
    type QueryId = Settle<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Settle<'_> {}
