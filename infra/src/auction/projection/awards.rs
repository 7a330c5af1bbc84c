//! Who gets what, and who would be the next.

use std::collections::BTreeMap;

use domain::auction::{Disclosed, Private, RunnerUp, What};
use domain::kernel::Timestamp;
use uuid::Uuid;

use super::{integer, signed, small};
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};
use crate::event::id_of;

struct Row {
    id: Uuid,
    lot: (Uuid, i16),
    disclosed: Disclosed,
    at: Timestamp,
}

#[derive(Default)]
pub struct Rows {
    /// By lot: several companies are told the same.
    awards: BTreeMap<(Uuid, i16), Vec<Row>>,
    runners_up: Vec<((Uuid, i16), RunnerUp)>,
}

impl Rows {
    pub fn note(&mut self, stream: Uuid, private: &Private, at: Timestamp) {
        let key = |lot| (private.auction.0, small(lot));
        match &private.what {
            What::Result { lot, awards, .. } => {
                let lot = key(*lot);
                let row =
                    |disclosed: &Disclosed| Row { id: id(stream, lot, disclosed, at), lot, disclosed: *disclosed, at };
                self.awards.insert(lot, awards.iter().map(row).collect());
            }
            What::RunnerUp { lot, runner_up } => self.runners_up.push((key(*lot), *runner_up)),
            _ => {}
        }
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if self.awards.values().any(|awards| !awards.is_empty()) {
            self.insert_awards().execute(connection).await?;
        }
        if !self.runners_up.is_empty() {
            self.insert_runners_up().execute(connection).await?;
        }
        Ok(())
    }

    fn insert_awards(&self) -> Unnest {
        let all = || self.awards.values().flatten();
        let awards = || all().map(|row| row.disclosed.award);
        Unnest {
            before: "INSERT INTO auction_award (id, auction_id, lot, organisation_id, pseudonym, number, units, price, at) SELECT * FROM ",
            columns: vec![
                Column::Uuids(all().map(|row| row.id).collect()),
                Column::Uuids(all().map(|row| row.lot.0).collect()),
                Column::SmallNumbers(all().map(|row| row.lot.1).collect()),
                Column::Uuids(awards().map(|award| award.bidder.0).collect()),
                Column::Texts(all().map(|row| row.disclosed.pseudonym.to_string()).collect()),
                Column::Integers(awards().map(|award| integer(award.number.0)).collect()),
                Column::Numbers(awards().map(|award| signed(award.units)).collect()),
                Column::Numbers(awards().map(|award| award.price).collect()),
                Column::Times(all().map(|row| row.at).collect()),
            ],
            after: "",
        }
    }

    fn insert_runners_up(&self) -> Unnest {
        let all = || self.runners_up.iter();
        Unnest {
            before: "INSERT INTO auction_runner_up (auction_id, lot, pseudonym, price) SELECT * FROM ",
            columns: vec![
                Column::Uuids(all().map(|(lot, _)| lot.0).collect()),
                Column::SmallNumbers(all().map(|(lot, _)| lot.1).collect()),
                Column::Texts(all().map(|(_, runner_up)| runner_up.pseudonym.to_string()).collect()),
                Column::Numbers(all().map(|(_, runner_up)| runner_up.price).collect()),
            ],
            after: "",
        }
    }
}

/// The award of a bid for a lot is always the same one.
fn id(stream: Uuid, (auction, lot): (Uuid, i16), disclosed: &Disclosed, at: Timestamp) -> Uuid {
    let award = &disclosed.award;
    id_of(&format!("{stream} {auction} {lot} {} {}", award.bidder, award.number.0), at)
}
