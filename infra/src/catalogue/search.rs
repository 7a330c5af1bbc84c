//! The catalogue of a portal as buyers read it.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Numeric, Text};
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::offer::{OfferRow, TierRow};
use super::product::{ProductRow, StockRow};
use super::visibility::SeenBy;
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{offer, offer_tier, organisation, product, stock};

/// Which offers are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Search {
    /// Words, in Russian or English.
    pub words: Option<String>,
    pub category: Option<Uuid>,
    pub seller: Option<Uuid>,
    /// Only what can be had at once.
    pub available: bool,
    /// By the name in this language instead of the order of publication.
    pub by_name: Option<String>,
}

/// An offer as it stands in a catalogue.
#[derive(Debug, Clone)]
pub struct Listed {
    pub offer: OfferRow,
    pub product: ProductRow,
    pub stock: StockRow,
    pub seller_name: String,
    pub tiers: Vec<TierRow>,
}

type Found = (OfferRow, ProductRow, StockRow, String);
type Row<T> = diesel::dsl::AsSelect<T, diesel::pg::Pg>;
type Columns = (Row<OfferRow>, Row<ProductRow>, Row<StockRow>, organisation::legal_name);

/// A page of the offers of a portal that the reader may see.
pub async fn page(
    connection: &mut Connection,
    portal: PortalId,
    seen: SeenBy,
    search: &Search,
    page: &Page,
) -> Result<List<Listed>, Failure> {
    let mut query = published(portal, seen).limit(page.rows()).into_boxed();
    if let Some(words) = &search.words {
        let matches = sql::<Bool>("product.search @@ (websearch_to_tsquery('russian', ")
            .bind::<Text, _>(words.clone())
            .sql(") || websearch_to_tsquery('english', ")
            .bind::<Text, _>(words.clone())
            .sql(") || websearch_to_tsquery('simple', ")
            .bind::<Text, _>(words.clone())
            .sql("))");
        query = query.filter(matches);
    }
    if let Some(category) = search.category {
        query = query.filter(product::category_id.eq(category));
    }
    if let Some(seller) = search.seller {
        query = query.filter(offer::seller_id.eq(seller));
    }
    if search.available {
        query = query.filter(stock::on_hand.gt(stock::reserved));
    }
    let name = |language: &str| {
        sql::<Text>("coalesce(product.name ->> ")
            .bind::<Text, _>(language.to_owned())
            .sql(", product.name ->> 'en', product.sku) COLLATE \"C\"")
    };
    match (&search.by_name, &page.after) {
        (Some(language), Some(after)) => {
            let beyond = name(language)
                .gt(after.key.clone())
                .or(name(language).eq(after.key.clone()).and(offer::id.gt(after.id)));
            query = query.filter(beyond).order((name(language), offer::id));
        }
        (Some(language), None) => query = query.order((name(language), offer::id)),
        (None, Some(after)) => query = query.filter(offer::id.gt(after.id)).order(offer::id),
        (None, None) => query = query.order(offer::id),
    }
    let found: Vec<Found> = query.load(connection).await?;
    let list = page.cut(found, |(offer, product, ..)| After { key: key_of(product, search), id: offer.id });
    Ok(List { items: with_tiers(connection, list.items).await?, next: list.next })
}

/// One offer that the reader may see.
pub async fn find(
    connection: &mut Connection,
    portal: PortalId,
    seen: SeenBy,
    id: Uuid,
) -> Result<Option<Listed>, Failure> {
    let found: Option<Found> = published(portal, seen).filter(offer::id.eq(id)).first(connection).await.optional()?;
    Ok(with_tiers(connection, found.into_iter().collect()).await?.pop())
}

/// What is free of some products at the moment.
pub async fn available(connection: &mut Connection, products: &[Uuid]) -> Result<Vec<(Uuid, Decimal)>, Failure> {
    let free = sql::<Numeric>("stock.on_hand - stock.reserved");
    let query = stock::table.filter(stock::product_id.eq_any(products)).select((stock::product_id, free));
    Ok(query.load(connection).await?)
}

#[diesel::dsl::auto_type]
fn published(portal: PortalId, seen: SeenBy) -> _ {
    let id: Uuid = portal.0;
    let rows: Columns =
        (OfferRow::as_select(), ProductRow::as_select(), StockRow::as_select(), organisation::legal_name);
    offer::table
        .inner_join(product::table.on(product::id.eq(offer::product_id)))
        .inner_join(stock::table.on(stock::product_id.eq(offer::product_id)))
        .inner_join(organisation::table.on(organisation::id.eq(offer::seller_id)))
        .filter(offer::portal_id.eq(id))
        .filter(seen)
        .filter(organisation::state.eq("verified"))
        .filter(product::archived_at.is_null())
        .select(rows)
}

/// The sort key as SQL sees it, so that the next page begins where this one ended.
fn key_of(product: &ProductRow, search: &Search) -> String {
    let Some(language) = &search.by_name else { return String::new() };
    let name = |language: &str| product.name.get(language).and_then(|text| text.as_str()).map(str::to_owned);
    name(language).or_else(|| name("en")).unwrap_or_else(|| product.sku.clone())
}

async fn with_tiers(connection: &mut Connection, found: Vec<Found>) -> Result<Vec<Listed>, Failure> {
    let ids: Vec<Uuid> = found.iter().map(|(offer, ..)| offer.id).collect();
    let tiers: Vec<TierRow> = offer_tier::table
        .filter(offer_tier::offer_id.eq_any(&ids))
        .order((offer_tier::offer_id, offer_tier::from_quantity))
        .select(TierRow::as_select())
        .load(connection)
        .await?;
    let listed = |(offer, product, stock, seller_name): Found| Listed {
        tiers: tiers.iter().filter(|tier| tier.offer_id == offer.id).cloned().collect(),
        offer,
        product,
        stock,
        seller_name,
    };
    Ok(found.into_iter().map(listed).collect())
}
