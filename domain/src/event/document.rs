//! Files and their versions.

use super::Form::{Digest, Id, Integer, Text, Time};
use super::{EventType, Member, always, event, maybe};

const DOCUMENT: &[Member] = &[
    always("title", Text, "Its title."),
    always("visibility", Text, "Who sees it: `owner`, `parties`, `portal` or `public`."),
    maybe("subject_kind", Text, "The kind of thing that it belongs to."),
    maybe("subject_id", Id, "That thing."),
    maybe("sha256", Digest, "The hash of its newest file."),
];

pub(super) const EVENTS: &[EventType] = &[
    event("document.added", "document", "There is a further document.", DOCUMENT),
    event("document.version_added", "document", "A document has a new version.", DOCUMENT),
    event("document.changed", "document", "A document has another title, or is seen by others.", DOCUMENT),
    event("document.published", "document", "A document is public for good.", DOCUMENT),
    event("document.archived", "document", "A document is left out of lists.", DOCUMENT),
    event(
        "document.shared",
        "document",
        "A link to a document was made.",
        &[
            always("number", Integer, "The version that it leads to."),
            always("expires_at", Time, "Until when it leads there."),
        ],
    ),
];
