//! The stream of a market that another node hosts, read there and passed on.

use bytes::BytesMut;
use futures::Stream;
use futures::stream::unfold;

use crate::app::App;
use crate::hosting::forward;
use crate::hosting::stream::{Place, Token};
use crate::http::problem::Problem;
use crate::http::sse::{Message, Part};

/// What the other node sends until it, or the connection to it, ends.
pub async fn open(
    app: &App,
    url: &str,
    token: &Token,
    last: Option<Place>,
) -> Result<impl Stream<Item = Part> + use<>, Problem> {
    let response = forward::stream(app, url, token.text().as_deref(), last).await?;
    Ok(unfold((response, BytesMut::new()), |(mut response, mut read)| async move {
        loop {
            if let Some(part) = first(&mut read) {
                return Some((part, (response, read)));
            }
            let more = response.chunk().await.inspect_err(|error| tracing::info!(%error, "a relayed stream broke off"));
            read.extend_from_slice(&more.ok()??);
        }
    }))
}

/// Takes off what has come whole; none where something of it is missing.
fn first(read: &mut BytesMut) -> Option<Part> {
    let end = read.windows(2).position(|two| two == b"\n\n")?;
    let block = read.split_to(end + 2);
    let text = std::str::from_utf8(&block).unwrap_or_default();
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let message = || Some(Message { id: field("id: ")?, event: field("event: ")?, data: field("data: ")? });
    Some(message().map_or(Part::Beat, |message| Part::Messages(vec![message])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_however_they_are_cut() {
        let mut read = BytesMut::from(&b": torg\nretry: 1000\n\n:\n\nid: 1.2\nevent: trade\ndata: {}\n"[..]);
        assert!(matches!(first(&mut read), Some(Part::Beat)));
        assert!(matches!(first(&mut read), Some(Part::Beat)));
        assert!(first(&mut read).is_none());
        read.extend_from_slice(b"\nid: 2");
        let Some(Part::Messages(messages)) = first(&mut read) else { panic!("a message") };
        let [Message { id, event, data }] = &messages[..] else { panic!("one") };
        assert_eq!((id.as_str(), event.as_str(), data.as_str()), ("1.2", "trade", "{}"));
        assert_eq!(&read[..], b"id: 2");
    }
}
