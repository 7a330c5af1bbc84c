//! Bank accounts in JSON.

use infra::party::bank_account::BankAccountRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Where your invoices ask to be paid to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"holder": "Hanse Feinkost GmbH", "account_number": "DE89 3704 0044 0532 0130 00", "bank_code": "COBADEFFXXX",
    "bank_name": "Commerzbank", "currency": "EUR"}))]
pub struct BankAccountData {
    #[schema(min_length = 1, max_length = 200)]
    pub holder: String,
    /// An IBAN, or a domestic account number, such as the 20 digits of a Russian one.
    #[schema(min_length = 4, max_length = 50)]
    pub account_number: String,
    /// A BIC, a Russian BIK, or another country's code of the bank. Only an IBAN does without.
    #[schema(max_length = 20)]
    pub bank_code: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub bank_name: String,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

/// A bank account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BankAccount)]
pub struct BankAccountDto {
    pub id: Uuid,
    pub holder: String,
    pub account_number: String,
    pub bank_code: Option<String>,
    pub bank_name: String,
    pub currency: String,
    pub created_at: Time,
}

impl From<&BankAccountRow> for BankAccountDto {
    fn from(row: &BankAccountRow) -> Self {
        Self {
            id: row.id,
            holder: row.holder.clone(),
            account_number: row.account_number.clone(),
            bank_code: row.bank_code.clone(),
            bank_name: row.bank_name.clone(),
            currency: row.currency.clone(),
            created_at: row.created_at.into(),
        }
    }
}
