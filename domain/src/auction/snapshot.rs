//! The whole state of the auctions of a portal as bytes, and back.

use sha2::{Digest, Sha256};

use super::auctions::Auctions;
use super::sale::{Sale, lot_number};
use crate::kernel::wire::{Damaged, Wire, put_all};
use crate::kernel::{AuctionId, OrganisationId};

/// "Torg auctions", and the version of what follows. Versions that were once written stay readable.
const MAGIC: &[u8; 8] = b"TORGAUC\0";
const VERSION: u16 = 1;

/// How many bytes of the SHA-256 over all before them end a snapshot.
const SEAL: usize = 16;

impl Auctions {
    /// Equal states have equal snapshots, whatever process made them.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = self.body();
        let seal = Sha256::digest(&out);
        out.extend_from_slice(&seal[..SEAL]);
        out
    }

    /// The SHA-256 of the state: equal for equal histories.
    pub fn state_hash(&self) -> [u8; 32] {
        Sha256::digest(self.body()).into()
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024 * (1 + self.sales.len()));
        out.extend_from_slice(MAGIC);
        VERSION.put(&mut out);
        put_all(self.suspended.len(), self.suspended.iter(), &mut out);
        put_all(self.sales.len(), self.sales.values(), &mut out);
        out
    }

    /// Refuses bytes that are damaged, or of a version that this one does not know.
    pub fn restore(bytes: &[u8]) -> Result<Self, Damaged> {
        let (body, seal) = bytes.split_at_checked(bytes.len().saturating_sub(SEAL)).ok_or(Damaged)?;
        if Sha256::digest(body)[..SEAL] != *seal {
            return Err(Damaged);
        }
        let mut input = body.strip_prefix(MAGIC).ok_or(Damaged)?;
        if u16::get(&mut input)? != VERSION {
            return Err(Damaged);
        }
        let suspended: Vec<OrganisationId> = Vec::get(&mut input)?;
        let sales: Vec<Sale> = Vec::get(&mut input)?;
        if !input.is_empty() || !sales.iter().all(is_coherent) {
            return Err(Damaged);
        }
        let mut auctions = Self { suspended: suspended.into_iter().collect(), ..Self::default() };
        for sale in sales {
            for (index, lot) in sale.lots.iter().enumerate() {
                auctions.due.extend(lot.wakes_at.map(|wakes_at| (wakes_at, sale.id, lot_number(index))));
            }
            auctions.sales.insert(sale.id, sale);
        }
        Ok(auctions)
    }
}

/// Whether the rules are such that the machine has taken them, and each lot has its own.
fn is_coherent(sale: &Sale) -> bool {
    sale.rules.check().is_ok() && sale.lots.len() == sale.rules.lots.len()
}

/// Bidders as a list of companies and what is known of them.
impl Wire for Sale {
    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        self.seller.put(out);
        self.group.put(out);
        self.secret.put(out);
        self.rules.put(out);
        self.lots.put(out);
        (self.bidders.len() as u32).put(out);
        for (company, bidder) in &self.bidders {
            company.put(out);
            bidder.put(out);
        }
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        let (id, seller) = (AuctionId::get(input)?, Wire::get(input)?);
        let (group, secret) = (Wire::get(input)?, Wire::get(input)?);
        let (rules, lots) = (Wire::get(input)?, Wire::get(input)?);
        let bidders: Vec<_> = Vec::get(input)?;
        Ok(Self { id, seller, group, secret, rules, lots, bidders: bidders.into_iter().collect() })
    }
}
