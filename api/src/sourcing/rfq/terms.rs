//! The terms of a request that is sent in: judged by the rules, and by what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use domain::kernel::{CategoryId, DocumentId, Faults, OrganisationId, ProductId, Refusal};
use domain::sourcing::{LineInput, Referenced, RequestInput, Subject, Terms, check_invited};
use infra::Failure;
use infra::db::Connection;
use infra::portal::access::SeenPortal;
use infra::sourcing::{document, recipient, supplier};
use uuid::Uuid;

use super::dto::RfqData;
use super::lines;
use crate::catalogue::attribute::check::definitions_of;
use crate::http::principal::Principal;

/// The terms, or all faults. `before` are those that the request had: what it refers to already may be gone since.
pub async fn check(
    tx: &mut Connection,
    by: &Principal,
    (portal, buyer): (&SeenPortal, OrganisationId),
    data: &RfqData,
    before: Option<&Terms>,
) -> Result<Terms, Failure> {
    let mut faults = Faults::default();
    let lines = lines::of_data(tx, by, data, &mut faults).await?;
    let referenced = referenced(tx, (portal, buyer), &lines, before).await?;
    let named = lines::documents(data, &lines);
    let input = data.input(lines, &mut faults);
    check_documents(tx, buyer, (&input, &named), before, &mut faults).await?;
    check_companies(tx, &input.invitations, &mut faults).await?;
    let terms = input.check(&referenced, "", &mut faults);
    faults.result()?;
    let terms = terms.ok_or_else(|| Refusal::fault("", "invalid", "The request cannot be read."))?;
    let invited: Vec<Uuid> = terms.invitations.iter().map(|company| company.0).collect();
    let members = recipient::members(tx, portal.id, &invited).await?.into_iter().map(OrganisationId).collect();
    check_invited(&terms, buyer, portal.visibility, &members)?;
    Ok(terms)
}

/// The categories and products that the lines speak of, as far as they exist for the buyer.
async fn referenced(
    tx: &mut Connection,
    (portal, buyer): (&SeenPortal, OrganisationId),
    lines: &[LineInput],
    before: Option<&Terms>,
) -> Result<Referenced, Failure> {
    let mut categories: Vec<Uuid> = lines.iter().filter_map(|line| line.category_id).map(|id| id.0).collect();
    categories.sort_unstable();
    categories.dedup();
    let products: Vec<Uuid> = lines.iter().filter_map(|line| line.product_id).map(|id| id.0).collect();
    let mut known: BTreeSet<ProductId> = if products.is_empty() {
        BTreeSet::new()
    } else {
        supplier::products(tx, portal.id, buyer, &products).await?.into_iter().map(ProductId).collect()
    };
    known.extend(before.into_iter().flat_map(|terms| &terms.lines).filter_map(|line| match line.subject {
        Subject::Product(id) => Some(id),
        Subject::FreeText | Subject::Category(_) => None,
    }));
    let definitions = if categories.is_empty() { Default::default() } else { definitions_of(tx, &categories).await? };
    let categories: BTreeMap<_, _> = definitions.into_iter().map(|(id, all)| (CategoryId(id), all)).collect();
    Ok(Referenced { categories, products: known })
}

/// Notes documents that are not the buyer's own, or are archived. What the request named before stays.
async fn check_documents(
    tx: &mut Connection,
    buyer: OrganisationId,
    (input, named): (&RequestInput, &[DocumentId]),
    before: Option<&Terms>,
    faults: &mut Faults,
) -> Result<(), Failure> {
    let mut known: BTreeSet<DocumentId> = before.map(documents_of).unwrap_or_default().into_iter().collect();
    if named.iter().any(|id| !known.contains(id)) {
        known.extend(document::own(tx, buyer, named).await?.into_iter().map(DocumentId));
    }
    let mut check = |documents: &[DocumentId], pointer: &str| {
        for (index, id) in documents.iter().enumerate() {
            if !known.contains(id) {
                faults.add(format!("{pointer}/documents/{index}"), "unknown", "There is no such document of yours.");
            }
        }
    };
    check(&input.documents, "");
    for (index, line) in input.lines.iter().enumerate() {
        check(&line.documents, &format!("/lines/{index}"));
    }
    Ok(())
}

/// All documents that a request names.
pub fn documents_of(terms: &Terms) -> Vec<DocumentId> {
    let of_lines = terms.lines.iter().flat_map(|line| &line.documents);
    terms.documents.iter().chain(of_lines).copied().collect()
}

/// Notes companies that do not exist, or are not verified.
async fn check_companies(tx: &mut Connection, invited: &[OrganisationId], faults: &mut Faults) -> Result<(), Failure> {
    if invited.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = invited.iter().map(|company| company.0).collect();
    let known = recipient::verified(tx, &ids).await?;
    for (index, id) in ids.iter().enumerate() {
        if !known.contains(id) {
            faults.add(format!("/invitations/{index}"), "unknown", "There is no such verified company.");
        }
    }
    Ok(())
}
