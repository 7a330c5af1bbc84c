//! What live streams have in common: where a reader stands, who it is, and where it is served.

use std::cell::RefCell;
use std::num::ParseIntError;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;

use domain::kernel::Kind;
use futures::stream::LocalBoxStream;

use crate::app::App;
use crate::auth::principals;
use crate::http::principal::Principal;
use crate::http::problem::Problem;
use crate::http::sse::Part;

/// A place in the journal: of an entry, and among its events. Written `entry.event`; whoever has an entry whole needs no second number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub entry: i64,
    pub event: usize,
}

impl FromStr for Place {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (entry, event) = text.split_once('.').unwrap_or((text, ""));
        let event = if event.is_empty() { usize::MAX } else { event.parse()? };
        Ok(Self { entry: entry.parse()?, event })
    }
}

/// A stream that was asked for.
pub enum Opened {
    Here(LocalBoxStream<'static, Part>),
    /// At another node, which hosts the machine.
    There(String),
}

/// The access token of a reader; none for who looks at an open portal without one. Over a WebSocket a new one takes its place.
#[derive(Clone, Default)]
pub struct Token(Rc<RefCell<Option<String>>>);

impl Token {
    pub fn of(text: Option<&str>) -> Self {
        let token = Self::default();
        token.replace(text.map(str::to_owned));
        token
    }

    pub fn replace(&self, text: Option<String>) {
        *self.0.borrow_mut() = text;
    }

    pub fn text(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Who it belongs to; a problem if it is not good any more.
    pub async fn viewer(&self, app: &App) -> Result<Option<Arc<Principal>>, Problem> {
        match self.text() {
            Some(text) => principals::of_token(app, &text).await.map(Some),
            None => Ok(None),
        }
    }

    /// [`Self::viewer`] where somebody is needed.
    pub async fn principal(&self, app: &App) -> Result<Arc<Principal>, Problem> {
        let missing = || Problem::new(Kind::Unauthenticated, "Send an access token: Authorization: Bearer …");
        self.viewer(app).await?.ok_or_else(missing)
    }
}
