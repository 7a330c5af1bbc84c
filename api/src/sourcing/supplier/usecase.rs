//! Suggesting suppliers for a request.

use domain::kernel::{OrganisationId, Refusal, RfqId, Timestamp};
use domain::sourcing::{Subject, Terms};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::supplier::{self, Wanted};
use uuid::Uuid;

use super::dto::RfqSupplier;
use crate::http::principal::Principal;
use crate::sourcing::{access, rights};

/// Companies that offer on the portal what a request of the caller's company asks for: first those that cover most of it.
pub async fn suggest(
    connection: &mut Connection,
    by: &Principal,
    id: RfqId,
    at: Timestamp,
    page: &Page,
) -> Result<List<RfqSupplier>, Failure> {
    let seen = access::seen(connection, by, id).await?;
    if !seen.is_own {
        return Err(Refusal::forbidden("Suppliers are suggested to the company that asks for quotes.").into());
    }
    let buyer: OrganisationId = by.require(rights::READ)?;
    let found = supplier::suggested(connection, seen.portal.id, buyer, &wanted(&seen.terms), at, page).await?;
    let is_invited = |company: Uuid| seen.terms.invitations.contains(&OrganisationId(company));
    Ok(found.map(|row| {
        let invited = is_invited(row.organisation_id);
        RfqSupplier::of(row, invited)
    }))
}

fn wanted(terms: &Terms) -> Wanted {
    let product = |subject: Subject| match subject {
        Subject::Product(id) => Some(id.0),
        Subject::FreeText | Subject::Category(_) => None,
    };
    Wanted {
        categories: terms.categories().into_iter().map(|category| category.0).collect(),
        products: terms.lines.iter().filter_map(|line| product(line.subject)).collect(),
    }
}
