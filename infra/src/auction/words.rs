//! The words that stand in the tables for what the machine has types for.

use domain::auction::Act;

pub fn act(of: Act) -> &'static str {
    match of {
        Act::Bid => "bid",
        Act::BuyNow => "buy_now",
        Act::Accept => "accept",
        Act::Seal => "seal",
        Act::Unseal => "unseal",
        Act::Top => "top",
        Act::StrikeOut => "strike_out",
    }
}
