//! The catalogue in JSON.

use std::collections::BTreeMap;

use domain::catalogue::caller_price;
use domain::catalogue::price::caller_steps;
use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::catalogue::media::{MediaRow, PreviewRow};
use infra::catalogue::pricing::ListedTier;
use infra::catalogue::search::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::facet_dto::FacetsDto;
use super::found::Found;
use crate::catalogue::catch_weight::dto::CatchWeightDto;
use crate::catalogue::media::dto::{ImageDto, OfferMediaDto};
use crate::catalogue::pricing::{CallerPriceDto, TierDto, price_lists_of, steps_dto, tiers_of};
use crate::catalogue::product::dto::{PackDto, TaxDto};

/// At which quantity the price is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QuantityQuery {
    /// In the base unit; the minimum of order by default.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
}

/// An offer in a catalogue, at the caller's prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListedOffer, example = json!({
    "id": "0190b5a0-0000-7000-8000-000000000001", "product_id": "0190b5a0-0000-7000-8000-000000000002", "sku": "1",
    "name": "Chai", "seller": {"id": "0190b5a0-0000-7000-8000-000000000003", "name": "Exotic Liquids"}, "base_unit": "C62",
    "price": {"unit_price": {"amount": "18.00", "currency": "USD"}, "source": "list", "from": "1"},
    "tiers": [{"from": "1", "unit_price": {"amount": "18.00", "currency": "USD"}}],
    "tax": {"category": "Z", "rate": "0"}, "minimum_order": "1", "order_multiple": "1", "lead_time_days": 7,
    "available": "39"
}))]
pub struct ListedOffer {
    pub id: Uuid,
    pub product_id: Uuid,
    pub sku: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// In the reader's language.
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub category_id: Option<Uuid>,
    pub seller: SellerDto,
    pub base_unit: String,
    /// Other units that it can be ordered in, beside those that convert into the base unit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<PackDto>,
    /// How it is weighed, where it is billed by what was weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catch_weight: Option<CatchWeightDto>,
    /// What the caller pays for a unit at the minimum of order, or at the quantity asked for; tax comes on top.
    pub price: CallerPriceDto,
    /// The caller's prices by quantity.
    pub tiers: Vec<TierDto>,
    pub tax: TaxDto,
    pub minimum_order: String,
    pub order_multiple: String,
    pub lead_time_days: i32,
    /// What can be had at once, in the base unit; up to a second old. The order decides.
    pub available: String,
    /// The first image of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageDto>,
    /// Of one offer: its images and data sheets, in the seller's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<OfferMediaDto>,
    /// Of one offer: what can stand in for it, as far as it is on offer to you here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<RelatedOfferDto>,
    /// Of one offer: what goes with it, as far as it is on offer to you here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessories: Vec<RelatedOfferDto>,
    /// Why it is ranked where it is; with `explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
}

/// Another offer of the seller beside one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RelatedOffer)]
pub struct RelatedOfferDto {
    pub id: Uuid,
    pub product_id: Uuid,
    #[schema(example = "CHAI-20")]
    pub sku: String,
    /// In the reader's language.
    pub name: String,
    #[schema(example = "C62")]
    pub base_unit: String,
    /// What the caller pays for a unit at the minimum of order.
    pub price: CallerPriceDto,
    pub available: String,
}

impl From<&ListedOffer> for RelatedOfferDto {
    fn from(offer: &ListedOffer) -> Self {
        Self {
            id: offer.id,
            product_id: offer.product_id,
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            base_unit: offer.base_unit.clone(),
            price: offer.price.clone(),
            available: offer.available.clone(),
        }
    }
}

/// A page of a catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct CataloguePage {
    pub items: Vec<ListedOffer>,
    /// Give this as `cursor` to get the next page; null at the end.
    pub next_cursor: Option<String>,
    /// Nothing has the words that were typed: these were looked for, of each group one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<Vec<Vec<String>>>,
    /// Given where your own prices decide and more was found than was looked at: the offers that were published first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// With `facets`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<FacetsDto>,
}

/// How well an offer fits the words, from 0 on. The score is what PostgreSQL's `ts_rank` gives for all parts together; each part by
/// itself shows where the words stand: names and numbers weigh 1, descriptions 0.2, attributes 0.1. Of equal scores the older offer is first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ranking {
    pub score: f32,
    pub name: f32,
    pub description: f32,
    pub attributes: f32,
}

impl CataloguePage {
    pub fn of(
        mut items: Vec<ListedOffer>,
        next_cursor: Option<String>,
        found: &Found,
        languages: &[String],
    ) -> Result<Self, Failure> {
        for item in &mut items {
            let rank = found.ranks.iter().find(|rank| rank.id == item.id);
            item.ranking = rank.map(|rank| Ranking {
                score: rank.score,
                name: rank.name,
                description: rank.description,
                attributes: rank.attributes,
            });
        }
        let facets = found.facets.as_ref().map(|counts| FacetsDto::of(counts, languages)).transpose()?;
        Ok(Self { items, next_cursor, read_as: found.read_as.clone(), partial: found.partial, facets })
    }
}

/// A seller by name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SellerName)]
pub struct SellerDto {
    pub id: Uuid,
    pub name: String,
}

impl ListedOffer {
    /// The first of the offers with what stands beside it among the others.
    pub fn with_related(items: Vec<Self>, related: &[(String, Uuid)]) -> Option<Self> {
        let beside = |kind: &str| {
            let named = related.iter().filter(|(of, _)| of == kind);
            let offers = named.filter_map(|(_, offer)| items.iter().skip(1).find(|item| item.id == *offer));
            offers.map(RelatedOfferDto::from).collect::<Vec<_>>()
        };
        let (substitutes, accessories) = (beside("substitute"), beside("accessory"));
        items.into_iter().next().map(|item| Self { substitutes, accessories, ..item })
    }

    /// With its images and data sheets.
    pub fn with_media(
        self,
        portal: Uuid,
        media: &[(MediaRow, Vec<PreviewRow>)],
        languages: &[String],
    ) -> Result<Self, Failure> {
        let place = (portal, self.id);
        let media = media.iter().map(|(row, previews)| OfferMediaDto::of(place, row, previews, languages));
        Ok(Self { media: media.collect::<Result<_, _>>()?, ..self })
    }

    /// `listed` are the caller's prices from lists, for this and other offers.
    pub fn of(
        row: &Listed,
        listed: &[ListedTier],
        quantity: Option<Decimal>,
        languages: &[String],
    ) -> Result<Self, Failure> {
        let tiers = tiers_of(&row.tiers, &row.offer.currency)?;
        let lists = price_lists_of(listed, row.offer.id)?;
        let quantity = quantity.unwrap_or(row.product.minimum_order);
        let at = |quantity| caller_price(&tiers, &lists, quantity, tiers.currency());
        let first = || tiers.as_slice().first().and_then(|tier| at(tier.from));
        let price = at(quantity).or_else(|| at(row.product.minimum_order)).or_else(first);
        let price = price.ok_or_else(|| Failure::broken("an offer has no price"))?;
        let product = &row.product;
        Ok(Self {
            id: row.offer.id,
            product_id: product.id,
            sku: product.sku.clone(),
            gtin: product.gtin.clone(),
            name: picked(&product.name, languages)?,
            description: picked(&product.description, languages)?,
            category_id: product.category_id,
            seller: SellerDto { id: row.offer.seller_id, name: row.seller_name.clone() },
            base_unit: product.base_unit.clone(),
            packs: Vec::deserialize(&product.packs).map_err(Failure::broken)?,
            catch_weight: row.weight.as_ref().map(CatchWeightDto::from),
            price: CallerPriceDto::of(&price),
            tiers: steps_dto(&caller_steps(&tiers, &lists)),
            tax: TaxDto { category: product.tax_category.clone(), rate: product.tax_rate.normalize().to_string() },
            minimum_order: product.minimum_order.normalize().to_string(),
            order_multiple: product.order_multiple.normalize().to_string(),
            lead_time_days: product.lead_time_days,
            available: row.available().normalize().to_string(),
            image: product.image_id.map(|image| ImageDto::of(row.offer.portal_id, row.offer.id, image)),
            media: Vec::new(),
            substitutes: Vec::new(),
            accessories: Vec::new(),
            ranking: None,
        })
    }
}

fn picked(texts: &serde_json::Value, languages: &[String]) -> Result<String, Failure> {
    let texts: Texts = BTreeMap::deserialize(texts).map_err(Failure::broken)?;
    Ok(pick(&texts, languages).to_owned())
}
