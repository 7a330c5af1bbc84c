//! One million commands on one book, single thread: 60 % limit orders near the touch, 30 % cancels, 10 % crossing orders; once on a book
//! that begins empty and once among 100,000 resting orders. The market of `domain::exchange` runs with all its rules on, beside the
//! crates `lobster` and `orderbook-rs` on the same commands in the same run. All three must have traded the same lots.
//!
//! What each does for a command, all made beforehand in its own form:
//! - `domain`: finds instrument and company by their identifiers, refuses retries by name (of all orders, ended ones too), judges phase,
//!   band, caps, limit or holdings, credit and self-trade, matches, binds and sets free, keeps trades for clearing and what became of
//!   ended orders, tells public and private events with the number and checksum of each change, and answers with the order's state.
//!   A cancel names the order by its number, as an owner does who was told it.
//! - `lobster`: matches, and answers with the fills of the incoming order. Names of ended orders are forgotten; it finds a live order by
//!   its name. No owners, no rules, nothing told about the other side or the book.
//! - `orderbook-rs`: matches in concurrent structures, and tells each trade to a listener, which counts the lots. No owners, no rules.
//!
//! Answers and events are given away after each command. Throughput is by the processor time of the thread, best of five rounds, since
//! the machine may be busy otherwise; the percentiles are times of single commands on the wall and suffer from whatever else runs.
//!
//! `cargo run --release --locked --manifest-path domain/bench/Cargo.toml [commands [contestant]]`

mod commands;
mod contestants;

use std::time::{Duration, Instant};

use commands::{Sequence, generate};
use contestants::{Contestant, Lobster, OrderbookRs, Torg};

const ROUNDS: usize = 5;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let only = std::env::args().nth(2);
    let takes_part = |name: &str| only.as_deref().is_none_or(|only| only == name);
    for resting in [0, 100_000] {
        let sequence = generate(count, resting);
        println!("\n{count} commands, {resting} resting orders beforehand, {} lots traded:", sequence.traded);
        println!("{:<16}{:>14}{:>10}{:>10}{:>10}{:>12}", "", "commands/s", "p50", "p99", "p99.9", "longest");
        if takes_part("domain") {
            measure::<Torg>("domain", &sequence);
        }
        if takes_part("lobster") {
            measure::<Lobster>("lobster", &sequence);
        }
        if takes_part("orderbook-rs") {
            measure::<OrderbookRs>("orderbook-rs", &sequence);
        }
    }
}

/// What this thread has had of a processor: on a busy machine the time on the wall says more about the others.
fn processor_time() -> Duration {
    // The scheduler brings the number up to date when the thread gives way.
    std::thread::sleep(Duration::from_millis(1));
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the scheduler's account (Linux)");
    let nanoseconds = text.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
    Duration::from_nanos(nanoseconds)
}

/// The best of several rounds for the throughput; one more round with a clock around every command for the percentiles.
fn measure<C: Contestant>(name: &str, sequence: &Sequence) {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let (mut contestant, commands) = C::prepare(sequence);
        let start = processor_time();
        for command in &commands {
            contestant.perform(command);
        }
        best = best.min(processor_time() - start);
        assert_eq!(contestant.traded(), sequence.traded, "{name} traded something else");
    }
    let (mut contestant, commands) = C::prepare(sequence);
    let mut times: Vec<Duration> = Vec::with_capacity(commands.len());
    for command in &commands {
        let start = Instant::now();
        contestant.perform(command);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |permille: usize| times[(times.len() * permille / 1000).min(times.len() - 1)];
    let rate = commands.len() as u128 * 1_000_000_000 / best.as_nanos().max(1);
    let longest = times.last().copied().unwrap_or_default();
    println!("{name:<16}{rate:>14}{:>10?}{:>10?}{:>10?}{:>12?}", at(500), at(990), at(999), longest);
}
