//! Sending one mail: over SMTP, or into a folder for development.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

/// How mails leave.
#[derive(Debug, Clone)]
pub enum MailConfig {
    /// `smtp://user:password@host:port`, or `smtps://…`.
    Smtp { url: SecretString, from: String },
    /// One `.eml` file per mail.
    Directory { path: PathBuf, from: String },
}

/// A mail.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Why a mail could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the address {0} cannot be used")]
    Address(String),
    #[error("the mail server's address cannot be used: {0}")]
    Server(String),
    #[error("the mail was not taken: {0}")]
    Refused(String),
    #[error("the mail could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Sends mails.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

enum Transport {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Directory(PathBuf),
}

impl Mailer {
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let (from, transport) = match config {
            MailConfig::Smtp { url, from } => {
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .map_err(|error| MailError::Server(error.to_string()))?;
                (from, Transport::Smtp(Box::new(builder.timeout(Some(Duration::from_secs(15))).build())))
            }
            MailConfig::Directory { path, from } => (from, Transport::Directory(path.clone())),
        };
        Ok(Self { from: mailbox(from)?, transport })
    }

    /// Sends one mail.
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let to = mailbox(&mail.to)?;
        match &self.transport {
            Transport::Smtp(smtp) => {
                let message = Message::builder()
                    .from(self.from.clone())
                    .to(to)
                    .subject(&mail.subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(mail.text.clone())
                    .map_err(|error| MailError::Refused(error.to_string()))?;
                smtp.send(message).await.map(|_| ()).map_err(|error| MailError::Refused(error.to_string()))
            }
            Transport::Directory(path) => {
                tokio::fs::create_dir_all(path).await?;
                let text = format!("From: {}\nTo: {to}\nSubject: {}\n\n{}\n", self.from, mail.subject, mail.text);
                // The name is the content's: sent twice, it is there once.
                let name = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&text));
                let (draft, done) = (path.join(format!(".{name}")), path.join(format!("{name}.eml")));
                tokio::fs::write(&draft, text).await?;
                Ok(tokio::fs::rename(draft, done).await?)
            }
        }
    }
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    address.parse().map_err(|_| MailError::Address(address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_takes_mails_that_people_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let config =
            MailConfig::Directory { path: folder.path().join("mail"), from: "Torg <no-reply@torg.example>".into() };
        let mailer = Mailer::new(&config).unwrap();
        let mail =
            Mail { to: "anna@example.org".into(), subject: "Приглашение".into(), text: "Link: /x".into() };
        mailer.send(&mail).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path().join("mail")).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("To: anna@example.org\nSubject: Приглашение\n\nLink: /x"));
    }

    #[tokio::test]
    async fn bad_addresses_are_refused() {
        let config = MailConfig::Directory { path: "/nowhere".into(), from: "no address".into() };
        assert!(matches!(Mailer::new(&config), Err(MailError::Address(_))));
    }
}
