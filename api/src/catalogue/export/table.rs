//! The goods of a seller, written out a part at a time, as the reader takes them.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use domain::catalogue::Pack;
use domain::catalogue::attribute::Given;
use domain::catalogue::import::formula::neutralise;
use domain::catalogue::import::{Field, attribute, prices};
use domain::catalogue::offer::Shown;
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use futures::Stream;
use infra::Failure;
use infra::catalogue::code_list;
use infra::catalogue::import::goods::{self, Goods, Keys};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::catalogue::attribute::dto::Attributes;
use crate::catalogue::category::texts;
use crate::catalogue::offer::usecase::schedule;
use crate::catalogue::product::dto::packs_of;

const PART: i64 = 200;

/// How the goods are written.
#[derive(Clone)]
pub enum Form {
    /// With these columns.
    Table {
        separator: u8,
        columns: Vec<Field>,
    },
    Lines,
}

/// What is written.
#[derive(Clone)]
pub struct Export {
    pub seller: OrganisationId,
    pub portal: Option<PortalId>,
    pub at: Timestamp,
    pub form: Form,
}

/// The columns of a table: those that every product has, and those that some of them have.
pub fn columns(keys: Keys, with_portal: bool) -> Vec<Field> {
    let mut columns = vec![Field::Sku, Field::Gtin];
    columns.extend(keys.names.into_iter().map(Field::Name));
    columns.extend(keys.descriptions.into_iter().map(Field::Description));
    columns.extend([Field::Category, Field::BaseUnit, Field::TaxCategory, Field::TaxRate, Field::MinimumOrder]);
    columns.extend([Field::OrderMultiple, Field::LeadTimeDays, Field::OnHand]);
    columns.extend(keys.attributes.into_iter().map(Field::Attribute));
    columns.extend(keys.codes.into_iter().map(Field::Code));
    columns.extend(keys.packs.into_iter().map(Field::Pack));
    if with_portal {
        columns.extend([Field::Currency, Field::Prices, Field::Published]);
    }
    columns
}

/// The file. A table begins with a mark by which spreadsheets know UTF-8.
pub fn stream(app: App, export: Export) -> impl Stream<Item = Result<Bytes, Failure>> {
    let head = head(&export);
    let parts = futures::stream::unfold(Some(Uuid::nil()), move |after: Option<Uuid>| {
        let (app, export) = (app.clone(), export.clone());
        async move {
            Some(match part(&app, &export, after?).await {
                Ok((bytes, next)) => (Ok(bytes), next),
                Err(failure) => (Err(failure), None),
            })
        }
    });
    futures::StreamExt::chain(futures::stream::once(async { head }), parts)
}

fn head(export: &Export) -> Result<Bytes, Failure> {
    let Form::Table { separator, columns } = &export.form else { return Ok(Bytes::new()) };
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(lines(*separator, [columns.iter().map(Field::name).collect()])?);
    Ok(bytes.into())
}

async fn part(app: &App, export: &Export, after: Uuid) -> Result<(Bytes, Option<Uuid>), Failure> {
    let connection = app.pool.get().await?;
    let (found, next) = goods::page(&connection, export.seller, export.portal, after, PART).await?;
    let ids: Vec<Uuid> = found.iter().map(|one| one.product.id).collect();
    let categories: Vec<Uuid> = found.iter().filter_map(|one| one.product.category_id).collect();
    let (categories, coded) =
        futures::try_join!(goods::category_codes(&connection, &categories), code_list::of_products(&connection, &ids))?;
    drop(connection);
    let mut codes: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
    for one in coded {
        codes.entry(one.product_id).or_default().push((one.list, one.code));
    }
    let rows = found.iter().map(|one| {
        let category = one.product.category_id.and_then(|id| categories.get(&id)).cloned();
        cells(export, one, category, codes.remove(&one.product.id).unwrap_or_default())
    });
    let rows: Vec<BTreeMap<Field, String>> = rows.collect::<Result<_, Failure>>()?;
    let bytes = match &export.form {
        Form::Lines => rows.iter().map(|row| object(row).to_string() + "\n").collect::<String>().into_bytes(),
        Form::Table { separator, columns } => {
            let cell = |row: &BTreeMap<Field, String>, field| {
                row.get(field).map(|text| neutralise(text).into_owned()).unwrap_or_default()
            };
            lines(*separator, rows.iter().map(|row| columns.iter().map(|field| cell(row, field)).collect()))?
        }
    };
    Ok((bytes.into(), next))
}

fn lines(separator: u8, rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Failure> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Failure::broken)?;
    }
    writer.into_inner().map_err(Failure::broken)
}

/// What an import would say of the product.
fn cells(
    export: &Export,
    goods: &Goods,
    category: Option<String>,
    codes: Vec<(String, String)>,
) -> Result<BTreeMap<Field, String>, Failure> {
    let product = &goods.product;
    let mut cells: BTreeMap<Field, String> = [
        (Field::Sku, product.sku.clone()),
        (Field::BaseUnit, product.base_unit.clone()),
        (Field::TaxCategory, product.tax_category.clone()),
        (Field::TaxRate, product.tax_rate.normalize().to_string()),
        (Field::MinimumOrder, product.minimum_order.normalize().to_string()),
        (Field::OrderMultiple, product.order_multiple.normalize().to_string()),
        (Field::LeadTimeDays, product.lead_time_days.to_string()),
        (Field::OnHand, goods.stock.on_hand.normalize().to_string()),
    ]
    .into();
    cells.extend(product.gtin.clone().map(|gtin| (Field::Gtin, gtin)));
    cells.extend(category.map(|code| (Field::Category, code)));
    cells.extend(texts(product.name.clone())?.into_iter().map(|(tag, text)| (Field::Name(tag), text)));
    cells.extend(texts(product.description.clone())?.into_iter().map(|(tag, text)| (Field::Description(tag), text)));
    let attributes = Attributes::deserialize(&product.attributes).map_err(Failure::broken)?;
    let written = |value| attribute::written(&Given::from(value));
    cells.extend(attributes.iter().map(|(key, value)| (Field::Attribute(key.clone()), written(value))));
    cells.extend(codes.into_iter().map(|(list, code)| (Field::Code(list), code)));
    let pack = |pack: Pack| (Field::Pack(pack.unit.code().to_owned()), pack.quantity_of_base.normalize().to_string());
    cells.extend(packs_of(&product.packs)?.into_iter().map(pack));
    if let Some((offer, tiers)) = &goods.offer {
        let tiers: Vec<_> = tiers.iter().map(|tier| (tier.from_quantity, tier.unit_price)).collect();
        let is_out = matches!(schedule(offer)?.shown(export.at), Shown::Published | Shown::Scheduled);
        cells.insert(Field::Currency, offer.currency.clone());
        cells.insert(Field::Prices, prices::written(&tiers));
        cells.insert(Field::Published, is_out.to_string());
    }
    Ok(cells)
}

/// The cells as an object, with the members of a product.
fn object(cells: &BTreeMap<Field, String>) -> Value {
    let mut object = Map::new();
    for (field, text) in cells {
        let name = field.name();
        match name.split_once('.') {
            None => _ = object.insert(name, json!(text)),
            Some((family, key)) => object.entry(family).or_insert_with(|| json!({}))[key] = json!(text),
        }
    }
    Value::Object(object)
}
