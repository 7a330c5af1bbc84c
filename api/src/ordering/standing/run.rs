//! Orders what is due, each day once: in the name of the standing order's owner, with the rights that they have on the day.

use domain::kernel::{Kind, PersonId, Refusal, StandingOrderId};
use infra::Failure;
use infra::db::{Connection, tx};
use infra::mailbox;
use infra::ordering::standing::{self, RunRow, StandingOrder};
use infra::party::person;
use serde_json::json;

use super::dto::StandingOrderData;
use super::usecase::{schedule, set_timer, tell};
use crate::app::App;
use crate::auth::principals;
use crate::command::{Command, by_service, on_behalf};
use crate::http::problem_table::row as problem;
use crate::ordering::{again, usecase};

/// What became of a day.
enum Outcome<'a> {
    Ordered(Vec<uuid::Uuid>),
    Refused(&'a Refusal),
}

/// Orders what a standing order is due for. What is refused is noted and told to its owner, and it goes on with the next day.
pub async fn order(app: &App, id: StandingOrderId) -> Result<(), Failure> {
    let at = app.clock.now();
    let found = tx::transaction(&app.pool, async |tx| {
        let Some(found) = standing::lock(tx, id).await? else { return Ok(None) };
        let owner = principals::of_member(tx, found.row.organisation_id, found.row.owner_id, at).await?;
        Ok(Some(owner))
    })
    .await?;
    // It was deleted meanwhile.
    let Some(owner) = found else { return Ok(()) };
    let Some(by) = owner else {
        let gone = Refusal::new(Kind::Forbidden, "Its owner does not act for your organisation any more.");
        return refuse(app, id, &gone, true).await;
    };
    let work = async |tx: &mut Connection, command: &Command| place(tx, app, command, id).await;
    match on_behalf(app, &by, None, work).await {
        Err(Failure::Refused(refusal)) => refuse(app, id, &refusal, false).await,
        other => other,
    }
}

async fn place(tx: &mut Connection, app: &App, command: &Command, id: StandingOrderId) -> Result<(), Failure> {
    let Some(held) = lock_due(tx, command, id).await? else { return Ok(()) };
    let data = StandingOrderData::of(&held)?.order(command.at.date_naive());
    let orders = if data.submit {
        usecase::create(tx, app, command, &data, &[]).await?.body.map(|made| made.orders)
    } else {
        again::draft(tx, app, command, data, &[]).await?.body.map(|made| made.orders)
    };
    let ids = orders.unwrap_or_default().iter().map(|order| order.id).collect();
    finish(tx, command, held, Outcome::Ordered(ids)).await
}

/// Notes a refusal. An owner who has left the company hears nothing of it, and it orders nothing more.
async fn refuse(app: &App, id: StandingOrderId, refusal: &Refusal, has_left: bool) -> Result<(), Failure> {
    by_service(app, async |tx, command| {
        let Some(mut held) = lock_due(tx, command, id).await? else { return Ok(()) };
        held.row.paused |= has_left;
        if !has_left {
            write_to_owner(tx, app, command, &held, refusal).await?;
        }
        let data = json!({"problem": problem(refusal.kind).slug, "detail": refusal.detail});
        tell(command, "standing_order.failed", &held.row, data);
        finish(tx, command, held, Outcome::Refused(refusal)).await
    })
    .await
}

/// The standing order, held, if it is due: not where another node was quicker, or where it was paused meanwhile.
async fn lock_due(
    tx: &mut Connection,
    command: &Command,
    id: StandingOrderId,
) -> Result<Option<StandingOrder>, Failure> {
    let today = command.at.date_naive();
    let held = standing::lock(tx, id).await?;
    Ok(held.filter(|held| !held.row.paused && held.row.next_on.is_some_and(|next| next <= today)))
}

/// Notes what became of the day and sets the next one.
async fn finish(
    tx: &mut Connection,
    command: &Command,
    mut held: StandingOrder,
    outcome: Outcome<'_>,
) -> Result<(), Failure> {
    let today = command.at.date_naive();
    let due_on = held.row.next_on.unwrap_or(today);
    let (order_ids, refused) = match outcome {
        Outcome::Ordered(ids) => (ids, None),
        Outcome::Refused(refusal) => (Vec::new(), Some(refusal)),
    };
    let run = RunRow {
        standing_order_id: held.row.id,
        due_on,
        order_ids,
        problem: refused.map(|refusal| problem(refusal.kind).slug.to_owned()),
        detail: refused.map(Refusal::summary),
        at: command.at,
    };
    held.row.next_on = schedule(&held.row)?.next(due_on, today);
    held.row.version += 1;
    standing::insert_run(tx, &run).await?;
    standing::advance(tx, &held.row).await?;
    set_timer(tx, &held.row).await
}

async fn write_to_owner(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    held: &StandingOrder,
    refusal: &Refusal,
) -> Result<(), Failure> {
    let Some(owner) = person::find(tx, PersonId(held.row.owner_id)).await? else { return Ok(()) };
    let text = format!(
        "Your standing order “{}” ordered nothing today:\n\n{}\n\nIt goes on with its next day. See {}/v1/standing-orders/{}\n",
        held.row.name,
        refusal.summary(),
        app.config.issuer,
        held.row.id,
    );
    let sealed = app.secret.seal(text.as_bytes())?;
    let subject = format!("Standing order {}: nothing ordered", held.row.name);
    mailbox::put(tx, command.id(), &owner.email, &subject, &sealed, command.at).await
}
