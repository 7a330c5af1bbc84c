//! The trading day: two market makers quote anew every minute around a price that wanders; who produces the goods and who needs them
//! take what is quoted. In the evening all leave what they still want, for whoever comes.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use domain::exchange::{Command, Side};
use domain::kernel::{OrganisationId, Refusal};
use infra::Failure;

use super::stage::{self, Stage, Wish};
use super::walk::Chance;
use crate::exchange::floor::Listed;

/// From 10:00 to 18:45.
const OPENS: u32 = 10;
const MINUTES: i64 = 525;

/// How far a quote lies from the price, in ticks.
const HALF_SPREAD: i64 = 2;

/// How deep the book is on each side, and how far apart its levels are.
const LEVELS: i64 = 8;
const APART: i64 = 3;

/// Who trades an instrument, and where its price is.
struct Pit<'a> {
    listed: &'a Listed,
    makers: [OrganisationId; 2],
    producer: OrganisationId,
    user: OrganisationId,
    begin: i64,
    price: i64,
    chance: Chance,
}

/// Trades all instruments through the day.
pub async fn trade(
    stage: &mut Stage<'_>,
    companies: &[OrganisationId],
    instruments: &[Arc<Listed>],
    day: NaiveDate,
) -> Result<(), Failure> {
    let opening = stage::local(stage.schedule(), day, OPENS, 0)?;
    let mut pits = pits(stage, companies, instruments).await?;
    stage.pass_to(opening).await?;
    for pit in &mut pits {
        let book = pit.book(stage)?;
        stage.submit(book).await?;
    }
    for minute in 0..MINUTES {
        stage.pass_to(opening + TimeDelta::minutes(minute) + TimeDelta::seconds(20)).await?;
        let mut commands = Vec::new();
        for pit in &mut pits {
            commands.extend(pit.minute(stage, minute)?);
        }
        stage.submit(commands).await?;
        if minute % 60 == 59 {
            stage.written().await?;
        }
    }
    stage.pass_to(opening + TimeDelta::minutes(MINUTES)).await?;
    for pit in &mut pits {
        let mut evening = pit.clear();
        evening.extend(pit.book(stage)?);
        stage.submit(evening).await?;
    }
    stage.written().await
}

/// Each pair of companies behind the two market makers has an instrument.
async fn pits<'a>(
    stage: &Stage<'_>,
    companies: &[OrganisationId],
    instruments: &'a [Arc<Listed>],
) -> Result<Vec<Pit<'a>>, Failure> {
    let missing = || Failure::broken("there are not enough companies");
    let (makers, others) = companies.split_first_chunk().ok_or_else(missing)?;
    let mut pits = Vec::new();
    for (number, (listed, pair)) in (1..).zip(instruments.iter().zip(others.chunks_exact(2))) {
        let begin = stage.reference(listed.id).await?;
        let (producer, user) = (pair[0], pair[1]);
        pits.push(Pit { listed, makers: *makers, producer, user, begin, price: begin, chance: Chance::new(number) });
    }
    Ok(pits)
}

impl Pit<'_> {
    fn wish(&self, company: OrganisationId, side: Side, price: i64, lots: u64) -> Wish<'_> {
        Wish { company, listed: self.listed, side, price, lots, time_in_force: "gtc" }
    }

    /// One maker quotes around the new price; perhaps somebody takes the quote.
    fn minute(&mut self, stage: &mut Stage<'_>, minute: i64) -> Result<Vec<Command>, Refusal> {
        self.price += self.chance.step(self.price, self.begin);
        let maker = if minute % 2 == 0 { self.makers[0] } else { self.makers[1] };
        let lots = 4 + self.chance.below(9);
        let (bid, ask) = (self.price - HALF_SPREAD, self.price + HALF_SPREAD);
        let mut commands = vec![Command::CancelAll { company: maker, instrument: Some(self.listed.id) }];
        commands.push(stage.order(&self.wish(maker, Side::Buy, bid, lots))?);
        commands.push(stage.order(&self.wish(maker, Side::Sell, ask, lots))?);
        if self.chance.below(100) < activity(minute) {
            let lots = 1 + self.chance.below(lots);
            let wish = match self.chance.below(2) {
                0 => self.wish(self.producer, Side::Sell, bid, lots),
                _ => self.wish(self.user, Side::Buy, ask, lots),
            };
            commands.push(stage.order(&Wish { time_in_force: "ioc", ..wish })?);
        }
        Ok(commands)
    }

    /// Everybody takes back what is left of the day.
    fn clear(&self) -> Vec<Command> {
        let all = [self.makers[0], self.makers[1], self.producer, self.user];
        let cancel = |company| Command::CancelAll { company, instrument: Some(self.listed.id) };
        all.map(cancel).into()
    }

    /// What is wanted on both sides of the price; the further away, the more.
    fn book(&mut self, stage: &mut Stage<'_>) -> Result<Vec<Command>, Refusal> {
        let mut commands = Vec::new();
        for level in 0..LEVELS {
            let away = HALF_SPREAD + 1 + level * APART;
            let maker = if level % 4 < 2 { self.makers[0] } else { self.makers[1] };
            let is_maker = level % 2 == 0;
            let sides = [(Side::Buy, self.user, self.price - away), (Side::Sell, self.producer, self.price + away)];
            for (side, hedger, price) in sides {
                let lots = 3 + self.chance.below(8) + u64::try_from(level).unwrap_or_default() * 2;
                let company = if is_maker { maker } else { hedger };
                commands.push(stage.order(&self.wish(company, side, price, lots))?);
            }
        }
        Ok(commands)
    }
}

/// How likely it is that somebody trades in a minute, in hundredths: most in the morning and the evening, least at noon.
fn activity(minute: i64) -> u64 {
    match minute {
        0..60 | 465.. => 90,
        180..240 => 35,
        _ => 70,
    }
}
