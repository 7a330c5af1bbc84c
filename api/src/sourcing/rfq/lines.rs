//! Where the lines of a request come from: the body, a table in it, or a requisition list.

use domain::kernel::{DocumentId, Faults, OrganisationId, ProductId, Refusal, RequisitionListId};
use domain::sourcing::{LineInput, parse_csv};
use infra::Failure;
use infra::catalogue::offer;
use infra::db::Connection;
use infra::ordering::requisition;
use uuid::Uuid;

use super::dto::RfqData;
use crate::catalogue::category::texts;
use crate::http::principal::Principal;

/// The lines that are asked for. Exactly one source is named; anything else is noted, and the first one is judged.
pub async fn of_data(
    tx: &mut Connection,
    by: &Principal,
    data: &RfqData,
    faults: &mut Faults,
) -> Result<Vec<LineInput>, Failure> {
    let sources = [!data.lines.is_empty(), data.csv.is_some(), data.requisition_list_id.is_some()];
    if sources.into_iter().filter(|given| *given).count() > 1 {
        faults.add(
            "/lines",
            "contradiction",
            "Lines come from `lines`, `csv` or `requisition_list_id`, not from several.",
        );
    }
    match (&data.csv, data.requisition_list_id) {
        _ if !data.lines.is_empty() => Ok(data.lines.iter().cloned().map(Into::into).collect()),
        (Some(csv), _) => Ok(parse_csv(csv)?),
        (None, Some(list)) => of_requisition_list(tx, by, RequisitionListId(list)).await,
        (None, None) => Ok(Vec::new()),
    }
}

/// The products of a list that the caller sees, in the quantities and units it names.
async fn of_requisition_list(
    tx: &mut Connection,
    by: &Principal,
    id: RequisitionListId,
) -> Result<Vec<LineInput>, Failure> {
    let own = OrganisationId(by.organisation_id().unwrap_or_default());
    let person = by.actor_id().unwrap_or_default();
    let unknown = || Refusal::fault("/requisition_list_id", "unknown", "There is no such requisition list.");
    let list = requisition::find(tx, own, person, id).await?.ok_or_else(unknown)?;
    let ids: Vec<Uuid> = list.lines.iter().map(|line| line.offer_id).collect();
    let offers = offer::load(tx, &ids).await?;
    let mut lines = Vec::with_capacity(list.lines.len());
    for line in &list.lines {
        let Some(offer) = offers.iter().find(|offer| offer.row.id == line.offer_id) else { continue };
        lines.push(LineInput {
            names: texts(offer.product.name.clone())?,
            product_id: Some(ProductId(offer.product.id)),
            quantity: line.quantity.normalize().to_string(),
            unit: line.unit.clone(),
            ..LineInput::default()
        });
    }
    Ok(lines)
}

/// All documents that a request names.
pub fn documents(data: &RfqData, lines: &[LineInput]) -> Vec<DocumentId> {
    let own = data.documents.iter().copied().map(DocumentId);
    let mut all: Vec<DocumentId> = own.chain(lines.iter().flat_map(|line| line.documents.iter().copied())).collect();
    all.sort_unstable();
    all.dedup();
    all
}
