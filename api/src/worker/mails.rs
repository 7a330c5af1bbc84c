//! Sends mails: a mail is leased, sent, and noted as sent; one that fails is tried again, ever less often.

use chrono::TimeDelta;
use infra::Failure;
use infra::db::tx;
use infra::mailbox;

use crate::app::App;

/// How long one attempt may take before another node tries.
const LEASE: TimeDelta = TimeDelta::minutes(2);

pub async fn send_due(app: App) -> Result<(), Failure> {
    loop {
        let at = app.clock.now();
        let leased = tx::transaction(&app.pool, async |tx| mailbox::lease_due(tx, at, at + LEASE).await).await?;
        let Some(mail) = leased else { return Ok(()) };
        let text = String::from_utf8(app.secret.open(&mail.text_sealed)?).map_err(Failure::broken)?;
        let letter = infra::mail::Mail { to: mail.recipient.clone(), subject: mail.subject.clone(), text };
        let outcome = app.mailer.send(&letter).await.map_err(|error| error.to_string());
        let at = app.clock.now();
        tx::transaction(&app.pool, async |tx| match &outcome {
            Ok(()) => mailbox::sent(tx, mail.id, at).await,
            Err(error) => mailbox::failed(tx, &mail, at, error).await,
        })
        .await?;
        if let Err(error) = outcome {
            tracing::warn!(mail = %mail.id, error, "a mail could not be sent");
        }
    }
}
