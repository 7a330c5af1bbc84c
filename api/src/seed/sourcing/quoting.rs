//! What those do on the stage who quote, and what the buyer answers them.

use domain::kernel::{OrganisationId, QuoteId};
use domain::sourcing::QualificationStep;
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::quote as quotes;
use serde_json::{Value, json};

use super::acts::typed;
use super::stage::{Play, Stage, What};
use crate::command::Command;
use crate::http::body::Patch;
use crate::sourcing::application::usecase as application;
use crate::sourcing::question::usecase as question;
use crate::sourcing::quote::usecase as quote;

impl Stage<'_> {
    pub async fn ask(&mut self, play: &Play, text: &str) -> Result<(), Failure> {
        let (id, data) = (self.known(play)?.id, typed(&json!({"text": text}))?);
        let asked = self.run(play, async |tx, command| question::ask(tx, command, id, &data).await).await?;
        self.known_mut(play)?.questions.push(asked.id.into());
        Ok(())
    }

    pub async fn answer(&self, play: &Play, number: usize, text: &str) -> Result<(), Failure> {
        let known = self.known(play)?;
        let asked = known.questions.get(number).copied().ok_or_else(|| Failure::broken("a question nobody asked"))?;
        let (of, data) = ((known.id, asked), typed(&json!({"text": text}))?);
        self.run(play, async |tx, command| question::answer(tx, command, of, &data).await).await.map(drop)
    }

    pub async fn apply(&self, play: &Play) -> Result<(), Failure> {
        let id = self.known(play)?.id;
        let (who, how, text) = match play.what {
            What::Admit(who) => (who, (QualificationStep::Admit, "rfq.application_admitted"), None),
            What::Reject(who, reason) => (who, (QualificationStep::Reject, "rfq.application_rejected"), Some(reason)),
            What::Apply(note) => {
                let data = typed(&json!({"note": note}))?;
                let apply = async |tx: &mut _, command: &_| application::apply(tx, command, id, &data).await;
                return self.run(play, apply).await.map(drop);
            }
            What::Decline(reason) => {
                let data = typed(&json!({"reason": reason}))?;
                let decline = async |tx: &mut _, command: &_| application::decline(tx, command, id, &data).await;
                return self.run(play, decline).await.map(drop);
            }
            _ => return Ok(()),
        };
        let (of, data) = ((id, OrganisationId(self.cast.company(who))), typed(&json!({"reason": text}))?);
        self.run(play, async |tx, command| application::decide(tx, command, of, how, &data).await).await.map(drop)
    }

    pub async fn quote(&mut self, play: &Play, data: &Value, is_handed_in: bool) -> Result<(), Failure> {
        let (app, id, data) = (self.app, self.known(play)?.id, typed(data)?);
        let create = async |tx: &mut _, command: &_| quote::create(tx, command, app, id, &data, is_handed_in).await;
        let made = self.run(play, create).await?;
        self.known_mut(play)?.quotes.insert(play.by, QuoteId(made.id));
        Ok(())
    }

    pub async fn quote_again(&self, play: &Play) -> Result<(), Failure> {
        let (app, id) = (self.app, self.quote_of(play, play.by)?);
        let What::Revise(changes) = &play.what else {
            return self.run(play, async |tx, command| quote::confirm(tx, command, app, id).await).await.map(drop);
        };
        let patch = Patch::new(app, changes.clone());
        let edit = async |tx: &mut Connection, command: &Command| {
            let row = quotes::of_id(tx, id).await?.ok_or_else(|| Failure::broken("no quote"))?;
            quote::edit(tx, command, app, id, row.version, &patch).await
        };
        self.run(play, edit).await.map(drop)
    }
}
