//! Auctions that run, one of every format, and one that is announced. They run for a week, so that whoever comes can bid.

use chrono::TimeDelta;
use domain::kernel::Timestamp;
use infra::Failure;
use serde_json::json;

use super::companies::Cast;
use super::finished::{maximum, price, units};
use super::lots::{self, Times};
use super::stage::{Play, Stage};

/// For how long each price stands where it falls: it takes a week to the floor.
const SLOWLY: u32 = 8 * 3600;

/// Announces them, and says what was bid so far.
pub async fn announce(stage: &mut Stage<'_>, cast: &Cast, now: Timestamp) -> Result<Vec<Play>, Failure> {
    let opens_at = now - TimeDelta::hours(1);
    let times = Times { opens_at, closes_at: opens_at + TimeDelta::days(7) };
    let mut english = lots::english(times);
    // Whoever tries it has no deposit yet.
    english["deposit"] = json!("0");
    english["name"] = json!({"en": "Rebar, cancelled order", "ru": "Арматура, отменённый заказ"});
    let english = stage.announce(cast.steel(), english).await?;
    let reverse = stage.announce(cast.builder(), lots::reverse_english(times)).await?;
    let dutch = stage.announce(cast.steel(), lots::dutch(times, SLOWLY)).await?;
    let first = stage.announce(cast.steel(), lots::sealed_first_price(times)).await?;
    let second = stage.announce(cast.machinery(), lots::sealed_second_price(times)).await?;
    let hybrid = stage.announce(cast.machinery(), lots::hybrid(times, SLOWLY / 4)).await?;
    for auction in [english, reverse, dutch, first, second, hybrid] {
        for bidder in &cast.bidders()[..3] {
            stage.apply(bidder, auction).await?;
        }
    }
    let later = Times { opens_at: now + TimeDelta::days(1), closes_at: now + TimeDelta::days(3) };
    stage.announce(cast.machinery(), lots::sealed_second_price(later)).await?;
    let bids = [
        (english, 5, 0, maximum(1, "880000")),
        (english, 20, 2, maximum(1, "915000")),
        (reverse, 10, 1, price("1182000")),
        (reverse, 25, 0, price("1170000")),
        (first, 12, 0, units(12, "133000")),
        (first, 30, 2, units(25, "127500")),
        (second, 15, 1, price("1120000")),
    ];
    let play = |(auction, minutes, bidder, what)| Play {
        at: opens_at + TimeDelta::minutes(minutes),
        auction,
        by: cast.bidder(bidder).clone(),
        what,
    };
    Ok(bids.into_iter().map(play).collect())
}
