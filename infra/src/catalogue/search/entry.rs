//! Offers as they stand in a catalogue.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::catalogue::catch_weight::CatchWeightRow;
use crate::catalogue::lot;
use crate::catalogue::offer::{OfferRow, TierRow};
use crate::catalogue::product::{ProductRow, StockRow};
use crate::catalogue::visibility::SeenBy;
use crate::db::Connection;
use crate::schema::{catch_weight, offer, offer_tier, organisation, product, stock};

/// An offer as it stands in a catalogue.
#[derive(Debug, Clone)]
pub struct Listed {
    pub offer: OfferRow,
    pub product: ProductRow,
    pub stock: StockRow,
    pub seller_name: String,
    pub tiers: Vec<TierRow>,
    /// How the product is weighed, if it is.
    pub weight: Option<CatchWeightRow>,
    /// How much of the stock has expired.
    pub expired: Decimal,
}

impl Listed {
    /// What can be had at once.
    pub fn available(&self) -> Decimal {
        (self.stock.on_hand - self.stock.reserved - self.expired).max(Decimal::ZERO)
    }
}

/// What is read of offers beside their rows.
type Beside = (Vec<TierRow>, HashMap<Uuid, Decimal>);

type Found = (OfferRow, ProductRow, StockRow, String, Option<CatchWeightRow>);
type Row<T> = diesel::dsl::AsSelect<T, diesel::pg::Pg>;
type Columns = (Row<OfferRow>, Row<ProductRow>, Row<StockRow>, organisation::legal_name, Row<Option<CatchWeightRow>>);

/// These offers of a portal, in this order, as far as the reader may see them now.
pub async fn listed(
    connection: &Connection,
    portal: PortalId,
    seen: SeenBy,
    ids: &[Uuid],
) -> Result<Vec<Listed>, Failure> {
    let found = published(portal, seen).filter(offer::id.eq_any(ids)).load::<Found>(&mut &*connection);
    let (found, beside) = futures::try_join!(async { Ok(found.await?) }, beside(connection, seen, ids))?;
    let mut listed = with(found, &beside);
    let place: HashMap<Uuid, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    listed.sort_by_key(|one| place.get(&one.offer.id).copied());
    Ok(listed)
}

/// One offer that the reader may see.
pub async fn find(
    connection: &Connection,
    portal: PortalId,
    seen: SeenBy,
    id: Uuid,
) -> Result<Option<Listed>, Failure> {
    let found: Option<Found> =
        published(portal, seen).filter(offer::id.eq(id)).first(&mut &*connection).await.optional()?;
    let Some(found) = found else { return Ok(None) };
    let beside = beside(connection, seen, &[found.0.id]).await?;
    Ok(with(vec![found], &beside).pop())
}

/// Brings up to date at most so many entries whose words begin or cease to count because a time has come: those of offers that were
/// published or withdrawn by the clock. Says whether there were any.
pub async fn keep_time(connection: &mut Connection, most: i64) -> Result<bool, Failure> {
    let query = sql_query(
        "SELECT catalogue_entry_refresh(ids) FROM (SELECT ARRAY(
             (SELECT id FROM catalogue_entry WHERE names = '' AND audience = 'everyone' AND publish_at <= now()
                AND (withdraw_at IS NULL OR withdraw_at > now()) LIMIT $1)
             UNION ALL (SELECT id FROM catalogue_entry WHERE names <> '' AND withdraw_at <= now() LIMIT $1)) AS ids) due
         WHERE ids <> '{}'",
    );
    Ok(query.bind::<BigInt, _>(most).execute(connection).await? > 0)
}

#[diesel::dsl::auto_type]
fn published(portal: PortalId, seen: SeenBy) -> _ {
    let id: Uuid = portal.0;
    let rows: Columns = (
        OfferRow::as_select(),
        ProductRow::as_select(),
        StockRow::as_select(),
        organisation::legal_name,
        Option::<CatchWeightRow>::as_select(),
    );
    offer::table
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .inner_join(stock::table.on(stock::product_id.eq(offer::product_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .left_join(catch_weight::table.on(catch_weight::product_id.eq(offer::product_id)))
        .filter(offer::portal_id.eq(id))
        .filter(seen)
        .filter(organisation::state.eq("verified"))
        .filter(product::archived_at.is_null())
        .select(rows)
}

async fn beside(connection: &Connection, seen: SeenBy, offers: &[Uuid]) -> Result<Beside, Failure> {
    futures::try_join!(tiers(connection, offers), lot::expired_of_offers(connection, offers, *seen.today()))
}

async fn tiers(connection: &Connection, offers: &[Uuid]) -> Result<Vec<TierRow>, Failure> {
    let query = offer_tier::table
        .filter(offer_tier::offer_id.eq_any(offers))
        .order((offer_tier::offer_id, offer_tier::from_quantity))
        .select(TierRow::as_select());
    Ok(query.load(&mut &*connection).await?)
}

fn with(found: Vec<Found>, (tiers, expired): &Beside) -> Vec<Listed> {
    let listed = |(offer, product, stock, seller_name, weight): Found| Listed {
        expired: expired.get(&product.id).copied().unwrap_or_default(),
        tiers: tiers.iter().filter(|tier| tier.offer_id == offer.id).cloned().collect(),
        offer,
        product,
        stock,
        seller_name,
        weight,
    };
    found.into_iter().map(listed).collect()
}
