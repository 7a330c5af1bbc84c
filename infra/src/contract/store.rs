//! Contracts with their lines and signatures, always for one of the two parties.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::contract::Grading;
use domain::kernel::{ContractId, Date, OrganisationId, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::grade;
use super::lines::{InsertLines, UpdateLines};
use super::weight::{self, WeightRow};
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::ordering::sight::{Sight, contract_visible};
use crate::schema::{contract, contract_line, contract_signature};

/// A contract without its lines.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = contract)]
pub struct ContractRow {
    pub id: Uuid,
    pub number: i64,
    pub origin_kind: String,
    pub origin_id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub state: String,
    pub state_reason: Option<String>,
    /// Who raised the dispute.
    pub disputed_by: Option<Uuid>,
    pub currency: String,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    pub payment_days: i32,
    pub delivery_date: Option<Date>,
    /// Lines and what is charged beside them, without tax.
    pub total: Decimal,
    pub text: String,
    pub text_hash: Vec<u8>,
    pub created_at: Timestamp,
    pub activated_at: Option<Timestamp>,
    pub version: i64,
    /// The side that wants to give it up and waits for the other's consent.
    pub cancel_asked_by: Option<Uuid>,
}

/// A new contract under a number that was taken before, since the text names it.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contract, treat_none_as_default_value = false)]
pub struct NewContract {
    pub id: Uuid,
    pub number: i64,
    pub origin_kind: String,
    pub origin_id: Uuid,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub state: String,
    pub currency: String,
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    pub payment_days: i32,
    pub delivery_date: Option<Date>,
    pub total: Decimal,
    pub text: String,
    pub text_hash: Vec<u8>,
    pub created_at: Timestamp,
}

/// A line of a contract and how far it has come.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = contract_line)]
pub struct LineRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    pub position: i32,
    /// `goods`, or what is charged beside them: `freight`, `difference`.
    pub kind: String,
    pub product_id: Option<Uuid>,
    pub sku: Option<String>,
    pub name: Value,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub discount_percent: Decimal,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub amount: Decimal,
    /// Taken from the seller's stock for this line and not yet despatched, in the product's base unit.
    pub reserved: Decimal,
    /// On its way or received in good order.
    pub despatched: Decimal,
    /// Received in good order.
    pub received: Decimal,
    pub invoiced: Decimal,
    /// The quantity in the product's base unit: stock is counted in it.
    pub base_quantity: Decimal,
    /// Where it goes and by when, as far as that was said.
    pub delivery_address: Option<Value>,
    pub delivery_date: Option<Date>,
}

/// A signature under the contract.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_signature, treat_none_as_default_value = false)]
pub struct SignatureRow {
    pub contract_id: Uuid,
    /// 0 for the contract itself.
    pub amendment: i32,
    pub organisation_id: Uuid,
    pub person_id: Uuid,
    pub person_name: String,
    pub text_hash: Vec<u8>,
    pub signed_at: Timestamp,
}

/// A contract with its lines by position, and who signed it.
#[derive(Debug, Clone)]
pub struct Contract {
    pub row: ContractRow,
    pub lines: Vec<LineRow>,
    pub signatures: Vec<SignatureRow>,
    /// Of the lines that are billed by what was weighed.
    pub weights: Vec<WeightRow>,
    /// Of the lines whose price depends on what is measured.
    pub grading: Grading,
}

/// The number of the next contract.
pub async fn next_number(tx: &mut Connection) -> Result<i64, Failure> {
    diesel::define_sql_function! { fn nextval(sequence: diesel::sql_types::Text) -> diesel::sql_types::BigInt; }
    Ok(diesel::select(nextval("contract_number")).get_result(tx).await?)
}

/// Keeps a new contract with its lines: one round trip.
pub async fn insert(tx: &Connection, new: &NewContract, lines: &[LineRow]) -> Result<(), Failure> {
    let row = diesel::insert_into(contract::table).values(new);
    futures::try_join!(row.execute(&mut &*tx), InsertLines::new(lines).execute(&mut &*tx))?;
    Ok(())
}

/// Keeps the state of a contract and counts its version up.
pub async fn update_state(tx: &Connection, changed: &ContractRow) -> Result<(), Failure> {
    diesel::update(contract::table.find(changed.id))
        .set((
            contract::state.eq(&changed.state),
            contract::state_reason.eq(&changed.state_reason),
            contract::disputed_by.eq(changed.disputed_by),
            contract::cancel_asked_by.eq(changed.cancel_asked_by),
            contract::activated_at.eq(changed.activated_at),
            contract::version.eq(changed.version),
        ))
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

/// Keeps how far lines have come, in one statement.
pub async fn update_lines(tx: &Connection, changed: &[LineRow]) -> Result<(), Failure> {
    UpdateLines::new(changed).execute(&mut &*tx).await?;
    Ok(())
}

/// Keeps how far all of a contract has come: its lines, what was weighed, and what deliveries brought at which price.
pub async fn update_progress(tx: &Connection, changed: &Contract) -> Result<(), Failure> {
    let weights = weight::update(tx, &changed.weights);
    futures::try_join!(update_lines(tx, &changed.lines), weights, grade::keep_parts(tx, &changed.grading.parts))?;
    Ok(())
}

pub async fn insert_signature(tx: &Connection, new: &SignatureRow) -> Result<(), Failure> {
    diesel::insert_into(contract_signature::table).values(new).execute(&mut &*tx).await?;
    Ok(())
}

/// A contract of this party, or any for the operator, who is none.
pub async fn find(
    connection: &mut Connection,
    by: Option<OrganisationId>,
    id: ContractId,
) -> Result<Option<Contract>, Failure> {
    let mut query = contract::table.filter(contract::id.eq(id.0)).select(ContractRow::as_select()).into_boxed();
    if let Some(by) = by {
        query = query.filter(contract::buyer_id.eq(by.0).or(contract::seller_id.eq(by.0)));
    }
    let row: Option<ContractRow> = query.first(connection).await.optional()?;
    complete(connection, row).await
}

/// A contract of this party, held until the transaction ends.
pub async fn lock(tx: &mut Connection, by: OrganisationId, id: ContractId) -> Result<Option<Contract>, Failure> {
    let query = contract::table
        .filter(contract::id.eq(id.0).and(contract::buyer_id.eq(by.0).or(contract::seller_id.eq(by.0))))
        .select(ContractRow::as_select())
        .for_update();
    let row: Option<ContractRow> = query.first(tx).await.optional()?;
    complete(tx, row).await
}

/// [`lock`] for the operator and the service itself, whoever the parties are.
pub async fn lock_any(tx: &mut Connection, id: ContractId) -> Result<Option<Contract>, Failure> {
    let query = contract::table.find(id.0).select(ContractRow::as_select()).for_update();
    let row: Option<ContractRow> = query.first(tx).await.optional()?;
    complete(tx, row).await
}

async fn complete(connection: &mut Connection, row: Option<ContractRow>) -> Result<Option<Contract>, Failure> {
    let Some(row) = row else { return Ok(None) };
    let connection = &*connection;
    let lines = contract_line::table
        .filter(contract_line::contract_id.eq(row.id))
        .order(contract_line::position)
        .select(LineRow::as_select());
    let signatures = contract_signature::table
        .filter(contract_signature::contract_id.eq(row.id).and(contract_signature::amendment.eq(0)))
        .order(contract_signature::signed_at)
        .select(SignatureRow::as_select());
    let weights = weight::of_contract(connection, row.id);
    let grading = async {
        // Nothing else has grades: there is nothing to ask for.
        if row.origin_kind == "clearing" {
            grade::of_contract(connection, row.id).await
        } else {
            Ok(Grading::default())
        }
    };
    let lines = async { Ok(lines.load(&mut &*connection).await?) };
    let signatures = async { Ok(signatures.load(&mut &*connection).await?) };
    let (lines, signatures, weights, grading) = futures::try_join!(lines, signatures, weights, grading)?;
    Ok(Some(Contract { row, lines, signatures, weights, grading }))
}

/// The contracts of an organisation, newest first, perhaps on one side or in one state only.
pub async fn list(
    connection: &mut Connection,
    by: OrganisationId,
    as_buyer: Option<bool>,
    state: Option<&str>,
    sight: Option<&Sight>,
    page: &Page,
) -> Result<List<ContractRow>, Failure> {
    let mut query =
        contract::table.order(contract::id.desc()).limit(page.rows()).select(ContractRow::as_select()).into_boxed();
    query = match as_buyer {
        Some(true) => query.filter(contract::buyer_id.eq(by.0)),
        Some(false) => query.filter(contract::seller_id.eq(by.0)),
        None => query.filter(contract::buyer_id.eq(by.0).or(contract::seller_id.eq(by.0))),
    };
    if let Some(state) = state {
        query = query.filter(contract::state.eq(state.to_owned()));
    }
    if let Some(sight) = sight {
        query = query.filter(contract_visible(sight));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(contract::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &ContractRow| row.id))
}

/// Whether all of a contract that is to be invoiced is, and all its invoices are settled.
pub async fn is_settled(tx: &mut Connection, id: ContractId) -> Result<bool, Failure> {
    use crate::schema::{contract_line_weight, invoice, invoice_line};
    use diesel::dsl::{exists, not, select};
    let open_line = contract_line::table
        .filter(contract_line::contract_id.eq(id.0))
        .filter(contract_line::invoiced.lt(contract_line::quantity));
    let open_weight = contract_line::table
        .inner_join(contract_line_weight::table.on(contract_line_weight::contract_line_id.eq(contract_line::id)))
        .filter(contract_line::contract_id.eq(id.0))
        .filter(contract_line_weight::invoiced.lt(contract_line_weight::received));
    let open_invoice = invoice::table
        .inner_join(invoice_line::table.on(invoice_line::invoice_id.eq(invoice::id)))
        .inner_join(contract_line::table.on(contract_line::id.eq(invoice_line::contract_line_id)))
        .filter(contract_line::contract_id.eq(id.0).and(invoice::kind.eq("invoice")))
        .filter(invoice::state.eq_any(["draft", "issued", "partly_paid"]));
    Ok(select(not(exists(open_line)).and(not(exists(open_weight))).and(not(exists(open_invoice))))
        .get_result(tx)
        .await?)
}

/// The numbers of these contracts, first to last.
pub async fn numbers(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<i64>, Failure> {
    let query = contract::table.filter(contract::id.eq_any(ids)).order(contract::number).select(contract::number);
    Ok(query.load(connection).await?)
}
