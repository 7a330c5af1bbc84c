//! What sellers are charged on a portal: the operator's word.

use std::collections::HashSet;

use domain::catalogue::tax::check_percent;
use domain::catalogue::{Tax, TaxCategory};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, PortalId, Refusal};
use infra::Failure;
use infra::billing::commission::{self, RateRow, TermsRow};
use infra::db::Connection;
use infra::party::organisation;
use infra::portal::{access, store};
use serde_json::json;
use uuid::Uuid;

use super::dto::CommissionTermsDto;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
) -> Result<(CommissionTermsDto, i64), Failure> {
    by.require_operator()?;
    let portal = known(connection, portal).await?;
    let found = commission::terms(connection, portal).await?;
    Ok(match found {
        Some((row, rates)) => (CommissionTermsDto::of(&row, &rates), row.version),
        None => (CommissionTermsDto::default(), 0),
    })
}

/// From now on sales on the portal are made at these rates; those that were made keep theirs.
pub async fn keep(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    expected: i64,
    data: &CommissionTermsDto,
) -> Result<Answer<CommissionTermsDto>, Failure> {
    command.by.require_operator()?;
    let portal = known(tx, portal).await?;
    // One at a time: the portal is held.
    store::lock(tx, portal).await?;
    let before = commission::terms(tx, portal).await?.map_or(0, |(row, _)| row.version);
    check_version(before, expected)?;
    let (row, rates) = checked(tx, command, portal, before + 1, data).await?;
    commission::keep_terms(tx, &row, &rates).await?;
    let subject = Subject { kind: "portal", id: portal.0, version: row.version };
    command.event("commission.changed", subject, Some(portal.0), &[row.billed_by], json!({}));
    Ok(Answer::ok(CommissionTermsDto::of(&row, &rates)).version(row.version))
}

async fn known(connection: &mut Connection, portal: &str) -> Result<PortalId, Failure> {
    let found = access::any(connection, portal).await?;
    Ok(found.ok_or_else(|| Refusal::not_found("portal"))?.id)
}

async fn checked(
    tx: &mut Connection,
    command: &Command,
    portal: PortalId,
    version: i64,
    data: &CommissionTermsDto,
) -> Result<(TermsRow, Vec<RateRow>), Failure> {
    let mut faults = Faults::default();
    let named: Vec<Uuid> = data.billed_by.into_iter().collect();
    if named.is_empty() {
        faults.add("/billed_by", "required", "An organisation bills the sellers.");
    } else if organisation::known(tx, &named).await?.is_empty() {
        faults.add("/billed_by", "unknown_organisation", "There is no such organisation.");
    }
    let category = faults.keep("/tax/category", TaxCategory::parse(&data.tax.category));
    let rate = faults.keep("/tax/rate", parse_decimal(&data.tax.rate));
    let tax = category.zip(rate).and_then(|(category, rate)| faults.keep("/tax/rate", Tax::new(category, rate)));
    let (mut rates, mut seen) = (Vec::new(), HashSet::new());
    let categories: Vec<Uuid> = data.rates.iter().filter_map(|rate| rate.category_id).collect();
    let known = commission::known_categories(tx, &categories).await?;
    for (index, one) in data.rates.iter().enumerate() {
        if !seen.insert(one.category_id) {
            faults.add(format!("/rates/{index}/category_id"), "repeated", "The category was named before.");
        }
        if one.category_id.is_some_and(|id| !known.contains(&id)) {
            faults.add(format!("/rates/{index}/category_id"), "unknown_category", "There is no such category.");
        }
        let percent = parse_decimal(&one.percent).and_then(check_percent);
        let percent = faults.keep(format!("/rates/{index}/percent"), percent);
        rates.extend(percent.map(|percent| RateRow {
            id: command.id::<Uuid>(),
            portal_id: portal.0,
            category_id: one.category_id,
            percent,
        }));
    }
    faults.result()?;
    let tax = tax.ok_or_else(|| Failure::broken("a tax without faults and without a value"))?;
    let row = TermsRow {
        portal_id: portal.0,
        billed_by: data.billed_by.unwrap_or_default(),
        tax_category: tax.category().code().to_owned(),
        tax_rate: tax.rate(),
        version,
    };
    Ok((row, rates))
}
