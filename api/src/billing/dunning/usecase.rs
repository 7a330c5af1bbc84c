//! Setting and reading the levels.

use domain::billing::dunning::{check, next_at};
use domain::kernel::{Faults, OrganisationId, Timestamp};
use infra::Failure;
use infra::billing::dunning::{self, LevelRow};
use infra::db::Connection;
use infra::timer;
use serde_json::json;
use uuid::Uuid;

use super::dto::DunningLevelsDto;
use super::overdue::DUNNING;
use crate::billing::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::party::bank_account::usecase::own;

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
) -> Result<(DunningLevelsDto, i64), Failure> {
    let own = own(by, of, rights::READ)?;
    let version = dunning::version(connection, own).await?;
    Ok((DunningLevelsDto::of(&dunning::levels(connection, own).await?), version))
}

/// Sets the levels. What is open already gets the next one in its time.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    expected: i64,
    data: &DunningLevelsDto,
) -> Result<Answer<DunningLevelsDto>, Failure> {
    let own = own(&command.by, of, rights::INVOICE)?;
    let before = dunning::lock_version(tx, own).await?;
    check_version(before, expected)?;
    let levels = parse(own, data)?;
    let days: Vec<i32> = levels.iter().map(|level| level.days).collect();
    check(&days)?;
    let version = before + 1;
    dunning::keep(tx, own, version, &levels).await?;
    let open = dunning::open_invoices(tx, own).await?;
    let due = |(id, due, last): &(Uuid, _, i32)| Some((*id, next_at(&days, *due, *last)?));
    let due: Vec<(Uuid, Timestamp)> = open.iter().filter_map(due).collect();
    timer::set_all(tx, DUNNING, &due).await?;
    let subject = Subject { kind: "dunning_levels", id: own.0, version };
    command.event("dunning.changed", subject, None, &[own.0], json!({"levels": levels.len()}));
    Ok(Answer::ok(DunningLevelsDto::of(&levels)).version(version))
}

fn parse(own: OrganisationId, data: &DunningLevelsDto) -> Result<Vec<LevelRow>, Failure> {
    let mut faults = Faults::default();
    let mut rows = Vec::new();
    for ((index, one), level) in data.levels.iter().enumerate().zip(1..) {
        let pointer = format!("/levels/{index}/fee");
        let fee = one.fee.as_ref().and_then(|fee| faults.keep(&pointer, fee.parse()));
        if fee.is_some_and(|fee| fee.amount().is_zero() || fee.amount().is_sign_negative()) {
            faults.add(&pointer, "not_positive", "A fee is more than zero; leave it out for none.");
        }
        rows.push(LevelRow {
            seller_id: own.0,
            level,
            days: one.days,
            fee: fee.map(|fee| fee.amount()),
            currency: fee.map(|fee| fee.currency().code().to_owned()),
            text: one.text.clone(),
        });
    }
    faults.result()?;
    Ok(rows)
}
