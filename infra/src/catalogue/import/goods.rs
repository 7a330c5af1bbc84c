//! The goods of a seller by their numbers, many at once.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Failure;
use crate::catalogue::offer::{OfferRow, TierRow};
use crate::catalogue::product::{ProductRow, StockRow};
use crate::db::Connection;
use crate::schema::{category, offer, offer_tier, product, stock};

/// A product with its stock, and its offer on one portal.
#[derive(Debug, Clone)]
pub struct Goods {
    pub product: ProductRow,
    pub stock: StockRow,
    pub offer: Option<(OfferRow, Vec<TierRow>)>,
    /// Where the prices begin on each portal that it is offered on.
    pub first_tiers: Vec<(Uuid, Decimal)>,
}

/// The goods with these numbers, as far as they are there, with their offers on the portal.
pub async fn by_sku(
    connection: &Connection,
    seller: OrganisationId,
    skus: &[&str],
    portal: Option<PortalId>,
) -> Result<HashMap<String, Goods>, Failure> {
    let named = product::seller_id.eq(seller.0).and(product::sku.eq_any(skus));
    let products = product::table
        .inner_join(stock::table.on(stock::product_id.eq(product::id)))
        .filter(named.clone())
        .select((ProductRow::as_select(), StockRow::as_select()));
    let offered = offer::table.inner_join(product::table.on(product::id.eq(offer::product_id))).filter(named.clone());
    let offers = offered.clone().filter(offer::portal_id.nullable().eq(portal.map(|id| id.0)));
    let tiers = offer_tier::table
        .inner_join(offer::table.on(offer::id.eq(offer_tier::offer_id)))
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .filter(named)
        .order((offer_tier::offer_id, offer_tier::from_quantity))
        .select((offer::product_id, offer::portal_id, TierRow::as_select()));
    let offers = offers.select(OfferRow::as_select());
    let (products, offers, tiers) = futures::try_join!(
        products.load::<(ProductRow, StockRow)>(&mut &*connection),
        offers.load::<OfferRow>(&mut &*connection),
        tiers.load::<(Uuid, Uuid, TierRow)>(&mut &*connection),
    )?;
    Ok(joined(products, offers, tiers))
}

fn joined(
    products: Vec<(ProductRow, StockRow)>,
    offers: Vec<OfferRow>,
    tiers: Vec<(Uuid, Uuid, TierRow)>,
) -> HashMap<String, Goods> {
    let mut of_product: HashMap<Uuid, Vec<(Uuid, TierRow)>> = HashMap::new();
    for (product, portal, tier) in tiers {
        of_product.entry(product).or_default().push((portal, tier));
    }
    let mut offers: HashMap<Uuid, OfferRow> = offers.into_iter().map(|offer| (offer.product_id, offer)).collect();
    let goods = |(product, stock): (ProductRow, StockRow)| {
        let tiers = of_product.remove(&product.id).unwrap_or_default();
        let mut first_tiers: Vec<(Uuid, Decimal)> =
            tiers.iter().map(|(portal, tier)| (*portal, tier.from_quantity)).collect();
        // They come in the order of offer and quantity.
        first_tiers.dedup_by_key(|(portal, _)| *portal);
        let offer = offers.remove(&product.id).map(|offer| {
            let own = tiers.into_iter().filter(|(_, tier)| tier.offer_id == offer.id).map(|(_, tier)| tier).collect();
            (offer, own)
        });
        (product.sku.clone(), Goods { product, stock, offer, first_tiers })
    };
    products.into_iter().map(goods).collect()
}

/// Holds products, offers and stock until the transaction ends, each in the order of their ids. Orders go on reading them.
pub async fn hold(tx: &mut Connection, products: &[Uuid], offers: &[Uuid], stocks: &[Uuid]) -> Result<(), Failure> {
    if !products.is_empty() {
        let query = product::table.filter(product::id.eq_any(products)).order(product::id).select(product::id);
        query.for_no_key_update().load::<Uuid>(tx).await?;
    }
    if !offers.is_empty() {
        let query = offer::table.filter(offer::id.eq_any(offers)).order(offer::id).select(offer::id);
        query.for_no_key_update().load::<Uuid>(tx).await?;
    }
    if !stocks.is_empty() {
        let query = stock::table.filter(stock::product_id.eq_any(stocks)).order(stock::product_id);
        query.select(stock::product_id).for_no_key_update().load::<Uuid>(tx).await?;
    }
    Ok(())
}

/// The ids of categories by their codes.
pub async fn categories(connection: &Connection, codes: &[&str]) -> Result<HashMap<String, Uuid>, Failure> {
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let query = category::table.filter(category::code.eq_any(codes)).select((category::code, category::id));
    Ok(query.load::<(String, Uuid)>(&mut &*connection).await?.into_iter().collect())
}

/// The goods of a seller in the order of their making, behind one of them, with their offers on the portal; and the last of them where
/// there may be more.
pub async fn page(
    connection: &Connection,
    seller: OrganisationId,
    portal: Option<PortalId>,
    after: Uuid,
    limit: i64,
) -> Result<(Vec<Goods>, Option<Uuid>), Failure> {
    let query = product::table
        .filter(product::seller_id.eq(seller.0).and(product::archived_at.is_null()).and(product::id.gt(after)))
        .order(product::id)
        .limit(limit)
        .select(product::id);
    let ids: Vec<Uuid> = query.load(&mut &*connection).await?;
    let more = usize::try_from(limit).is_ok_and(|limit| ids.len() == limit);
    let mut found: Vec<Goods> = by_id(connection, &ids, portal).await?.into_values().collect();
    found.sort_by_key(|goods| goods.product.id);
    Ok((found, ids.last().copied().filter(|_| more)))
}

/// These goods with their offers on the portal.
async fn by_id(
    connection: &Connection,
    ids: &[Uuid],
    portal: Option<PortalId>,
) -> Result<HashMap<String, Goods>, Failure> {
    let products = product::table
        .inner_join(stock::table.on(stock::product_id.eq(product::id)))
        .filter(product::id.eq_any(ids))
        .select((ProductRow::as_select(), StockRow::as_select()));
    let offers = offer::table
        .filter(offer::product_id.eq_any(ids))
        .filter(offer::portal_id.nullable().eq(portal.map(|id| id.0)))
        .select(OfferRow::as_select());
    let tiers = offer_tier::table
        .inner_join(offer::table.on(offer::id.eq(offer_tier::offer_id)))
        .filter(offer::product_id.eq_any(ids))
        .order((offer_tier::offer_id, offer_tier::from_quantity))
        .select((offer::product_id, offer::portal_id, TierRow::as_select()));
    let (products, offers, tiers) = futures::try_join!(
        products.load::<(ProductRow, StockRow)>(&mut &*connection),
        offers.load::<OfferRow>(&mut &*connection),
        tiers.load::<(Uuid, Uuid, TierRow)>(&mut &*connection),
    )?;
    Ok(joined(products, offers, tiers))
}

/// The codes of categories by their ids.
pub async fn category_codes(connection: &Connection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Failure> {
    let query = category::table.filter(category::id.eq_any(ids)).select((category::id, category::code));
    Ok(query.load::<(Uuid, String)>(&mut &*connection).await?.into_iter().collect())
}

/// The keys of what the goods of a seller have by key.
#[derive(Debug, Default)]
pub struct Keys {
    pub names: Vec<String>,
    pub descriptions: Vec<String>,
    pub attributes: Vec<String>,
    pub codes: Vec<String>,
    pub packs: Vec<String>,
}

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = diesel::sql_types::Text)]
    key: String,
}

/// Which languages, attributes and code lists the goods of a seller have.
pub async fn keys(connection: &Connection, seller: OrganisationId) -> Result<Keys, Failure> {
    let of = |source: &str| {
        let query = format!("SELECT DISTINCT {source} WHERE p.seller_id = $1 AND p.archived_at IS NULL ORDER BY 1",);
        async move {
            let query = diesel::sql_query(query).bind::<diesel::sql_types::Uuid, _>(seller.0);
            query.load::<Key>(&mut &*connection).await
        }
    };
    let (names, descriptions, attributes, codes, packs) = futures::try_join!(
        of("jsonb_object_keys(p.name) AS key FROM product p"),
        of("jsonb_object_keys(p.description) AS key FROM product p"),
        of("jsonb_object_keys(p.attributes) AS key FROM product p"),
        of("l.key FROM product p JOIN product_code c ON c.product_id = p.id JOIN code_list l ON l.id = c.code_list_id"),
        of("e ->> 'unit' AS key FROM product p CROSS JOIN jsonb_array_elements(p.packs) e"),
    )?;
    let keys = |found: Vec<Key>| found.into_iter().map(|one| one.key).collect();
    Ok(Keys {
        names: keys(names),
        descriptions: keys(descriptions),
        attributes: keys(attributes),
        codes: keys(codes),
        packs: keys(packs),
    })
}
