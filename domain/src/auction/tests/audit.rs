//! What holds of every state.

use super::super::sale::{Sale, lot_number};
use super::*;
use crate::auction::allocation::given;

/// Fails where something does not hold that always must.
pub fn check(auctions: &Auctions) {
    let mut due = Vec::new();
    for sale in auctions.sales.values() {
        for index in 0..sale.lots.len() {
            check_lot(sale, index);
            due.extend(sale.lots[index].wakes_at.map(|wakes_at| (wakes_at, sale.id, lot_number(index))));
        }
    }
    due.sort_unstable();
    assert!(auctions.due.iter().copied().eq(due), "what is due follows from the lots");
}

fn check_lot(sale: &Sale, index: usize) {
    let (lot, rules, direction) = (&sale.lots[index], &sale.rules.lots[index], sale.rules.format.direction());
    let waits = matches!(lot.phase, Phase::Opening | Phase::Closed(_));
    assert_eq!(lot.wakes_at.is_none(), waits, "whatever runs has an end");
    if let Some(standing) = lot.standing {
        assert!(direction.reaches(standing.maximum, standing.price), "the price is within the leader's maximum");
        assert!(direction.reaches(standing.price, rules.start));
        let best = lot.bids.iter().map(|bid| (direction.rank(bid.maximum), bid.number)).min().unwrap();
        assert_eq!(
            best,
            (direction.rank(standing.maximum), standing.number),
            "the best maximum leads, the earlier first"
        );
        assert_eq!(lot.bid_of(standing.leader).unwrap().number, standing.number);
    }
    let awards = allocate(&lot.bids, rules.units, direction);
    let asked: Units = lot.bids.iter().map(|bid| bid.units).sum();
    assert_eq!(given(&awards), asked.min(rules.units), "no unit is lost or made");
    assert!(lot.bids.iter().all(|bid| direction.reaches(bid.maximum, bid.offer)));
    assert!(lot.sealed.windows(2).all(|pair| pair[0].number < pair[1].number));
}
