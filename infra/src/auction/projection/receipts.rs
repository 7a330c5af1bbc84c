//! What companies were answered to their acts, and what became of their sealed bids.

use domain::auction::{Price, Private, Receipt, Units, What};
use uuid::Uuid;

use super::{integer, signed, small};
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};

struct Row {
    company: Uuid,
    receipt: Receipt,
    maximum: Option<Price>,
    units: Units,
}

/// What a sealed bid was found to be.
struct Opened {
    key: (Uuid, i16, i32),
    /// Price and units; none of one that is void.
    said: Option<(Price, Units)>,
    void: Option<&'static str>,
}

#[derive(Default)]
pub struct Rows {
    taken: Vec<Row>,
    opened: Vec<Opened>,
}

impl Rows {
    pub fn note(&mut self, private: &Private) {
        let key = |lot, number: domain::auction::BidNumber| (private.auction.0, small(lot), integer(number.0));
        match private.what {
            What::Accepted { receipt, maximum, units } => {
                self.taken.push(Row { company: private.company.0, receipt, maximum, units });
            }
            What::Opened { lot, number, price, units } => {
                self.opened.push(Opened { key: key(lot, number), said: Some((price, units)), void: None });
            }
            What::Void { lot, number, why } => {
                self.opened.push(Opened { key: key(lot, number), said: None, void: Some(why.code()) });
            }
            _ => {}
        }
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if !self.taken.is_empty() {
            self.insert().execute(connection).await?;
        }
        if !self.opened.is_empty() {
            self.update().execute(connection).await?;
        }
        Ok(())
    }

    fn insert(&self) -> Unnest {
        let all = || self.taken.iter();
        Unnest {
            before: "INSERT INTO auction_receipt (auction_id, lot, number, organisation_id, maximum, units, nonce, at) SELECT * FROM ",
            columns: vec![
                Column::Uuids(all().map(|row| row.receipt.auction.0).collect()),
                Column::SmallNumbers(all().map(|row| small(row.receipt.lot)).collect()),
                Column::Integers(all().map(|row| integer(row.receipt.number.0)).collect()),
                Column::Uuids(all().map(|row| row.company).collect()),
                Column::OptionalNumbers(all().map(|row| row.maximum).collect()),
                Column::Numbers(all().map(|row| signed(row.units)).collect()),
                Column::OptionalBytes(all().map(|row| row.receipt.nonce.map(|nonce| nonce.0.to_vec())).collect()),
                Column::Times(all().map(|row| row.receipt.at).collect()),
            ],
            after: "",
        }
    }

    fn update(&self) -> Unnest {
        let all = || self.opened.iter();
        Unnest {
            before: "UPDATE auction_receipt AS r SET opened_price = c.price, units = coalesce(c.units, r.units), void = c.void FROM ",
            columns: vec![
                Column::Uuids(all().map(|one| one.key.0).collect()),
                Column::SmallNumbers(all().map(|one| one.key.1).collect()),
                Column::Integers(all().map(|one| one.key.2).collect()),
                Column::OptionalNumbers(all().map(|one| one.said.map(|said| said.0)).collect()),
                Column::OptionalNumbers(all().map(|one| one.said.map(|said| signed(said.1))).collect()),
                Column::OptionalWords(all().map(|one| one.void).collect()),
            ],
            after: " AS c (auction_id, lot, number, price, units, void)
                     WHERE r.auction_id = c.auction_id AND r.lot = c.lot AND r.number = c.number",
        }
    }
}
