//! What a seller does with offers.

use domain::catalogue::{OfferState, OfferStep, Tiers};
use domain::kernel::{OfferId, OrganisationId, PortalId, ProductId, Refusal};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::offer::{self, Offer, OfferRow, TierRow};
use infra::catalogue::product;
use infra::db::Connection;
use infra::db::page::{List, Page};
use serde_json::json;
use uuid::Uuid;

use super::dto::{NewOffer, OfferDto, OfferPrices};
use crate::catalogue::pricing::{parse_tiers, tiers_dto, tiers_of};
use crate::catalogue::rights;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::portal::access;

fn unknown() -> Refusal {
    Refusal::not_found("offer")
}

/// The portal, for a seller who may sell there.
async fn portal_for_seller(
    tx: &mut Connection,
    command: &Command,
    named: &str,
) -> Result<(PortalId, OrganisationId), Failure> {
    let seen = access::look(tx, named, command.by.organisation_id(), Function::Catalogue).await?;
    let seller = command.by.require(rights::OFFER)?;
    access::may(&seen, Capability::Sell)?;
    Ok((seen.id, seller))
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    new: &NewOffer,
) -> Result<Answer<OfferDto>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let no_product = || Refusal::fault("/product_id", "unknown", "You have no such product.");
    let (product, _) = product::find(tx, seller, ProductId(new.product_id)).await?.ok_or_else(no_product)?;
    if product.archived_at.is_some() {
        return Err(Refusal::fault("/product_id", "archived", "The product is archived.").into());
    }
    let tiers = parse_tiers(&new.tiers, "/tiers")?;
    tiers.check_minimum(product.minimum_order).map_err(|invalid| invalid.at("/tiers/0/from"))?;
    let state = if new.publish { OfferState::Draft.after(OfferStep::Publish)? } else { OfferState::Draft };
    let row = OfferRow {
        id: command.id(),
        portal_id: portal.0,
        product_id: product.id,
        seller_id: seller.0,
        currency: tiers.currency().code().to_owned(),
        state: state.code().to_owned(),
        version: 1,
        created_at: command.at,
    };
    let offer = Offer { tiers: tier_rows(row.id, &tiers), row, product, seller_trades: true };
    offer::insert(tx, &offer.row, &offer.tiers).await?;
    event(command, if new.publish { "offer.published" } else { "offer.created" }, &offer);
    let location = format!("/v1/portals/{portal}/offers/{}", offer.row.id);
    Ok(Answer::created(location, OfferDto::of(&offer)?).version(1))
}

/// Other prices; the next order is at these.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: OfferId,
    expected: i64,
    patch: &Patch<OfferPrices>,
) -> Result<Answer<OfferDto>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let mut held = offer::lock(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    check_version(held.row.version, expected)?;
    let before = OfferPrices { tiers: tiers_dto(&tiers_of(&held.tiers, &held.row.currency)?) };
    let tiers = parse_tiers(&patch.apply(&before)?.tiers, "/tiers")?;
    tiers.check_minimum(held.product.minimum_order).map_err(|invalid| invalid.at("/tiers/0/from"))?;
    held.row.currency = tiers.currency().code().to_owned();
    held.tiers = tier_rows(held.row.id, &tiers);
    save(tx, command, held, "offer.changed").await
}

/// Publishes or withdraws an offer.
pub async fn step(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: OfferId,
    step: OfferStep,
) -> Result<Answer<OfferDto>, Failure> {
    let (portal, seller) = portal_for_seller(tx, command, portal).await?;
    let mut held = offer::lock(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    held.row.state = OfferState::parse(&held.row.state)?.after(step)?.code().to_owned();
    let kind = match step {
        OfferStep::Publish => "offer.published",
        OfferStep::Withdraw => "offer.withdrawn",
    };
    save(tx, command, held, kind).await
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: OfferId,
) -> Result<(OfferDto, i64), Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let found = offer::load(connection, &[id.0]).await?.pop();
    let own = found.filter(|offer| offer.row.seller_id == seller.0 && offer.row.portal_id == seen.id.0);
    let offer = own.ok_or_else(unknown)?;
    Ok((OfferDto::of(&offer)?, offer.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    page: &Page,
) -> Result<List<OfferDto>, Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let found = offer::list(connection, seen.id, seller, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(OfferDto::of).collect();
    Ok(List { items: items?, next: found.next })
}

async fn save(
    tx: &mut Connection,
    command: &Command,
    mut changed: Offer,
    kind: &'static str,
) -> Result<Answer<OfferDto>, Failure> {
    changed.row.version += 1;
    offer::update(tx, &changed.row, &changed.tiers).await?;
    event(command, kind, &changed);
    Ok(Answer::ok(OfferDto::of(&changed)?).version(changed.row.version))
}

fn tier_rows(offer: Uuid, tiers: &Tiers) -> Vec<TierRow> {
    let row = |tier: &domain::catalogue::Tier| TierRow {
        offer_id: offer,
        from_quantity: tier.from,
        unit_price: tier.unit_price.amount(),
    };
    tiers.as_slice().iter().map(row).collect()
}

fn event(command: &Command, kind: &'static str, offer: &Offer) {
    let subject = Subject { kind: "offer", id: offer.row.id, version: offer.row.version };
    let data = json!({"product_id": offer.row.product_id, "state": offer.row.state});
    command.event(kind, subject, Some(offer.row.portal_id), &[offer.row.seller_id], data);
}
