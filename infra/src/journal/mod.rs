//! The sequencer: hosts deterministic state machines in memory, each change durable before it is answered.
//!
//! Commands queue; the host takes all that have arrived, gives them one time, applies them, writes them as one entry of the journal,
//! and only then answers each caller and publishes what happened. While one entry is being committed the next one gathers. A node hosts
//! a stream by a lease. What fences off an earlier host is the journal itself: a new host begins with an entry of its own, so that the
//! earlier one finds the next number taken and can write nothing more.

mod entry;
mod handle;
mod host;
mod keeper;
mod lease;
mod machine;
mod projector;
mod recovery;
mod snapshot;
mod stream;
mod thread;
mod work;

pub use entry::Entry;
pub use handle::{Committed, Done, Handle, Keep, Kept, Running};
pub use host::Now;
pub use keeper::{Keeper, Owner, Settings};
pub use lease::Node;
pub use machine::{Happened, Machine};
pub use projector::cursor;
pub use recovery::Replay;
pub use snapshot::{Snapshot, find as snapshot, numbers as snapshots};

use handle::unavailable;
pub use stream::{Stream, all, ensure, head, is_projected, of_portal, of_prefix};
