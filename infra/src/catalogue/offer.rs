//! Offers: products put on a portal, with prices by volume.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OfferId, OrganisationId, PortalId, Refusal, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::catch_weight::CatchWeightRow;
use super::product::ProductRow;
use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{catch_weight, offer, offer_tier, organisation, product};

/// An offer without its prices.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = offer, treat_none_as_default_value = false)]
pub struct OfferRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    pub product_id: Uuid,
    pub seller_id: Uuid,
    pub currency: String,
    pub state: String,
    pub version: i64,
    pub created_at: Timestamp,
    /// `everyone`, or `chosen`: see `audience`.
    pub audience: String,
    pub publish_at: Option<Timestamp>,
    pub withdraw_at: Option<Timestamp>,
}

/// From which quantity on which price holds.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = offer_tier, treat_none_as_default_value = false)]
pub struct TierRow {
    pub offer_id: Uuid,
    pub from_quantity: Decimal,
    pub unit_price: Decimal,
}

/// An offer with the product behind it and its own prices, lowest quantity first.
#[derive(Debug, Clone)]
pub struct Offer {
    pub row: OfferRow,
    pub product: ProductRow,
    /// The seller is verified now.
    pub seller_trades: bool,
    pub tiers: Vec<TierRow>,
    /// How the product is weighed, if it is.
    pub weight: Option<CatchWeightRow>,
}

/// Keeps a new offer. A product is on a portal at most once.
pub async fn insert(tx: &mut Connection, new: &OfferRow, tiers: &[TierRow]) -> Result<(), Failure> {
    let inserted = diesel::insert_into(offer::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "offer_product_once", || {
        Refusal::new(Kind::AlreadyExists, "The product is on offer on this portal already.")
    })?;
    diesel::insert_into(offer_tier::table).values(tiers).execute(tx).await?;
    Ok(())
}

/// Keeps all that can change of an offer, but for its audience's members. Prices that stay are not written, so that the past holds
/// what has changed.
pub async fn update(tx: &mut Connection, changed: &OfferRow, tiers: &[TierRow]) -> Result<(), Failure> {
    diesel::update(offer::table.find(changed.id))
        .set((
            offer::state.eq(&changed.state),
            offer::currency.eq(&changed.currency),
            offer::audience.eq(&changed.audience),
            offer::publish_at.eq(changed.publish_at),
            offer::withdraw_at.eq(changed.withdraw_at),
            offer::version.eq(changed.version),
        ))
        .execute(tx)
        .await?;
    let kept = offer_tier::table.filter(offer_tier::offer_id.eq(changed.id)).order(offer_tier::from_quantity);
    if kept.select(TierRow::as_select()).load(tx).await? == tiers {
        return Ok(());
    }
    diesel::delete(offer_tier::table.filter(offer_tier::offer_id.eq(changed.id))).execute(tx).await?;
    diesel::insert_into(offer_tier::table).values(tiers).execute(tx).await?;
    Ok(())
}

/// An offer of this seller on this portal, held with its product until the transaction ends; the product first, as by all who hold
/// both.
pub async fn lock(
    tx: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    id: OfferId,
) -> Result<Option<Offer>, Failure> {
    let of_offer = offer::table
        .filter(offer::id.eq(id.0).and(offer::portal_id.eq(portal.0)).and(offer::seller_id.eq(seller.0)))
        .select(offer::product_id);
    let its_product = product::table.filter(product::id.eq_any(of_offer)).select(product::id).for_no_key_update();
    its_product.first::<Uuid>(tx).await.optional()?;
    let held = offer::table
        .filter(offer::id.eq(id.0).and(offer::portal_id.eq(portal.0)).and(offer::seller_id.eq(seller.0)))
        .select(offer::id)
        .for_no_key_update()
        .first::<Uuid>(tx)
        .await
        .optional()?;
    match held {
        Some(id) => Ok(load(tx, &[id]).await?.pop()),
        None => Ok(None),
    }
}

/// These offers, in any state, whoever's they are.
pub async fn load(connection: &Connection, ids: &[Uuid]) -> Result<Vec<Offer>, Failure> {
    let offers = offer::table
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .left_join(catch_weight::table.on(catch_weight::product_id.eq(offer::product_id)))
        .filter(offer::id.eq_any(ids))
        .select((
            OfferRow::as_select(),
            ProductRow::as_select(),
            organisation::state.eq("verified"),
            Option::<CatchWeightRow>::as_select(),
        ));
    let tiers = offer_tier::table
        .filter(offer_tier::offer_id.eq_any(ids))
        .order((offer_tier::offer_id, offer_tier::from_quantity))
        .select(TierRow::as_select());
    type Found = (OfferRow, ProductRow, bool, Option<CatchWeightRow>);
    let (offers, tiers): (Vec<Found>, Vec<TierRow>) =
        futures::try_join!(offers.load(&mut &*connection), tiers.load(&mut &*connection))?;
    // They come in the order of the offers.
    let tiers_of = |id: Uuid| {
        let from = tiers.partition_point(|tier| tier.offer_id < id);
        let until = tiers.partition_point(|tier| tier.offer_id <= id);
        tiers[from..until].to_vec()
    };
    let with_tiers = |(row, product, seller_trades, weight): Found| Offer {
        seller_trades,
        weight,
        tiers: tiers_of(row.id),
        row,
        product,
    };
    Ok(offers.into_iter().map(with_tiers).collect())
}

/// Since when an offer that is published is open to a reader who sees it. One who sees it as a member of buyer groups alone does so since
/// the first of them took it in.
pub async fn open_since(
    connection: &mut Connection,
    id: OfferId,
    reader: Option<OrganisationId>,
) -> Result<Option<Timestamp>, Failure> {
    #[derive(QueryableByName)]
    struct Open {
        #[diesel(sql_type = Nullable<Timestamptz>)]
        since: Option<Timestamp>,
    }
    let query = diesel::sql_query(
        "SELECT CASE WHEN o.audience = 'everyone' OR EXISTS (SELECT FROM offer_organisation c WHERE c.offer_id = o.id AND c.organisation_id = $2)
             THEN o.open_since
             ELSE greatest(o.open_since, (SELECT min(m.since) FROM offer_buyer_group g
                 JOIN buyer_group_member m ON m.buyer_group_id = g.buyer_group_id WHERE g.offer_id = o.id AND m.organisation_id = $2))
             END AS since
         FROM offer o WHERE o.id = $1 AND o.open_since IS NOT NULL",
    );
    let reader = reader.map(|id| id.0).unwrap_or_default();
    let found: Option<Open> =
        query.bind::<SqlUuid, _>(id.0).bind::<SqlUuid, _>(reader).get_result(connection).await.optional()?;
    Ok(found.and_then(|open| open.since))
}

/// The offers of a seller on a portal.
pub async fn list(
    connection: &mut Connection,
    portal: PortalId,
    seller: OrganisationId,
    page: &Page,
) -> Result<List<Offer>, Failure> {
    let mut query = offer::table
        .filter(offer::portal_id.eq(portal.0).and(offer::seller_id.eq(seller.0)))
        .order(offer::id)
        .limit(page.rows())
        .select(offer::id)
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(offer::id.gt(after));
    }
    let ids = page.cut_by_id(query.load::<Uuid>(connection).await?, |id| *id);
    let mut items = load(connection, &ids.items).await?;
    items.sort_by_key(|offer| offer.row.id);
    Ok(List { items, next: ids.next })
}

/// The offers of a product on all portals.
pub async fn of_product(tx: &mut Connection, product: domain::kernel::ProductId) -> Result<Vec<Offer>, Failure> {
    let ids: Vec<Uuid> = offer::table.filter(offer::product_id.eq(product.0)).select(offer::id).load(tx).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    load(tx, &ids).await
}
