//! What is done with credit lines.

use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{CreditLineId, Currency, Faults, Kind, Money, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::approval;
use infra::ordering::credit::{self, CreditLineRow};
use rust_decimal::Decimal;
use serde_json::json;

use super::dto::{CreditEntryDto, CreditLimitData, CreditLineDto, CreditQuery};
use super::exposure;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::ordering::{rights, sight};
use crate::party::bank_account::usecase::own;

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    query: &CreditQuery,
    page: &Page,
) -> Result<List<CreditLineDto>, Failure> {
    let own = own(by, of, rights::CREDIT_READ)?;
    let as_buyer = match query.role.as_deref() {
        None | Some("seller") => false,
        Some("buyer") => true,
        Some(_) => return Err(Refusal::new(Kind::InvalidQuery, "`role` is buyer or seller.").into()),
    };
    let found = credit::list(connection, own, as_buyer, query.buyer_id, page).await?;
    Ok(found.map(|row| CreditLineDto::from(&row)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, CreditLineId),
) -> Result<(CreditLineDto, i64), Failure> {
    let row = seen(connection, by, of, id).await?;
    Ok((CreditLineDto::from(&row), row.version))
}

/// What bound and freed a line, newest first: it tells of all that its buyer orders, so that who does not see all of that does not read
/// it.
pub async fn entries(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, CreditLineId),
    page: &Page,
    at: Timestamp,
) -> Result<List<CreditEntryDto>, Failure> {
    let row = seen(connection, by, of, id).await?;
    if row.buyer_id == of.0 {
        sight::check_all(connection, by, at, "The entries tell").await?;
    }
    let found = credit::entries(connection, row.id, page).await?;
    Ok(found.map(|entry| CreditEntryDto::of(&entry, &row.currency)))
}

async fn seen(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    id: CreditLineId,
) -> Result<CreditLineRow, Failure> {
    let own = own(by, of, rights::CREDIT_READ)?;
    Ok(credit::find(connection, own, id).await?.ok_or_else(unknown)?)
}

/// Gives a buyer credit. What is open already counts from the beginning.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &CreditLimitData,
) -> Result<Answer<CreditLineDto>, Failure> {
    let own = own(&command.by, of, rights::CREDIT)?;
    let (currency, limit) = parse(data)?;
    let (_, known) = approval::known(tx, &[], &[data.buyer_id]).await?;
    if known.is_empty() || data.buyer_id == own.0 {
        let invalid = Invalid::new("unknown", "There is no such buyer.");
        return Err(invalid.at("/buyer_id").into());
    }
    let row = CreditLineRow {
        id: command.id::<CreditLineId>().0,
        seller_id: own.0,
        buyer_id: data.buyer_id,
        currency: currency.code().to_owned(),
        credit_limit: limit,
        payment_days: data.payment_days,
        state: data.state.clone(),
        exposure: Decimal::ZERO,
        version: 1,
        created_at: command.at,
    };
    // An order of the buyer that is being placed either is there already, or finds the line.
    credit::hold_buyer(tx, OrganisationId(data.buyer_id)).await?;
    credit::insert(tx, &row).await?;
    exposure::open(tx, command, &row).await?;
    tell(command, "credit_line.opened", &row);
    let row = credit::find(tx, own, row.id.into()).await?.ok_or_else(unknown)?;
    let location = format!("/v1/organisations/{own}/credit-lines/{}", row.id);
    Ok(Answer::created(location, CreditLineDto::from(&row)).version(1))
}

/// Changes limit, terms or state. Orders that were placed stay as they are.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, CreditLineId),
    expected: i64,
    patch: &Patch<CreditLimitData>,
) -> Result<Answer<CreditLineDto>, Failure> {
    let own = own(&command.by, of, rights::CREDIT)?;
    let held = credit::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let data = patch.apply(&CreditLimitData::of(&held))?;
    let (currency, credit_limit) = parse(&data)?;
    let mut faults = Faults::default();
    if data.buyer_id != held.buyer_id {
        faults.add("/buyer_id", "fixed", "A credit line stays with its buyer.");
    }
    if currency.code() != held.currency {
        faults.add("/currency", "fixed", "A credit line stays in its currency.");
    }
    faults.result()?;
    let changed = CreditLineRow {
        credit_limit,
        payment_days: data.payment_days,
        state: data.state.clone(),
        version: held.version + 1,
        ..held
    };
    credit::update(tx, &changed).await?;
    tell(command, "credit_line.changed", &changed);
    Ok(Answer::ok(CreditLineDto::from(&changed)).version(changed.version))
}

fn parse(data: &CreditLimitData) -> Result<(Currency, Option<Decimal>), Refusal> {
    let mut faults = Faults::default();
    let currency = faults.keep("/currency", Currency::parse(&data.currency));
    let limit = data.limit.as_ref().and_then(|text| faults.keep("/limit", parse_decimal(text)));
    let limit = limit.zip(currency).and_then(|(limit, currency)| faults.keep("/limit", Money::new(limit, currency)));
    if limit.is_some_and(|limit| limit.amount() < Decimal::ZERO) {
        faults.add("/limit", "negative", "A limit is not negative.");
    }
    faults.result()?;
    let currency = currency.ok_or_else(|| Refusal::fault("/currency", "currency", "It is not a currency."))?;
    Ok((currency, limit.map(Money::amount)))
}

fn unknown() -> Refusal {
    Refusal::not_found("credit line")
}

fn tell(command: &Command, kind: &'static str, row: &CreditLineRow) {
    let subject = Subject { kind: "credit_line", id: row.id, version: row.version };
    let data =
        json!({"seller_id": row.seller_id, "buyer_id": row.buyer_id, "currency": row.currency, "state": row.state});
    command.event(kind, subject, None, &[row.seller_id, row.buyer_id], data);
}
