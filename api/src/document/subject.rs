//! What documents belong to, and who the parties of that are.

use domain::kernel::{
    AuctionId, ContractId, DeliveryId, Faults, InvoiceId, OrderId, OrganisationId, PortalId, ProductId, RfqId,
};
use domain::portal::MemberState;
use infra::Failure;
use infra::auction::store as auction;
use infra::billing::invoice;
use infra::catalogue::product;
use infra::contract::{delivery, store};
use infra::db::Connection;
use infra::ordering::order;
use infra::ordering::sight::{self, Sight};
use infra::portal::access;
use infra::sourcing::rfq;
use uuid::Uuid;

use super::dto::DocumentSubjectDto;

/// The parties of a thing that the organisation may attach documents to; none where there is no such thing for it, or whoever attaches
/// does not see it.
pub async fn parties(
    tx: &mut Connection,
    own: OrganisationId,
    subject: &DocumentSubjectDto,
    seen: Option<&Sight>,
) -> Result<Option<Vec<Uuid>>, Failure> {
    let id = subject.id;
    if let Some(seen) = seen
        && !sight::sees_subject(tx, seen, &subject.kind, id).await?
    {
        return Ok(None);
    }
    Ok(match subject.kind.as_str() {
        "organisation" => (id == own.0).then(|| vec![id]),
        "product" => product::find(tx, own, ProductId(id)).await?.map(|_| vec![own.0]),
        "order" => order::find(tx, own, OrderId(id))
            .await?
            .map(|found| [Some(found.row.buyer_id), found.row.seller_id].into_iter().flatten().collect()),
        "contract" => of_contract(tx, own, ContractId(id)).await?,
        "delivery" => match delivery::find(tx, own, DeliveryId(id)).await? {
            Some(found) => of_contract(tx, own, ContractId(found.row.contract_id)).await?,
            None => None,
        },
        "invoice" => invoice::find(tx, own, InvoiceId(id)).await?.map(|found| {
            // Of a draft the buyer knows nothing.
            let buyer = Some(found.row.buyer_id).filter(|_| found.row.number.is_some());
            [Some(found.row.seller_id), buyer].into_iter().flatten().collect()
        }),
        // The bidders that are admitted are its parties as well, whenever that is: each read asks for them.
        "auction" => auction::of_id(tx, AuctionId(id)).await?.filter(|row| row.seller_id == own.0).map(|_| vec![own.0]),
        "rfq" => rfq::of_id(tx, RfqId(id)).await?.filter(|row| row.buyer_id == own.0).map(|_| vec![own.0]),
        _ => None,
    })
}

async fn of_contract(tx: &mut Connection, own: OrganisationId, id: ContractId) -> Result<Option<Vec<Uuid>>, Failure> {
    let found = store::find(tx, Some(own), id).await?;
    Ok(found.map(|found| vec![found.row.buyer_id, found.row.seller_id]))
}

/// Notes a portal that the organisation is no active member of. One that it may not know of does not exist.
pub async fn check_portal(
    tx: &mut Connection,
    own: OrganisationId,
    portal: PortalId,
    faults: &mut Faults,
) -> Result<(), Failure> {
    let seen = access::seen(tx, &portal.to_string(), Some(own)).await?;
    match seen {
        None => faults.add("/portal_id", "unknown_portal", "There is no such portal."),
        Some(seen) if seen.standing.as_ref().is_none_or(|standing| standing.state != MemberState::Active) => {
            faults.add("/portal_id", "not_a_member", "Only active members show documents in a portal.");
        }
        Some(_) => {}
    }
    Ok(())
}
