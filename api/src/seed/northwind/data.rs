//! The Northwind files: a food wholesaler's suppliers, customers, products and orders.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::kernel::money::parse_decimal;
use infra::Failure;
use rust_decimal::Decimal;

/// The files as they are; where a text has a comma it is not quoted, but always followed by a space.
const CATEGORIES: &str = include_str!("../../../data/northwind/categories.csv");
const CUSTOMERS: &str = include_str!("../../../data/northwind/customers.csv");
const DETAILS: &str = include_str!("../../../data/northwind/order-details.csv");
const ORDERS: &str = include_str!("../../../data/northwind/orders.csv");
const PRODUCTS: &str = include_str!("../../../data/northwind/products.csv");
const SHIPPERS: &str = include_str!("../../../data/northwind/shippers.csv");
const SUPPLIERS: &str = include_str!("../../../data/northwind/suppliers.csv");

/// A supplier or a customer.
#[derive(Debug, Clone)]
pub struct Company {
    pub key: String,
    pub name: String,
    pub contact: String,
    pub address: String,
    pub city: String,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
}

/// A category of products.
#[derive(Debug, Clone)]
pub struct Category {
    pub key: String,
    pub name: String,
    pub description: String,
}

/// A product of a supplier.
#[derive(Debug, Clone)]
pub struct Product {
    pub key: String,
    pub name: String,
    pub supplier: String,
    pub category: String,
    pub packing: String,
    pub price: Decimal,
    pub in_stock: Decimal,
    pub discontinued: bool,
}

/// An order with its lines.
#[derive(Debug, Clone)]
pub struct Order {
    pub key: String,
    pub customer: String,
    pub ordered: NaiveDate,
    pub required: NaiveDate,
    /// None for the last ones.
    pub shipped: Option<NaiveDate>,
    pub shipper: String,
    pub freight: Decimal,
    pub lines: Vec<Line>,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub struct Line {
    pub product: String,
    pub price: Decimal,
    pub quantity: Decimal,
    /// A share, such as 0.15.
    pub discount: Decimal,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Northwind {
    pub categories: Vec<Category>,
    pub suppliers: Vec<Company>,
    pub customers: Vec<Company>,
    pub products: Vec<Product>,
    /// In the order in which they were placed.
    pub orders: Vec<Order>,
}

impl Northwind {
    pub fn read() -> Result<Self, Failure> {
        let shippers: HashMap<String, String> =
            records(SHIPPERS)?.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        let mut orders = orders(&shippers)?;
        orders.sort_by(|a, b| (a.ordered, &a.key).cmp(&(b.ordered, &b.key)));
        Ok(Self {
            categories: records(CATEGORIES)?.into_iter().map(category).collect(),
            suppliers: records(SUPPLIERS)?.into_iter().map(company).collect::<Result<_, _>>()?,
            customers: records(CUSTOMERS)?.into_iter().map(company).collect::<Result<_, _>>()?,
            products: records(PRODUCTS)?.into_iter().map(product).collect::<Result<_, _>>()?,
            orders,
        })
    }

    /// What was ordered of a product in all.
    pub fn ordered_of(&self, product: &str) -> Decimal {
        let lines = self.orders.iter().flat_map(|order| &order.lines);
        lines.filter(|line| line.product == product).map(|line| line.quantity).sum()
    }
}

/// The rows behind the head, each with as many fields as the head.
fn records(text: &str) -> Result<Vec<Vec<String>>, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let width = reader.headers().map_err(Failure::broken)?.len();
    reader
        .records()
        .map(|record| {
            let mut fields: Vec<String> = Vec::new();
            for field in &record.map_err(Failure::broken)? {
                match fields.last_mut() {
                    Some(last) if field.starts_with(' ') => {
                        last.push(',');
                        last.push_str(field);
                    }
                    _ => fields.push(field.to_owned()),
                }
            }
            if fields.len() == width { Ok(fields) } else { Err(Failure::broken(format!("odd row: {fields:?}"))) }
        })
        .collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text != "NULL")
}

fn number(text: &str) -> Result<Decimal, Failure> {
    Ok(parse_decimal(text.trim())?)
}

fn date(text: &str) -> Result<Option<NaiveDate>, Failure> {
    let day = |text: String| text.get(..10).unwrap_or_default().parse().map_err(Failure::broken);
    some(text).map(day).transpose()
}

fn category(row: Vec<String>) -> Category {
    Category { key: row[0].clone(), name: row[1].clone(), description: row[2].clone() }
}

fn company(row: Vec<String>) -> Result<Company, Failure> {
    Ok(Company {
        key: row[0].clone(),
        name: row[1].trim().to_owned(),
        contact: row[2].trim().to_owned(),
        address: row[4].split_whitespace().collect::<Vec<_>>().join(" "),
        city: row[5].trim().to_owned(),
        region: some(&row[6]),
        postal_code: some(&row[7]),
        country: country(&row[8])?,
    })
}

fn product(row: Vec<String>) -> Result<Product, Failure> {
    Ok(Product {
        key: row[0].clone(),
        name: row[1].clone(),
        supplier: row[2].clone(),
        category: row[3].clone(),
        packing: row[4].clone(),
        price: number(&row[5])?,
        in_stock: number(&row[6])?,
        discontinued: row[9].trim() == "1",
    })
}

fn orders(shippers: &HashMap<String, String>) -> Result<Vec<Order>, Failure> {
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    for row in records(DETAILS)? {
        let line = Line {
            product: row[1].clone(),
            price: number(&row[2])?,
            quantity: number(&row[3])?,
            discount: number(&row[4])?,
        };
        lines.entry(row[0].clone()).or_default().push(line);
    }
    let day = |text: &str| date(text)?.ok_or_else(|| Failure::broken("an order has no date"));
    let order = |row: Vec<String>| {
        Ok(Order {
            lines: lines.get(&row[0]).cloned().unwrap_or_default(),
            key: row[0].clone(),
            customer: row[1].clone(),
            ordered: day(&row[3])?,
            required: day(&row[4])?,
            shipped: date(&row[5])?,
            shipper: shippers.get(&row[6]).cloned().unwrap_or_default(),
            freight: number(&row[7])?,
        })
    };
    records(ORDERS)?.into_iter().map(order).collect()
}

/// The code of a country's name as it stands in the files.
fn country(name: &str) -> Result<&'static str, Failure> {
    const CODES: [(&str, &str); 25] = [
        ("Argentina", "AR"),
        ("Australia", "AU"),
        ("Austria", "AT"),
        ("Belgium", "BE"),
        ("Brazil", "BR"),
        ("Canada", "CA"),
        ("Denmark", "DK"),
        ("Finland", "FI"),
        ("France", "FR"),
        ("Germany", "DE"),
        ("Ireland", "IE"),
        ("Italy", "IT"),
        ("Japan", "JP"),
        ("Mexico", "MX"),
        ("Netherlands", "NL"),
        ("Norway", "NO"),
        ("Poland", "PL"),
        ("Portugal", "PT"),
        ("Singapore", "SG"),
        ("Spain", "ES"),
        ("Sweden", "SE"),
        ("Switzerland", "CH"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Venezuela", "VE"),
    ];
    let known = CODES.iter().find(|(known, _)| *known == name.trim());
    known.map(|(_, code)| *code).ok_or_else(|| Failure::broken(format!("no code is known for the country {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_whole() {
        let data = Northwind::read().unwrap();
        let counts =
            (data.suppliers.len(), data.customers.len(), data.products.len(), data.orders.len(), data.categories.len());
        assert_eq!(counts, (29, 91, 77, 830, 8));
        assert_eq!(data.orders.iter().map(|order| order.lines.len()).sum::<usize>(), 2155);
        let pavlova = data.suppliers.iter().find(|company| company.key == "7").unwrap();
        assert_eq!((pavlova.name.as_str(), pavlova.country), ("Pavlova, Ltd.", "AU"));
        assert_eq!(data.orders[0].ordered.to_string(), "1996-07-04");
    }
}
