//! Contracts and framework agreements are made of what was awarded.

use domain::kernel::{FrameworkId, RfqId};
use domain::sourcing::{AwardState, Framework, Quote, QuoteState, RfqState, conclude};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::award::{self, AwardRow};
use infra::sourcing::framework::{self, FrameworkRow};
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::contract::{self, Deal};
use super::held::{self, Held, said};
use crate::command::Command;
use crate::secret::SecretKey;
use crate::sourcing::rfq::close;
use crate::sourcing::tell::tell_both;

/// The timer at the end of the standstill after a decision.
pub const CONCLUDE: &str = "rfq_award.conclude";

/// The standstill after a decision has ended. Does nothing where awards came to nothing, or are concluded already.
pub async fn conclude_due(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    decision: Uuid,
) -> Result<(), Failure> {
    let Some(mut held) = held::lock(tx, decision).await? else { return Ok(()) };
    conclude_held(tx, command, key, &mut held).await
}

/// Concludes all awards of a decision that can be: all of them, or, if one fails, none. Those that cannot yet wait for
/// their time.
pub async fn conclude_held(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    held: &mut Held,
) -> Result<(), Failure> {
    let mut waits = None;
    let mut awards = std::mem::take(&mut held.awards);
    for award in &mut awards {
        let state = award.state()?;
        if state != AwardState::Announced {
            continue;
        }
        match conclude(state, award.standstill_until, command.at) {
            Ok(after) => one(tx, command, key, held, award, after).await?,
            Err(_) => waits = award.standstill_until,
        }
    }
    held.awards = awards;
    match waits {
        Some(until) => timer::set(tx, CONCLUDE, held.decision.id, until).await,
        None => leave_losers(tx, held).await,
    }
}

async fn one(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    held: &Held,
    award: &mut AwardRow,
    after: AwardState,
) -> Result<(), Failure> {
    let row = held.quote(award.quote_id)?;
    let quote = said(tx, key, row).await?;
    let part = award.part()?;
    let mut told = json!({"award_id": award.id, "quote_id": award.quote_id});
    if let Some(agreed) = Framework::of(&held.terms, &part) {
        let id = agree(tx, command, held, award, (&agreed, row.revision, &quote)).await?;
        told["framework_id"] = json!(id);
    } else {
        let deal = Deal::load(tx, &held.request, &held.terms, &quote).await?;
        let id = contract::of_award(tx, command, &deal, award, &part).await?;
        award.contract_id = Some(id);
        told["contract_id"] = json!(id);
    }
    after.code().clone_into(&mut award.state);
    award.ended_at = Some(command.at);
    award.version += 1;
    award::update(tx, award).await?;
    tell_both(command, "quote.award_concluded", &held.request, award.quoter_id, told);
    Ok(())
}

/// Makes the framework agreement of an award.
async fn agree(
    tx: &mut Connection,
    command: &Command,
    held: &Held,
    award: &AwardRow,
    (agreed, revision, quote): (&Framework, i32, &Quote),
) -> Result<Uuid, Failure> {
    let row = FrameworkRow {
        id: command.id::<FrameworkId>().0,
        award_id: award.id,
        rfq_id: award.rfq_id,
        portal_id: held.request.portal_id,
        buyer_id: held.request.buyer_id,
        seller_id: award.quoter_id,
        currency: quote.currency.code().to_owned(),
        content: serde_json::to_value(agreed).map_err(Failure::broken)?,
        terms_version: i32::try_from(quote.version).map_err(Failure::broken)?,
        quote_id: award.quote_id,
        revision,
        first_day: agreed.first_day,
        ends_on: agreed.ends_on,
        created_at: command.at,
    };
    framework::insert(tx, &row).await?;
    Ok(row.id)
}

/// Once everything is concluded, quotes that were passed over stay so: nobody has to wait for the end of their
/// validity.
async fn leave_losers(tx: &mut Connection, held: &Held) -> Result<(), Failure> {
    if RfqState::parse(&held.request.state)? != RfqState::Awarded {
        return Ok(());
    }
    for award in award::of_request(tx, RfqId(held.request.id)).await? {
        let state = award.state()?;
        if state.stands() && state != AwardState::Concluded {
            return Ok(());
        }
    }
    let passed = held.quotes.iter().filter(|row| row.state == QuoteState::NotAwarded.code());
    let passed: Vec<Uuid> = passed.map(|row| row.id).collect();
    timer::clear_all(tx, close::EXPIRY, &passed).await
}
