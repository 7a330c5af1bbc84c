//! The goods: categories, products with stock, offers at the first price of the history.

use std::collections::HashMap;

use domain::catalogue::offer::OfferStep;
use domain::kernel::{OfferId, Timestamp};
use infra::Failure;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::companies::{Cast, category_code, english};
use super::data::{Northwind, Product};
use super::{CURRENCY, PORTAL};
use crate::app::App;
use crate::catalogue::category::{self, NewCategory};
use crate::catalogue::offer::dto::{NewOffer, OfferPrices};
use crate::catalogue::pricing::TierDto;
use crate::catalogue::product::dto::{NewProduct, ProductData, TaxDto};
use crate::catalogue::{offer, product};
use crate::command::Command;
use crate::http::body::Patch;
use crate::http::dto::MoneyDto;
use crate::seed::cast::{Player, body};

/// Everything is sold in pieces: the packing stands in the name.
pub const UNIT: &str = "C62";

/// A product on offer, with the price it has at the moment.
pub struct OnOffer {
    pub offer: Uuid,
    pub seller: Player,
    pub price: Decimal,
    version: i64,
}

/// Puts all products on the portal; in stock are those that the history sells and those left at its end.
pub async fn load(
    app: &App,
    data: &Northwind,
    cast: &Cast,
    at: Timestamp,
) -> Result<HashMap<String, OnOffer>, Failure> {
    let categories = categories(app, data, cast, at).await?;
    let mut goods = HashMap::new();
    for item in &data.products {
        let missing = || Failure::broken("a product has no supplier or category");
        let seller = cast.companies.get(&item.supplier).ok_or_else(missing)?;
        let category = categories.get(&item.category).ok_or_else(missing)?;
        let first = data.orders.iter().flat_map(|order| &order.lines).find(|line| line.product == item.key);
        let price = first.map_or(item.price, |line| line.price);
        let new = new_product(item, *category, item.in_stock + data.ordered_of(&item.key));
        let made = seller.act_alone(app, at, async |tx, command| product::usecase::create(tx, command, &new).await);
        let new = NewOffer {
            product_id: body(made.await?)?.id,
            tiers: tiers(price),
            publish: true,
            audience: None,
            publish_at: None,
            withdraw_at: None,
        };
        let put = async |tx: &mut _, command: &Command| offer::usecase::create(tx, command, PORTAL, &new).await;
        let made = seller.act_alone(app, at, put).await?;
        let offer = body(made)?.id;
        let on_offer = OnOffer { offer, seller: seller.clone(), price, version: 1 };
        goods.insert(item.key.clone(), on_offer);
    }
    Ok(goods)
}

async fn categories(app: &App, data: &Northwind, cast: &Cast, at: Timestamp) -> Result<HashMap<String, Uuid>, Failure> {
    let mut made = HashMap::new();
    for one in &data.categories {
        let new = NewCategory { code: category_code(&one.name), parent_id: None, name: english(&one.name) };
        let create = async |tx: &mut _, command: &Command| category::usecase::create(tx, command, &new).await;
        made.insert(one.key.clone(), body(cast.operator.act_alone(app, at, create).await?)?.id);
    }
    Ok(made)
}

fn new_product(item: &Product, category: Uuid, on_hand: Decimal) -> NewProduct {
    NewProduct {
        product: ProductData {
            sku: format!("NW-{:0>3}", item.key),
            gtin: None,
            name: english(&item.name),
            description: english(&item.packing),
            category_id: Some(category),
            base_unit: UNIT.to_owned(),
            tax: TaxDto { category: "O".to_owned(), rate: "0".to_owned() },
            minimum_order: "1".to_owned(),
            order_multiple: "1".to_owned(),
            lead_time_days: 3,
            attributes: Default::default(),
            packs: Vec::new(),
            codes: Vec::new(),
        },
        on_hand: Some(on_hand.to_string()),
    }
}

fn tiers(price: Decimal) -> Vec<TierDto> {
    vec![TierDto { from: "1".to_owned(), unit_price: MoneyDto::price(price, CURRENCY) }]
}

/// The seller changes the price of an offer.
pub async fn reprice(app: &App, good: &mut OnOffer, price: Decimal, at: Timestamp) -> Result<(), Failure> {
    let (id, version) = (OfferId(good.offer), good.version);
    let edit = async |tx: &mut _, command: &Command| {
        let patch = Patch::<OfferPrices>::new(app, json!({"tiers": tiers(price)}));
        offer::usecase::edit(tx, command, PORTAL, id, version, &patch).await
    };
    good.seller.act_alone(app, at, edit).await?;
    (good.price, good.version) = (price, version + 1);
    Ok(())
}

/// What is not made any more leaves the portal.
pub async fn withdraw(app: &App, good: &OnOffer, at: Timestamp) -> Result<(), Failure> {
    let id = OfferId(good.offer);
    let step =
        async |tx: &mut _, command: &Command| offer::usecase::step(tx, command, PORTAL, id, OfferStep::Withdraw).await;
    good.seller.act_alone(app, at, step).await.map(drop)
}
