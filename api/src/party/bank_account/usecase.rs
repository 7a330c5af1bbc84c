//! What is done with bank accounts.

use domain::kernel::{BankAccountId, Currency, Faults, OrganisationId, Refusal};
use domain::party::bank_account::BankAccount;
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::bank_account::{self, BankAccountRow};
use serde_json::json;

use super::dto::{BankAccountData, BankAccountDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::principal::{Principal, Right};
use crate::party::rights;

/// The caller's own organisation, named in the path; any other one has nothing here.
pub fn own(by: &Principal, named: OrganisationId, right: Right) -> Result<OrganisationId, Refusal> {
    if by.organisation_id() != Some(named.0) {
        return Err(Refusal::not_found("organisation"));
    }
    by.require(right)
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<BankAccountDto>, Failure> {
    let own = own(by, of, rights::READ)?;
    Ok(bank_account::list(connection, own, page).await?.map(|row| BankAccountDto::from(&row)))
}

pub async fn add(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &BankAccountData,
) -> Result<Answer<BankAccountDto>, Failure> {
    let own = own(&command.by, of, rights::BANKING)?;
    let mut faults = Faults::default();
    faults.keep("/holder", text(&data.holder, 200));
    faults.keep("/bank_name", text(&data.bank_name, 200));
    let currency = faults.keep("/currency", Currency::parse(&data.currency));
    let checked = BankAccount::check(&data.account_number, data.bank_code.as_deref());
    let account = checked.map_err(|refusal| faults.0.extend(refusal.faults)).ok();
    faults.result()?;
    let (Some(account), Some(currency)) = (account, currency) else {
        return Err(Failure::broken("an account without faults and without a value"));
    };
    let row = BankAccountRow {
        id: command.id::<BankAccountId>().0,
        organisation_id: own.0,
        holder: data.holder.trim().to_owned(),
        account_number: account.account_number,
        bank_code: account.bank_code,
        bank_name: data.bank_name.trim().to_owned(),
        currency: currency.code().to_owned(),
        archived_at: None,
        version: 1,
        created_at: command.at,
    };
    bank_account::insert(tx, &row).await?;
    tell(command, "bank_account.added", &row);
    let location = format!("/v1/organisations/{own}/bank-accounts/{}", row.id);
    Ok(Answer::created(location, BankAccountDto::from(&row)).version(1))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, BankAccountId),
) -> Result<(BankAccountDto, i64), Failure> {
    let own = own(by, of, rights::READ)?;
    let found = bank_account::find(connection, id).await?.filter(|row| row.organisation_id == own.0);
    let found = found.filter(|row| row.archived_at.is_none()).ok_or_else(unknown)?;
    Ok((BankAccountDto::from(&found), found.version))
}

/// Takes an account out of use. Invoices that name it keep it.
pub async fn archive(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, BankAccountId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = own(&command.by, of, rights::BANKING)?;
    let held = bank_account::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    bank_account::archive(tx, &held, command.at).await?;
    tell(command, "bank_account.archived", &held);
    Ok(Answer::no_content())
}

fn unknown() -> Refusal {
    Refusal::not_found("bank account")
}

fn tell(command: &Command, kind: &'static str, row: &BankAccountRow) {
    let subject = Subject { kind: "bank_account", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.organisation_id], json!({"currency": row.currency}));
}
