//! What a seller does with offers.

use std::collections::HashMap;

use domain::catalogue::{OfferState, OfferStep, Schedule, Shown, Tiers};
use domain::kernel::{Faults, OfferId, OrganisationId, PortalId, ProductId, Refusal, Timestamp};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::audience::{self, Audience};
use infra::catalogue::offer::{self, Offer, OfferRow, TierRow};
use infra::catalogue::product;
use infra::db::Connection;
use infra::db::page::{List, Page};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{NewOffer, OfferDto, OfferPrices};
use crate::catalogue::pricing::{TierDto, parse_tiers, tiers_dto, tiers_of};
use crate::catalogue::rights;
use crate::catalogue::visibility::AudienceDto;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::portal::access;

fn unknown() -> Refusal {
    Refusal::not_found("offer")
}

/// The portal, for a seller who may sell there.
pub async fn portal_for_seller(
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
    let product = product::hold(tx, seller, ProductId(new.product_id)).await?.ok_or_else(no_product)?;
    if product.archived_at.is_some() {
        return Err(Refusal::fault("/product_id", "archived", "The product is archived.").into());
    }
    let draft = Schedule { state: OfferState::Draft, publish_at: None, withdraw_at: None };
    let wanted = Terms::of(&new.tiers, new.audience.as_ref(), new.publish_at, new.withdraw_at);
    let checked = check(tx, seller, &wanted, draft, product.minimum_order, command.at).await?;
    let mut plan = checked.schedule;
    if new.publish && plan.shown(command.at) == Shown::Draft {
        plan = plan.step(OfferStep::Publish, command.at)?;
    }
    let row = OfferRow {
        id: command.id(),
        portal_id: portal.0,
        product_id: product.id,
        seller_id: seller.0,
        currency: checked.tiers.currency().code().to_owned(),
        state: plan.state.code().to_owned(),
        version: 1,
        created_at: command.at,
        audience: code_of(checked.chosen.as_ref()).to_owned(),
        publish_at: plan.publish_at,
        withdraw_at: plan.withdraw_at,
    };
    let offer = Offer { tiers: tier_rows(row.id, &checked.tiers), row, product, seller_trades: true, weight: None };
    offer::insert(tx, &offer.row, &offer.tiers).await?;
    if let Some(chosen) = &checked.chosen {
        audience::replace(tx, offer.row.id, chosen).await?;
    }
    let kind = match plan.shown(command.at) {
        Shown::Published => "offer.published",
        Shown::Scheduled => "offer.scheduled",
        Shown::Draft | Shown::Withdrawn => "offer.created",
    };
    event(command, kind, &offer);
    let location = format!("/v1/portals/{portal}/offers/{}", offer.row.id);
    Ok(Answer::created(location, OfferDto::of(&offer, checked.chosen, command.at)?).version(1))
}

/// Other prices, another audience, other times; the next order is under these.
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
    let chosen = chosen_of(tx, &held).await?;
    let before = OfferPrices {
        tiers: tiers_dto(&tiers_of(&held.tiers, &held.row.currency)?),
        audience: chosen.clone().map(AudienceDto::from),
        publish_at: held.row.publish_at,
        withdraw_at: held.row.withdraw_at,
    };
    let after = patch.apply(&before)?;
    let wanted = Terms::of(&after.tiers, after.audience.as_ref(), after.publish_at, after.withdraw_at);
    let checked = check(tx, seller, &wanted, schedule(&held.row)?, held.product.minimum_order, command.at).await?;
    held.row.currency = checked.tiers.currency().code().to_owned();
    held.tiers = tier_rows(held.row.id, &checked.tiers);
    held.row.audience = code_of(checked.chosen.as_ref()).to_owned();
    if checked.chosen != chosen {
        audience::replace(tx, held.row.id, &checked.chosen.clone().unwrap_or_default()).await?;
    }
    set_schedule(&mut held.row, checked.schedule);
    save(tx, command, held, checked.chosen, "offer.changed").await
}

/// Publishes or withdraws an offer. Who may not sell on the portal any more can still withdraw.
pub async fn step(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    id: OfferId,
    step: OfferStep,
) -> Result<Answer<OfferDto>, Failure> {
    let (portal, seller) = match step {
        OfferStep::Publish => portal_for_seller(tx, command, portal).await?,
        OfferStep::Withdraw => {
            let seen = access::look(tx, portal, command.by.organisation_id(), Function::Catalogue).await?;
            let seller = command.by.require(rights::OFFER)?;
            if seen.standing.is_none() {
                access::may(&seen, Capability::Sell)?;
            }
            (seen.id, seller)
        }
    };
    let mut held = offer::lock(tx, portal, seller, id).await?.ok_or_else(unknown)?;
    let after = schedule(&held.row)?.step(step, command.at)?;
    set_schedule(&mut held.row, after);
    let kind = match step {
        OfferStep::Publish => "offer.published",
        OfferStep::Withdraw => "offer.withdrawn",
    };
    let chosen = chosen_of(tx, &held).await?;
    save(tx, command, held, chosen, kind).await
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    id: OfferId,
    at: Timestamp,
) -> Result<(OfferDto, i64), Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let found = offer::load(connection, &[id.0]).await?.pop();
    let own = found.filter(|offer| offer.row.seller_id == seller.0 && offer.row.portal_id == seen.id.0);
    let offer = own.ok_or_else(unknown)?;
    let chosen = chosen_of(connection, &offer).await?;
    Ok((OfferDto::of(&offer, chosen, at)?, offer.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    portal: &str,
    page: &Page,
    at: Timestamp,
) -> Result<List<OfferDto>, Failure> {
    let seen = access::look(connection, portal, by.organisation_id(), Function::Catalogue).await?;
    let seller = by.require(rights::READ)?;
    let found = offer::list(connection, seen.id, seller, page).await?;
    let restricted: Vec<Uuid> =
        found.items.iter().filter(|offer| offer.row.audience == CHOSEN).map(|offer| offer.row.id).collect();
    let audiences = audience::of_offers(connection, &restricted).await?;
    let mut chosen: HashMap<Uuid, Audience> = restricted.into_iter().zip(audiences).collect();
    let items: Result<Vec<_>, _> =
        found.items.iter().map(|offer| OfferDto::of(offer, chosen.remove(&offer.row.id), at)).collect();
    Ok(List { items: items?, next: found.next })
}

/// What a seller says of an offer.
struct Terms<'a> {
    tiers: &'a [TierDto],
    audience: Option<&'a AudienceDto>,
    publish_at: Option<Timestamp>,
    withdraw_at: Option<Timestamp>,
}

impl<'a> Terms<'a> {
    fn of(
        tiers: &'a [TierDto],
        audience: Option<&'a AudienceDto>,
        publish_at: Option<Timestamp>,
        withdraw_at: Option<Timestamp>,
    ) -> Self {
        Self { tiers, audience, publish_at, withdraw_at }
    }
}

/// Terms that are good.
struct Checked {
    tiers: Tiers,
    chosen: Option<Audience>,
    schedule: Schedule,
}

/// Checks the terms as a whole; all faults at once.
async fn check(
    tx: &mut Connection,
    seller: OrganisationId,
    terms: &Terms<'_>,
    before: Schedule,
    minimum: Decimal,
    at: Timestamp,
) -> Result<Checked, Failure> {
    let mut faults = Faults::default();
    let tiers = parse_tiers(terms.tiers, "/tiers").map_err(|refusal| faults.0.extend(refusal.faults)).ok();
    if let Some(tiers) = &tiers {
        faults.keep("/tiers/0/from", tiers.check_minimum(minimum));
    }
    let chosen = match terms.audience {
        Some(audience) => Some(audience.check(tx, seller, "/audience", &mut faults).await?),
        None => None,
    };
    let schedule = before.plan(terms.publish_at, terms.withdraw_at, at);
    let schedule = schedule.map_err(|(pointer, invalid)| faults.add(pointer, invalid.code, invalid.detail)).ok();
    faults.result()?;
    match (tiers, schedule) {
        (Some(tiers), Some(schedule)) => Ok(Checked { tiers, chosen, schedule }),
        _ => Err(Failure::broken("terms without faults and without a value")),
    }
}

/// The mark of an offer that is not for everyone.
const CHOSEN: &str = "chosen";

fn code_of(chosen: Option<&Audience>) -> &'static str {
    if chosen.is_some() { CHOSEN } else { "everyone" }
}

async fn chosen_of(connection: &Connection, offer: &Offer) -> Result<Option<Audience>, Failure> {
    if offer.row.audience != CHOSEN {
        return Ok(None);
    }
    Ok(audience::of_offers(connection, &[offer.row.id]).await?.pop())
}

/// The state of an offer with its times.
pub fn schedule(row: &OfferRow) -> Result<Schedule, Failure> {
    let state = OfferState::parse(&row.state)?;
    Ok(Schedule { state, publish_at: row.publish_at, withdraw_at: row.withdraw_at })
}

/// Keeps where an offer stands.
pub fn set_schedule(row: &mut OfferRow, schedule: Schedule) {
    row.state = schedule.state.code().to_owned();
    row.publish_at = schedule.publish_at;
    row.withdraw_at = schedule.withdraw_at;
}

async fn save(
    tx: &mut Connection,
    command: &Command,
    mut changed: Offer,
    chosen: Option<Audience>,
    kind: &'static str,
) -> Result<Answer<OfferDto>, Failure> {
    changed.row.version += 1;
    offer::update(tx, &changed.row, &changed.tiers).await?;
    event(command, kind, &changed);
    Ok(Answer::ok(OfferDto::of(&changed, chosen, command.at)?).version(changed.row.version))
}

/// Prices as they are kept.
pub fn tier_rows(offer: Uuid, tiers: &Tiers) -> Vec<TierRow> {
    let row = |tier: &domain::catalogue::Tier| TierRow {
        offer_id: offer,
        from_quantity: tier.from,
        unit_price: tier.unit_price.amount(),
    };
    tiers.as_slice().iter().map(row).collect()
}

/// The prices of an offer as they are kept then, if these are others than it has.
pub fn repriced(offer: &OfferRow, old: &[TierRow], tiers: &Tiers) -> Option<Vec<TierRow>> {
    let new = tier_rows(offer.id, tiers);
    let key = |tier: &TierRow| (tier.from_quantity, tier.unit_price);
    let same = new.iter().map(key).eq(old.iter().map(key)) && tiers.currency().code() == offer.currency;
    (!same).then_some(new)
}

fn event(command: &Command, kind: &'static str, offer: &Offer) {
    let subject = Subject { kind: "offer", id: offer.row.id, version: offer.row.version };
    let data = json!({"product_id": offer.row.product_id, "state": offer.row.state});
    command.event(kind, subject, Some(offer.row.portal_id), &[offer.row.seller_id], data);
}
