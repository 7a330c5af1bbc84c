//! Auctions.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::OwnAuction => at(
            "own-auction",
            403,
            "The seller does not bid in its own auction",
            "Neither the seller nor a company of its group bids in its auction.",
        ),
        Kind::NotQualified => at(
            "not-qualified",
            403,
            "The organisation is not admitted to the auction",
            "The seller qualifies or invites who bids here. Ask to be qualified; once you are, bid again.",
        ),
        Kind::BidderWithdrawn => at(
            "bidder-withdrawn",
            403,
            "The organisation was withdrawn from the auction",
            "Its bids for lots that had not closed were struck out, and it bids there no more unless it is admitted again.",
        ),
        Kind::DepositNotCovered => at(
            "deposit-not-covered",
            409,
            "The deposit of the auction is not covered",
            "The auction asks for a deposit before the first bid. Pay in what is missing and bid again.",
        ),
        Kind::WrongFormat => at(
            "wrong-format",
            409,
            "The format of the auction does not take that",
            "Each format takes its own kind of bid: open bids, acceptances of the falling price, or sealed bids, and these in its parts. The auction shows its format and the part that runs.",
        ),
        Kind::LotNotOpen => at(
            "lot-not-open",
            409,
            "The lot is not open for that",
            "It has not opened yet, is in another part, or has closed. The auction shows its times.",
        ),
        Kind::BidTooLate => at(
            "bid-too-late",
            409,
            "The lot has ended",
            "A bid at the very instant of the end is late. The server's clock decides; the stream tells its time.",
        ),
        Kind::BidTooLow => at(
            "bid-too-low",
            409,
            "The bid does not reach what it has to",
            "A bid is one step over the price that stands (under it in a reverse auction); who leads may only better its maximum. Read the lot for the least that is taken now. Nothing was done.",
        ),
        Kind::StepTooLarge => at(
            "step-too-large",
            422,
            "The bid is further from the price that stands than a step may be",
            "The auction bounds its steps above, too. Read the lot for the range that is taken now. Nothing was done.",
        ),
        Kind::AlreadyLeads => at(
            "already-leads",
            409,
            "The organisation leads already",
            "Nobody outbids itself. Bid again when another one leads.",
        ),
        Kind::BuyNowGone => at(
            "buy-now-gone",
            409,
            "The lot cannot be bought at once",
            "It has no such price, or a bid has reached the reserve: from then on bids alone decide.",
        ),
        Kind::NotCurrentPrice => at(
            "not-current-price",
            409,
            "That is not the price that stands now",
            "Where the price falls, a bid accepts the very price that stands as it arrives. Read it again and accept that.",
        ),
        _ => return None,
    })
}
