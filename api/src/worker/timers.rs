//! Works off timers: each in a transaction of its own that also removes it.

use chrono::TimeDelta;
use domain::kernel::{ApprovalStepId, OrderId, PriceProposalId};
use infra::Failure;
use infra::db::{Connection, tx};
use infra::timer::{self, Timer};

use super::for_a_stretch;
use crate::app::App;
use crate::command::{Command, by_service};
use crate::{auction, billing, exchange, ordering, sourcing};

/// Kinds with workers of their own.
const LEFT: &[&str] = &[
    billing::usecase::PUBLICATION,
    ordering::standing::usecase::DUE,
    exchange::clerk::STEP,
    sourcing::award::letter::LETTER,
];

/// Works off what is due, for a stretch.
pub async fn work_off(app: App) -> Result<(), Failure> {
    for_a_stretch(async || work_off_one(&app).await).await
}

/// Works off the timer that is due first; false where none is. One that fails is tried again later, ever less often.
async fn work_off_one(app: &App) -> Result<bool, Failure> {
    let taken = std::cell::RefCell::new(None);
    let outcome = by_service(app, async |tx, command| {
        let Some(due) = timer::take_due(tx, command.at, LEFT).await? else { return Ok(false) };
        taken.replace(Some(due.clone()));
        // Removed first, since what it does may set it anew.
        timer::clear(tx, &due.kind, due.subject_id).await?;
        run(app, tx, command, &due).await?;
        Ok(true)
    })
    .await;
    let (Err(failure), Some(due)) = (&outcome, taken.into_inner()) else { return outcome };
    tracing::warn!(kind = due.kind, subject = %due.subject_id, %failure, "a timer failed");
    metrics::counter!("torg_timer_failures_total", "kind" => due.kind.clone()).increment(1);
    let wait = TimeDelta::seconds(2_i64.pow(due.attempts.clamp(0, 10).unsigned_abs()));
    let until = app.clock.now() + wait;
    tx::transaction(&app.pool, async |tx| timer::postpone(tx, &due, until, &failure.to_string()).await).await?;
    Ok(true)
}

/// What each kind of timer does.
async fn run(app: &App, tx: &mut Connection, command: &Command, due: &Timer) -> Result<(), Failure> {
    match due.kind.as_str() {
        ordering::place::EXPIRY => ordering::decide::expire(tx, command, OrderId(due.subject_id)).await,
        ordering::proposal::usecase::EXPIRY => {
            ordering::proposal::usecase::expire(tx, command, PriceProposalId(due.subject_id)).await
        }
        ordering::approval::EXPIRY => ordering::approval::decide::expire(tx, command, OrderId(due.subject_id)).await,
        ordering::approval::ESCALATION => {
            ordering::approval::decide::escalate(tx, command, ApprovalStepId(due.subject_id)).await
        }
        billing::commission::statement::DUE => {
            billing::commission::statement::issue(tx, command, due.subject_id.into()).await
        }
        billing::collective::MONTH_END => billing::collective::month_end(tx, command, due.subject_id).await,
        billing::dunning::overdue::DUNNING => {
            billing::dunning::overdue::raise(app, tx, command, due.subject_id.into()).await
        }
        billing::three_way::arrival::REMATCH => {
            billing::three_way::arrival::match_again(tx, command, due.subject_id.into()).await
        }
        auction::settlement::review::DUE => {
            auction::settlement::review::review(tx, command, due.subject_id.into()).await
        }
        auction::offer::usecase::EXPIRY => auction::offer::usecase::expire(tx, command, due.subject_id.into()).await,
        sourcing::rfq::close::QUESTIONS => {
            sourcing::rfq::close::end_questions(tx, command, due.subject_id.into()).await
        }
        sourcing::rfq::close::DEADLINE => {
            sourcing::rfq::close::end_quotes(tx, command, &app.secret, due.subject_id.into()).await
        }
        sourcing::rfq::close::EXPIRY => {
            sourcing::rfq::close::expire(tx, command, &app.secret, due.subject_id.into()).await
        }
        sourcing::negotiation::usecase::EXPIRY => {
            sourcing::negotiation::usecase::expire(tx, command, due.subject_id.into()).await
        }
        sourcing::award::conclude::CONCLUDE => {
            sourcing::award::conclude::conclude_due(tx, command, &app.secret, due.subject_id).await
        }
        other => Err(Failure::broken(format!("nobody knows timers of the kind {other}"))),
    }
}
