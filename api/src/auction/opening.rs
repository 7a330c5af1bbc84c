//! Opens sealed bids once nobody can bid any more. Until then they are in the machine as they came in, sealed with the service's key; no
//! call and no event ever reads them before.

use std::time::Duration;

use domain::auction::{Auctions, Command, Digest, Event, LotNumber, Plain, Price, SealedBid, Units};
use domain::kernel::AuctionId;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use infra::Failure;
use infra::journal::Handle;
use tokio::sync::broadcast::error::RecvError;

use crate::app::App;
use crate::secret::SecretKey;

/// How long to listen until those that came to this node meanwhile are listened to as well.
const LISTENED: Duration = Duration::from_secs(1);

/// What a sealed text holds: price, units and nonce, in 48 bytes whatever they are, so that its length tells nothing.
const LENGTH: usize = 8 + 8 + 32;

/// Seals what a bid says.
pub fn seal(secret: &SecretKey, price: Price, units: Units, nonce: &Digest) -> Result<Vec<u8>, Failure> {
    let mut plain = Vec::with_capacity(LENGTH);
    plain.extend_from_slice(&price.to_be_bytes());
    plain.extend_from_slice(&units.to_be_bytes());
    plain.extend_from_slice(&nonce.0);
    secret.seal(&plain)
}

/// What a sealed bid says; none where that cannot be read: the machine calls it void.
fn open(secret: &SecretKey, sealed: &SealedBid) -> Option<Plain> {
    let plain = secret.open(&sealed.ciphertext).ok()?;
    let plain: [u8; LENGTH] = plain.try_into().ok()?;
    let (price, rest) = plain.split_first_chunk()?;
    let (units, nonce) = rest.split_first_chunk()?;
    Some(Plain {
        number: sealed.number,
        price: Price::from_be_bytes(*price),
        units: Units::from_be_bytes(*units),
        nonce: Digest(nonce.try_into().ok()?),
    })
}

/// The worker: opens what is to be opened, and listens for more.
pub async fn open_all(app: App) -> Result<(), Failure> {
    let here = app.hall.auctions.here();
    // Listened to before they are asked, so that nothing falls between.
    let mut asking = stream::select_all(here.iter().map(asking));
    for auctions in &here {
        open_waiting(&app, auctions).await?;
    }
    let stopping = app.stopping.clone();
    let listening = async {
        while let Some(auctions) = asking.next().await {
            open_waiting(&app, &auctions).await?;
        }
        // None is hosted here any more.
        Ok(())
    };
    tokio::select! {
        ended = listening => ended,
        () = tokio::time::sleep(LISTENED) => Ok(()),
        () = stopping.cancelled() => Ok(()),
    }
}

/// The machine, each time when it may have bids to be opened.
fn asking(auctions: &Handle<Auctions>) -> BoxStream<'static, Handle<Auctions>> {
    let listening = (auctions.subscribe(), auctions.clone());
    let asks = stream::unfold(listening, |(mut live, auctions)| async move {
        loop {
            match live.recv().await {
                Ok(entry) if entry.events.iter().any(|event| matches!(event, Event::ToOpen { .. })) => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return None,
            }
        }
        Some((auctions.clone(), (live, auctions)))
    });
    asks.boxed()
}

/// Opens the bids of all lots that wait for it.
pub async fn open_waiting(app: &App, auctions: &Handle<Auctions>) -> Result<(), Failure> {
    let waiting = auctions.ask(waiting).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let opened = |(auction, lot, sealed): (AuctionId, LotNumber, Vec<SealedBid>)| {
        let plain: Vec<Plain> = sealed.iter().filter_map(|sealed| open(&app.secret, sealed)).collect();
        Command::Open { auction, lot, plain }
    };
    // Whoever else has opened one meanwhile is as good: the machine refuses the second.
    auctions.submit(waiting.into_iter().map(opened).collect(), None).await.map(drop)
}

fn waiting(auctions: &Auctions) -> Vec<(AuctionId, LotNumber, Vec<SealedBid>)> {
    let lots = auctions.to_open().into_iter();
    lots.map(|(auction, lot)| (auction, lot, auctions.sealed_bids(auction, lot).to_vec())).collect()
}

#[cfg(test)]
mod tests {
    use domain::auction::BidNumber;

    use super::*;

    #[test]
    fn what_was_sealed_is_opened_and_all_seals_are_of_one_length() {
        let secret = SecretKey::parse(&SecretKey::generate().unwrap()).unwrap();
        let nonce = Digest([7; 32]);
        let sealed = |price, units| SealedBid {
            bidder: domain::kernel::OrganisationId(uuid::Uuid::nil()),
            number: BidNumber(3),
            commitment: Digest::ZERO,
            ciphertext: seal(&secret, price, units, &nonce).unwrap(),
        };
        let (small, large) = (sealed(1, 1), sealed(100_000_000_000_000, 1_000_000_000));
        assert_eq!(small.ciphertext.len(), large.ciphertext.len());
        let plain = Plain { number: BidNumber(3), price: 1, units: 1, nonce };
        assert_eq!(open(&secret, &small), Some(plain));
        let broken = SealedBid { ciphertext: vec![1; 80], ..small };
        assert_eq!(open(&secret, &broken), None);
    }
}
