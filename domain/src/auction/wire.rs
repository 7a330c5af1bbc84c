//! Commands and states as bytes, in the encoding of [`crate::kernel::wire`].

use super::award::Outcome;
use super::bid::{Bid, BidNumber, NewBid};
use super::command::{Command, Plain, Sealed};
use super::commitment::Digest;
use super::english::Standing;
use super::format::{Access, Disclosure, Format, Pricing, Undersubscribed};
use super::increments::{Increments, Range};
use super::lot::{Lot, Phase, SealedBid};
use super::pseudonym::Pseudonym;
use super::rules::{Fall, LotRules, Parts, Rules, SoftClose};
use super::sale::Bidder;
use crate::kernel::wire::{Damaged, Wire, wire};

wire!(newtype BidNumber);
wire!(newtype Digest);

impl Wire for Pseudonym {
    fn put(&self, out: &mut Vec<u8>) {
        self.bits().put(out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Self::from_bits(u64::get(input)?).ok_or(Damaged)
    }
}

impl Wire for Box<Rules> {
    fn put(&self, out: &mut Vec<u8>) {
        Rules::put(self, out);
    }

    fn get(input: &mut &[u8]) -> Result<Self, Damaged> {
        Rules::get(input).map(Self::new)
    }
}

wire!(enum Format { 0 English, 1 ReverseEnglish, 2 Dutch, 3 SealedFirstPrice, 4 SealedSecondPrice, 5 Hybrid });
wire!(enum Pricing { 0 PayAsBid, 1 UniformPrice });
wire!(enum Undersubscribed { 0 GoThrough, 1 Cancel });
wire!(enum Disclosure { 0 Parties, 1 Participants, 2 Public });
wire!(enum Access { 0 Open, 1 Qualified, 2 Invited });
wire!(struct Range { from, step });
wire!(enum Increments { 0 Table(ranges), 1 Share { least, most } });
wire!(struct SoftClose { seconds, final_end });
wire!(struct Fall { step, floor });
wire!(struct Parts { sealed, topping });
wire!(struct LotRules { units, start, reserve, buy_now, fall });
wire!(struct Rules {
    format, pricing, currency, opens_at, closes_at, stagger, increments, proxy, soft_close, interval, parts, undersubscribed,
    disclosure, access, deposit, lots,
});
wire!(struct NewBid { price, maximum, units, currency });
wire!(struct Plain { number, price, units, nonce });
wire!(struct Sealed { commitment, ciphertext });
wire!(enum Command {
    0 List { auction, seller, group, secret, rules },
    1 Admit { auction, company, group, deposit_covered },
    2 Withdraw { auction, company },
    3 Suspend { company },
    4 Reinstate { company },
    5 Bid { auction, lot, company, bid },
    6 BuyNow { auction, lot, company, currency },
    7 Accept { auction, lot, company, price, units, currency },
    8 Seal { auction, lot, company, sealed },
    9 Unseal { auction, lot, company },
    10 Top { auction, lot, company, price, currency },
    11 Open { auction, lot, plain },
    12 Cancel { auction },
    13 Tick,
    14 Forget { auction },
});

wire!(enum Outcome { 0 Sold, 1 NoBids, 2 ReserveNotMet, 3 Undersubscribed, 4 Cancelled });
wire!(enum Phase { 0 Scheduled, 1 Bidding, 2 Falling, 3 Sealing, 4 Opening, 5 Topping, 6 Closed(outcome) });
wire!(struct Bid { bidder, number, offer, maximum, units });
wire!(struct Standing { leader, number, maximum, price });
wire!(struct SealedBid { bidder, number, commitment, ciphertext });
wire!(struct Lot {
    phase, ends_at, wakes_at, entries, last_hash, changes, bids, standing, sealed, accepted, taker,
});
wire!(struct Bidder { pseudonym, group, deposit_covered, withdrawn, has_won });
