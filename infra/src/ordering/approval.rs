//! Approvals: policies in their versions, rounds with steps and decisions.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::refusal::Invalid;
use domain::kernel::{ApprovalStepId, Kind, OrganisationId, PersonId, Refusal, Timestamp};
use domain::ordering::approval::{Decided, Delegation, Member, Round, RoundStep, Staff, StepState};
use domain::party::Role;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::{Connection, constraint};
use crate::schema::{
    api_client, approval, approval_decision, approval_delegation, approval_policy, approval_step, category, member,
    order_author, organisation, person, purchase_order,
};

/// A version of an organisation's policy.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_policy)]
pub struct PolicyRow {
    pub organisation_id: Uuid,
    pub version: i64,
    pub document: Value,
    pub created_by: Uuid,
    pub created_at: Timestamp,
}

/// One run of an order through a policy.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval, treat_none_as_default_value = false)]
pub struct ApprovalRow {
    pub id: Uuid,
    pub order_id: Uuid,
    pub round: i32,
    pub organisation_id: Uuid,
    pub policy_version: i64,
    pub requesters: Vec<Uuid>,
    pub state: String,
    pub submitted_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// A step of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_step, treat_none_as_default_value = false)]
pub struct StepRow {
    pub id: Uuid,
    pub approval_id: Uuid,
    pub organisation_id: Uuid,
    pub chain: i32,
    pub position: i32,
    pub name: String,
    pub state: String,
    pub persons: Vec<Uuid>,
    pub roles: Vec<String>,
    pub quorum: i32,
    pub escalate_after_hours: Option<i32>,
    pub escalate_persons: Vec<Uuid>,
    pub escalate_roles: Vec<String>,
    pub opened_at: Option<Timestamp>,
    pub escalated_at: Option<Timestamp>,
}

/// What somebody decided on a step.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_decision, treat_none_as_default_value = false)]
pub struct DecisionRow {
    pub id: Uuid,
    pub step_id: Uuid,
    pub decision: String,
    pub decided_by: Uuid,
    pub on_behalf_of: Uuid,
    pub reason: Option<String>,
    pub decided_at: Timestamp,
}

/// A run with its steps and what was decided on them.
#[derive(Debug, Clone)]
pub struct Approval {
    pub row: ApprovalRow,
    pub steps: Vec<StepRow>,
    pub decisions: Vec<DecisionRow>,
}

impl Approval {
    /// The run as the rules see it.
    pub fn round(&self) -> Result<Round, Failure> {
        let steps = self.steps.iter().map(|row| self.step(row)).collect::<Result<_, _>>()?;
        Ok(Round { requesters: persons(&self.row.requesters), steps })
    }

    fn step(&self, row: &StepRow) -> Result<RoundStep, Failure> {
        let decided = self.decisions.iter().filter(|one| one.step_id == row.id && one.decision == "approved");
        let number = |value: i32| usize::try_from(value).map_err(Failure::broken);
        Ok(RoundStep {
            id: ApprovalStepId(row.id),
            chain: number(row.chain)?,
            position: number(row.position)?,
            name: row.name.clone(),
            // A step that ended with its run is open to nobody.
            state: StepState::parse(&row.state).unwrap_or(StepState::Rejected),
            persons: persons(&row.persons),
            roles: roles(&row.roles)?,
            quorum: number(row.quorum)?,
            decided: decided
                .map(|one| Decided { by: PersonId(one.decided_by), on_behalf_of: PersonId(one.on_behalf_of) })
                .collect(),
        })
    }
}

fn persons(ids: &[Uuid]) -> Vec<PersonId> {
    ids.iter().copied().map(PersonId).collect()
}

fn roles(codes: &[String]) -> Result<Vec<Role>, Invalid> {
    codes.iter().map(|code| Role::parse(code)).collect()
}

/// The policy in force, or a version of it.
pub async fn policy(
    connection: &mut Connection,
    of: OrganisationId,
    version: Option<i64>,
) -> Result<Option<PolicyRow>, Failure> {
    let mut query = approval_policy::table
        .filter(approval_policy::organisation_id.eq(of.0))
        .order(approval_policy::version.desc())
        .select(PolicyRow::as_select())
        .into_boxed();
    if let Some(version) = version {
        query = query.filter(approval_policy::version.eq(version));
    }
    Ok(query.first(connection).await.optional()?)
}

/// Keeps a new version. Refuses one that somebody else has set meanwhile.
pub async fn set_policy(tx: &mut Connection, new: &PolicyRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(approval_policy::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "approval_policy_pkey", || {
        Refusal::new(Kind::PreconditionFailed, "Somebody else has set a policy meanwhile.")
    })?;
    Ok(())
}

/// Those among these ids that are categories, and those that are organisations.
pub async fn known(
    connection: &mut Connection,
    categories: &[Uuid],
    organisations: &[Uuid],
) -> Result<(Vec<Uuid>, Vec<Uuid>), Failure> {
    let connection = &*connection;
    let categories = category::table.filter(category::id.eq_any(categories)).select(category::id);
    let organisations = organisation::table.filter(organisation::id.eq_any(organisations)).select(organisation::id);
    Ok(futures::try_join!(categories.load(&mut &*connection), organisations.load(&mut &*connection))?)
}

/// Categories with all above them.
pub async fn category_paths(connection: &mut Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, Failure> {
    let query = category::table.filter(category::id.eq_any(ids)).select((category::id, category::path));
    let found: Vec<(Uuid, Vec<Uuid>)> = query.load(connection).await?;
    Ok(found.into_iter().collect())
}

/// The people who can act for an organisation, and who stands in for whom at this moment.
pub async fn staff(connection: &Connection, of: OrganisationId, at: Timestamp) -> Result<Staff, Failure> {
    let members = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0).and(person::disabled_at.is_null()))
        .order(member::person_id)
        .select((member::person_id, member::roles));
    let delegations = approval_delegation::table
        .filter(approval_delegation::organisation_id.eq(of.0).and(approval_delegation::revoked_at.is_null()))
        .filter(approval_delegation::starts_at.le(at).and(approval_delegation::ends_at.gt(at)))
        .order(approval_delegation::id)
        .select((
            approval_delegation::from_id,
            approval_delegation::to_id,
            approval_delegation::starts_at,
            approval_delegation::ends_at,
        ));
    type Runs = (Uuid, Uuid, Timestamp, Timestamp);
    let (members, delegations): (Vec<(Uuid, Vec<String>)>, Vec<Runs>) =
        futures::try_join!(members.load(&mut &*connection), delegations.load(&mut &*connection))?;
    let member = |(id, codes): (Uuid, Vec<String>)| Ok(Member { id: PersonId(id), roles: roles(&codes)? });
    let delegation =
        |(from, to, starts_at, ends_at)| Delegation { from: PersonId(from), to: PersonId(to), starts_at, ends_at };
    Ok(Staff {
        members: members.into_iter().map(member).collect::<Result<_, Invalid>>()?,
        delegations: delegations.into_iter().map(delegation).collect(),
    })
}

/// Notes that somebody has changed or submitted an order, or accepted what its seller would confirm.
pub async fn add_author(tx: &Connection, order: Uuid, person: Uuid) -> Result<(), Failure> {
    diesel::insert_into(order_author::table)
        .values((order_author::order_id.eq(order), order_author::person_id.eq(person)))
        .on_conflict_do_nothing()
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

/// Who drafted, changed and submitted an order, and the orders that it was split from or is the rest of; for machines, who made them.
pub async fn authors(connection: &mut Connection, order: Uuid) -> Result<Vec<Uuid>, Failure> {
    let mut origins = vec![order];
    let mut next = Some(order);
    while let Some(id) = next {
        let query = purchase_order::table.find(id).select((purchase_order::split_from, purchase_order::backorder_of));
        let (draft, whole): (Option<Uuid>, Option<Uuid>) = query.first(connection).await?;
        origins.extend(draft.into_iter().chain(whole));
        next = whole;
    }
    let creator: Option<(Uuid, Option<Uuid>)> = purchase_order::table
        .left_join(api_client::table.on(api_client::id.eq(purchase_order::created_by)))
        .filter(purchase_order::id.eq(order))
        .select((purchase_order::created_by, api_client::created_by.nullable()))
        .first(connection)
        .await
        .optional()?;
    let later = order_author::table.filter(order_author::order_id.eq_any(&origins)).select(order_author::person_id);
    let mut authors: Vec<Uuid> = later.load(connection).await?;
    authors.extend(creator.map(|(actor, maker)| maker.unwrap_or(actor)));
    Ok(authors)
}

/// The number of the next run of an order.
pub async fn next_round(connection: &mut Connection, order: Uuid) -> Result<i32, Failure> {
    let query = approval::table.filter(approval::order_id.eq(order)).select(diesel::dsl::max(approval::round));
    let last: Option<i32> = query.first(connection).await?;
    Ok(last.unwrap_or(0) + 1)
}

/// Keeps a new run.
pub async fn insert(tx: &mut Connection, new: &Approval) -> Result<(), Failure> {
    diesel::insert_into(approval::table).values(&new.row).execute(tx).await?;
    diesel::insert_into(approval_step::table).values(&new.steps).execute(tx).await?;
    Ok(())
}

/// The run of an order that is open. Whoever decides holds the order itself.
pub async fn open(connection: &mut Connection, order: Uuid) -> Result<Option<Approval>, Failure> {
    let query = approval::table.filter(approval::order_id.eq(order).and(approval::state.eq("open")));
    let rows = query.select(ApprovalRow::as_select()).load(connection).await?;
    Ok(complete(connection, rows).await?.pop())
}

/// All runs of an order and of the draft it was split from, the first one first.
pub async fn of_order(
    connection: &mut Connection,
    order: Uuid,
    split_from: Option<Uuid>,
) -> Result<Vec<Approval>, Failure> {
    let ids: Vec<Uuid> = std::iter::once(order).chain(split_from).collect();
    let query = approval::table.filter(approval::order_id.eq_any(ids)).order(approval::id);
    let rows = query.select(ApprovalRow::as_select()).load(connection).await?;
    complete(connection, rows).await
}

async fn complete(connection: &mut Connection, rows: Vec<ApprovalRow>) -> Result<Vec<Approval>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let steps: Vec<StepRow> = approval_step::table
        .filter(approval_step::approval_id.eq_any(&ids))
        .order((approval_step::chain, approval_step::position, approval_step::id))
        .select(StepRow::as_select())
        .load(connection)
        .await?;
    let of_step: HashMap<Uuid, Uuid> = steps.iter().map(|step| (step.id, step.approval_id)).collect();
    let ids: Vec<Uuid> = of_step.keys().copied().collect();
    let decisions = decisions_of(connection, &ids).await?;
    let whole = |row: ApprovalRow| Approval {
        steps: steps.iter().filter(|step| step.approval_id == row.id).cloned().collect(),
        decisions: decisions.iter().filter(|one| of_step.get(&one.step_id) == Some(&row.id)).cloned().collect(),
        row,
    };
    Ok(rows.into_iter().map(whole).collect())
}

async fn decisions_of(connection: &mut Connection, steps: &[Uuid]) -> Result<Vec<DecisionRow>, Failure> {
    let query = approval_decision::table
        .filter(approval_decision::step_id.eq_any(steps))
        .order((approval_decision::decided_at, approval_decision::id))
        .select(DecisionRow::as_select());
    Ok(query.load(connection).await?)
}

/// Keeps what was decided, and what became of the steps.
pub async fn decide(
    tx: &mut Connection,
    decisions: &[DecisionRow],
    steps: &[RoundStep],
    opened: &[ApprovalStepId],
    at: Timestamp,
) -> Result<(), Failure> {
    diesel::insert_into(approval_decision::table).values(decisions).execute(tx).await?;
    for step in steps.iter().filter(|step| decisions.iter().any(|one| one.step_id == step.id.0)) {
        let row = approval_step::table.find(step.id.0);
        diesel::update(row).set(approval_step::state.eq(step.state.code())).execute(tx).await?;
    }
    let opened: Vec<Uuid> = opened.iter().map(|id| id.0).collect();
    diesel::update(approval_step::table.filter(approval_step::id.eq_any(opened)))
        .set((approval_step::state.eq("open"), approval_step::opened_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends the open run of an order, if there is one: its undecided steps are void.
pub async fn end(tx: &mut Connection, order: Uuid, state: &str, at: Timestamp) -> Result<(), Failure> {
    let open = approval::table.filter(approval::order_id.eq(order).and(approval::state.eq("open")));
    let ended: Vec<Uuid> = diesel::update(open)
        .set((approval::state.eq(state), approval::ended_at.eq(at)))
        .returning(approval::id)
        .get_results(tx)
        .await?;
    let undecided = approval_step::table
        .filter(approval_step::approval_id.eq_any(ended))
        .filter(approval_step::state.eq_any(["waiting", "open"]));
    diesel::update(undecided).set(approval_step::state.eq("void")).execute(tx).await?;
    Ok(())
}

/// A step of an open run, held until the transaction ends, with its order and the version of that.
pub async fn lock_step(tx: &mut Connection, id: ApprovalStepId) -> Result<Option<(StepRow, Uuid, i64)>, Failure> {
    let query = approval_step::table
        .inner_join(approval::table.on(approval::id.eq(approval_step::approval_id)))
        .filter(approval_step::id.eq(id.0).and(approval_step::state.eq("open")))
        .select((StepRow::as_select(), approval::order_id))
        .for_update();
    let Some((step, order)): Option<(StepRow, Uuid)> = query.first(tx).await.optional()? else { return Ok(None) };
    let version = purchase_order::table.find(order).select(purchase_order::version).first(tx).await?;
    Ok(Some((step, order, version)))
}

/// Others may decide on a step as well.
pub async fn escalate(tx: &mut Connection, step: &StepRow, at: Timestamp) -> Result<(), Failure> {
    let persons = [step.persons.clone(), step.escalate_persons.clone()].concat();
    let roles = [step.roles.clone(), step.escalate_roles.clone()].concat();
    diesel::update(approval_step::table.find(step.id))
        .set((approval_step::persons.eq(persons), approval_step::roles.eq(roles), approval_step::escalated_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Open steps of an organisation after one, in the order of their ids: with `asked`, only those that name one of these people or
/// roles. Each comes as a run of this step alone.
pub async fn open_steps(
    connection: &mut Connection,
    of: OrganisationId,
    asked: Option<(&[Uuid], &[String])>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Approval>, Failure> {
    let mut query = approval_step::table
        .inner_join(approval::table.on(approval::id.eq(approval_step::approval_id)))
        .filter(approval_step::organisation_id.eq(of.0).and(approval_step::state.eq("open")))
        .order(approval_step::id)
        .limit(limit)
        .select((ApprovalRow::as_select(), StepRow::as_select()))
        .into_boxed();
    if let Some((persons, roles)) = asked {
        let by_name = approval_step::persons.overlaps_with(persons.to_vec());
        query = query.filter(by_name.or(approval_step::roles.overlaps_with(roles.to_vec())));
    }
    if let Some(after) = after {
        query = query.filter(approval_step::id.gt(after));
    }
    let rows: Vec<(ApprovalRow, StepRow)> = query.load(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(_, step)| step.id).collect();
    let decisions = decisions_of(connection, &ids).await?;
    let alone = |(row, step): (ApprovalRow, StepRow)| Approval {
        decisions: decisions.iter().filter(|one| one.step_id == step.id).cloned().collect(),
        steps: vec![step],
        row,
    };
    Ok(rows.into_iter().map(alone).collect())
}
