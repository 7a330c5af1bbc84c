//! What is done with auctions by those who hold them.

use domain::auction::{AuctionState, AuctionStep, Auctions, Terms, decimal_of};
use domain::kernel::{AuctionId, Faults, Refusal};
use infra::Failure;
use infra::auction::store::{self, AuctionRow};
use infra::db::Connection;
use infra::journal::{self, Machine};
use serde_json::json;
use uuid::Uuid;

use super::dto::{AuctionCancellation, AuctionData};
use super::read;
use super::show::AuctionDto;
use crate::auction::holder::{check_not_cancelled, lock_own, may_hold};
use crate::auction::tell::{about, tell_all};
use crate::auction::{access, rights};
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::portal::access::may_manage;
use crate::secret::{SecretKey, new_seed};

/// Puts an auction together, which only its holder sees until it is published.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    key: &SecretKey,
    portal: &str,
    data: &AuctionData,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    let seen = access::portal(tx, Some(&command.by), portal).await?;
    let own = command.by.require(rights::HOLD)?;
    let terms = check(data)?;
    may_hold(&seen, terms.rules.format)?;
    let row = AuctionRow {
        id: command.id::<AuctionId>().0,
        portal_id: seen.id.0,
        seller_id: own.0,
        secret: key.seal(&new_seed()?)?,
        version: 1,
        created_at: command.at,
        ..row_of(&terms, data)?
    };
    created(tx, command, row, languages).await
}

/// Keeps a new draft.
pub(super) async fn created(
    tx: &mut Connection,
    command: &Command,
    row: AuctionRow,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    store::insert(tx, &row).await?;
    tell_all(tx, command, "auction.created", &row, about(&row)).await?;
    let location = format!("/v1/auctions/{}", row.id);
    Ok(Answer::created(location, read::own(tx, &row, languages).await?).version(row.version))
}

/// Changes a draft, or an auction that is announced and has not opened.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    expected: i64,
    patch: &Patch<AuctionData>,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    let (held, portal) = lock_own(tx, command, id).await?;
    check_version(held.version, expected)?;
    AuctionState::parse(&held.state)?.after(AuctionStep::Edit)?;
    check_not_cancelled(&held, "changed")?;
    let before = data_of(&held)?;
    let after = patch.apply(&before)?;
    let terms = check(&after)?;
    may_hold(&portal, terms.rules.format)?;
    if held.published_at.is_some() {
        terms_of(&held)?.check_change(&terms, command.at)?;
    }
    let row = AuctionRow {
        id: held.id,
        portal_id: held.portal_id,
        seller_id: held.seller_id,
        state: held.state,
        secret: held.secret,
        relisted_from: held.relisted_from,
        version: held.version + 1,
        created_at: held.created_at,
        published_at: held.published_at,
        ..row_of(&terms, &after)?
    };
    store::update(tx, &row).await?;
    tell_all(tx, command, "auction.changed", &row, about(&row)).await?;
    Ok(Answer::ok(read::own(tx, &row, languages).await?).version(row.version))
}

/// Throws a draft away.
pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (held, _) = lock_own(tx, command, id).await?;
    check_version(held.version, expected)?;
    if AuctionState::parse(&held.state)? != AuctionState::Draft {
        let detail = "What was announced or cancelled stays on record; an auction that is announced can be cancelled.";
        return Err(Refusal::new(domain::kernel::Kind::WrongState, detail).into());
    }
    store::delete(tx, id).await?;
    tell_all(tx, command, "auction.deleted", &held, about(&held)).await?;
    Ok(Answer::no_content())
}

/// Announces an auction: from now on others know of it, and it opens by itself.
pub async fn publish(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    let (mut held, portal) = lock_own(tx, command, id).await?;
    let after = AuctionState::parse(&held.state)?.after(AuctionStep::Publish)?;
    let terms = terms_of(&held)?;
    may_hold(&portal, terms.rules.format)?;
    terms.check_new(command.at)?;
    held.state = after.code().to_owned();
    held.published_at = Some(command.at);
    held.version += 1;
    store::update(tx, &held).await?;
    // Whoever hosts the auctions of portals finds this one by their journal.
    journal::ensure(tx, command.id(), Auctions::KIND, portal.id).await?;
    tell_all(tx, command, "auction.published", &held, about(&held)).await?;
    Ok(Answer::ok(read::own(tx, &held, languages).await?).version(held.version))
}

/// The holder, who manages the portal, or the operator cancels an auction. A draft is cancelled with that; in one that is announced the lots
/// that have not closed are, as soon as who runs it learns of it.
pub async fn cancel(
    tx: &mut Connection,
    command: &Command,
    id: AuctionId,
    data: &AuctionCancellation,
    languages: &[String],
) -> Result<Answer<AuctionDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), id).await?;
    if seen.is_own {
        command.by.require(rights::HOLD)?;
    } else if !command.by.operator {
        command.by.require(rights::MANAGE)?;
        may_manage(&seen.portal)?;
    }
    let mut held = store::lock(tx, id).await?.ok_or_else(access::unknown)?;
    check_not_cancelled(&held, "cancelled")?;
    let state = AuctionState::parse(&held.state)?;
    let after = state.after(AuctionStep::Cancel)?;
    if state == AuctionState::Draft {
        held.state = after.code().to_owned();
    }
    held.cancelled_at = Some(command.at);
    held.cancel_reason = Some(data.reason.clone());
    held.version += 1;
    store::update(tx, &held).await?;
    let mut told = about(&held);
    told["reason"] = json!(data.reason);
    tell_all(tx, command, "auction.cancelled", &held, told).await?;
    let (shown, version) = read::find(tx, Some(&command.by), id, languages).await?;
    Ok(Answer::ok(shown).version(version))
}

/// What was sent in last.
pub(super) fn data_of(row: &AuctionRow) -> Result<AuctionData, Failure> {
    serde_json::from_value(row.input.clone()).map_err(Failure::broken)
}

/// The terms of what is kept.
pub fn terms_of(row: &AuctionRow) -> Result<Terms, Failure> {
    check(&data_of(row)?).map_err(|refusal| Failure::broken(format!("stored auction {}: {refusal}", row.id)))
}

/// The terms, or all faults.
pub(super) fn check(data: &AuctionData) -> Result<Terms, Refusal> {
    let mut faults = Faults::default();
    let input = data.input(&mut faults);
    let terms = input.check("", &mut faults);
    faults.result()?;
    terms.ok_or_else(|| Refusal::fault("", "invalid", "The auction cannot be read."))
}

/// What is kept of an auction as it is stated; the rest is that of a new draft, without its holder.
pub(super) fn row_of(terms: &Terms, data: &AuctionData) -> Result<AuctionRow, Failure> {
    let rules = &terms.rules;
    Ok(AuctionRow {
        id: Uuid::nil(),
        portal_id: Uuid::nil(),
        seller_id: Uuid::nil(),
        state: AuctionState::Draft.code().to_owned(),
        input: json!(data),
        rules: serde_json::to_value(rules).map_err(Failure::broken)?,
        format: rules.format.code().to_owned(),
        currency: rules.currency.code().to_owned(),
        access: rules.access.code().to_owned(),
        disclosure: rules.disclosure.code().to_owned(),
        opens_at: rules.opens_at,
        ends_at: rules.last_end(),
        deposit: decimal_of(rules.deposit, rules.currency),
        secret: Vec::new(),
        relisted_from: None,
        cancelled_at: None,
        cancel_reason: None,
        version: 0,
        created_at: Default::default(),
        published_at: None,
        settled_at: None,
    })
}
