//! Under which names companies bid.

use std::collections::BTreeMap;

use domain::auction::{Private, Pseudonym, What};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};

#[derive(Default)]
pub struct Rows(BTreeMap<(Uuid, Uuid), Pseudonym>);

impl Rows {
    pub fn note(&mut self, private: &Private) {
        if let What::Admitted { pseudonym, .. } = private.what {
            self.0.insert((private.auction.0, private.company.0), pseudonym);
        }
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let update = Unnest {
            before: "UPDATE auction_bidder AS b SET pseudonym = c.pseudonym FROM ",
            columns: vec![
                Column::Uuids(self.0.keys().map(|key| key.0).collect()),
                Column::Uuids(self.0.keys().map(|key| key.1).collect()),
                Column::Texts(self.0.values().map(ToString::to_string).collect()),
            ],
            after: " AS c (auction_id, organisation_id, pseudonym)
                     WHERE b.auction_id = c.auction_id AND b.organisation_id = c.organisation_id
                         AND b.pseudonym IS DISTINCT FROM c.pseudonym",
        };
        update.execute(connection).await.map(drop)
    }
}
