//! What is done on the stage, each act by the use case that the API calls: here those of who asks for quotes.

use bytes::Bytes;
use domain::document::MediaType;
use domain::kernel::{ContractId, FrameworkId, QuoteId, RfqId};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::framework as frameworks;
use infra::sourcing::rfq as requests;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::PORTAL;
use super::companies::Who;
use super::stage::{Known, Play, Stage, What};
use crate::clock::new_id;
use crate::command::Command;
use crate::contract::dto::SignData;
use crate::contract::usecase as contract;
use crate::document::upload::Received;
use crate::http::answer::Answer;
use crate::http::body::Patch;
use crate::seed::cast::body;
use crate::sourcing::award::{decide, letter};
use crate::sourcing::comparison::evaluate;
use crate::sourcing::framework::usecase as framework;
use crate::sourcing::negotiation::usecase as negotiation;
use crate::sourcing::opening::usecase as opening;
use crate::sourcing::rfq::show::RfqDto;
use crate::sourcing::rfq::{amend, mini_tender, usecase as rfq};
use crate::sourcing::round::usecase as round;
use crate::sourcing::template::usecase as template;

/// A body as its type.
pub fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, Failure> {
    serde_json::from_value(value.clone()).map_err(Failure::broken)
}

impl Stage<'_> {
    pub async fn act(&mut self, play: &Play) -> Result<(), Failure> {
        match &play.what {
            What::Draft(data) => self.create(play, data, false).await,
            What::Publish(data) => self.create(play, data, true).await,
            What::MiniTender(data, specification) => self.publish_mini_tender(play, data, specification).await,
            What::Amend(_) | What::Cancel(_) | What::Keep(_) => self.change(play).await,
            What::Ask(text) => self.ask(play, text).await,
            What::Answer(number, text) => self.answer(play, *number, text).await,
            What::Apply(_) | What::Admit(_) | What::Reject(..) | What::Decline(_) => self.apply(play).await,
            What::Prepare(data) => self.quote(play, data, false).await,
            What::Quote(data) => self.quote(play, data, true).await,
            What::Revise(_) | What::Confirm => self.quote_again(play).await,
            What::Open => self.open(play).await,
            What::Judge(whose, data) | What::Counter(whose, data) => self.judge(play, *whose, data).await,
            What::Round(data, invited) => self.begin_round(play, data, invited).await,
            What::Award(to, reason) => {
                let whole = json!({"quote_id": self.quote_of(play, *to)?, "reason": reason});
                self.award(play, &whole).await
            }
            What::Split(lines, reason) => self.split(play, lines, reason).await,
            What::Sign(number) => self.sign(play, *number).await,
            What::CallOff(data) => self.call_off(play, data).await,
        }
    }

    /// Runs a use case as who acts in a play.
    pub async fn run<T>(
        &self,
        play: &Play,
        work: impl AsyncFn(&mut Connection, &Command) -> Result<Answer<T>, Failure>,
    ) -> Result<T, Failure> {
        body(self.cast.player(play.by).act_alone(self.app, play.at, work).await?)
    }

    pub fn quote_of(&self, play: &Play, whose: Who) -> Result<QuoteId, Failure> {
        let found = self.known(play)?.quotes.get(&whose).copied();
        found.ok_or_else(|| Failure::broken("a quote that was not made"))
    }

    fn keep(&mut self, play: &Play, made: &RfqDto) {
        let id = RfqId(made.id);
        let known = Known { id, questions: Vec::new(), quotes: Default::default(), awards: Vec::new() };
        self.requests.insert(play.request, known);
    }

    async fn create(&mut self, play: &Play, data: &Value, is_published: bool) -> Result<(), Failure> {
        let data = typed(data)?;
        let made = self.run(play, async |tx, command| rfq::create(tx, command, PORTAL, &data, is_published).await);
        let made = made.await?;
        self.keep(play, &made);
        Ok(())
    }

    async fn publish_mini_tender(
        &mut self,
        play: &Play,
        data: &Value,
        specification: &'static str,
    ) -> Result<(), Failure> {
        let data = typed(data)?;
        let bytes = Bytes::from_static(specification.as_bytes());
        let stored = self.app.files.keep(new_id(play.at), bytes).await?;
        let file = Received { file_name: "specification.txt".to_owned(), media: MediaType::Text, stored };
        let made = self.run(play, async |tx, command| mini_tender::publish(tx, command, PORTAL, &data, &file).await);
        let made = made.await?;
        self.keep(play, &made);
        Ok(())
    }

    async fn change(&self, play: &Play) -> Result<(), Failure> {
        let id = self.known(play)?.id;
        match &play.what {
            What::Amend(changes) => {
                let patch = Patch::new(self.app, changes.clone());
                let edit = async |tx: &mut Connection, command: &Command| {
                    let row = requests::of_id(tx, id).await?.ok_or_else(|| Failure::broken("no request"))?;
                    amend::edit(tx, command, id, row.version, &patch).await
                };
                self.run(play, edit).await.map(drop)
            }
            What::Keep(name) => {
                let data = typed(&json!({"name": name, "rfq_id": id}))?;
                self.run(play, async |tx, command| template::create(tx, command, &data).await).await.map(drop)
            }
            What::Cancel(reason) => {
                let data = typed(&json!({"reason": reason}))?;
                self.run(play, async |tx, command| rfq::cancel(tx, command, id, &data).await).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    async fn open(&self, play: &Play) -> Result<(), Failure> {
        let (app, id, next) = (self.app, self.known(play)?.id, Default::default());
        self.run(play, async |tx, command| opening::open(tx, command, app, id, &next).await).await.map(drop)
    }

    /// What one side says of a quote: a score, or an offer.
    async fn judge(&self, play: &Play, whose: Who, data: &Value) -> Result<(), Failure> {
        let (app, id) = (self.app, self.quote_of(play, whose)?);
        if matches!(play.what, What::Counter(..)) {
            let data = typed(data)?;
            let counter = async |tx: &mut _, command: &_| negotiation::counter(tx, command, app, id, &data).await;
            return self.run(play, counter).await.map(drop);
        }
        let data = typed(data)?;
        let keep = async |tx: &mut _, command: &_| evaluate::keep(tx, command, app, id, 0, &data).await;
        self.run(play, keep).await.map(drop)
    }

    async fn begin_round(&self, play: &Play, data: &Value, invited: &[Who]) -> Result<(), Failure> {
        let companies: Vec<_> = invited.iter().map(|who| self.cast.company(*who)).collect();
        let mut data = data.clone();
        data["invited"] = json!(companies);
        let (app, id, data) = (self.app, self.known(play)?.id, typed(&data)?);
        self.run(play, async |tx, command| round::begin(tx, command, app, id, &data).await).await.map(drop)
    }

    /// Decides; winners and losers get their letters, as the worker writes them.
    async fn award(&mut self, play: &Play, data: &Value) -> Result<(), Failure> {
        let (key, id, data) = (&self.app.secret, self.known(play)?.id, typed(data)?);
        let made = self.run(play, async |tx, command| decide::award(tx, command, key, id, &data).await).await?;
        let known = self.known_mut(play)?;
        known.awards.extend(made.awards);
        let quotes: Vec<QuoteId> = known.quotes.values().copied().collect();
        for quote in quotes {
            letter::publish(self.app, quote).await?;
        }
        Ok(())
    }

    async fn split(&mut self, play: &Play, lines: &[(Who, u16, &str)], reason: &str) -> Result<(), Failure> {
        let mut shares = Vec::new();
        for (to, line, quantity) in lines {
            shares.push(json!({"quote_id": self.quote_of(play, *to)?, "line": line, "quantity": quantity}));
        }
        self.award(play, &json!({"lines": shares, "reason": reason})).await
    }

    async fn sign(&self, play: &Play, number: usize) -> Result<(), Failure> {
        let made = self.known(play)?.awards.get(number).and_then(|award| award.contract_id);
        let id = ContractId(made.ok_or_else(|| Failure::broken("a contract that was not made"))?);
        let by = self.cast.player(play.by);
        let sign = async |tx: &mut Connection, command: &Command| {
            let (read, _) = contract::find(tx, &by.principal(play.at), id, play.at, &[]).await?;
            let data = SignData { text_hash: read.summary.text_hash };
            contract::sign(tx, command, id, &data, &[]).await
        };
        self.run(play, sign).await.map(drop)
    }

    async fn call_off(&self, play: &Play, data: &Value) -> Result<(), Failure> {
        let award = self.known(play)?.awards.first().map(|award| award.id);
        let award = award.ok_or_else(|| Failure::broken("an award that was not made"))?;
        let (key, data) = (&self.app.secret, typed(data)?);
        let call_off = async |tx: &mut Connection, command: &Command| {
            let made = frameworks::of_award(tx, award).await?.ok_or_else(|| Failure::broken("no agreement"))?;
            framework::call_off(tx, command, key, FrameworkId(made), &data).await
        };
        self.run(play, call_off).await.map(drop)
    }
}
