//! Which of their company's orders people see who do not see all of them.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PersonId, Timestamp};
use uuid::Uuid;

use super::cost_centre;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{approval_delegation, contract, delivery, document, invoice, member, payment, purchase_order};

/// What somebody sees of the orders that their company places: their own, those charged to their cost centres, those they may decide
/// on, themselves or for others, and those they have decided on.
#[derive(Debug, Clone)]
pub struct Sight {
    pub organisation: Uuid,
    pub person: Uuid,
    pub centres: Vec<Uuid>,
    /// They and those they stand in for.
    pub persons: Vec<Uuid>,
    /// Their roles and those of whom they stand in for.
    pub roles: Vec<String>,
}

/// What somebody sees: the cost centres that keep them, and all else.
pub async fn load(
    connection: &mut Connection,
    of: OrganisationId,
    person: PersonId,
    own_roles: &[&str],
    at: Timestamp,
) -> Result<(Vec<Uuid>, Sight), Failure> {
    let (member_of, owned) = cost_centre::of_person(connection, of, person).await?;
    let (persons, roles) = stands_for(connection, of, person, own_roles, at).await?;
    let centres = [member_of.clone(), owned].concat();
    Ok((member_of, Sight { organisation: of.0, person: person.0, centres, persons, roles }))
}

/// Somebody with all whom they stand in for at this moment, and the roles of all of them.
pub async fn stands_for(
    connection: &mut Connection,
    of: OrganisationId,
    person: PersonId,
    own_roles: &[&str],
    at: Timestamp,
) -> Result<(Vec<Uuid>, Vec<String>), Failure> {
    let found: Vec<(Uuid, Vec<String>)> = approval_delegation::table
        .inner_join(
            member::table.on(member::person_id
                .eq(approval_delegation::from_id)
                .and(member::organisation_id.eq(approval_delegation::organisation_id))),
        )
        .filter(approval_delegation::to_id.eq(person.0).and(approval_delegation::organisation_id.eq(of.0)))
        .filter(approval_delegation::revoked_at.is_null())
        .filter(approval_delegation::starts_at.le(at).and(approval_delegation::ends_at.gt(at)))
        .select((member::person_id, member::roles))
        .load(connection)
        .await?;
    let persons = std::iter::once(person.0).chain(found.iter().map(|(id, _)| *id)).collect();
    let own = own_roles.iter().map(|role| (*role).to_owned());
    let roles = own.chain(found.into_iter().flat_map(|(_, roles)| roles)).collect();
    Ok((persons, roles))
}

/// Whether somebody sees an order of their company.
pub async fn sees(connection: &mut Connection, sight: &Sight, order: Uuid) -> Result<bool, Failure> {
    let found = purchase_order::table.filter(purchase_order::id.eq(order)).filter(visible(sight));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection).await?)
}

/// Whether somebody sees a contract, on either side of it: what was made of an order follows that.
pub async fn sees_contract(connection: &mut Connection, sight: &Sight, contract: Uuid) -> Result<bool, Failure> {
    let found = contract::table.filter(contract::id.eq(contract)).filter(contract_visible(sight));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection).await?)
}

/// Whether somebody sees what documents belong to: an order, what follows from one, or anything else.
pub async fn sees_subject(connection: &mut Connection, sight: &Sight, kind: &str, id: Uuid) -> Result<bool, Failure> {
    match kind {
        "order" => sees(connection, sight, id).await,
        "contract" => sees_contract(connection, sight, id).await,
        "delivery" => {
            let of = delivery::table.find(id).select(delivery::contract_id).first(connection).await.optional()?;
            match of {
                Some(contract) => sees_contract(connection, sight, contract).await,
                None => Ok(false),
            }
        }
        "invoice" => Ok(!seen_invoices(connection, sight, &[id]).await?.is_empty()),
        _ => Ok(true),
    }
}

/// Which of these invoices somebody sees.
pub async fn seen_invoices(connection: &mut Connection, sight: &Sight, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = invoice::table.filter(invoice::id.eq_any(ids)).filter(invoice_visible(sight)).select(invoice::id);
    Ok(query.load(connection).await?)
}

/// The condition on `purchase_order` that lets through what somebody sees, and all that their company does not buy.
pub(super) struct Visible(Sight);

pub(super) fn visible(sight: &Sight) -> Visible {
    Visible(sight.clone())
}

/// The condition on `contract` that lets through what was made of orders that somebody sees.
pub(crate) struct ContractVisible(Visible);

pub(crate) fn contract_visible(sight: &Sight) -> ContractVisible {
    ContractVisible(visible(sight))
}

/// The condition on `invoice` that lets through those of contracts that somebody sees; one over several, who sees them all.
pub(crate) struct InvoiceVisible(ContractVisible);

pub(crate) fn invoice_visible(sight: &Sight) -> InvoiceVisible {
    InvoiceVisible(contract_visible(sight))
}

/// The condition on `document` that lets through those on orders that somebody sees, on what follows from these, and on all else.
pub(crate) struct DocumentVisible(InvoiceVisible);

pub(crate) fn document_visible(sight: &Sight) -> DocumentVisible {
    DocumentVisible(invoice_visible(sight))
}

/// The condition on `payment` that lets through those for invoices that somebody sees, all of them; one for none, if they recorded it;
/// and those to their company.
pub(crate) struct PaymentVisible(InvoiceVisible);

pub(crate) fn payment_visible(sight: &Sight) -> PaymentVisible {
    PaymentVisible(invoice_visible(sight))
}

impl QueryFragment<Pg> for DocumentVisible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let InvoiceVisible(contract) = &self.0;
        out.push_sql(
            "(CASE document.subject_kind
                WHEN 'order' THEN EXISTS (SELECT 1 FROM purchase_order WHERE purchase_order.id = document.subject_id AND ",
        );
        contract.0.walk_ast(out.reborrow())?;
        out.push_sql(
            ") WHEN 'contract' THEN EXISTS (SELECT 1 FROM contract WHERE contract.id = document.subject_id AND ",
        );
        contract.walk_ast(out.reborrow())?;
        out.push_sql(
            ") WHEN 'delivery' THEN EXISTS (SELECT 1 FROM delivery JOIN contract ON contract.id = delivery.contract_id
                WHERE delivery.id = document.subject_id AND ",
        );
        contract.walk_ast(out.reborrow())?;
        out.push_sql(") WHEN 'invoice' THEN EXISTS (SELECT 1 FROM invoice WHERE invoice.id = document.subject_id AND ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") ELSE true END)");
        Ok(())
    }
}

impl QueryFragment<Pg> for PaymentVisible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Sight { organisation, person, .. } = &self.0.0.0.0;
        out.push_sql("(payment.payer_id <> ");
        out.push_bind_param::<SqlUuid, _>(organisation)?;
        out.push_sql(" OR (payment.created_by = ");
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql(
            " OR EXISTS (SELECT 1 FROM payment_allocation a WHERE a.payment_id = payment.id))
            AND NOT EXISTS (SELECT 1 FROM payment_allocation JOIN invoice ON invoice.id = payment_allocation.invoice_id
                WHERE payment_allocation.payment_id = payment.id AND NOT ",
        );
        self.0.walk_ast(out.reborrow())?;
        out.push_sql("))");
        Ok(())
    }
}

impl QueryFragment<Pg> for ContractVisible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(contract.origin_kind <> 'order' OR EXISTS (SELECT 1 FROM purchase_order WHERE purchase_order.id = contract.origin_id AND ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql("))");
        Ok(())
    }
}

impl QueryFragment<Pg> for InvoiceVisible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(EXISTS (SELECT 1 FROM contract WHERE contract.id = invoice.contract_id AND ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(
            ") OR invoice.contract_id IS NULL AND NOT EXISTS (SELECT 1 FROM invoice_line
                JOIN contract_line ON contract_line.id = invoice_line.contract_line_id
                JOIN contract ON contract.id = contract_line.contract_id
                WHERE invoice_line.invoice_id = invoice.id AND NOT ",
        );
        self.0.walk_ast(out.reborrow())?;
        out.push_sql("))");
        Ok(())
    }
}

impl QueryFragment<Pg> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Sight { organisation, person, centres, persons, roles } = &self.0;
        out.push_sql("(purchase_order.buyer_id <> ");
        out.push_bind_param::<SqlUuid, _>(organisation)?;
        out.push_sql(" OR purchase_order.created_by = ");
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql(" OR purchase_order.cost_centre_id = ANY(");
        out.push_bind_param::<Array<SqlUuid>, _>(centres)?;
        out.push_sql(
            ") OR EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = purchase_order.id AND l.cost_centre_id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(centres)?;
        out.push_sql(
            ")) OR EXISTS (SELECT 1 FROM approval a JOIN approval_step s ON s.approval_id = a.id
                LEFT JOIN approval_decision d ON d.step_id = s.id
                WHERE a.order_id IN (purchase_order.id, purchase_order.split_from) AND (d.decided_by = ",
        );
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql(" OR a.requesters @> ARRAY[");
        out.push_bind_param::<SqlUuid, _>(person)?;
        out.push_sql("] OR s.state = 'open' AND (s.persons && ");
        out.push_bind_param::<Array<SqlUuid>, _>(persons)?;
        out.push_sql(" OR s.roles && ");
        out.push_bind_param::<Array<Text>, _>(roles)?;
        out.push_sql("))))");
        Ok(())
    }
}

macro_rules! condition_on {
    ($condition:ty, $table:ident) => {
        impl QueryId for $condition {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl Expression for $condition {
            type SqlType = Bool;
        }

        impl AppearsOnTable<$table::table> for $condition {}
        impl SelectableExpression<$table::table> for $condition {}

        impl ValidGrouping<()> for $condition {
            type IsAggregate = is_aggregate::Never;
        }
    };
}

condition_on!(Visible, purchase_order);
condition_on!(ContractVisible, contract);
condition_on!(InvoiceVisible, invoice);
condition_on!(DocumentVisible, document);
condition_on!(PaymentVisible, payment);
