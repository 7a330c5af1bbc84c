//! The requests as their history is told: the clock stands until the next moment is spoken of, and on the way happens
//! what deadlines bring about.

use std::collections::BTreeMap;

use domain::kernel::{QuoteId, RfqId, RfqQuestionId, Timestamp};
use infra::{Failure, timer};
use serde_json::Value;
use uuid::Uuid;

use super::companies::{Cast, Who};
use super::setting::Setting;
use crate::app::App;
use crate::command::by_service;
use crate::sourcing::award::conclude::{self, CONCLUDE};
use crate::sourcing::award::dto::AwardDto;
use crate::sourcing::rfq::close::{self, DEADLINE, QUESTIONS};

/// What somebody does at a moment.
pub struct Play {
    pub at: Timestamp,
    /// What the request is called in its story.
    pub request: &'static str,
    pub by: Who,
    pub what: What,
}

/// What is done, with bodies as they would be sent in.
pub enum What {
    Draft(Value),
    Publish(Value),
    /// The same with a specification.
    MiniTender(Value, &'static str),
    /// Publishes a new version.
    Amend(Value),
    Cancel(&'static str),
    /// Keeps the request as a template of this name.
    Keep(&'static str),
    Ask(&'static str),
    /// Answers the question of that number, from 0 on.
    Answer(usize, &'static str),
    Apply(&'static str),
    Admit(Who),
    Reject(Who, &'static str),
    Decline(&'static str),
    /// Puts a quote together.
    Prepare(Value),
    Quote(Value),
    Revise(Value),
    Confirm,
    /// Opens the next envelope.
    Open,
    /// Scores somebody's quote.
    Judge(Who, Value),
    /// Makes an offer about somebody's quote.
    Counter(Who, Value),
    /// Begins a round, with those who take part.
    Round(Value, Vec<Who>),
    /// Awards all to somebody.
    Award(Who, &'static str),
    /// Awards lines: to whom, the line, how much of it.
    Split(Vec<(Who, u16, &'static str)>, &'static str),
    /// Signs the contract of the award of that number.
    Sign(usize),
    /// Calls off from the framework agreement.
    CallOff(Value),
}

/// What happens to one request.
pub struct Story<'a> {
    setting: &'a Setting,
    request: &'static str,
    plays: Vec<Play>,
}

impl<'a> Story<'a> {
    pub fn new(setting: &'a Setting, request: &'static str) -> Self {
        Self { setting, request, plays: Vec::new() }
    }

    /// What somebody does at an hour of a day that is counted from today.
    pub fn on(mut self, day: i64, hour: i64, by: Who, what: What) -> Self {
        self.plays.push(Play { at: self.setting.at(day, hour), request: self.request, by, what });
        self
    }

    pub fn told(self) -> Vec<Play> {
        self.plays
    }
}

/// A request that was made.
pub struct Known {
    pub id: RfqId,
    pub questions: Vec<RfqQuestionId>,
    pub quotes: BTreeMap<Who, QuoteId>,
    pub awards: Vec<AwardDto>,
}

pub struct Stage<'a> {
    pub app: &'a App,
    pub cast: &'a Cast,
    pub requests: BTreeMap<&'static str, Known>,
}

impl<'a> Stage<'a> {
    pub fn new(app: &'a App, cast: &'a Cast) -> Self {
        Self { app, cast, requests: BTreeMap::new() }
    }

    /// How many quotes there are.
    pub fn quotes(&self) -> usize {
        self.requests.values().map(|known| known.quotes.len()).sum()
    }

    /// Tells all that is done, in the order of time.
    pub async fn play(&mut self, mut plays: Vec<Play>) -> Result<(), Failure> {
        plays.sort_by_key(|play| play.at);
        for play in plays {
            self.pass_to(play.at).await?;
            self.act(&play).await.map_err(|failure| {
                Failure::broken(format!("the request {}, {:?} at {}: {failure}", play.request, play.by, play.at))
            })?;
        }
        Ok(())
    }

    /// Lets time pass, with all that happens by itself on the way.
    pub async fn pass_to(&self, instant: Timestamp) -> Result<(), Failure> {
        while let Some((at, kind, subject)) = self.next_due(instant).await? {
            self.app.clock.stand_at(at);
            by_service(self.app, async |tx, command| {
                // As the worker does: what it does may set it anew.
                timer::clear(tx, kind, subject).await?;
                match kind {
                    QUESTIONS => close::end_questions(tx, command, RfqId(subject)).await,
                    DEADLINE => close::end_quotes(tx, command, &self.app.secret, RfqId(subject)).await,
                    _ => conclude::conclude_due(tx, command, &self.app.secret, subject).await,
                }
            })
            .await?;
        }
        self.app.clock.stand_at(instant);
        Ok(())
    }

    /// Of the deadlines of the requests, and the ends of standstills after their awards, the first one until then.
    async fn next_due(&self, until: Timestamp) -> Result<Option<(Timestamp, &'static str, Uuid)>, Failure> {
        let mut connection = self.app.pool.get().await?;
        let requests: Vec<Uuid> = self.requests.values().map(|known| known.id.0).collect();
        let awards = self.requests.values().flat_map(|known| &known.awards);
        let decisions: Vec<Uuid> = awards.map(|award| award.decision_id).collect();
        let mut due = Vec::new();
        for (kind, subjects) in [(QUESTIONS, &requests), (DEADLINE, &requests), (CONCLUDE, &decisions)] {
            let found = timer::of_subjects(&mut connection, kind, subjects).await?;
            due.extend(found.into_iter().map(|(subject, at)| (at, kind, subject)));
        }
        Ok(due.into_iter().filter(|(at, ..)| *at <= until).min())
    }

    /// The request of a play.
    pub fn known(&self, play: &Play) -> Result<&Known, Failure> {
        self.requests.get(play.request).ok_or_else(|| Failure::broken("a request that was not made"))
    }

    pub fn known_mut(&mut self, play: &Play) -> Result<&mut Known, Failure> {
        self.requests.get_mut(play.request).ok_or_else(|| Failure::broken("a request that was not made"))
    }
}
