//! Auctions that have ended, one of every format, and who won them.

use chrono::TimeDelta;
use domain::kernel::{AuctionId, Timestamp};
use infra::Failure;
use serde_json::json;

use super::companies::{Cast, company};
use super::lots::{self, Times};
use super::stage::{Play, Stage, What};
use crate::billing::deposit::dto::DepositPaymentData;
use crate::billing::deposit::usecase as deposit_payment;
use crate::http::dto::MoneyDto;
use crate::seed::cast::Player;

/// What each bidder pays in before it bids.
const PAID_IN: &str = "200000";

/// A bid at a price.
pub fn price(amount: &str) -> What {
    What::Bid(json!({"price": {"amount": amount, "currency": "RUB"}}))
}

/// A bid for several units at a price of one.
pub fn units(units: u64, amount: &str) -> What {
    What::Bid(json!({"units": units, "price": {"amount": amount, "currency": "RUB"}}))
}

/// A maximum, with the least bid that is taken.
pub fn maximum(lot: u16, amount: &str) -> What {
    What::Bid(json!({"lot": lot, "maximum": {"amount": amount, "currency": "RUB"}}))
}

/// Announces them, and says who will bid what, and when.
pub async fn announce(stage: &mut Stage<'_>, cast: &Cast, now: Timestamp) -> Result<Vec<Play>, Failure> {
    let opens_at = now - TimeDelta::hours(24);
    let times = Times { opens_at, closes_at: opens_at + TimeDelta::hours(20) };
    pay_in(stage, cast).await?;
    let mut plays = Vec::new();
    let mut act = |auction, minutes: i64, by: &Player, what: What| {
        plays.push(Play { at: opens_at + TimeDelta::minutes(minutes), auction, by: by.clone(), what });
    };

    let rebar = stage.announce(cast.steel(), lots::english(times)).await?;
    for bidder in [cast.bidder(0), cast.bidder(2), cast.bidder(4)] {
        stage.apply(bidder, rebar).await?;
        stage.bind(bidder, rebar).await?;
    }
    act(rebar, 30, cast.bidder(0), maximum(1, "905000"));
    act(rebar, 95, cast.bidder(2), maximum(1, "1020000"));
    act(rebar, 180, cast.bidder(4), What::BuyNow(2));
    act(rebar, 1198, cast.bidder(0), maximum(1, "960000"));

    let kerbs = stage.announce(cast.builder(), lots::reverse_english(times)).await?;
    apply_all(stage, cast, kerbs).await?;
    act(kerbs, 40, cast.bidder(1), price("1180000"));
    act(kerbs, 200, cast.bidder(3), price("1150000"));
    act(kerbs, 1195, cast.bidder(0), price("1095000"));

    let sheet = stage.announce(cast.steel(), lots::dutch(times, 600)).await?;
    apply_all(stage, cast, sheet).await?;
    act(sheet, 85, cast.bidder(4), units(6, "44000"));
    act(sheet, 125, cast.bidder(0), units(14, "40000"));

    let angle = stage.announce(cast.steel(), lots::sealed_first_price(times)).await?;
    apply_all(stage, cast, angle).await?;
    act(angle, 60, cast.bidder(0), units(15, "136000"));
    act(angle, 70, cast.bidder(2), units(20, "131500"));
    act(angle, 900, cast.bidder(4), units(10, "128000"));

    let truck = stage.announce(cast.machinery(), lots::sealed_second_price(times)).await?;
    apply_all(stage, cast, truck).await?;
    act(truck, 100, cast.bidder(1), price("1210000"));
    act(truck, 300, cast.bidder(3), price("1065000"));
    act(truck, 1100, cast.bidder(4), price("980000"));

    // After an hour the price has fallen thirty times by 1 %.
    let excavator = stage.announce(cast.machinery(), lots::hybrid(times, 120)).await?;
    apply_all(stage, cast, excavator).await?;
    act(excavator, 61, cast.bidder(1), price("2800000"));
    act(excavator, 64, cast.bidder(3), price("2900000"));
    act(excavator, 66, cast.bidder(4), price("3050000"));
    act(excavator, 73, cast.bidder(1), price("3150000"));
    Ok(plays)
}

async fn apply_all(stage: &Stage<'_>, cast: &Cast, auction: AuctionId) -> Result<(), Failure> {
    for bidder in cast.bidders() {
        stage.apply(bidder, auction).await?;
    }
    Ok(())
}

/// Every bidder has money with the platform, of which deposits are bound.
async fn pay_in(stage: &Stage<'_>, cast: &Cast) -> Result<(), Failure> {
    let at = stage.app.clock.now();
    for (number, bidder) in (1..).zip(cast.bidders()) {
        let data = DepositPaymentData {
            direction: "in".to_owned(),
            amount: MoneyDto { amount: PAID_IN.to_owned(), currency: "RUB".to_owned() },
            reference: format!("Deposit {number}"),
        };
        let of = company(bidder)?;
        let record = async |tx: &mut _, command: &_| deposit_payment::record(tx, command, of, &data).await;
        cast.operator.act_alone(stage.app, at, record).await?;
    }
    Ok(())
}
